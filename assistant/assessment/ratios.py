"""Exact weighted means over numpy arrays: each row a fraction of integers, common denominators instead of rounding.

Products that stay below 2^53 are computed in 64 bits; larger ones in Python's own integers (dtype object), which have
no bound. Either way every number is exact, and `Ratio.quotient` rounds once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.assessment.weighting import Branch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[Any]  # int64, or object holding Python integers

# Doubles hold every integer up to here, so that a quotient of two such integers is rounded once, correctly.
EXACT = 2**53


@dataclass(frozen=True, eq=False)
class Ratio:
    """n fractions num / den of non-negative integers, shape (n,); 0 / 0 where a row has nothing to take a mean of."""

    num: Ints
    den: Ints

    def quotient(self, scale: int) -> NDArray[np.float64]:
        """Num / den / scale, each the double nearest to the exact value; NaN for 0 / 0."""
        import numpy as np

        den = np.where(self.den == 0, 1, self.den)
        if _top(den) * scale >= EXACT:
            den = den.astype(object)
        result: NDArray[np.float64] = (self.num / (den * scale)).astype(np.float64)
        result[self.den == 0] = np.nan
        return result

    def reaches(self, bound: int) -> NDArray[np.bool_]:
        """Whether num / den >= bound, exactly; true for 0 / 0."""
        import numpy as np

        den = self.den.astype(object) if _top(self.den) * bound >= EXACT else self.den
        return np.asarray(self.num >= den * bound, dtype=np.bool_)


def mean(branch: Branch, columns: Mapping[str, int], values: Ints, included: NDArray[np.bool_]) -> Ratio:
    """The weighted mean of the included values under a branch, what is not included handing on its weight.

    `values` (non-negative integers, 0 where not included) and `included` have one row per sub-item, at the index that
    `columns` gives its code, and one column per case. The same rule as `weighting.shares`.
    """
    if branch.code:
        index = columns[branch.code]
        return Ratio(values[index], included[index].astype("int64"))
    unit = math.lcm(*(child.weight.denominator for child in branch.children))
    weights = [int(child.weight * unit) for child in branch.children]
    return _combine(weights, [mean(child, columns, values, included) for child in branch.children])


def _combine(weights: Sequence[int], parts: Sequence[Ratio]) -> Ratio:
    import numpy as np

    dens = [np.where(part.den == 0, 1, part.den) for part in parts]
    common = dens[0]
    for den in dens[1:]:
        if not np.array_equal(den, common):
            wide = _top(common) * _top(den) >= EXACT
            common = np.lcm(common.astype(object) if wide else common, den)
    if _top(common) * sum(w * _top(part.num) for w, part in zip(weights, parts, strict=True)) >= EXACT:
        common = common.astype(object)
    num, den = np.zeros_like(common), np.zeros_like(common)
    for weight, part, own in zip(weights, parts, dens, strict=True):
        term = part.num.astype(common.dtype) * weight
        num += term if np.array_equal(own, common) else common // own * term
        den += (part.den != 0).astype(common.dtype) * weight
    return Ratio(num, den * common)


def _top(array: Ints) -> int:
    return int(array.max(initial=1))
