"""What each call of the model is told: from the standard, the guide and the talk to rendered messages. Pure.

The system messages of reading and phrasing depend on the sub-item alone, so that endpoints can cache them; what changes
from turn to turn stands in the last message, the oldest part first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from assistant.assessment.answer import Purpose
from assistant.assessment.ledger import Stand, SubItemLedger
from assistant.assessment.reading import RateFinding
from assistant.ports import ReadingTask, WordingTask
from knowledge.guide import Guide
from knowledge.model import LEVELS, Requirement, Standard, SubItem
from prompts import hash_of, render

Message = tuple[Literal["system", "user", "assistant"], str]

EARLIER = 2000
"""Characters of an earlier answer that are shown again; the new one is shown whole."""

RECENT = 4
"""Questions last put, shown so that the next one is not worded alike."""

LONGEST_REPLY_SHOWN = 6000
"""Characters of a faulty reply that its repair is shown."""

STANDS = {
    Stand.MET: "met",
    Stand.PARTLY: "partly",
    Stand.NOT: "not",
    Stand.CONFLICT: "前后说法不一",
}
"""Where something stands, in the words that the model itself uses."""


class Messages(NamedTuple):
    """One call: the hash of the templates it came from, and what is sent."""

    prompt: str
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class Passage:
    """A piece of standard or guide that an explanation may be drawn from, with its code."""

    code: str
    text: str


@dataclass(frozen=True)
class Said:
    """An earlier answer with its question's text (empty where there was none)."""

    seq: int
    question: str
    text: str


def read_system(subitem: SubItem, guide: Guide) -> str:
    """The rules of reading and the sub-item's requirements of levels 2 to 5: the same for all its turns."""
    mine = guide.subitems[subitem.code]
    rated = [r.code for r in subitem.requirements if r.rate and r.level > 1]
    levels = [
        (level, [_asked_for(r, guide) for clause in subitem.at(level) for r in clause.requirements])
        for level in LEVELS[1:]
    ]
    return render(
        "read.system",
        code=subitem.code,
        name=subitem.name,
        rate_of=subitem.rate_of,
        uncounted=tuple(dict.fromkeys(words for code in rated for words in mine.requirements[code].not_counted)),
        extents=any(mine.requirements[r.code].extent for r in subitem.requirements if r.level > 1 and not r.rate),
        levels=levels,
        mistakes=mine.mistakes,
    ).text


def _asked_for(requirement: Requirement, guide: Guide) -> dict[str, Any]:
    entry = guide.requirement(requirement.code)
    return {
        "code": requirement.code,
        "text": requirement.text,
        "rate": requirement.rate,
        "exceeds": requirement.exceeds,
        "extent": entry.extent,
        "not_counted": entry.not_counted,
    }


def read_messages(
    task: ReadingTask, standard: Standard, guide: Guide, shortlist: Sequence[Requirement] = ()
) -> Messages:
    """The call that reads one answer.

    `shortlist`: requirements of other sub-items that the answer may speak of; those with a rate, of level 1 or of the
    sub-item itself are left out.
    """
    question = task.question
    turn = render(
        "read.turn",
        transcript=[Said(a.seq, _question_text(task, a.question), _shortened(a.text)) for a in task.transcript],
        established=_established(task.ledger.get(task.subitem.code)),
        others=_by_subitem([r for r in shortlist if r.subitem != task.subitem.code], standard),
        question=question.text if question else "",
        about=question.about if question else (),
        seq=task.answer.seq,
        corrects=task.answer.corrects,
        answer=task.answer.text,
    ).text
    return Messages(hash_of("read.system", "read.turn"), (("system", read_system(task.subitem, guide)), ("user", turn)))


def _by_subitem(shortlist: Sequence[Requirement], standard: Standard) -> list[tuple[SubItem, list[Requirement]]]:
    fit = [r for r in shortlist if r.rate is None and r.level > 1]
    codes = dict.fromkeys(r.subitem for r in fit)
    return [(standard.subitems[code], [r for r in fit if r.subitem == code]) for code in codes]


def repair_messages(messages: Sequence[Message], reply: str, faults: Sequence[str]) -> Messages:
    """The same call once more, with the faulty reply and what exactly failed in it."""
    prompt = render("repair", faults=tuple(faults))
    shown = reply.strip()[:LONGEST_REPLY_SHOWN] or "（空）"
    return Messages(prompt.hash, (*messages, ("assistant", shown), ("user", prompt.text)))


def phrase_system(subitem: SubItem, guide: Guide) -> str:
    """The rules of asking and the topic's words in plain speech: the same for all questions of a sub-item."""
    return render("phrase.system", name=subitem.name, terms=guide.subitems[subitem.code].terms).text


def phrase_messages(task: WordingTask, standard: Standard, guide: Guide) -> Messages:
    """The call that puts a probe into words."""
    subitem = standard.subitems[task.probe.subitem]
    turn = render(
        "phrase.turn",
        role=task.role,
        talk=[(question, _shortened(answer)) for question, answer in task.talk],
        recent=tuple(task.asked[-RECENT:]),
        purpose=task.probe.purpose.value,
        meanings=_meanings(task, guide),
    ).text
    return Messages(
        hash_of("phrase.system", "phrase.turn"), (("system", phrase_system(subitem, guide)), ("user", turn))
    )


def explain_messages(task: WordingTask, standard: Standard, guide: Guide, passages: Sequence[Passage]) -> Messages:
    """The call that answers "what is that?" from the passages given, and asks again in other words."""
    turn = render(
        "explain.turn",
        name=standard.subitems[task.probe.subitem].name,
        passages=tuple(passages),
        question=task.asked[-1] if task.asked else "",
        unclear=task.unclear,
        meanings=_meanings(task, guide),
    ).text
    system = render("explain.system").text
    return Messages(hash_of("explain.system", "explain.turn"), (("system", system), ("user", turn)))


def ask_system() -> tuple[str, str]:
    """Hash and text of the copilot's instructions."""
    prompt = render("ask.system")
    return prompt.hash, prompt.text


def _question_text(task: ReadingTask, seq: int | None) -> str:
    question = task.questions.get(seq or 0)
    return question.text if question else ""


def _shortened(text: str) -> str:
    return text if len(text) <= EARLIER else text[:EARLIER] + "（后面略）"


def _established(ledger: SubItemLedger | None) -> list[str]:
    """What is already known of the sub-item, a line a stand."""
    if ledger is None:
        return []
    lines = []
    for stand, word in STANDS.items():
        codes = [code for code, mine in ledger.requirements.items() if mine == stand]
        if codes:
            lines.append(f"{word}：{'、'.join(codes)}")
    if ledger.rate is not None:
        lines.append(f"比例：{percent(ledger.rate)}")
    return lines


def _meanings(task: WordingTask, guide: Guide) -> list[tuple[str, str]]:
    """What the question is to ask for, as the guide puts it: (question, what it may ask along with it)."""
    mine, probe = guide.subitems[task.probe.subitem], task.probe
    if probe.requirement is None:
        first = mine.again if probe.purpose in (Purpose.DEEPER, Purpose.AGAIN) else mine.opening
        return [(first, "")]
    entries = [mine.requirements[code] for code in (probe.requirement, *probe.also)]
    return [(entry.probe, entry.follow) for entry in entries]


def percent(rate: RateFinding) -> str:
    """`44%`, or `30%到39.9%` for a range."""
    low, high = (f"{value:f}%" for value in (rate.low, rate.high))
    return low if low == high else f"{low}到{high}"
