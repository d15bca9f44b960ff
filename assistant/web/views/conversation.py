"""What was said, as a chat: questions, answers with the quoted words marked, what they were taken to mean, summaries. Pure.

Everything is worked out from the record, so that a reload, another tab and a restart show the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from assistant.assessment.answer import Answer, Purpose, Question
from assistant.assessment.quoting import gist
from assistant.assessment.reading import Intent, Reading, Verdict
from assistant.assessment.state import Assessment
from assistant.interview.spell import Spell
from assistant.interview.summary import CORRECT_IT, summarise
from assistant.interview.topics import CLOSED, Ledgers, aside_word, topic_state
from assistant.interview.turn import NOTHING_FOUND
from assistant.reports.words import day, minute
from assistant.web.views.quotes import SIGN, Pieces, marked
from knowledge.guide import Guide
from knowledge.model import Standard

UNDERSTOOD = {
    Intent.CLARIFY: "换个说法再问",
    Intent.NOT_APPLICABLE: "记下您认为这一项不适用，由复核人决定",
    Intent.REFUSE: "这一项先放一放",
    Intent.DONT_KNOW: "记下您不了解，可以请同事来答",
    Intent.ASK_COLLEAGUE: "记下这一项要请同事来答",
}
WORDS = {"met": "有", "partly": "部分有", "not": "没有"}
"""Verdicts as a respondent sees them: no talk of requirements."""
SHOWN, QUOTED, MEANT = 4, 26, 44


class Kind(StrEnum):
    """What a message is."""

    TOPIC = "topic"
    ASKED = "asked"
    SAID = "said"
    SUMMARY = "summary"
    NOTICE = "notice"
    ASIDE = "aside"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Note:
    """A quote and what it was taken to mean. `verdict` is a Verdict's value, or `rate`."""

    quote: str
    verdict: str
    sign: str
    meaning: str


@dataclass(frozen=True)
class Message:
    """One entry of the chat.

    `seq` is its row; `pieces` the words with the quoted ones marked; `notes` what they were taken to mean, `remark`
    what there is to say instead; `replaced` when a later answer corrects it, `corrects` when it does so itself; `about`
    the sub-item; `inner` the messages of a conversation held elsewhere.
    """

    kind: Kind
    seq: int = 0
    pieces: Pieces = ()
    who: str = ""
    role: str = ""
    at: str = ""
    notes: tuple[Note, ...] = ()
    more: int = 0
    remark: str = ""
    replaced: bool = False
    corrects: bool = False
    about: str = ""
    current: bool = False
    inner: tuple[Message, ...] = ()

    @property
    def text(self) -> str:
        """The words."""
        return "".join(text for text, _ in self.pieces)


@dataclass(frozen=True)
class Chat:
    """For whom the chat is laid out. `line`: see Question; `staff` see codes and the clauses' words, respondents do not.

    `now` is the present time as a row would have it: what was said on another day is shown with its date.
    """

    standard: Standard
    guide: Guide
    line: str = ""
    staff: bool = True
    now: str = ""


def conversation(chat: Chat, state: Assessment, ledgers: Ledgers) -> tuple[Message, ...]:
    """The messages in order, a correction under the answer that it corrects.

    Staff see other lines folded away where they took place, respondents only their own.
    """
    lines = _lines_of(state)
    blocks: dict[int, list[tuple[str, Message]]] = {}
    summaries, left, spell, topic = _summaries(state, ledgers), _left(state), Spell(), {"": ""}
    gone = _passed_by(state, left)
    rows: list[Question | Answer] = [
        *(question for seq, question in state.questions.items() if seq not in gone),
        *state.answers.values(),
    ]
    for row in sorted(rows, key=lambda r: r.seq):
        line = row.line if isinstance(row, Question) else lines.get(row.seq, "")
        if (isinstance(row, Answer) and row.document) or (not chat.staff and line != chat.line):
            continue
        new = list(_asked(chat, state, row, topic) if isinstance(row, Question) else _said(chat, state, row, spell))
        new += [_summary(chat, code, noted) for code, noted in summaries.get(row.seq, ())]
        if chat.staff and isinstance(row, Question):
            new = [*_notice(spell.notice("ask", row.fallback)), *new]
        if row.seq in left:
            new.append(_aside(chat, state, left[row.seq]))
        first = _first_said(state, row)
        blocks.setdefault(first if first in blocks else row.seq, []).extend((line, message) for message in new)
    entries = [entry for block in blocks.values() for entry in block]
    return tuple(_folded(entries, chat, state)) if chat.staff else tuple(message for _, message in entries)


