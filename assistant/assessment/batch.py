"""Scoring many enterprises at once: the scalar scorer's results, exactly, as numpy arrays (issue 2, "The scorer").

Levels are exact even on the ends of bands, and a score is the double nearest to the exact fraction.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from itertools import compress
from typing import TYPE_CHECKING, Any

from assistant.assessment.bands import position
from assistant.assessment.grade_input import MAX_PLACES, Levels, check_levels
from assistant.assessment.ratios import Ratio, mean
from assistant.assessment.weighting import weighted_tree
from assistant.errors import ScoringError
from knowledge.model import Standard
from knowledge.policy import ScoringPolicy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.assessment.ratios import Ints

CHUNK = 8192  # rows at a time: the arrays of a chunk stay in the processor's cache
SHORT_PLACES = 6  # rates of so many places leave room for 64-bit arithmetic under the default policy
TINY = 1e-20  # below, a double may print with more places than `Levels` accepts


@dataclass(frozen=True, eq=False)
class Grades:
    """One row per enterprise: score, low and high from 0 to 100, level 1 to 5, with the meaning they have in `Grade`.

    While nothing of a row is decided its score is NaN and its level 0.
    """

    score: NDArray[np.float64]
    level: NDArray[np.int8]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    provisional: NDArray[np.bool_]


def grade_many(
    standard: Standard,
    policy: ScoringPolicy,
    levels: NDArray[Any],
    rates: NDArray[Any] | None = None,
    not_applicable: NDArray[Any] | None = None,
) -> Grades:
    """Grades of n enterprises, equal to those of `grade`.

    `levels`: integers, shape (n, sub-items in the standard's order), 1 to 5, 0 = open. `rates`: percent, same shape,
    NaN = none; a double stands for the decimal that Python prints for it. `not_applicable`: booleans, same shape.
    Raises ScoringError for a wrong shape or type, and as `grade` does, naming the first row (from 1) at fault.
    """
    import numpy as np

    check_levels(standard, policy, Levels())  # even with no row, the policy must be for this standard
    table = _table(len(standard.subitems), levels, rates, not_applicable)
    _check_rows(standard, policy, table)
    starts = range(0, max(len(table.levels), 1), CHUNK)
    parts = [_grades(standard, policy, table.rows(start, start + CHUNK)) for start in starts]
    return Grades(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Grades)))


def row_levels(
    standard: Standard, levels: NDArray[Any], rates: NDArray[Any] | None = None, left_out: NDArray[Any] | None = None
) -> Levels:
    """One row of the tables of `grade_many` as input of `grade`. Raises ScoringError for what `Levels` refuses."""
    codes = list(standard.subitems)
    return Levels(
        levels={code: level for code, level in zip(codes, levels.tolist(), strict=True) if level != 0},
        rates={} if rates is None else {c: r for c, r in zip(codes, rates.tolist(), strict=True) if not math.isnan(r)},
        not_applicable=frozenset() if left_out is None else frozenset(compress(codes, left_out.tolist())),
    )


@dataclass(frozen=True, eq=False)
class _Table:
    """The three tables of `grade_many`, complete and of the right types."""

    levels: NDArray[np.int64]
    rates: NDArray[np.float64]
    left_out: NDArray[np.bool_]

    def rows(self, start: int, stop: int) -> _Table:
        return _Table(self.levels[start:stop], self.rates[start:stop], self.left_out[start:stop])


def _table(width: int, levels: NDArray[Any], rates: NDArray[Any] | None, left_out: NDArray[Any] | None) -> _Table:
    import numpy as np

    levels = np.asarray(levels)
    rates = np.full(levels.shape, np.nan) if rates is None else np.asarray(rates)
    left_out = np.zeros(levels.shape, dtype=np.bool_) if left_out is None else np.asarray(left_out)
    for name, array, kinds, what in (
        ("levels", levels, "iu", "整数"),
        ("rates", rates, "fiu", "数"),
        ("not_applicable", left_out, "b", "布尔值"),
    ):
        if array.dtype.kind not in kinds:
            raise ScoringError(f"{name} 须是{what}的表，收到的类型是 {array.dtype}。")
        if array.shape[1:] != (width,) or len(array) != len(levels):
            raise ScoringError(
                f"{name} 须是每家企业一行、每个能力子项一列（{width} 列）的表，收到的形状是 {array.shape}。"
            )
    return _Table(levels.astype(np.int64), rates.astype(np.float64), left_out)


def _check_rows(standard: Standard, policy: ScoringPolicy, table: _Table) -> None:
    """Pick the rows that may be wrong, by arrays; the scalar check decides, so that both refuse the same."""
    import numpy as np

    levels, rates, left_out = table.levels, table.rates, table.left_out
    low = np.array([0, *(float(level.band[0]) for level in standard.levels)])
    high = np.array([0, *(float(level.band[1]) for level in standard.levels)])
    known = np.clip(levels, 0, len(standard.levels))
    speaks = np.array([subitem.rate_of is not None for subitem in standard.subitems.values()])
    top = (known == len(standard.levels)) & (rates == high[-1])
    inside = (rates >= low[known]) & ((rates < high[known]) | top) & ((rates == 0) | (rates >= TINY))
    given = ~np.isnan(rates)
    suspect = (known != levels) | (left_out & ((levels != 0) | given)) | (given & ~(inside & speaks))
    for row in np.flatnonzero(suspect.any(axis=1) | left_out.all(axis=1)):
        try:
            check_levels(standard, policy, row_levels(standard, levels[row], rates[row], left_out[row]))
        except ScoringError as error:
            raise ScoringError(f"第 {row + 1} 行：{error}") from error


def _grades(standard: Standard, policy: ScoringPolicy, table: _Table) -> Grades:
    import numpy as np

    levels, rates, left_out = table.levels.T, table.rates.T, table.left_out.T
    tree = weighted_tree(standard, policy.weights)
    columns = {code: index for index, code in enumerate(standard.subitems)}
    values, scale = _values(standard, policy, levels, rates)
    decided = levels > 0
    ratio = mean(tree, columns, values, decided)
    score = ratio.quotient(scale)
    undecided = ~decided & ~left_out
    provisional = np.asarray(undecided.any(axis=0))
    low, high = score.copy(), score.copy()
    if provisional.any():
        values, undecided, applicable = values[:, provisional], undecided[:, provisional], ~left_out[:, provisional]
        top = int(Fraction(standard.levels[-1].band[1]) * scale)
        low[provisional] = mean(tree, columns, values, applicable).quotient(scale)
        high[provisional] = mean(tree, columns, np.where(undecided, top, values), applicable).quotient(scale)
    return Grades(score, _levels(standard, ratio, scale), low, high, provisional)


def _levels(standard: Standard, ratio: Ratio, scale: int) -> NDArray[np.int8]:
    import numpy as np

    level = sum(ratio.reaches(int(Fraction(band.band[0]) * scale)).astype(np.int8) for band in standard.levels)
    return np.where(ratio.den == 0, 0, level).astype(np.int8)


def _values(
    standard: Standard, policy: ScoringPolicy, levels: NDArray[np.int64], rates: NDArray[np.float64]
) -> tuple[Ints, int]:
    """Scores of the sub-items, 0 where open, as integers times the scale that is returned with them."""
    import numpy as np

    places = [position(level, policy.place) for level in standard.levels]
    unit = math.lcm(*(f.denominator for f in (*places, *(Fraction(level.band[0]) for level in standard.levels))))
    counted = [index for index, code in enumerate(standard.subitems) if code in policy.rate_subitems]
    used = rates[counted]
    given = ~np.isnan(used)
    scale = unit
    units: Ints = np.zeros(used.shape, dtype=np.int64)
    if given.any():
        short = 10**SHORT_PLACES
        units[given] = np.rint(used[given] * short)
        scale = unit * short
        if not np.array_equal(units[given] / short, used[given]):
            scale = unit * 10**MAX_PLACES
            units = units.astype(object)
            units[given] = [int(Decimal(repr(rate)).scaleb(MAX_PLACES)) for rate in used[given].tolist()]
    at = np.array([0, *(int(place * scale) for place in places)], dtype=units.dtype)
    values = at[levels]
    values[counted] = np.where(given, units * unit, values[counted])
    return values, scale
