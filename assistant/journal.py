"""One assessment's record as one writer sees it: the state, and appending to it without losing to another writer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.assessment.record import Event, chain
from assistant.assessment.state import Assessment, advance, fold
from assistant.errors import ConflictError, NotFoundError
from assistant.ports import Clock, EventStore

RETRIES = 20


class Journal:
    """State and append. `overtaken` turns true when another writer was first and the step had to be repeated."""

    def __init__(self, store: EventStore, clock: Clock, assessment: str, actor: str) -> None:
        """Open an assessment. Raises NotFoundError when there is none of that id."""
        self._store = store
        self._clock = clock
        self._actor = actor
        self.id = assessment
        self.overtaken = False
        rows = store.read(assessment)
        if not rows:
            raise NotFoundError(f"没有编号为“{assessment}”的评估。用 iiam list 查看全部评估。")
        self.state: Assessment = fold(rows)

    def append(self, build: Callable[[], Sequence[Event]]) -> None:
        """Append what `build` makes of the present state; when another writer was first, look again and rebuild.

        Raises ConflictError after many attempts, StorageError when the store cannot be used.
        """
        for _ in range(RETRIES):
            at = self._clock.now().isoformat(timespec="milliseconds")
            rows = chain(self.id, self.state.tail, build(), at, self._actor)
            if not rows:
                return
            try:
                self._store.append(rows)
            except ConflictError:
                self.overtaken = True
                self.refresh()
                continue
            for row in rows:
                self.state = advance(self.state, row)
            return
        raise ConflictError("别处正在连续改动这份评估，暂时写不进去。请稍候再试，已保存的内容没有丢失。")

    def refresh(self) -> None:
        """Take in what other writers have added."""
        for row in self._store.read(self.id, after=self.state.tail.seq):
            self.state = advance(self.state, row)