def _first_said(state: Assessment, row: Question | Answer) -> int:
    """The answer that was corrected in the end, by one correction or several; the row itself when it corrects none."""
    seq = row.seq
    while (answer := state.answers.get(seq)) is not None and answer.corrects is not None:
        seq = answer.corrects
    return seq


def _left(state: Assessment) -> dict[int, str]:
    """By question, the topics that were left at it without an answer, by a button or a command."""
    answered = {answer.question for answer in state.answers.values()}
    last = {q.subitem: q.seq for q in state.questions.values()}
    return {last[code]: code for code in state.set_aside if code in last and last[code] not in answered}


def _passed_by(state: Assessment, left: Mapping[int, str]) -> frozenset[int]:
    """Questions that nobody answered and that wait no more: people went on to something else.

    One that was put in other words is no more passed by than what took its place.
    """
    kept = {answer.question for answer in state.answers.values()} | set(state.waiting.values()) | left.keys()
    explains: dict[str, Question] = {}
    """By line, the explanation that stays in the chat and comes right after the question looked at."""
    gone = set()
    for question in sorted(state.questions.values(), key=lambda q: -q.seq):
        other = explains.pop(question.line, None)
        if question.seq not in kept and (other is None or other.subitem != question.subitem):
            gone.add(question.seq)
        elif question.purpose == Purpose.AGAIN:
            explains[question.line] = question
    return frozenset(gone)


def _aside(chat: Chat, state: Assessment, code: str) -> Message:
    """One quiet line where a topic was left."""
    text = f"{aside_word(state.set_aside[code])}：{_title(chat, code)}"
    return Message(Kind.ASIDE, pieces=((text, False),), about=code)


def _lines_of(state: Assessment) -> dict[int, str]:
    """The line of each answer: its question's; of an objection, that of the speaker's last answer."""
    found: dict[int, str] = {}
    last: dict[str, str] = {}
    for answer in state.answers.values():
        asked = state.questions.get(answer.question or 0)
        found[answer.seq] = asked.line if asked else last.get(answer.respondent, "")
        last[answer.respondent] = found[answer.seq]
    return found


def _asked(chat: Chat, state: Assessment, question: Question, topic: dict[str, str]) -> Iterator[Message]:
    if topic.get(question.line) != question.subitem:
        topic[question.line] = question.subitem
        yield Message(Kind.TOPIC, pieces=((_title(chat, question.subitem), False),), about=question.subitem)
    remark = {Purpose.RETURNED: "复核人请您再说明", Purpose.AGAIN: "换个说法"}.get(question.purpose, "")
    current = state.waiting.get(question.line) == question.seq
    yield Message(
        Kind.ASKED, question.seq, ((question.text, False),), remark=remark, about=question.subitem, current=current
    )


def _title(chat: Chat, code: str) -> str:
    name = chat.standard.subitems[code].name
    return f"{code} {name}" if chat.staff else name


def _when(at: str, now: str) -> str:
    """The time of day; with the date when that is not today's."""
    when, today = minute(at), day(now) if now else ""
    if day(at) == today:
        return when.removeprefix(today).strip()
    year = f"{today.partition('年')[0]}年"
    return when.removeprefix(year) if today else when


def _said(chat: Chat, state: Assessment, answer: Answer, spell: Spell) -> Iterator[Message]:
    speaker, reading = state.respondents.get(answer.respondent), state.readings.get(answer.seq)
    message = Message(
        Kind.SAID,
        answer.seq,
        pieces=_pieces(answer, reading),
        who=speaker.name if speaker else "",
        role=speaker.role if speaker else "",
        at=_when(answer.at, chat.now),
        replaced=any(a.corrects == answer.seq for a in state.answers.values()),
        corrects=answer.corrects is not None,
        about=answer.subitem,
    )
    if reading is None:
        yield replace(message, remark="已保存，正在理解……")
        return
    notes = tuple(_notes(chat, reading))
    remark = "" if notes else UNDERSTOOD.get(reading.intent, NOTHING_FOUND)
    yield replace(message, notes=notes[:SHOWN], more=max(0, len(notes) - SHOWN), remark=remark)
    if chat.staff:
        yield from _notice(spell.notice("read", reading.fallback))


