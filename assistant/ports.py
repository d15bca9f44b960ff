"""What the domain needs from outside, as protocols. Nothing else is abstract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.assessment.answer import Answer, Probe, Question
from assistant.assessment.ledger import SubItemLedger
from assistant.assessment.reading import Reading
from assistant.assessment.record import Row
from knowledge.model import SubItem


@dataclass(frozen=True)
class ReadingTask:
    """One answer to read, with what was said before on the same sub-item (oldest first) and where things stand."""

    answer: Answer
    subitem: SubItem
    question: Question | None
    transcript: Sequence[Answer]
    ledger: Mapping[str, SubItemLedger]


class Engine(Protocol):
    """Turns words into verdicts, and a probe into a question. It never places a level."""

    @property
    def id(self) -> str:
        """Name and version, stored with each reading."""
        ...

    def warm(self) -> None:
        """Get ready for the first answer; may take a second or two, so that a caller does it beside other things."""
        ...

    def read(self, task: ReadingTask) -> Reading:
        """What the answer says; a claim, checked afterwards by `evidence.verify`."""
        ...

    def phrase(self, probe: Probe, asked: Sequence[str]) -> str:
        """The question for a probe in plain words, not word for word one of those already asked."""
        ...

    def explain(self, question: Question, asked: Sequence[str]) -> str:
        """What a question means, and the question in other words, for a respondent who asks back."""
        ...


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


class Clock(Protocol):
    """The time, so that a test can hold it still."""

    def now(self) -> datetime:
        """The present, aware, UTC."""
        ...
