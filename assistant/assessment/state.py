"""The state of an assessment: a fold of its record, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar, assert_never

from assistant.assessment.answer import Answer, Purpose, Question, Respondent
from assistant.assessment.decision import Decision
from assistant.assessment.document import Document
from assistant.assessment.events import (
    AnswerGiven,
    Archived,
    DecisionMade,
    DecisionWithdrawn,
    DocumentAdded,
    DocumentRead,
    DocumentWithdrawn,
    InvitationMade,
    InvitationRevoked,
    JustificationDrafted,
    JustificationEdited,
    LevelProposed,
    Opened,
    QuestionAsked,
    ReadingMade,
    Reopened,
    RespondentJoined,
    SignedOff,
    TopicResumed,
    TopicReturned,
    TopicSetAside,
    Unarchived,
)
from assistant.assessment.justification import Edit, Written
from assistant.assessment.level import Proposal, Reason
from assistant.assessment.reading import Reading
from assistant.assessment.record import Row
from assistant.assessment.usage import Call, Spent, spent
from assistant.errors import RecordError

Value = TypeVar("Value")


@dataclass(frozen=True)
class Stamp:
    """Which row said something, when, and who wrote it."""

    seq: int
    at: str
    actor: str


@dataclass(frozen=True)
class Invitation:
    """A person who may answer by a link: who invited them and when, until when it holds, and whether it was revoked."""

    made: InvitationMade
    stamp: Stamp
    revoked: bool = False


@dataclass(frozen=True)
class Assessment:
    """One assessment as it stands. Questions, answers and readings are keyed by sequence number.

    Several people may be talked with at once, each in a line of their own (see Question): `waiting` is the question that
    waits in a line, `topics` the sub-item being talked about there. `tail` is the last row; `since` the sequence from
    which a sub-item's budget of questions counts (it starts anew when a topic is resumed); `calls` are all calls of a
    model.
    `documents` are the files added, `finished` those of them that were read to their end
    with how many statements they have, `withdrawn` those that count
    no more, with the reason: their answers stay, their readings are dropped.
    `decided` says who made each standing decision and when, `proposed` the same of the standing proposals. `signed` is
    the sign-off while it holds, `seal` the row that holds it: then nothing is added but a reopening, or that it is
    put away (`archived`); while it is put away nothing is added but that it is brought back. `reopened` are the reasons
    given so far.
    `invitations` are the links by which respondents may come in, those that ran out or were revoked among them.
    `justifications` are the drafts with the assessor's own words, by sub-item; `returned` the reviewers' questions that
    wait to be put, in the order in which they came.
    """

    id: str
    opened: Opened
    tail: Row
    respondents: dict[str, Respondent] = field(default_factory=dict)
    questions: dict[int, Question] = field(default_factory=dict)
    answers: dict[int, Answer] = field(default_factory=dict)
    readings: dict[int, Reading] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    set_aside: dict[str, TopicSetAside] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    documents: dict[str, Document] = field(default_factory=dict)
    finished: dict[str, int] = field(default_factory=dict)
    withdrawn: dict[str, str] = field(default_factory=dict)
    decided: dict[str, Stamp] = field(default_factory=dict)
    proposed: dict[str, Stamp] = field(default_factory=dict)
    signed: SignedOff | None = None
    seal: Row | None = None
    archived: bool = False
    reopened: tuple[str, ...] = ()
    justifications: dict[str, Written] = field(default_factory=dict)
    returned: dict[str, TopicReturned] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)

    @property
    def live(self) -> bool:
        """True while it may be worked on: neither signed off nor put away."""
        return self.signed is None and not self.archived

    @property
    def spent(self) -> Spent:
        """What the model has cost this assessment so far."""
        return spent(self.calls)

    @property
    def topic(self) -> str | None:
        """The sub-item that the assessor's own conversation is about."""
        return self.topics.get("")

    @property
    def pending(self) -> int | None:
        """Sequence of the question that waits in the assessor's own conversation, if any."""
        return self.waiting.get("")

    @property
    def question(self) -> Question | None:
        """The question that waits in the assessor's own conversation, if any."""
        return self.waits_in("")

    def waits_in(self, line: str) -> Question | None:
        """The question that waits for an answer in a line, if any."""
        return self.questions.get(self.waiting.get(line, 0))

    def discussed(self, *, but: str | None = None) -> frozenset[str]:
        """Sub-items on which a question waits in any line, `but` one."""
        return frozenset(self.questions[seq].subitem for line, seq in self.waiting.items() if line != but)

    @property
    def unread(self) -> tuple[int, ...]:
        """Answers recorded but not yet read: what an interruption may leave behind."""
        return tuple(seq for seq in self.heard if seq not in self.readings)

    @property
    def heard(self) -> dict[int, Answer]:
        """The answers that may be evidence: all but those of documents that were withdrawn."""
        return {seq: a for seq, a in self.answers.items() if a.document not in self.withdrawn}

    def asked(self, subitem: str) -> tuple[Question, ...]:
        """Questions put on a sub-item since it was last taken up: those answered, and the one that waits.

        Explanations in other words are no questions of their own; one left unanswered costs nothing.
        """
        since = self.since.get(subitem, 0)
        heard = {a.question for a in self.answers.values()} | set(self.waiting.values())
        explained = {
            (q.requirement, q.subitem) for q in self.questions.values() if q.purpose == Purpose.AGAIN and q.seq in heard
        }
        return tuple(
            q
            for q in self.questions.values()
            if q.subitem == subitem
            and q.seq > since
            and q.purpose != Purpose.AGAIN
            and (q.seq in heard or (q.requirement, q.subitem) in explained)
        )

    def transcript(self, subitem: str) -> tuple[Answer, ...]:
        """Standing answers given on a sub-item, in order."""
        replaced = {a.corrects for a in self.answers.values()}
        return tuple(a for a in self.heard.values() if a.subitem == subitem and a.seq not in replaced)

    def why_open(self, subitem: str) -> Reason:
        """Why a sub-item without a level is open."""
        if subitem in self.set_aside:
            return self.set_aside[subitem].reason
        heard = any(a.subitem == subitem for a in self.heard.values())
        return Reason.OPEN if heard else Reason.NOT_ASKED


