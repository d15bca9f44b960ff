"""Telling once, not at every turn, that the model cannot be used for now, and that it is back."""

from __future__ import annotations

BACK = "模型已恢复，接下来由模型继续。"


class Spell:
    """What is told of the fall-back: reading and asking may fail on their own, each by a reason of its own."""

    def __init__(self) -> None:
        """Nothing has failed yet."""
        self._reasons: dict[str, str] = {}

    def notice(self, work: str, reason: str) -> str:
        """One line to tell now, or empty.

        `work` is what was done (read, ask), `reason` why the fall-back did it, empty when it did not have to. A reason
        is told when it is new, the return of the model when nothing fails any more.
        """
        known = set(self._reasons.values())
        if reason:
            self._reasons[work] = reason
            return "" if reason in known else reason
        self._reasons.pop(work, None)
        return BACK if known and not self._reasons else ""
