"""One assessment's record as one writer sees it: the state, and appending to it without losing to another writer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.assessment.events import Archived, Event, Reopened, Unarchived
from assistant.assessment.record import chain
from assistant.assessment.state import Assessment, advance, fold
from assistant.errors import ConflictError, InputError, NotFoundError
from assistant.ports import Clock, EventStore

RETRIES = 20
AFTER_SEAL = (Reopened, Archived, Unarchived)
"""What may follow on a sign-off: the way to open it again, and what does not touch the content."""


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

    def append(self, build: Callable[[], Sequence[Event]], *, shelving: bool = False) -> None:
        """Append what `build` makes of the present state; when another writer was first, look again and rebuild.

        Raises ConflictError after many attempts, StorageError when the store cannot be used, InputError when the
        assessment does not take it (see `admit`). `shelving`: the step puts away or brings back.
        """
        for _ in range(RETRIES):
            if not shelving:  # why it cannot be done comes before what else may be wrong with it
                self._admit_archived()
            at = self._clock.now().isoformat(timespec="milliseconds")
            events = build()
            if not events:
                return
            if not isinstance(events[0], AFTER_SEAL):
                self._admit_signed()
            rows = chain(self.id, self.state.tail, events, at, self._actor)
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

    def admit(self) -> None:
        """Raises InputError when the assessment, as last seen, does not take any change to its content.

        What is put away is brought back first, what is signed off is reopened first: a seal that lets changes through
        is none.
        """
        self._admit_archived()
        self._admit_signed()

    def _admit_archived(self) -> None:
        if self.state.archived:
            self.refresh()  # somebody may have brought it back
        if self.state.archived:
            raise InputError(
                "这份评估已归档，只能查看，本次内容没有保存。"
                f"要改动请先恢复：在评估列表的“已归档”中点“恢复”，或运行 iiam unarchive {self.id}"
            )

    def _admit_signed(self) -> None:
        if self.state.signed is not None:
            raise InputError(
                f"这份评估已由 {self.state.signed.reviewer} 签发，不能再改动，本次内容没有保存。"
                f"确需改动，请先写明理由重新打开：iiam reopen {self.id} --reason 理由"
            )

    def refresh(self) -> None:
        """Take in what other writers have added."""
        for row in self._store.read(self.id, after=self.state.tail.seq):
            self.state = advance(self.state, row)
