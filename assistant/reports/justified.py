"""The justification of a sub-item in sections. What an assessor or an engine wrote goes first; else the bare facts."""

from __future__ import annotations

from assistant.assessment.ledger import SubItemLedger
from assistant.assessment.state import Assessment
from assistant.reports.view import ClauseLine, QuoteLine, Section, Status
from knowledge.model import LEVELS, Standard

BASIS, GAP, RECORDS, ADVICE = "判定依据", "未达上一级的原因", "佐证材料", "改进建议"


def sections_of(
    state: Assessment,
    standard: Standard,
    ledger: SubItemLedger,
    status: Status,
    level: int | None,
    lines: tuple[tuple[ClauseLine, ...], ...],
    quotes: tuple[QuoteLine, ...],
) -> tuple[Section, ...]:
    """判定依据, 未达上一级的原因, 佐证材料, 改进建议, each only where there is something to say."""
    code = ledger.subitem.code
    decision = state.decisions.get(code)
    names = standard.level_names(code)
    if status == "not_applicable":
        return (Section(title=BASIS, paragraphs=(f"复核定为不适用：{decision.reason if decision else ''}",)),)
    if level is None:
        return ()
    basis, gap = lines
    met = [line for line in basis if line.stand == "满足"]
    texts = [f"{line.place}{_cites(line)}" for line in met]
    floor = "未查见满足更高等级条款的情况，按最低等级计。" if level == 1 else ""
    reason = f"复核理由：{decision.reason}" if decision and decision.reason else ""
    first = f"定为 L{level} {names[level - 1]}。" + (f"满足{'、'.join(texts)}。" if texts else floor)
    parts = [Section(title=BASIS, paragraphs=tuple(p for p in (first, reason) if p))]
    if gap:
        unmet = tuple(f"{line.place}{line.stand}：{line.text}" for line in gap)
        parts.append(Section(title=GAP, paragraphs=unmet))
    if quotes:
        sources: dict[str, list[str]] = {}
        for quote in quotes:
            sources.setdefault(f"{quote.who}，{quote.kind}", []).append(str(quote.number))
        named = "；".join(f"{who}，原话 {'、'.join(numbers)}" for who, numbers in sources.items())
        parts.append(Section(title=RECORDS, paragraphs=(f"{named}。",)))
    if level < LEVELS[-1] and gap:
        stands = ledger.requirements
        needs = [r.text for line in gap for r in standard.clauses[line.code].requirements if stands[r.code] != "met"]
        todo = "；".join(text.rstrip("。；，") for text in needs)
        parts.append(Section(title=ADVICE, paragraphs=(f"达到 L{level + 1} {names[level]}，还需：{todo}。",)))
    return tuple(parts)


def _cites(line: ClauseLine) -> str:
    return f"（原话 {'、'.join(str(n) for n in line.quotes)}）" if line.quotes else ""
