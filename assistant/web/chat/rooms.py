"""Interviews of this process: one lock per assessment, so that its turns come one after the other, different ones beside each other.

Nothing here is the only home of anything: an interview is opened again from the record whenever it is not at hand.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from assistant.interview.session import Interview

if TYPE_CHECKING:
    from assistant.bootstrap import App

KEPT = 200
"""Assessments kept at hand; another is opened again in some 15 ms."""


@dataclass(frozen=True)
class Visitor:
    """Somebody at a chat page: the assessment, whom the record names as writer, and the line of talk (see Question).

    A respondent's `name` and `role` are those of the invitation; staff say who is speaking.
    """

    assessment: str
    actor: str
    line: str = ""
    name: str = ""
    role: str = ""

    @property
    def staff(self) -> bool:
        """True for who leads the interview, false for a respondent on a page of their own."""
        return not self.line


@dataclass
class _Room:
    lock: Lock = field(default_factory=Lock)
    interviews: dict[tuple[str, str], Interview] = field(default_factory=dict)


class Rooms:
    """Gives out interviews, one visitor at a time for each assessment."""

    def __init__(self, parts: App) -> None:
        self._parts = parts
        self._rooms: OrderedDict[str, _Room] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def interview(self, visitor: Visitor) -> Iterator[Interview]:
        """The interview as the record says now, for this visitor alone while it is held.

        Raises NotFoundError, InputError, StorageError.
        """
        room = self._room(visitor.assessment)
        with room.lock:
            yield self._opened(room, visitor)

    def look(self, visitor: Visitor) -> Interview:
        """The interview to look at only, without waiting for whoever has a turn in it.

        Raises NotFoundError, InputError, StorageError.
        """
        room = self._room(visitor.assessment)
        if room.lock.acquire(blocking=False):
            try:
                return self._opened(room, visitor)
            finally:
                room.lock.release()
        known = room.interviews.get((visitor.actor, visitor.line))
        return known or Interview(self._parts.bench, visitor.assessment, visitor.actor, visitor.line)

    def _opened(self, room: _Room, visitor: Visitor) -> Interview:
        key = visitor.actor, visitor.line
        known = room.interviews.get(key)
        if known is None:
            known = room.interviews[key] = Interview(self._parts.bench, visitor.assessment, visitor.actor, visitor.line)
        else:
            known.refresh()
        return known

    def _room(self, assessment: str) -> _Room:
        with self._lock:
            room = self._rooms.setdefault(assessment, _Room())
            self._rooms.move_to_end(assessment)
            for name in list(self._rooms)[: max(0, len(self._rooms) - KEPT)]:
                if not self._rooms[name].lock.locked():
                    del self._rooms[name]
            return room
