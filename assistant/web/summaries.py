"""The lines of the list, kept by the hash of each record's last row: only what has changed is read again.

They are also kept in a file of the data folder, so that a restart does not begin from nothing. The file is derived:
missing, damaged or of another version, it is made anew.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING

from pydantic import ValidationError

from assistant.assessment.state import Assessment, advance, fold
from assistant.errors import IiamError
from assistant.ports import Tail
from assistant.web.views.listing import Summary, summarise
from knowledge.model import Frozen

if TYPE_CHECKING:
    from assistant.bootstrap import App

BUDGET = 0.4
"""Seconds that one visit spends on lines that have changed; the rest is made up in the background."""
FEW = 3
"""Lines that a visit counts itself though the background is at work: somebody has just changed them."""
STATES = 64
"""Assessments whose state is kept, so that only their new rows are read."""
FORMAT = 2


class Kept(Frozen):
    """A line, and the hash of the row up to which it counts."""

    hash: str
    summary: Summary


class File(Frozen):
    """The lines as they are kept between runs; `made_by` is what they hang on beside the records."""

    made_by: str
    lines: dict[str, Kept]


class Summaries:
    """Safe for several threads. Made once per app."""

    def __init__(self, parts: App) -> None:
        self._parts = parts
        self._file = parts.settings.home / "index" / "list.json"
        self._states: OrderedDict[str, Assessment] = OrderedDict()
        self._lines: dict[str, Kept] | None = None
        self._lock, self._behind = Lock(), Lock()

    def all(self, budget: float = BUDGET) -> list[Summary]:
        """A line for every assessment, in no order. Raises StorageError.

        What cannot be counted within `budget` seconds comes as `pending` and is counted in the background.
        """
        tails = self._parts.store.tails()
        lines, until = self._known(), time.monotonic() + budget
        changed = [n for n, tail in tails.items() if n not in lines or lines[n].hash != tail.hash]
        changed.sort(key=lambda name: tails[name].at, reverse=True)
        late = []
        elsewhere = self._behind.locked() and budget < float("inf")  # being counted: not twice at the same time
        for name in changed:
            if time.monotonic() < until and not (elsewhere and len(changed) > FEW):
                lines[name] = self._made(name, tails[name])
            else:
                late.append(name)
        if late:
            Thread(target=self.catch_up, name="summaries", daemon=True).start()
        elif changed:
            self._keep(tails)
        stale = set(late)
        return [
            (lines[name].summary if name in lines else Summary(id=name, enterprise="", at=tail.at)).model_copy(
                update={"pending": True}
            )
            if name in stale
            else lines[name].summary
            for name, tail in tails.items()
        ]

    def catch_up(self) -> None:
        """Count everything that has changed; one thread at a time, the others leave it to that one."""
        if not self._behind.acquire(blocking=False):
            return
        try:
            with suppress(IiamError):  # told on the next visit
                self.all(float("inf"))
        finally:
            self._behind.release()

    def _made(self, name: str, tail: Tail) -> Kept:
        try:
            state = self._state(name, tail)
            summary = summarise(state, self._parts.standard, self._parts.policy_of(state))
            return Kept(hash=state.tail.hash, summary=summary)
        except IiamError as error:  # one bad record must not hide the others
            self._states.pop(name, None)
            return Kept(hash=tail.hash, summary=Summary(id=name, enterprise="", at=tail.at, broken=str(error)))

    def _state(self, name: str, tail: Tail) -> Assessment:
        with self._lock:
            state = self._states.pop(name, None)
        if state is not None and state.tail.seq >= tail.seq and state.tail.hash != tail.hash:
            state = None  # a backup was put back
        rows = self._parts.store.read(name, after=state.tail.seq if state else 0)
        if state is not None and rows and rows[0].prev != state.tail.hash:
            state, rows = None, self._parts.store.read(name)
        if state is None:
            state = fold(rows)
        else:
            for row in rows:
                state = advance(state, row)
        with self._lock:
            self._states[name] = state
            while len(self._states) > STATES:
                self._states.popitem(last=False)
        return state

    @property
    def _made_by(self) -> str:
        from importlib.metadata import PackageNotFoundError, version

        release = ""
        with suppress(PackageNotFoundError):  # run from a folder that is not installed
            release = version("iiam")
        policies = sorted(policy.digest for policy in self._parts.policies.values())
        return " ".join((str(FORMAT), release, self._parts.standard.digest, self._parts.policy.id, *policies))

    def _known(self) -> dict[str, Kept]:
        with self._lock:
            if self._lines is None:
                self._lines = {}
                with suppress(OSError, ValidationError, UnicodeDecodeError):
                    file = File.model_validate_json(self._file.read_text(encoding="utf-8"))
                    self._lines = file.lines if file.made_by == self._made_by else {}
            return self._lines

    def _keep(self, tails: dict[str, Tail]) -> None:
        lines = {name: kept for name, kept in list(self._known().items()) if name in tails}
        text = File(made_by=self._made_by, lines=lines).model_dump_json()
        draft = self._file.with_suffix(".new")
        with self._lock, suppress(OSError):  # a full disk costs time at the next start, nothing else
            self._file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(text, encoding="utf-8")
            os.replace(draft, self._file)
