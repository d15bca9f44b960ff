"""What the domain needs from outside, as protocols. Nothing else is abstract."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from assistant.assessment.answer import Answer, Probe, Question
from assistant.assessment.justification import Justification, JustifyTask
from assistant.assessment.ledger import SubItemLedger
from assistant.assessment.reading import Reading
from assistant.assessment.record import Row
from assistant.assessment.usage import NOTHING_SPENT, Call, Spent
from knowledge.model import SubItem


@dataclass(frozen=True)
class ReadingTask:
    """One answer to read, with what was said before on the same sub-item (oldest first) and where things stand."""

    answer: Answer
    subitem: SubItem
    question: Question | None
    transcript: Sequence[Answer]
    ledger: Mapping[str, SubItemLedger]
    questions: Mapping[int, Question] = field(default_factory=dict)
    spent: Spent = NOTHING_SPENT


@dataclass(frozen=True)
class WordingTask:
    """A probe to put into words, or (with `unclear`) the waiting question to explain.

    `talk` is what was said on the sub-item so far, oldest first, each as (question's text, answer's text); `asked` all
    questions of the assessment, so that none is put twice in the same words; `role` the respondent's job title;
    `unclear` what the respondent said when asking back.
    """

    probe: Probe
    asked: Sequence[str]
    talk: Sequence[tuple[str, str]] = ()
    role: str = ""
    unclear: str = ""
    spent: Spent = NOTHING_SPENT


@dataclass(frozen=True)
class Wording:
    """A question in words; `sources`: codes of the passages that an explanation was drawn from; see Reading for the rest."""

    text: str
    sources: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    fallback: str = ""


Tell = Callable[[str], None]
"""Gets a text piece by piece while it is being written, for people to watch; what is returned in the end is what counts."""


class Engine(Protocol):
    """Turns words into verdicts, and a probe into a question. It never places a level, and it does not fail."""

    @property
    def id(self) -> str:
        """Name and version, stored with each reading."""
        ...

    @property
    def merges(self) -> bool:
        """True when one question may ask about two requirements, because the engine tells the parts of an answer apart."""
        ...

    def warm(self) -> None:
        """Get ready for the first answer; may take a second or two, so that a caller does it beside other things."""
        ...

    def read(self, task: ReadingTask) -> Reading:
        """What the answer says; a claim, checked afterwards by `evidence.verify`."""
        ...

    def phrase(self, task: WordingTask, tell: Tell | None = None) -> Wording:
        """The question for a probe in plain words, not word for word one of those already asked."""
        ...

    def explain(self, task: WordingTask, tell: Tell | None = None) -> Wording:
        """What a question means, and the question in other words, for a respondent who asks back."""
        ...

    def justify(self, task: JustifyTask) -> Justification:
        """Why a sub-item stands where it stands; a claim, checked afterwards by `verify_justification`."""
        ...


class Router(Protocol):
    """Search that tells which sub-items a piece of talk speaks of."""

    def subitems(self, query: str, k: int = 3) -> list[tuple[str, float]]:
        """Codes of the likeliest sub-items, at most `k`, likeliest first, with a score above 0.

        Raises knowledge.errors.InvalidQueryError for a text without a single word.
        """
        ...


class DocumentStore(Protocol):
    """The files of assessments, kept by content; what `put` has returned from survives a crash."""

    def put(self, assessment: str, content: bytes) -> str:
        """Keep a file; returns its id (SHA-256 in hex). Keeping it twice is keeping it once. Raises StorageError."""
        ...

    def get(self, assessment: str, document: str) -> bytes | None:
        """The bytes of a file; None when it is not there or no longer what its id says. Raises StorageError."""
        ...


class Tail(NamedTuple):
    """The last row of a record: its sequence, its time (ISO 8601, UTC), its hash, which stands for the whole record."""

    seq: int
    at: str
    hash: str


class EventStore(Protocol):
    """Append-only record. What `append` has returned from survives a crash of process or machine.

    Every method may raise StorageError when the place of storage cannot be used.
    """

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows of one assessment, all or none.

        Raises ConflictError when a row of that assessment and sequence is there already, or the first row does not
        follow the last one stored (its `prev` is not that one's hash, or its sequence leaves a gap).
        """
        ...

    def read(self, assessment: str, after: int = 0) -> list[Row]:
        """Rows with a sequence above `after`, in order; empty for an unknown assessment."""
        ...

    def assessments(self) -> list[str]:
        """All assessment ids, in order of their first row's time."""
        ...

    def tails(self) -> dict[str, Tail]:
        """The last row of every assessment, by id: tells what has changed without reading it."""
        ...


class Clock(Protocol):
    """The time, so that a test can hold it still."""

    def now(self) -> datetime:
        """The present, aware, UTC."""
        ...