def fold(rows: Iterable[Row]) -> Assessment:
    """State after all rows. Raises RecordError when there are none or the first does not open an assessment."""
    state: Assessment | None = None
    for row in rows:
        state = advance(state, row)
    if state is None:
        raise RecordError("这份评估没有任何记录。")
    return state


def advance(state: Assessment | None, row: Row) -> Assessment:
    """State after one more row."""
    event = row.event
    if state is None:
        if not isinstance(event, Opened):
            raise RecordError(f"评估 {row.assessment} 的记录不是从建立评估开始的。")
        return Assessment(id=row.assessment, opened=event, tail=row)
    return replace(_apply(state, row), tail=row)


def _apply(state: Assessment, row: Row) -> Assessment:  # noqa: PLR0911, PLR0912, PLR0915 - one return per kind of event
    event, seq = row.event, row.seq
    stamp = Stamp(seq, row.at, row.actor)
    match event:
        case Opened():
            raise RecordError(f"评估 {state.id} 的记录在第 {seq} 行又建立了一次。")
        case RespondentJoined(respondent=who, name=name, role=role):
            return replace(state, respondents=state.respondents | {who: Respondent(id=who, name=name, role=role)})
        case QuestionAsked(subitem=code):
            asked = event.model_dump(exclude={"kind", "v", "sources", "calls"})
            questions = state.questions | {seq: Question(seq=seq, **asked)}
            aside = _without(state.set_aside, code)
            put = event.purpose == Purpose.RETURNED
            return replace(
                state,
                questions=questions,
                waiting=state.waiting | {event.line: seq},
                topics=state.topics | {event.line: code},
                set_aside=aside,
                calls=state.calls + event.calls,
                returned=_without(state.returned, code) if put else state.returned,
            )
        case AnswerGiven():
            answer = Answer(seq=seq, at=row.at, **event.model_dump(exclude={"kind", "v"}))
            waiting = {line: asked for line, asked in state.waiting.items() if asked != event.question}
            corrected = {event.subitem} if event.corrects is not None else set()
            aside = {k: v for k, v in state.set_aside.items() if k not in corrected}
            return replace(state, answers=state.answers | {seq: answer}, waiting=waiting, set_aside=aside)
        case ReadingMade(reading=reading):
            return replace(
                state, readings=state.readings | {reading.answer: reading}, calls=state.calls + reading.calls
            )
        case LevelProposed(proposal=proposal):
            code = proposal.subitem
            return replace(state, proposals=state.proposals | {code: proposal}, proposed=state.proposed | {code: stamp})
        case TopicSetAside(subitem=code):
            waiting = {line: q for line, q in state.waiting.items() if state.questions[q].subitem != code}
            return replace(state, set_aside=state.set_aside | {code: event}, waiting=waiting)
        case TopicResumed(subitem=code):
            aside = _without(state.set_aside, code)
            waiting = {line: asked for line, asked in state.waiting.items() if line != event.line}
            topics = state.topics | {event.line: code}
            return replace(state, set_aside=aside, since=state.since | {code: seq}, topics=topics, waiting=waiting)
        case TopicReturned(subitem=code):  # the question that waits is somebody's turn: it may be answered first
            aside = _without(state.set_aside, code)
            back = _without(state.returned, code) | {code: event}
            return replace(state, set_aside=aside, since=state.since | {code: seq}, returned=back)
        case DecisionMade(decision=decision):
            code = decision.subitem
            return replace(
                state,
                decisions=state.decisions | {code: decision},
                decided=state.decided | {code: stamp},
                returned=_without(state.returned, code),
            )
        case DecisionWithdrawn(subitem=code):
            return replace(state, decisions=_without(state.decisions, code), decided=_without(state.decided, code))
        case SignedOff():
            return replace(state, signed=event, seal=row)
        case Reopened(reason=reason):
            return replace(state, signed=None, seal=None, reopened=(*state.reopened, reason))
        case Archived() | Unarchived():
            return replace(state, archived=isinstance(event, Archived))
        case DocumentAdded(document=document):
            documents = state.documents | {document.id: document}
            return replace(state, documents=documents, withdrawn=_without(state.withdrawn, document.id))
        case DocumentRead(document=read):
            return replace(state, finished=state.finished | {read: event.statements})
        case DocumentWithdrawn(document=name):
            return replace(
                state,
                withdrawn=state.withdrawn | {name: event.reason},
                finished=_without(state.finished, name),
                readings={seq: r for seq, r in state.readings.items() if state.answers[seq].document != name},
            )
        case JustificationDrafted(justification=drafted):
            code = drafted.subitem
            before = state.justifications.get(code, Written(subitem=code))
            after = before.drafted(drafted, event.grounds, event.replaces)
            return replace(
                state, justifications=state.justifications | {code: after}, calls=state.calls + drafted.calls
            )
        case JustificationEdited(subitem=code):
            before = state.justifications.get(code, Written(subitem=code))
            after = before.edited(event.section, Edit(text=event.text, grounds=event.grounds))
            return replace(state, justifications=state.justifications | {code: after})
        case InvitationMade(invitation=name):
            return replace(state, invitations=state.invitations | {name: Invitation(made=event, stamp=stamp)})
        case InvitationRevoked(invitation=name):
            known = state.invitations.get(name)
            revoked = {} if known is None else {name: replace(known, revoked=True)}
            return replace(state, invitations=state.invitations | revoked)
        case _:
            assert_never(event)


def _without(known: dict[str, Value], code: str) -> dict[str, Value]:
    return {k: v for k, v in known.items() if k != code}
