"""Promise 3, a human decides: the reviewer's word on one sub-item, beside the proposal and never over it."""

from __future__ import annotations

from decimal import Decimal

from assistant.errors import InputError
from knowledge.model import Frozen, Standard


class Decision(Frozen):
    """复核决定: a level, or None for not applicable; `proposed` is the level that the reviewer had before them.

    `rate` is the measured rate in percent that stood beside it: a later answer does not change what was decided.
    """

    subitem: str
    level: int | None
    proposed: int | None
    reason: str = ""
    score: Decimal | None = None
    rate: Decimal | None = None

    @property
    def not_applicable(self) -> bool:
        """True when the reviewer took the sub-item out of the grade."""
        return self.level is None


def check_decision(decision: Decision, standard: Standard) -> None:
    """Raise InputError where a decision lacks its reason or lies outside the standard (DECISIONS, scoring policy)."""
    if decision.subitem not in standard.subitems:
        raise InputError(f"没有能力子项“{decision.subitem}”。用 iiam standard 查看全部编号。")
    if decision.level is None:
        if not decision.reason.strip():
            raise InputError(f"{decision.subitem} 定为不适用必须写明理由。")
        return
    names = {level.level: level for level in standard.levels}
    if decision.level not in names:
        raise InputError(f"等级只能是 1 到 5，收到的是 {decision.level}。")
    if decision.level != decision.proposed and not decision.reason.strip():
        raise InputError(f"{decision.subitem} 所定等级与建议不同（或尚无建议），必须写明理由。")
    if decision.score is not None:
        low, high = names[decision.level].band
        top = decision.level == max(names)
        if not (low <= decision.score < high or (top and decision.score == high)):
            raise InputError(
                f"{decision.subitem} 的得分 {decision.score} 不在 L{decision.level} 的分数段 [{low}, {high}) 内。"
            )
        if not decision.reason.strip():
            raise InputError(f"{decision.subitem} 另定得分必须写明理由。")
