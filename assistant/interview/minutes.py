"""Documents in: minutes, transcripts, forms and evidence read into the ledger. Pure over the ports.

Each statement is routed to the sub-items that it speaks of, each passage is recorded as an answer with its document and
place, read by the engine in use and checked like any other answer. What is read is on record passage by passage: stop at
any point, and the same file goes on where it stopped; read to its end, it is recognised and not read again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from assistant.assessment.document import UNSIGNED, Document, SourceKind, Statement
from assistant.assessment.events import AnswerGiven, DocumentAdded, DocumentRead, Event, RespondentJoined
from assistant.assessment.state import Assessment
from assistant.errors import InputError
from assistant.interview.agenda import BUDGET, beliefs, questions_left
from assistant.interview.routing import Passage, Utterance, route
from assistant.interview.session import Workbench
from assistant.interview.topics import Ledgers, due_proposals, probe_for
from assistant.interview.turn import ledgers_of, read_answer
from assistant.journal import Journal
from assistant.ports import DocumentStore, Router

INTERVIEWER = re.compile(r"顾问|咨询|评估|诊断师|访谈[人者]|采访|主持|提问|记录人|^[问Qq]\d*$")
ANONYMOUS = re.compile(r"^(?:说话人|发言人|讲话人|参会人|用户|[Ss]peaker|SPEAKER|Spk)")
ASKS = re.compile(r"[？?]\s*[”’」』）)]*$|[吗呢么]。?$")
ENOUGH_TO_TELL, MOSTLY = 4, 0.5
"""An unnamed speaker with so many turns, this share of them questions, is the interviewer."""

TALK_NAMES = re.compile(r"纪要|访谈|会议|记录|转写|录音|座谈|逐字|minutes|transcript", re.IGNORECASE)

Tell = Callable[[int, int], None]
"""Gets how many statements are done, and of how many."""


@dataclass(frozen=True)
class Outcome:
    """What came of one file. `before`: it had been read to its end already; `resumed`: it had been begun already.

    `heard` of `statements` spoke of a sub-item; `proposed` are the sub-items with a new proposal.
    """

    document: Document
    statements: int
    heard: int
    proposed: tuple[str, ...] = ()
    before: bool = False
    resumed: bool = False


@dataclass(frozen=True)
class OpenTopic:
    """A sub-item that is still to be asked about: who can answer, what to ask next, and about how many questions it takes."""

    subitem: str
    roles: tuple[str, ...]
    question: str
    requirement: str | None
    expected: int


class Minutes:
    """One assessment taking in documents."""

    def __init__(self, bench: Workbench, router: Router, files: DocumentStore, assessment: str, actor: str) -> None:
        """Open an assessment. Raises NotFoundError, and InputError for another standard's assessment."""
        self._bench = bench
        self._router = router
        self._files = files
        self._journal = Journal(bench.store, bench.clock, assessment, actor)
        wanted, here = self.state.opened.standard, bench.standard.id
        if wanted != here:
            raise InputError(f"这份评估用的是标准 {wanted}，当前装载的是 {here}。请用建立评估时的标准打开。")

    @property
    def state(self) -> Assessment:
        """The assessment as last seen."""
        return self._journal.state

    @property
    def ledgers(self) -> Ledgers:
        """The ledger of every sub-item."""
        return ledgers_of(self._bench.standard, self.state)

    def take(
        self,
        document: Document,
        content: bytes,
        statements: Sequence[Statement],
        tell: Tell = lambda done, total: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Outcome:
        """Read a document's statements; `content` are its bytes, kept beside the record.

        `tell` is called after each statement; `stop` is asked before each, and what was read until then stays.
        Raises InputError when the assessment is signed off or put away, ConflictError, StorageError.
        """
        if document.id in self.state.finished:
            return Outcome(self.state.documents[document.id], len(statements), 0, before=True)
        self._journal.admit()  # before its bytes are kept
        self._files.put(self.state.id, content)
        resumed = self._has(document)
        if document.id in self.state.withdrawn:  # brought back as it was described
            document = self.state.documents[document.id]
        self._journal.append(lambda: [] if self._has(document) else [DocumentAdded(document=document)])
        document = self.state.documents[document.id]
        asking = askers(statements)
        utterances = [Utterance(s.text, s.heading, asks=s.speaker in asking) for s in statements]
        routed = route(utterances, list(self._bench.standard.subitems), self._router)
        for done, (statement, passages) in enumerate(zip(statements, routed, strict=True)):
            if stop():
                return self._end(document, statements, routed, done, resumed)
            for passage in passages:
                self._hear(document, statement, passage)
            tell(done + 1, len(statements))
        return self._end(document, statements, routed, len(statements), resumed)

    def _has(self, document: Document) -> bool:
        return document.id in self.state.documents and document.id not in self.state.withdrawn

    def still_open(self) -> list[OpenTopic]:
        """What a following interview has to ask, in the standard's order."""
        ledgers, guide = self.ledgers, self._bench.guide
        topics: list[OpenTopic] = []
        for code, ledger in ledgers.items():
            probe = probe_for(self.state, ledgers, code, self._bench.strategy)
            if probe is None:
                continue
            entry = guide.subitems[code]
            question = entry.opening if probe.requirement is None else entry.requirements[probe.requirement].probe
            left = min(BUDGET, max(1, round(questions_left(ledger, beliefs(ledger)))))
            topics.append(OpenTopic(code, entry.roles, question, probe.requirement, left))
        return topics

    def _hear(self, document: Document, statement: Statement, passage: Passage) -> None:
        """Record and read one passage, unless that was done before an interruption."""
        key = (document.id, statement.place, passage.subitem, passage.text)
        known = next(
            (a.seq for a in self.state.answers.values() if (a.document, a.place, a.subitem, a.text) == key), None
        )
        if known is None:
            self._journal.append(partial(self._given, document, statement, passage))
            known = max(self.state.answers)
        self._journal.append(partial(self._reading, known))

    def _given(self, document: Document, statement: Statement, passage: Passage) -> list[Event]:
        name = statement.speaker or document.owner or UNSIGNED
        role = statement.role if statement.speaker else ""
        events: list[Event] = []
        who = next((r.id for r in self.state.respondents.values() if (r.name, r.role) == (name, role)), None)
        if who is None:
            who = f"r{len(self.state.respondents) + 1}"
            events.append(RespondentJoined(respondent=who, name=name, role=role))
        given = AnswerGiven(
            question=None,
            subitem=passage.subitem,
            respondent=who,
            text=passage.text,
            document=document.id,
            place=statement.place,
        )
        return [*events, given]

    def _reading(self, seq: int) -> list[Event]:
        if seq not in self.state.unread:
            return []
        return [read_answer(self._bench.engine, self._bench.standard, self.state, self.ledgers, seq)]

    def _end(
        self,
        document: Document,
        statements: Sequence[Statement],
        routed: Sequence[Sequence[Passage]],
        done: int,
        resumed: bool,
    ) -> Outcome:
        heard = sum(bool(passages) for passages in routed[:done])
        proposed: list[str] = []

        def closes() -> list[Event]:
            due = due_proposals(self.state, self.ledgers, self._bench.strategy)
            proposed[:] = [event.proposal.subitem for event in due]
            read = DocumentRead(document=document.id, statements=len(statements), heard=heard)
            ends = done == len(statements) and self._has(document) and document.id not in self.state.finished
            return [*due, read] if ends else list(due)

        self._journal.append(closes)
        return Outcome(document, len(statements), heard, tuple(proposed), resumed=resumed)


def askers(statements: Sequence[Statement]) -> frozenset[str]:
    """The speakers whose words are questions to the enterprise, not what it says of itself.

    Named so (顾问, 问), or an unnamed voice of a transcript that mostly asks.
    """
    turns = Counter(s.speaker for s in statements if s.speaker)
    asked = Counter(s.speaker for s in statements if ASKS.search(s.text.strip()))
    named = {s.speaker for s in statements if INTERVIEWER.search(s.speaker) or INTERVIEWER.search(s.role)}
    mostly = {
        name
        for name, count in turns.items()
        if ANONYMOUS.match(name) and count >= ENOUGH_TO_TELL and asked[name] >= MOSTLY * count
    }
    return frozenset(named - {""} | mostly)


def kind_of(name: str, statements: Sequence[Statement]) -> SourceKind:
    """What kind of evidence a file most likely is: talk when it names speakers or calls itself minutes, else a document."""
    spoken = sum(bool(s.speaker) for s in statements) * 2 > len(statements)
    return SourceKind.TALK if spoken or TALK_NAMES.search(name) else SourceKind.FILE
