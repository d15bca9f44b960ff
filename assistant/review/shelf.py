"""Putting an assessment away and bringing it back. While it is away it can only be looked at (`Journal.append`)."""

from __future__ import annotations

from assistant.assessment.events import Archived, Event, Unarchived
from assistant.assessment.state import Assessment
from assistant.journal import Journal
from assistant.ports import Clock, EventStore


def put_away(store: EventStore, clock: Clock, assessment: str, by: str, *, away: bool = True) -> Assessment:
    """归档, or 恢复 with `away=False`; what is so already stays as it is. Raises NotFoundError, ConflictError."""
    journal = Journal(store, clock, assessment, by)
    made: Event = Archived() if away else Unarchived()
    journal.append(lambda: [] if journal.state.archived is away else [made], shelving=True)
    return journal.state
