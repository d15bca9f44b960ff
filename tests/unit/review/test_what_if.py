"""What-if, the way up and the comparison with last time: exact, ranked, and nothing else than the scorer says."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assessment.grade import grade
from assistant.assessment.grade_input import Levels
from assistant.assessment.ledger import build_ledger
from assistant.reports.roadmap import roadmap
from assistant.review.what_if import compare, plan, supposing
from knowledge.loader import SHIPPED, load_standard
from knowledge.policy import load_policy

STANDARD = load_standard()
POLICY = load_policy("equal", STANDARD, SHIPPED)
LEDGERS = build_ledger(STANDARD, {}, {}, {})
CODES = list(STANDARD.subitems)
LEVELS = st.dictionaries(st.sampled_from(CODES), st.integers(1, 5), min_size=1)
CHOSEN = st.dictionaries(st.sampled_from(CODES), st.integers(1, 5))


def exact(levels: Levels) -> Fraction:
    found = grade(STANDARD, POLICY, levels).derivation.exact
    assert found is not None
    return Fraction(found)


@settings(max_examples=30)
@given(LEVELS, CHOSEN)
def test_supposing_changes_what_was_chosen_and_nothing_else(levels: dict[str, int], chosen: dict[str, int]) -> None:
    before = Levels(levels=levels)
    after = supposing(before, chosen)
    assert after.levels == levels | chosen
    assert before.levels == levels


def test_a_rate_and_an_own_score_fall_away_with_their_level() -> None:
    before = Levels(
        levels={"1.1": 3, "2.1": 2, "6.1": 2},
        rates={"1.1": Decimal(45), "2.1": Decimal(25)},
        scores={"6.1": Decimal(39)},
        not_applicable=frozenset({"13.1"}),
    )
    after = supposing(before, {"1.1": 4, "2.1": 2, "6.1": 5, "13.1": 1})
    assert after == Levels(levels={"1.1": 4, "2.1": 2, "6.1": 5, "13.1": 1}, rates={"2.1": Decimal(25)})


@settings(max_examples=25, deadline=None)
@given(LEVELS, CHOSEN)
def test_the_way_up_adds_up_to_what_the_scorer_says(levels: dict[str, int], targets: dict[str, int]) -> None:
    before = Levels(levels=levels)
    way = plan(STANDARD, POLICY, before, LEDGERS, targets)
    assert way is not None
    assert [rise.gain for rise in way.rises] == sorted((rise.gain for rise in way.rises), reverse=True)
    taken: dict[str, int] = {}
    for rise in way.rises:
        taken[rise.code] = rise.target
        assert rise.reached == exact(supposing(before, taken))
        assert rise.target == targets.get(rise.code, levels[rise.code] + 1) > levels[rise.code]
    lifted = [rise.rank for rise in way.rises if rise.reached_level > way.level]
    assert way.enough == (lifted[0] if lifted else 0)


@settings(max_examples=15, deadline=None)
@given(LEVELS)
def test_without_targets_it_is_the_reports_roadmap(levels: dict[str, int]) -> None:
    before = Levels(levels=levels)
    steps, _ = roadmap(STANDARD, POLICY, before, grade(STANDARD, POLICY, before), LEDGERS)
    way = plan(STANDARD, POLICY, before, LEDGERS)
    assert way is not None
    assert [(r.rank, r.code, r.target, r.worth, r.total) for r in way.rises] == [
        (s.rank, s.code, s.to_level, s.gain, s.reached) for s in steps
    ]


def test_what_is_missing_is_told_level_by_level() -> None:
    way = plan(STANDARD, POLICY, Levels(levels={"1.1": 2}), LEDGERS, {"1.1": 4})
    assert way is not None
    assert {level: len(texts) for level, texts in way.rises[0].missing.items()} == {
        level: sum(len(c.requirements) for c in STANDARD.subitems["1.1"].at(level)) for level in (3, 4)
    }


def test_no_way_up_without_levels_and_nothing_short_at_the_top() -> None:
    assert plan(STANDARD, POLICY, Levels(), LEDGERS) is None
    top = plan(STANDARD, POLICY, Levels(levels=dict.fromkeys(CODES, 5)), LEDGERS)
    assert top is not None
    assert (top.rises, top.short, top.level) == ((), None, 5)


def test_the_distance_to_the_next_level_is_exact() -> None:
    way = plan(STANDARD, POLICY, Levels(levels=dict.fromkeys(CODES, 2)), LEDGERS)
    assert way is not None
    assert (way.total, way.short) == (Fraction(30), Fraction(10))


@pytest.mark.parametrize(("before", "now", "step"), [(2, 4, 2), (4, 3, -1), (3, 3, 0), (None, 3, 0), (3, None, 0)])
def test_comparison_tells_each_move(before: int | None, now: int | None, step: int) -> None:
    then = Levels(levels={"2.1": 1} | ({"1.1": before} if before else {}))
    present = Levels(levels={"2.1": 1} | ({"1.1": now} if now else {}))
    found = compare(STANDARD, POLICY, then, present)
    assert [(m.code, m.step) for m in found.moves if m.code == "1.1"] == [("1.1", step)]
    assert [m.code for m in found.changed] == ([] if before == now else ["1.1"])
    assert found.before == grade(STANDARD, POLICY, then)
