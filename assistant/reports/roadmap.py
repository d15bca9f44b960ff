"""The roadmap: which sub-items lift the total most when they rise by one level. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from assistant.assessment.bands import level_at, position, score_text, shown_text
from assistant.assessment.grade import Grade
from assistant.assessment.grade_input import Levels
from assistant.assessment.ledger import Stand, SubItemLedger
from assistant.assessment.quoting import demand
from assistant.assessment.weighting import shares, weighted_tree
from assistant.reports.view import Step
from knowledge.model import LEVELS, Standard
from knowledge.policy import ScoringPolicy

HELD_BACK = "所述情况与该级条款相符，但复核没有采信；请按复核理由落实，并留存证据"


def roadmap(
    standard: Standard,
    policy: ScoringPolicy,
    given: Levels,
    result: Grade,
    ledgers: Mapping[str, SubItemLedger],
    *,
    with_proposed: bool = False,
) -> tuple[tuple[Step, ...], str]:
    """Steps of one level each, the largest effect on the total first, and what they come to in a sentence.

    `with_proposed`: some of the levels nobody has decided yet, which the sentence then says. At the next level a
    sub-item stands where the policy puts it. Equal effects: the lower level first, then fewer unmet requirements, then
    the standard's order. Empty while nothing has a level.
    """
    if result.score is None:
        return (), "还没有任何等级，暂不能排出提升路线。"
    parts = shares(weighted_tree(standard, policy.weights), given.levels.keys())
    scores = {n.code: Fraction(n.exact) for n in result.derivation.walk() if n.code and n.exact is not None}
    total = sum((parts[code] * scores[code] for code in parts), Fraction(0))
    start = level_at(standard.levels, total)
    gains = {
        code: parts[code] * (position(standard.levels[level], policy.place) - scores[code])
        for code, level in given.levels.items()
        if level < LEVELS[-1]
    }
    needs = {code: _needs(standard, ledgers[code], given.levels[code] + 1) for code in gains}
    order = list(standard.subitems)
    ranked = sorted(gains, key=lambda c: (-gains[c], given.levels[c], len(needs[c]), order.index(c)))
    steps, reached, lifted = [], total, ""
    for rank, code in enumerate(ranked, start=1):
        reached += gains[code]
        level = given.levels[code]
        alone = level_at(standard.levels, total + gains[code])
        if not lifted and level_at(standard.levels, reached) > start:
            name = standard.levels[start].name
            lifted = f"按此次序做完前 {rank} 项，总分达到 {shown_text(reached)}，进入 L{start + 1} {name}。"
        steps.append(
            Step(
                rank=rank,
                code=code,
                name=standard.subitems[code].name,
                domain=standard.places[code][0].name,
                from_level=level,
                to_level=level + 1,
                to_name=standard.level_names(code)[level],
                gain=shown_text(gains[code]),
                reached=shown_text(reached),
                lifts=f"L{alone}" if alone > start else "",
                needs=needs[code],
            )
        )
    if not steps:
        return (), "全部子项已在最高等级，请保持并定期复查。"
    top = standard.levels[-1].name
    rest = "" if lifted or start == LEVELS[-1] else f"各项都提升一级后总分为 {score_text(reached)[:5]}，仍在 L{start}。"
    note = lifted or (rest if start < LEVELS[-1] else f"总等级已是 L{start} {top}，以下各项可进一步提高得分。")
    return tuple(steps), f"现总分 {shown_text(total)}{'（含待复核的建议）' if with_proposed else ''}。{note}"


def _needs(standard: Standard, ledger: SubItemLedger, level: int) -> tuple[str, ...]:
    """Texts of the next level's requirements that are not known to be met; where all are, a reviewer thought otherwise."""
    unmet = tuple(
        demand(requirement)
        for clause in ledger.subitem.at(level)
        for requirement in clause.requirements
        if ledger.requirements[requirement.code] != Stand.MET
    )
    return unmet or (HELD_BACK,)
