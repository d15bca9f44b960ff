"""The justification of a sub-item in sections: what stands on record, else a fresh draft, else the bare facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.assessment.justification import Justification, JustifyTask, LevelFrom, verify_justification
from assistant.assessment.justification import Section as Part
from assistant.assessment.ledger import SubItemLedger
from assistant.assessment.quoting import demand
from assistant.assessment.state import Assessment
from assistant.reports.view import ClauseLine, QuoteLine, Section, Status
from assistant.review.footing import outdated
from assistant.review.justifications import justify_task
from knowledge.guide import Guide
from knowledge.model import LEVELS, Standard

BASIS, GAP, RECORDS, ADVICE = "判定依据", "未达上一级的原因", "佐证材料", "改进建议"
TITLES = {Part.BASIS: BASIS, Part.SHORTFALL: GAP, Part.MATERIALS: RECORDS, Part.ADVICE: ADVICE}
LEFT_OUT = {
    LevelFrom.OPEN: frozenset({Part.SHORTFALL, Part.ADVICE}),
    LevelFrom.NOT_APPLICABLE: frozenset({Part.SHORTFALL}),
}
"""Parts of a draft that a report does not print: without a level there is no next one to compare with."""
STALE = "判定说明写成之后，等级或依据有了变化，请重新核对。"


@dataclass(frozen=True)
class Drafter:
    """How a sub-item without a justification on record gets one: the guide, and an engine's draft of a task."""

    guide: Guide
    draft: Callable[[JustifyTask], Justification]


def written_sections(
    state: Assessment, standard: Standard, drafter: Drafter | None, ledger: SubItemLedger
) -> tuple[tuple[Section, ...], bool]:
    """What was written of a sub-item (edits before drafts), and whether an edit is out of date; empty without a text.

    A draft that is out of date, or that there is none of, is drafted anew, checked: a report contradicts no level. An
    edit is never replaced.
    """
    code = ledger.subitem.code
    written = state.justifications.get(code)
    task = justify_task(standard, drafter.guide, state, code) if drafter else None
    edits = written.edits if written else {}
    if task is None or drafter is None:
        texts = {part: written.text(part) for part in Part} if written else {}
    else:
        left_out = LEFT_OUT.get(task.level_from, frozenset())
        kept = written.draft if written and written.grounds == task.grounds else None
        drafted = kept or verify_justification(drafter.draft(task), task)
        texts = {part: "".join(s.text for s in drafted.section(part)) for part in Part if part not in left_out}
        texts |= {part: edit.text for part, edit in edits.items()}
    stale = bool(edits.keys() & set(outdated(state, ledger)))
    ordered = ((TITLES[part], texts[part]) for part in Part if part in texts)
    parts = ((title, [line for line in text.split("\n") if line.strip()]) for title, text in ordered)
    return tuple(Section(title=title, paragraphs=tuple(lines)) for title, lines in parts if lines), stale


def plain_sections(
    state: Assessment,
    standard: Standard,
    ledger: SubItemLedger,
    status: Status,
    level: int | None,
    lines: tuple[tuple[ClauseLine, ...], ...],
    quotes: tuple[QuoteLine, ...],
) -> tuple[Section, ...]:
    """The bare facts in the same four sections, each only where there is something to say."""
    code = ledger.subitem.code
    decision = state.decisions.get(code)
    names = standard.level_names(code)
    if status == "not_applicable":
        reason = decision.reason.rstrip("。") if decision else ""
        return (Section(title=BASIS, paragraphs=(f"复核认定不适用，不计入评分，理由是：{reason}。",)),)
    if level is None:
        return ()
    basis, gap = lines
    met = [line for line in basis if line.stand == "满足"]
    texts = [f"{line.place}{_cites(line)}" for line in met]
    floor = "未查见满足更高等级条款的情况，按最低等级计。" if level == 1 else ""
    reason = f"复核理由：{decision.reason.rstrip('。')}。" if decision and decision.reason else ""
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
        needs = [demand(r) for line in gap for r in standard.clauses[line.code].requirements if stands[r.code] != "met"]
        todo = "；".join(needs)
        parts.append(Section(title=ADVICE, paragraphs=(f"达到 L{level + 1} {names[level]}，还需：{todo}。",)))
    return tuple(parts)


def _cites(line: ClauseLine) -> str:
    return f"（原话 {'、'.join(str(n) for n in line.quotes)}）" if line.quotes else ""
