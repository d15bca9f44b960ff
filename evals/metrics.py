"""Metrics, pure: agreement with the truth, with bootstrap intervals. Kappa comes from scikit-learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def share(flags: Sequence[bool]) -> float:
    """Share of true ones; 0 for none at all."""
    return sum(flags) / len(flags) if flags else 0.0


def adjacent(pairs: Sequence[tuple[int, int]]) -> float:
    """Share of (truth, given) at most one level apart."""
    return share([abs(a - b) <= 1 for a, b in pairs])


def exact(pairs: Sequence[tuple[int, int]]) -> float:
    """Share of (truth, given) that agree."""
    return share([a == b for a, b in pairs])


def bias(pairs: Sequence[tuple[int, int]]) -> float:
    """Mean of given minus truth, in levels: above 0 is too generous."""
    return sum(b - a for a, b in pairs) / len(pairs) if pairs else 0.0


def kappa(pairs: Sequence[tuple[int, int]]) -> float:
    """Quadratic weighted kappa over levels 1 to 5; 1 for perfect agreement, also where all are one level."""
    if not pairs:
        return 0.0
    if all(a == b for a, b in pairs):
        return 1.0
    from sklearn.metrics import cohen_kappa_score

    truth, given = zip(*pairs, strict=True)
    return float(cohen_kappa_score(truth, given, labels=[1, 2, 3, 4, 5], weights="quadratic"))


def bootstrap(items: Sequence[T], metric: Callable[[Sequence[T]], float], rounds: int = 1000) -> tuple[float, float]:
    """95% interval of a metric by resampling items with replacement; the seed is fixed, so it is repeatable."""
    import numpy

    if not items:
        return 0.0, 0.0
    random = numpy.random.default_rng(7)
    picks = random.integers(0, len(items), size=(rounds, len(items)))
    values = [metric([items[i] for i in pick]) for pick in picks]
    low, high = numpy.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def recall_at(ranks: Sequence[int | None], k: int) -> float:
    """Share of queries whose right answer is among the first k (ranks from 1; None = not found)."""
    return share([rank is not None and rank <= k for rank in ranks])


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """Mean of 1/rank, 0 for not found."""
    return sum(1 / rank for rank in ranks if rank) / len(ranks) if ranks else 0.0


def percentile(values: Sequence[float], q: float) -> float:
    """The q-th percentile (0 to 100), nearest rank; 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * int(q) // 100) - 1)]
