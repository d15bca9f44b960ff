"""An interview in progress: the one way in for a terminal, a page or a script.

Every answer is on record before it is read; whatever an interruption left undone is made up on the next call.
When another writer is first, the state is read again and the step repeated, so no answer is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.assessment.answer import Probe, Purpose, Question, Respondent
from assistant.assessment.events import (
    AnswerGiven,
    Event,
    QuestionAsked,
    ReadingMade,
    RespondentJoined,
    TopicResumed,
    TopicSetAside,
)
from assistant.assessment.level import Reason
from assistant.assessment.reading import Reading
from assistant.assessment.state import Assessment
from assistant.assessment.text import Cleaned, clean, one_line
from assistant.errors import InputError
from assistant.interview.agenda import Strategy, next_probe
from assistant.interview.summary import TopicSummary, summarise
from assistant.interview.topics import (
    CLOSED,
    Ledgers,
    Progress,
    TopicState,
    due_proposals,
    passed_to,
    probe_for,
    progress,
    taken_up,
    topic_state,
)
from assistant.interview.turn import asked_again, consequences, ledgers_of, put_in_words, read_answer, to_ask
from assistant.journal import Journal
from assistant.ports import Clock, Engine, EventStore, Tell
from knowledge.guide import Guide
from knowledge.model import Standard

NAME_LIMIT = 100

LEFT_BEHIND = timedelta(minutes=3)
"""After so long an unread answer of another line of talk was left behind by an interruption."""


@dataclass(frozen=True)
class Turn:
    """What one answer came to: its reading, the sub-items with a new proposal, and what to tell the respondent.

    `closed` are the sub-items whose topic closed with this answer; `summaries` say what was understood of those on
    which anything was heard, the one talked about first.
    """

    reading: Reading
    proposed: tuple[str, ...]
    cleaned: Cleaned
    closed: tuple[str, ...] = ()
    summaries: tuple[TopicSummary, ...] = ()


@dataclass
class Workbench:
    """What an interview works with; made once in bootstrap. `topics` limits it to some sub-items; none: all."""

    store: EventStore
    engine: Engine
    standard: Standard
    guide: Guide
    clock: Clock
    strategy: Strategy = next_probe
    topics: frozenset[str] = frozenset()


class Interview:
    """One assessment's interview as seen by one writer, in one line of talk (see Question)."""

    def __init__(self, bench: Workbench, assessment: str, actor: str, line: str = "") -> None:
        """Open an assessment. Raises NotFoundError for an unknown id, InputError for another standard's assessment."""
        self._bench = bench
        self.id = assessment
        self.line = line
        self._journal = Journal(bench.store, bench.clock, assessment, actor)
        self.respondent: Respondent | None = None
        self._wanted: set[str] = set()
        """Topics that the present respondent is asked about though their role is not the usual one for them."""
        self._ledgers: tuple[tuple[Mapping[int, object], Mapping[int, object]], Ledgers] | None = None
        self._caught_up = 0
        wanted, here = self.state.opened.standard, bench.standard.id
        if wanted != here:
            raise InputError(f"这份评估用的是标准 {wanted}，当前装载的是 {here}。请用建立评估时的标准打开。")

    @property
    def state(self) -> Assessment:
        """The assessment as last seen."""
        return self._journal.state

    @property
    def waiting(self) -> Question | None:
        """The question that waits here, whoever it was put to."""
        return self.state.waits_in(self.line)

    def refresh(self) -> None:
        """Take in what other writers have added."""
        self._journal.refresh()

    def check_live(self) -> None:
        """Raises InputError when the assessment is signed off or put away: then nobody need be asked."""
        self._journal.admit()

    @property
    def overtaken(self) -> bool:
        """True once another writer was found at work on the same assessment."""
        return self._journal.overtaken

    @property
    def standard_changed(self) -> bool:
        """True when the standard's data differs from what this assessment was opened with (same standard, revised)."""
        return self.state.opened.standard_digest != self._bench.standard.digest

    @property
    def ledgers(self) -> Ledgers:
        """The ledger of every sub-item, as of the last row seen."""
        said = self.state.answers, self.state.readings  # each step that moves a ledger makes one of them anew
        if self._ledgers is None or any(old is not now for old, now in zip(self._ledgers[0], said, strict=True)):
            known = self._ledgers[1] if self._ledgers else {}
            fresh = ledgers_of(self._bench.standard, self.state)
            # What a ledger has worked out is worth keeping: most sub-items are untouched by a turn.
            kept = {code: known[code] if known.get(code) == ledger else ledger for code, ledger in fresh.items()}
            self._ledgers = (said, kept)
        return self._ledgers[1]

    @property
    def progress(self) -> Progress:
        """Topics covered and questions put."""
        return progress(self.state, self.ledgers, self._bench.strategy)

    def speak_as(self, name: str, role: str = "") -> Respondent:
        """Say who is answering now; a new name joins the record. Raises InputError for a name without end."""
        name, role = one_line(name), one_line(role)
        if max(len(name), len(role)) > NAME_LIMIT:
            raise InputError(f"姓名和岗位各不超过 {NAME_LIMIT} 字。")
        if self.respondent is not None and (self.respondent.name, self.respondent.role) != (name, role):
            self._wanted.clear()
        for known in self.state.respondents.values():
            if (known.name, known.role) == (name, role):
                self.respondent = known
                return known

        def joins() -> list[Event]:
            return [RespondentJoined(respondent=f"r{len(self.state.respondents) + 1}", name=name, role=role)]

        self._journal.append(joins)
        self.respondent = list(self.state.respondents.values())[-1]
        return self.respondent

    def question(self, tell: Tell | None = None) -> Question | None:
        """The question that waits, or the agenda's next one; None when there is nothing left to ask this respondent.

        `tell` gets a new question piece by piece while it is being worded.
        """
        self._catch_up()
        allowed = self._allowed()
        bench, who = self._bench, self.respondent.id if self.respondent else ""
        worded: dict[Probe, QuestionAsked] = {}  # what was paid for once serves again when another writer was first

        def asks() -> list[Event]:
            waiting = self.waiting
            first = allowed & self.state.returned.keys()  # what a reviewer wants to know is promised to come next
            if waiting is not None and waiting.subitem in allowed and not first:
                return []
            probe = to_ask(bench.engine, self.state, self.ledgers, allowed, bench.strategy, who, self.line)
            if probe is None:
                return []
            if probe not in worded:
                worded[probe] = put_in_words(bench.engine, self.state, self.ledgers, probe, who, tell, self.line)
            return [worded[probe]]

        self._journal.append(asks)
        waiting = self.waiting
        return waiting if waiting is not None and waiting.subitem in allowed else None

    def answer(self, text: str, corrects: int | None = None, to: int | None = None) -> Turn:
        """Record an answer to the waiting question (or a correction of an earlier answer), then read it.

        `to` names the question that the respondent had before them, where that may no longer be the one that waits.
        Raises InputError for an empty text or when no question waits; what was typed stays with the caller then.
        """
        cleaned = clean(text)
        earlier = self.state.answers.get(corrects) if corrects is not None else None
        asked = self.state.questions.get(to or 0) or self.waiting
        speaker = self.respondent or self.speak_as("受访人")
        if earlier is None and asked is None:
            raise InputError("现在没有等待回答的问题。")
        given = AnswerGiven(
            question=earlier.question if earlier else asked.seq if asked else None,
            subitem=earlier.subitem if earlier else asked.subitem if asked else "",
            respondent=speaker.id,
            text=cleaned.text,
            corrects=corrects,
        )
        return self._take(given, cleaned)

    def object_to(self, subitem: str, text: str) -> Turn:
        """Record what a respondent says against the summary of a topic; the question that waits goes on waiting.

        What was said before stays beside it: it is for the reading to say what of it is taken back. Raises InputError
        for an empty text.
        """
        cleaned = clean(text)
        speaker = self.respondent or self.speak_as("受访人")
        return self._take(
            AnswerGiven(question=None, subitem=subitem, respondent=speaker.id, text=cleaned.text), cleaned
        )

    def _take(self, given: AnswerGiven, cleaned: Cleaned) -> Turn:
        before = self.state, self.ledgers
        self._journal.append(lambda: [given])
        seq = max(self.state.answers)
        proposed = self._catch_up()
        closed = self._closed_since(*before, given.subitem)
        found = (summarise(self.ledgers[code], self.state.answers, self.state.questions) for code in closed)
        return Turn(
            reading=self.state.readings[seq],
            proposed=proposed,
            cleaned=cleaned,
            closed=closed,
            summaries=tuple(summary for summary in found if summary is not None),
        )

    def ask_again(self) -> Question | None:
        """Put the waiting question in other words, with an explanation."""
        waiting = self.waiting
        who = self.respondent.id if self.respondent else ""
        if waiting is not None:
            self._journal.append(lambda: [asked_again(self._bench.engine, self.state, waiting, who)])
        return self.waiting

    def set_aside(self, reason: Reason, note: str = "") -> str:
        """Leave the present topic for now; returns its sub-item. Raises InputError when no question waits."""
        waiting = self.waiting
        if waiting is None:
            raise InputError("现在没有进行中的话题。")
        who = self.respondent.id if self.respondent else ""
        self._journal.append(
            lambda: [TopicSetAside(subitem=waiting.subitem, reason=reason, note=one_line(note), respondent=who)]
        )
        self._catch_up()
        return waiting.subitem

    def resume(self, subitem: str) -> None:
        """Take up a topic (again), with a fresh budget of questions. Raises InputError for an unknown sub-item.

        Who asks for a topic is asked about it, whatever their role.
        """
        self._check_known(subitem)
        self._journal.append(lambda: [TopicResumed(subitem=subitem, line=self.line)])
        self._wanted.add(subitem)

    def turn_to(self, subitem: str, tell: Tell | None = None) -> bool:
        """Go to a topic where something is left to ask on it; False, with nothing changed, where nothing is.

        An open topic goes on where it was; one that was left, or used up its questions, is taken up anew.
        Raises InputError for an unknown sub-item, and for one that a reviewer has decided.
        """
        self._check_known(subitem)
        if subitem in self.state.decisions:
            raise InputError(f"{subitem} 已经复核确认，不再提问。要补充请由复核人在复核页“退回补问”。")
        if self.waiting is not None and self.waiting.subitem == subitem:
            return True
        bench, who = self._bench, self.respondent.id if self.respondent else ""
        probe = to_ask(bench.engine, self.state, self.ledgers, {subitem}, bench.strategy, who, self.line)
        if probe is None:
            if self.nothing_left(subitem):
                return False
            self.resume(subitem)
            return True
        asked = put_in_words(bench.engine, self.state, self.ledgers, probe, who, tell, self.line)
        self._journal.append(lambda: [asked])
        self._wanted.add(subitem)
        return True

    def topic(self, subitem: str) -> TopicState:
        """Where a topic stands."""
        return topic_state(self.state, self.ledgers, subitem, self._bench.strategy)

    def talk_again(self, subitem: str, tell: Tell | None = None) -> None:
        """Ask openly about a topic once more although nothing is left to ask: somebody insists.

        Raises InputError as `turn_to` does.
        """
        if self.turn_to(subitem, tell):
            return
        who = self.respondent.id if self.respondent else ""
        opened = any(q.subitem == subitem for q in self.state.questions.values())
        probe = Probe(subitem=subitem, requirement=None, purpose=Purpose.DEEPER if opened else Purpose.OPENING)
        asked = put_in_words(self._bench.engine, self.state, self.ledgers, probe, who, tell, self.line)
        self._journal.append(lambda: [TopicResumed(subitem=subitem, line=self.line), asked])
        self._wanted.add(subitem)

    def nothing_left(self, subitem: str) -> bool:
        """True when the agenda has no question on a sub-item even if it is taken up anew."""
        return probe_for(taken_up(self.state, subitem), self.ledgers, subitem, self._bench.strategy) is None

    def earlier_topic(self) -> str:
        """The topic talked about here before the present one. Raises InputError when there is none."""
        current = self.state.topics.get(self.line)
        found = [q.subitem for q in self.state.questions.values() if q.line == self.line and q.subitem != current]
        if not found:
            raise InputError("前面没有别的话题。")
        return found[-1]

    def _check_known(self, subitem: str) -> None:
        if not subitem:
            raise InputError("请写明话题的编号，如“/话题 5.1”。")
        if subitem not in self._bench.standard.subitems:
            raise InputError(f"没有能力子项“{subitem}”。用 iiam standard 查看全部编号。")

    def last_answer(self) -> int | None:
        """Sequence of the last answer of the present respondent, the one that a correction means."""
        mine = [a.seq for a in self.state.answers.values() if not self.respondent or a.respondent == self.respondent.id]
        return max(mine, default=None)

    def _closed_since(self, state: Assessment, ledgers: Ledgers, current: str) -> tuple[str, ...]:
        """The current sub-item when its topic is closed, and others that an answer has closed in passing."""
        strategy = self._bench.strategy
        touched = [code for code in self.ledgers if code != current and self.ledgers[code] != ledgers[code]]
        passing = [code for code in touched if topic_state(state, ledgers, code, strategy) not in CLOSED]
        return tuple(c for c in (current, *passing) if topic_state(self.state, self.ledgers, c, strategy) in CLOSED)

    def _allowed(self) -> frozenset[str]:
        """What the present respondent may be asked: their role's topics, what they asked for, what was passed on to them."""
        me = self.respondent
        if me is not None:
            names = {me.name, f"{me.name}（{me.role}）"}
            self._wanted |= {code for code, aside in self.state.set_aside.items() if passed_to(aside) in names}
        allowed = self._bench.guide.answerable(me.role if me else "") | self._wanted
        return allowed & self._bench.topics if self._bench.topics else allowed

    def _catch_up(self) -> tuple[str, ...]:
        """Read what is not read yet and record what follows from it; the sub-items that got a new proposal."""
        if self._caught_up == self.state.tail.seq and not self.state.unread:
            return ()
        for seq in self.state.unread:
            if self._mine(seq):
                self._read(seq)
        proposed: list[str] = []

        def proposes() -> list[Event]:
            due = due_proposals(self.state, self.ledgers, self._bench.strategy)
            proposed[:] = [event.proposal.subitem for event in due]
            return list(due)

        self._journal.append(proposes)
        self._caught_up = self.state.tail.seq
        return tuple(proposed)

    def _mine(self, seq: int) -> bool:
        """Whether an unread answer is to be read here: given in this line of talk, or left behind by another.

        A model takes seconds, in which others must neither wait for a reading that somebody else waits for, nor pay for
        it a second time.
        """
        answer = self.state.answers[seq]
        question = self.state.questions.get(answer.question or 0)
        here = answer.respondent == self.respondent.id if self.respondent else False
        if here or (question.line if question else "") == self.line:
            return True
        return self._bench.clock.now() - datetime.fromisoformat(answer.at) > LEFT_BEHIND

    def _read(self, seq: int) -> None:
        made: list[ReadingMade] = []  # what was paid for once serves again when another writer was first

        def reads() -> list[Event]:
            if seq not in self.state.unread:
                return []
            bench = self._bench
            if not made:
                made.append(read_answer(bench.engine, bench.standard, self.state, self.ledgers, seq))
            return [made[0], *consequences(bench.engine, self.state, self.state.answers[seq], made[0].reading)]

        self._journal.append(reads)
