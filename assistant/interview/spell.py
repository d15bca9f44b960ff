"""Telling once, not at every turn, that the model cannot be used for now, and that it is back."""

from __future__ import annotations

import re

BACK = "大模型已恢复，接下来由大模型继续。"
CARRIED_ON = "规则引擎"
DETAIL = re.compile(r"（.*）|\d+")
"""Seconds to wait and the like, which are others at every turn."""


class Spell:
    """What is told of the fall-back: reading and asking may fail on their own, each by a reason of its own."""

    def __init__(self) -> None:
        """Nothing has failed yet."""
        self._failing: set[str] = set()
        self._told: set[str] = set()

    def notice(self, work: str, reason: str) -> str:
        """One line to tell now, or empty.

        `work` is what was done (read, ask), `reason` why the fall-back did it, empty when it did not have to. A reason
        is told once a spell, the return of the model when nothing fails any more.
        """
        if reason:
            self._failing.add(work)
            short = DETAIL.sub("", reason)
            # A pause names, among its details, the error that brought it on.
            if short in self._told or any(known in reason for known in self._told):
                return ""
            self._told.add(short)
            carried_on = "" if CARRIED_ON in reason else f"；先由{CARRIED_ON}继续，回答照常保存（查原因：iiam doctor）"
            return f"{reason.rstrip('。')}{carried_on}。"
        self._failing.discard(work)
        if self._failing or not self._told:
            return ""
        self._told.clear()
        return BACK
