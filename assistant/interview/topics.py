"""Where each topic (one sub-item) of an interview stands, and which comes next. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.assessment.answer import Probe, Purpose, Question
from assistant.assessment.events import LevelProposed, TopicSetAside
from assistant.assessment.ledger import SubItemLedger
from assistant.assessment.level import Proposal, Reason, propose
from assistant.assessment.state import Assessment
from assistant.interview.agenda import OPEN_QUESTIONS, Strategy, confirmation, next_probe, prior_from

Ledgers = Mapping[str, SubItemLedger]


PASSED = "转给"
"""How the note of a topic begins that was passed on to a colleague; the colleague follows."""

ASIDE = {Reason.SKIPPED: "已跳过", Reason.DONT_KNOW: "待同事回答", Reason.NOT_APPLICABLE: "待复核不适用"}


class TopicState(StrEnum):
    """未问, 进行中, 已有建议, 证据不足, 已确认; ASIDE: left without an end (skipped, passed on, said not to apply)."""

    NOT_ASKED = "not_asked"
    OPEN = "open"
    PROPOSED = "proposed"
    UNDECIDED = "undecided"
    CONFIRMED = "confirmed"
    ASIDE = "aside"


COVERED = frozenset({TopicState.PROPOSED, TopicState.UNDECIDED, TopicState.CONFIRMED})
"""Talked about to the end."""
CLOSED = COVERED | {TopicState.ASIDE}
"""Nothing more is asked of its own accord."""


@dataclass(frozen=True)
class Progress:
    """How far an interview is: topics covered (proposed, undecided or confirmed) of all, and questions put so far.

    `aside` are those that were left without an end; they are not covered.
    """

    covered: int
    total: int
    questions: int
    aside: int = 0


def passed_to(aside: TopicSetAside) -> str:
    """To whom a topic was passed on, as it was chosen or typed; empty when it was left for another reason."""
    return aside.note.removeprefix(PASSED) if aside.note.startswith(PASSED) else ""


def aside_word(aside: TopicSetAside) -> str:
    """What became of a topic that was left, in a word."""
    to = passed_to(aside)
    return f"已{PASSED}{to}" if to else ASIDE.get(aside.reason, "已放下")


def taken_up(state: Assessment, code: str) -> Assessment:
    """The state as it would be after a topic is resumed, to see what would be asked then."""
    aside = {k: v for k, v in state.set_aside.items() if k != code}
    return replace(state, set_aside=aside, since=state.since | {code: state.tail.seq})


def probe_for(
    state: Assessment, ledgers: Ledgers, code: str, strategy: Strategy = next_probe, who: str = ""
) -> Probe | None:
    """The agenda's next probe on one sub-item; probing starts near the levels settled elsewhere.

    `who` is the respondent to be asked: a topic set aside because somebody else did not know it is open to them.
    A reviewer's question goes before all the agenda's own.
    """
    if code in state.returned or unanswered_return(state, code):
        return Probe(subitem=code, requirement=None, purpose=Purpose.RETURNED)
    aside = state.set_aside.get(code)
    passed_on = aside is not None and who and aside.reason == Reason.DONT_KNOW and aside.respondent not in ("", who)
    if code in state.decisions or (aside is not None and not passed_on):
        return None
    if ledgers[code].settled is not None:
        return confirmation(ledgers[code], state.asked(code))
    settled = [ledger.settled for other, ledger in ledgers.items() if other != code]
    prior = prior_from(level for level in settled if level is not None)
    said = sum(len(answer.text) for answer in state.transcript(code))
    return strategy(ledgers[code], _put(state, ledgers[code]), prior, said)


def unanswered_return(state: Assessment, code: str) -> bool:
    """Whether a reviewer's question was put, and left for another topic before anybody answered it."""
    put = [q for q in state.questions.values() if q.subitem == code]
    back = [q.seq for q in put if q.purpose == Purpose.RETURNED]
    if not back or code in state.set_aside or code in state.decisions or code in state.discussed():
        return False
    heard = {a.question for a in state.answers.values()}
    return not any(q.seq in heard for q in put if q.seq >= back[-1])


