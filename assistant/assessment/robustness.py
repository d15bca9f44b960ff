"""How far a grade hangs on conventions and on single levels (DECISIONS, last row of "Scoring policy")."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import get_args

from pydantic import Field

from assistant.assessment.bands import Place, level_at, position, score_text, shown_text, under
from assistant.assessment.weighting import Scheme, equal_tree, shares
from knowledge.model import Frozen, Standard


class Variant(Frozen):
    """The grade of the same levels under another convention.

    `place`: every sub-item at the middle, floor or ceiling of its level's band (measured rates and reviewers' own
    scores set aside); `weights`: equal domains, items or sub-items. A ceiling is just below the upper end of its
    band, so `score`, `shown` and `level` of the ceiling are those just below the sum of the upper ends.
    """

    place: Place
    weights: Scheme
    score: str
    shown: str
    level: int


class Shift(Frozen):
    """The grade's level if this one sub-item were one level lower or higher, all else and the policy being equal.

    None where there is no such level. `changes`: at least one of the two is another level than the grade's.
    """

    lower: int | None
    higher: int | None
    changes: bool


class Robustness(Frozen):
    """Nine variants (place by weights) and a shift per decided sub-item; both empty while nothing is decided."""

    variants: tuple[Variant, ...] = ()
    shifts: dict[str, Shift] = Field(default_factory=dict)


def variants(standard: Standard, levels: Mapping[str, int]) -> tuple[Variant, ...]:
    """The grade of the decided levels under all nine conventions; what is open or not applicable is left out."""
    table = []
    for scheme in get_args(Scheme):
        parts = shares(equal_tree(standard, scheme), levels)
        held = [sum(share for code, share in parts.items() if levels[code] == band.level) for band in standard.levels]
        for place in get_args(Place):
            total = sum((h * position(b, place) for h, b in zip(held, standard.levels, strict=True)), Fraction(0))
            # Level 5 is closed: only where all are level 5 is the upper end attained.
            score = under(total) if place == "ceiling" and held[-1] != 1 else total
            table.append(
                Variant(
                    place=place,
                    weights=scheme,
                    score=score_text(score),
                    shown=shown_text(score),
                    level=level_at(standard.levels, score),
                )
            )
    return tuple(table)


def shifts(
    standard: Standard, place: Place, levels: Mapping[str, int], parts: Mapping[str, tuple[Fraction, Fraction]]
) -> dict[str, Shift]:
    """By code, the grade's level with that sub-item's level one lower or higher.

    `parts` holds each decided sub-item's share of the total and its score. At another level it stands at the policy's
    `place` of that band: a measured rate or a reviewer's score lies in its own level's band and falls away.
    """
    at = {band.level: position(band, place) for band in standard.levels}
    total = sum((share * score for share, score in parts.values()), Fraction(0))
    grade = level_at(standard.levels, total)
    table = {}
    for code, (share, score) in parts.items():
        lower, higher = (
            level_at(standard.levels, total + share * (at[level] - score)) if level in at else None
            for level in (levels[code] - 1, levels[code] + 1)
        )
        table[code] = Shift(lower=lower, higher=higher, changes=not {lower, higher} <= {None, grade})
    return table
