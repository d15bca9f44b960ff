"""The record in memory: for tests, demonstrations and embedded use that keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from assistant.assessment.record import GENESIS, Row
from assistant.ports import Tail
from assistant.storage.order import check_continues


class MemoryEventStore:
    """An EventStore that lives as long as the process. Safe for several threads."""

    def __init__(self) -> None:
        """An empty store."""
        self._lock = Lock()
        self._records: dict[str, list[Row]] = {}

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows of one assessment, all or none; ConflictError when they do not continue its record."""
        if not rows:
            return
        with self._lock:
            record = self._records.get(rows[0].assessment, [])
            check_continues(rows, len(record), record[-1].hash if record else GENESIS)
            self._records[rows[0].assessment] = [*record, *rows]

    def read(self, assessment: str, after: int = 0) -> list[Row]:
        """Rows with a sequence above `after`, in order; empty for an unknown assessment."""
        return [row for row in self._records.get(assessment, []) if row.seq > after]

    def assessments(self) -> list[str]:
        """All assessment ids, in order of their first row's time, then of the id."""
        with self._lock:
            return sorted(self._records, key=lambda name: (self._records[name][0].at, name))

    def tails(self) -> dict[str, Tail]:
        """The last row of every assessment."""
        with self._lock:
            last = {name: record[-1] for name, record in self._records.items()}
        return {name: Tail(row.seq, row.at, row.hash) for name, row in last.items()}
