"""The interface's words for the domain's terms."""

from __future__ import annotations

from assistant.assessment.justification import Section
from assistant.assessment.ledger import Stand
from assistant.assessment.level import Proposal, Reason
from assistant.assessment.reading import Verdict
from knowledge.model import Standard

STAND = {
    Stand.MET: "满足",
    Stand.PARTLY: "部分满足",
    Stand.NOT: "不满足",
    Stand.CONFLICT: "前后矛盾",
    Stand.UNKNOWN: "未知",
}
VERDICT = {Verdict.MET: "满足", Verdict.PARTLY: "部分满足", Verdict.NOT: "不满足"}
SECTION = {
    Section.BASIS: "判定依据",
    Section.SHORTFALL: "未达上一级的原因",
    Section.MATERIALS: "佐证材料",
    Section.ADVICE: "改进建议",
}
REASON = {
    Reason.NOT_ASKED: "尚未问到",
    Reason.OPEN: "还没问完",
    Reason.BUDGET: "问满次数仍不足以判定",
    Reason.DONT_KNOW: "受访人不了解",
    Reason.SKIPPED: "已跳过",
    Reason.NOT_APPLICABLE: "受访人认为不适用，待复核",
    Reason.CONFLICT: "前后说法矛盾",
}


def level_name(standard: Standard, subitem: str, level: int) -> str:
    """`L3 集成级`, with the table's own name of the level."""
    return f"L{level} {standard.level_names(subitem)[level - 1]}"


def outcome(standard: Standard, proposal: Proposal) -> str:
    """A proposal in a few words."""
    if proposal.level is not None:
        return level_name(standard, proposal.subitem, proposal.level)
    assert proposal.undecided is not None  # noqa: S101 - a proposal has one or the other
    low, high = proposal.undecided.low, proposal.undecided.high
    span = f"L{low}" if low == high else f"L{low}–L{high} 之间"
    return f"未定（{REASON[proposal.undecided.reason]}，{span}）"
