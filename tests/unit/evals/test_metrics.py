"""Metrics against hand-worked values."""

from __future__ import annotations

import pytest

from evals import metrics


def test_shares_and_bias():
    pairs = [(1, 1), (2, 3), (3, 3), (5, 3)]
    assert metrics.exact(pairs) == 0.5
    assert metrics.adjacent(pairs) == 0.75
    assert metrics.bias(pairs) == -0.25
    assert metrics.share([]) == 0


def test_quadratic_kappa_by_hand():
    # Weights (i-j)^2/16; observed disagreement (1/16)/4; expected over margins {1:1/2, 2:1/4, 3:1/4} x {1:1/2, 2:1/2}.
    pairs = [(1, 1), (1, 1), (2, 2), (3, 2)]
    observed = 1 / 4 * 1 / 16
    expected = sum(
        p * q * (i - j) ** 2 / 16 for i, p in {1: 0.5, 2: 0.25, 3: 0.25}.items() for j, q in {1: 0.5, 2: 0.5}.items()
    )
    assert metrics.kappa(pairs) == pytest.approx(1 - observed / expected)


def test_kappa_of_perfect_agreement_is_one_even_on_one_level():
    assert metrics.kappa([(3, 3), (3, 3)]) == 1.0
    assert metrics.kappa([]) == 0.0


def test_ranks():
    ranks = [1, 2, None, 5]
    assert metrics.recall_at(ranks, 1) == 0.25
    assert metrics.recall_at(ranks, 5) == 0.75
    assert metrics.mean_reciprocal_rank(ranks) == pytest.approx((1 + 0.5 + 0.2) / 4)


def test_percentile_is_the_nearest_rank():
    assert metrics.percentile([5, 1, 4, 2, 3], 95) == 5
    assert metrics.percentile(list(range(1, 101)), 95) == 95
    assert metrics.percentile([], 95) == 0


def test_the_interval_holds_the_value_and_is_repeatable():
    flags = [True] * 80 + [False] * 20
    low, high = metrics.bootstrap(flags, metrics.share)
    assert low < 0.8 < high
    assert metrics.bootstrap(flags, metrics.share) == (low, high)
    assert metrics.bootstrap([], metrics.share) == (0.0, 0.0)