def _pieces(answer: Answer, reading: Reading | None) -> Pieces:
    quotes = [*(f.quote for f in reading.findings), *(r.quote for r in reading.rates)] if reading else []
    return marked(answer.text, [(q.start, q.end) for q in quotes if q.answer == answer.seq])


def _notes(chat: Chat, reading: Reading) -> Iterator[Note]:
    """One note a quote; what a number is taken for goes before what the words around it are."""
    for rate in reading.rates:
        of = chat.standard.subitems[rate.subitem].rate_of or ""
        yield Note(_cut(rate.quote.text, QUOTED), "rate", "＝", f"{of} {_percent(rate.low, rate.high)}")
    said: dict[str, dict[str, set[Verdict]]] = {}
    for finding in reading.findings:
        meaning = _meaning(chat, finding.requirement)
        said.setdefault(finding.quote.text, {}).setdefault(meaning, set()).add(finding.verdict)
    for quote, meanings in said.items():
        for meaning, verdicts in meanings.items():
            verdict = next(iter(verdicts)) if len(verdicts) == 1 else Verdict.PARTLY
            word = "" if chat.staff else f"（{WORDS[verdict]}）"
            yield Note(_cut(quote, QUOTED), verdict.value, SIGN[verdict], f"{meaning}{word}")


def _meaning(chat: Chat, code: str) -> str:
    """What a requirement is about: the clause's own words for staff, the everyday question for who answers."""
    if chat.staff:
        return _cut(gist(chat.standard.requirements[code]), MEANT)
    return _cut(chat.guide.requirement(code).probe.rstrip("？?。"), MEANT)


def _summaries(state: Assessment, ledgers: Ledgers) -> Mapping[int, list[tuple[str, str]]]:
    """By answer, the topics that it closed, each with what was noted on it; as the ledger stands now."""
    found: dict[int, list[tuple[str, str]]] = {}
    for code, stamp in state.proposed.items():
        before = [a for a in state.answers.values() if a.seq < stamp.seq]
        if not before or before[-1].document or topic_state(state, ledgers, code) not in CLOSED:
            continue
        summary = summarise(ledgers[code], state.answers, state.questions)
        if summary is not None:
            at = found.setdefault(before[-1].seq, [])
            at.insert(0 if code == before[-1].subitem else len(at), (code, summary.noted))
    return found


def _summary(chat: Chat, code: str, noted: str) -> Message:
    name = chat.standard.subitems[code].name
    return Message(Kind.SUMMARY, pieces=((f"{name}：{noted}", False),), remark=CORRECT_IT, about=code)


def _notice(told: str) -> list[Message]:
    return [Message(Kind.NOTICE, pieces=((told, False),))] if told else []


def _folded(entries: Iterable[tuple[str, Message]], chat: Chat, state: Assessment) -> Iterator[Message]:
    """Messages of other lines, folded into one where they stand between those of this line.

    What was said elsewhere since the question that waits goes before it, so that the question stays the last thing seen.
    """
    shown: list[Message] = []
    held: dict[str, list[Message]] = {}
    for line, message in entries:
        if line == chat.line:
            shown += [*_put_by(held, state), message]
            held = {}
        else:
            held.setdefault(line, []).append(message)
    waits = bool(shown) and shown[-1].current
    yield from shown[:-1] if waits else shown
    yield from _put_by(held, state)
    yield from shown[-1:] if waits else ()


def _put_by(held: Mapping[str, list[Message]], state: Assessment) -> Iterator[Message]:
    for line, inner in held.items():
        answers = sum(m.kind == Kind.SAID for m in inner)
        known = state.invitations.get(line)
        title = (
            f"{known.made.name}（{known.made.role}）在自己的页面上回答了 {answers} 条"
            if known
            else f"另一处回答了 {answers} 条"
        )
        yield Message(Kind.ELSEWHERE, pieces=((title, False),), inner=tuple(inner))


def objecting(messages: Iterable[Message]) -> str:
    """The topic whose summary was read out right before the question that waits; what begins with 不对 is about that."""
    about = ""
    for message in messages:
        if message.kind == Kind.SAID:
            about = ""
        elif message.kind == Kind.SUMMARY and not about:
            about = message.about
    return about


def _percent(low: Decimal, high: Decimal) -> str:
    return f"{low:.4g}%" if low == high else f"{low:.4g}–{high:.4g}%"


def _cut(text: str, limit: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
