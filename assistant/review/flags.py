"""Marks that tell a reviewer where to look first; a proposal without any may be confirmed together with others. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from assistant.assessment.answer import Purpose
from assistant.assessment.bands import in_band
from assistant.assessment.ledger import Evidence, Stand, SubItemLedger, rate_verdict
from assistant.assessment.level import Proposal, Reason, propose
from assistant.assessment.reading import RateFinding
from assistant.assessment.state import Assessment
from assistant.review.confidence import Confidence, Sureness, Weakness, sureness
from assistant.review.doubts import Doubts, doubts, on_talk_alone
from assistant.review.signoff import is_stale
from knowledge.model import LEVELS, Standard

NEAR = Decimal(3)
"""Percentage points from an end of its band within which a rate is a borderline one."""


class Flag(StrEnum):
    """A mark, as the reviewer reads it."""

    INSUFFICIENT = "证据不足"
    CONFLICT = "前后矛盾"
    TALK_ONLY = "仅口头"
    NUMBER = "数值与文字不符"
    BORDER = "边界"
    LOW = "低置信"
    ALONE = "仅模型判断"
    REMARK = "有备注"
    STALE = "复核后有变"


MEANING = {
    Flag.CONFLICT: "不同的话对同一要点说法相反",
    Flag.TALK_ONLY: "依据全是口头陈述，没有文件、截图或现场查看佐证",
    Flag.NUMBER: "比例所在的分数段，与其他要点或说法所支持的等级不同",
    Flag.BORDER: f"比例离分数段边界不到 {NEAR} 个百分点，或只差一个要点就到上一级",
    Flag.LOW: "支撑等级的证据有两处以上弱点",
    Flag.ALONE: "有要点只有模型认为满足或不满足，提纲的判断规则没有印证",
    Flag.REMARK: "解读时留下了备注",
    Flag.STALE: "复核之后建议等级有了变化",
}
"""What each flag but the first says; see `meaning`."""


@dataclass(frozen=True)
class Look:
    """What a reviewer is told of one sub-item at first sight."""

    flags: tuple[Flag, ...]
    sureness: Sureness
    doubts: Doubts
    outweighed: tuple[Evidence, ...]


def standing(state: Assessment, ledger: SubItemLedger) -> Proposal:
    """The proposal on record, or what the ledger says so far when there is none yet."""
    code = ledger.subitem.code
    return state.proposals.get(code) or propose(ledger, state.why_open(code))


def look(state: Assessment, standard: Standard, ledger: SubItemLedger) -> Look:
    """The flags of one sub-item, in the order of `Flag`, with what they are raised for."""
    proposal, sure = standing(state, ledger), sureness(ledger)
    doubt, outweighed = doubts(state, proposal), tuple(_outweighed(state, ledger))
    raised = {
        Flag.INSUFFICIENT: _insufficient(proposal),
        Flag.CONFLICT: bool(proposal.conflicts) or Stand.CONFLICT in ledger.requirements.values(),
        Flag.TALK_ONLY: on_talk_alone(state, ledger),
        Flag.NUMBER: bool(outweighed) or _out_of_band(standard, ledger.rate, proposal.level),
        Flag.BORDER: _near_an_end(standard, ledger.rate) or _one_short(ledger, proposal.level),
        Flag.LOW: proposal.level is not None and sure.confidence <= Confidence.LOW,
        Flag.ALONE: bool(doubt.alone),
        Flag.REMARK: bool(doubt.notes),
        Flag.STALE: is_stale(state, ledger),
    }
    return Look(tuple(flag for flag in Flag if raised[flag]), sure, doubt, outweighed)


def unanswered(state: Assessment, subitem: str) -> str:
    """The question that was sent back on a sub-item while it waits to be put or answered; empty when none does."""
    if subitem in state.returned:
        return state.returned[subitem].question
    put = (state.questions[seq] for seq in state.waiting.values())
    return next((q.text for q in put if q.subitem == subitem and q.purpose == Purpose.RETURNED), "")


def why_not_at_once(state: Assessment, standard: Standard, ledger: SubItemLedger) -> str:
    """Why a sub-item cannot be confirmed together with others, in Chinese; empty when it can."""
    code = ledger.subitem.code
    proposal = state.proposals.get(code)
    if code in state.decisions:
        return "已经复核过"
    if unanswered(state, code):
        return "已退回补问，还没有回答"
    if proposal is None or proposal.level is None:
        return "还没有建议等级"
    flags = look(state, standard, ledger).flags
    return f"有标记：{'、'.join(flags)}" if flags else ""


def meaning(flag: Flag, level: int | None, quotes: int) -> str:
    """What a flag says, in Chinese, of a sub-item with that proposed level and so many quotes that stand."""
    if flag != Flag.INSUFFICIENT:
        return MEANING[flag]
    if not quotes:
        return Weakness.SILENT
    return "证据还不足以建议等级" if level is None else "引文没有说到这个等级所凭的条款"


def _insufficient(proposal: Proposal) -> bool:
    if proposal.undecided is not None:
        return proposal.undecided.reason != Reason.CONFLICT
    return not any(c.evidence for c in (*proposal.citations, *proposal.gap))


def _out_of_band(standard: Standard, rate: RateFinding | None, level: int | None) -> bool:
    """DECISIONS: where rate and text disagree, the lower level, and both are shown."""
    if rate is None or level is None:
        return False
    return not any(in_band(standard.levels, level, end) for end in (rate.low, rate.high))


def _near_an_end(standard: Standard, rate: RateFinding | None) -> bool:
    inner = [level.band[0] for level in standard.levels[1:]]
    return rate is not None and any(abs(end - value) < NEAR for end in inner for value in (rate.low, rate.high))


def _one_short(ledger: SubItemLedger, level: int | None) -> bool:
    """One requirement of several is all that the next level lacks."""
    if level is None or level == LEVELS[-1]:
        return False
    above = [ledger.requirements[r.code] for c in ledger.subitem.at(level + 1) for r in c.requirements]
    return len(above) > 1 and sum(stand != Stand.MET for stand in above) == 1


def _outweighed(state: Assessment, ledger: SubItemLedger) -> Iterator[Evidence]:
    """Words on a rate's requirement that say other than the rate, which counts in their place."""
    if ledger.rate is None:
        return
    code = ledger.subitem.code
    replaced = {a.corrects for a in state.answers.values()}
    standing = {seq: r for seq, r in state.readings.items() if seq not in replaced}
    retracted = {old for seq, r in standing.items() if state.answers[seq].subitem == code for old in r.retracts}
    rated = {r.code: rate_verdict(r, ledger.rate) for r in ledger.subitem.requirements if r.rate is not None}
    for seq, reading in standing.items():
        for finding in reading.findings if seq not in retracted else ():
            verdict = rated.get(finding.requirement)
            if verdict is not None and finding.verdict != verdict:
                yield Evidence(**finding.model_dump(), engine=reading.engine)