def _put(state: Assessment, ledger: SubItemLedger) -> tuple[Question, ...]:
    """The questions that count for a topic; while nothing is known, the open ones from before it was taken up anew too.

    Who was asked openly and said nothing of use is not asked the same again, but for facts.
    """
    code = ledger.subitem.code
    asked, since = state.asked(code), state.since.get(code, 0)
    if ledger.evidence or not since:
        return asked
    heard = {a.question for a in state.answers.values()}
    opened = [
        q
        for q in state.questions.values()
        if q.subitem == code and q.seq <= since and q.purpose in OPEN_QUESTIONS and q.seq in heard
    ]
    return (*opened[: len(OPEN_QUESTIONS)], *asked)


def topic_state(state: Assessment, ledgers: Ledgers, code: str, strategy: Strategy = next_probe) -> TopicState:
    """Where one sub-item stands."""
    if code in state.decisions:
        return TopicState.CONFIRMED
    if code in state.discussed():
        return TopicState.OPEN
    if probe_for(state, ledgers, code, strategy) is None:
        if ledgers[code].settled is not None:
            return TopicState.PROPOSED
        return TopicState.ASIDE if code in state.set_aside else TopicState.UNDECIDED
    heard = bool(state.asked(code)) or bool(ledgers[code].evidence) or code in state.returned
    return TopicState.OPEN if heard else TopicState.NOT_ASKED


def progress(state: Assessment, ledgers: Ledgers, strategy: Strategy = next_probe) -> Progress:
    """Progress of the whole interview."""
    stands = [topic_state(state, ledgers, code, strategy) for code in ledgers]
    return Progress(
        covered=sum(stand in COVERED for stand in stands),
        total=len(ledgers),
        questions=len(state.questions),
        aside=stands.count(TopicState.ASIDE),
    )


def next_topic_probe(
    state: Assessment,
    ledgers: Ledgers,
    allowed: Collection[str],
    strategy: Strategy = next_probe,
    who: str = "",
    line: str = "",
) -> Probe | None:
    """The next probe: what a reviewer sent back, the line's topic to its end, then what was begun there and left for
    another topic, then the others in the standard's order.

    None outside `allowed`. What is just being talked about in another line comes last.
    """
    current, elsewhere = state.topics.get(line), state.discussed(but=line)
    begun = {q.subitem for q in state.questions.values() if q.line == line}
    others = sorted(ledgers, key=lambda code: (code in elsewhere, code not in begun))
    left = [code for code in ledgers if unanswered_return(state, code)]
    order = list(dict.fromkeys([*state.returned, *left, *([current] if current is not None else []), *others]))
    for code in order:
        probe = probe_for(state, ledgers, code, strategy, who) if code in allowed else None
        if probe is not None:
            return probe
    return None


def due_proposals(state: Assessment, ledgers: Ledgers, strategy: Strategy = next_probe) -> list[LevelProposed]:
    """Proposals that the ledger now supports and the record does not hold yet, for topics that are closed.

    A topic that was proposed and is open again (a correction, a topic resumed) gets its proposal taken back.
    """
    due: list[LevelProposed] = []
    for code, ledger in ledgers.items():
        before = state.proposals.get(code)
        proposal = _proposal(state, ledgers, ledger, strategy, known=before is not None)
        if proposal is not None and proposal != before:
            due.append(LevelProposed(proposal=proposal))
    return due


def _proposal(
    state: Assessment, ledgers: Ledgers, ledger: SubItemLedger, strategy: Strategy, *, known: bool
) -> Proposal | None:
    code = ledger.subitem.code
    if ledger.settled is not None:
        return propose(ledger, Reason.OPEN)
    if code in state.set_aside:
        return propose(ledger, state.set_aside[code].reason)
    untouched = not known and not state.asked(code)
    if not untouched and code not in state.discussed() and probe_for(state, ledgers, code, strategy) is None:
        return propose(ledger, Reason.BUDGET)
    return propose(ledger, Reason.OPEN) if known else None
