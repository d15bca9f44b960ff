"""What holds of every grade, under random levels, rates, policies and gaps."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random
from statistics import mean

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assessment.grade import grade
from assistant.assessment.grade_input import Levels
from knowledge.loader import load_standard
from knowledge.policy import ScoringPolicy, load_policy, parse_policy

STANDARD = load_standard()
EQUAL = load_policy("equal", STANDARD)
CODES = list(STANDARD.subitems)
LEVEL = st.integers(1, 5)
EXAMPLES = settings(max_examples=25, deadline=None)


@st.composite
def policies(draw: st.DrawFn) -> ScoringPolicy:
    def node(names: list[str]) -> dict[str, str]:
        parts = draw(st.lists(st.integers(1, 40), min_size=len(names), max_size=len(names)))
        return {name: f"{part}/{sum(parts)}" for name, part in zip(names, parts, strict=True)}

    weights = {
        "domains": node([d.name for d in STANDARD.domains]),
        "items": {d.name: node([i.name for i in d.items]) for d in STANDARD.domains if draw(st.booleans())},
        "subitems": {i.name: node([s.code for s in i.subitems]) for i in STANDARD.items() if draw(st.booleans())},
    }
    data = {"id": "random", "version": "1", "title": "随机", "standard": STANDARD.id, "weights": weights}
    return parse_policy(
        data | {"rate_subitems": draw(st.sets(st.sampled_from(EQUAL.rate_subitems)).map(list))}, STANDARD
    )


@st.composite
def inputs(draw: st.DrawFn, final: bool = False) -> Levels:
    """Levels with rates and reviewers' scores in their bands; at least one sub-item applies."""
    left_out = draw(st.sets(st.sampled_from(CODES), max_size=len(CODES) - 1))
    gaps = set() if final else draw(st.sets(st.sampled_from(CODES), max_size=12))
    levels = {code: draw(LEVEL) for code in CODES if code not in left_out | gaps}
    inside = st.decimals(0, "19.99", places=draw(st.integers(0, 4)))
    rates = {c: levels[c] * 20 - 20 + draw(inside) for c in EQUAL.rate_subitems if c in levels and draw(st.booleans())}
    scores = {c: levels[c] * 20 - 20 + draw(inside) for c in levels if draw(st.integers(0, 5)) == 0}
    return Levels(levels=levels, rates=rates, scores=scores, not_applicable=frozenset(left_out))


def exact(policy: ScoringPolicy, levels: Levels) -> Fraction:
    score = grade(STANDARD, policy, levels).derivation.exact
    assert score is not None
    return Fraction(score)


@EXAMPLES
@given(policies(), inputs())
def test_scores_and_range_are_bounded_and_in_order(policy: ScoringPolicy, levels: Levels) -> None:
    result = grade(STANDARD, policy, levels)
    low, high = (Decimal(end) for end in result.range)
    assert 0 <= low <= high <= 100
    assert result.provisional is (set(CODES) != levels.levels.keys() | levels.not_applicable)
    assert (result.score is None) is (not levels.levels)
    if result.score is not None and result.shown is not None:
        assert low <= Decimal(result.score) <= high
        assert Decimal(result.shown) <= Decimal(result.score) < Decimal(result.shown) + Decimal("0.01")
        assert result.level == min(int(Decimal(result.shown)) // 20 + 1, 5)
    if not result.provisional:
        assert result.range == (result.score, result.score)


@EXAMPLES
@given(policies(), inputs())
def test_the_score_is_the_exact_one_rounded_down_to_18_places(policy: ScoringPolicy, levels: Levels) -> None:
    for node in grade(STANDARD, policy, levels).derivation.walk():
        if node.score is not None and node.exact is not None:
            assert 0 <= Fraction(node.exact) - Fraction(node.score) < Fraction(1, 10**18)


@EXAMPLES
@given(policies(), inputs(), st.data())
def test_a_higher_level_never_lowers_the_score(policy: ScoringPolicy, levels: Levels, data: st.DataObject) -> None:
    lower = sorted(code for code, level in levels.levels.items() if level < 5)
    if not lower:
        return
    code = data.draw(st.sampled_from(lower))
    higher = data.draw(st.integers(levels.levels[code] + 1, 5))
    raised = Levels(
        levels=levels.levels | {code: higher},
        rates={c: rate for c, rate in levels.rates.items() if c != code},
        scores={c: score for c, score in levels.scores.items() if c != code},
        not_applicable=levels.not_applicable,
    )
    before, after = grade(STANDARD, policy, levels), grade(STANDARD, policy, raised)
    assert exact(policy, raised) > exact(policy, levels)
    assert (after.level or 0) >= (before.level or 0)
    assert [Decimal(a) >= Decimal(b) for a, b in zip(after.range, before.range, strict=True)] == [True, True]


@EXAMPLES
@given(policies(), inputs(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_is_nothing_to_the_grade(policy: ScoringPolicy, levels: Levels, random: Random) -> None:
    def shuffled(table: dict[str, object]) -> dict[str, object]:
        keys = list(table)
        random.shuffle(keys)
        return {key: table[key] for key in keys}

    other = Levels.model_validate(
        {
            "levels": shuffled(dict(levels.levels)),
            "rates": shuffled(dict(levels.rates)),
            "scores": shuffled(dict(levels.scores)),
            "not_applicable": list(shuffled(dict.fromkeys(levels.not_applicable))),
        }
    )
    assert grade(STANDARD, policy, other).model_dump_json() == grade(STANDARD, policy, levels).model_dump_json()


@EXAMPLES
@given(policies(), inputs(), LEVEL)
def test_one_level_everywhere_is_that_level_whatever_the_weights(
    policy: ScoringPolicy, levels: Levels, level: int
) -> None:
    everywhere = Levels(levels=dict.fromkeys(levels.levels, level), not_applicable=levels.not_applicable)
    result = grade(STANDARD, policy, everywhere)
    if levels.levels:
        assert (result.score, result.level) == (str(level * 20 - 10), level)
        assert [variant.level for variant in result.robustness.variants] == [level] * 9


@EXAMPLES
@given(policies(), inputs(final=True))
def test_what_does_not_apply_hands_on_its_weight_in_proportion(policy: ScoringPolicy, levels: Levels) -> None:
    for node in grade(STANDARD, policy, levels).derivation.walk():
        if not node.children:
            continue
        kept = [child for child in node.children if child.exact is not None]
        total = sum(Fraction(child.given) for child in kept)
        assert [Fraction(c.weight) for c in kept] == [Fraction(c.given) / total for c in kept]
        assert {child.weight for child in node.children if child.exact is None} <= {"0"}
        assert sum(Fraction(child.given) for child in node.children) == 1
    left = {code for code, score in grade(STANDARD, policy, levels).subitems.items() if score is None}
    assert left == levels.not_applicable


@EXAMPLES
@given(inputs(final=True))
def test_the_default_policy_is_a_mean_of_means_of_means(levels: Levels) -> None:
    def score(code: str) -> Fraction:
        if code in levels.scores:
            return Fraction(levels.scores[code])
        return Fraction(levels.rates.get(code, Decimal(20 * levels.levels[code] - 10)))

    domains = []
    for domain in STANDARD.domains:
        items = []
        for item in domain.items:
            if scores := [score(s.code) for s in item.subitems if s.code in levels.levels]:
                items.append(mean(scores))
        if items:
            domains.append(mean(items))
    assert exact(EQUAL, levels) == mean(domains)


@EXAMPLES
@given(policies(), inputs())
def test_the_range_is_that_of_open_ones_at_0_and_at_100(policy: ScoringPolicy, levels: Levels) -> None:
    gaps = [code for code in CODES if code not in levels.levels and code not in levels.not_applicable]
    ends = []
    for level, score in ((1, 0), (5, 100)):
        filled = Levels(
            levels=levels.levels | dict.fromkeys(gaps, level),
            rates=levels.rates,
            scores=levels.scores | dict.fromkeys(gaps, Decimal(score)),
            not_applicable=levels.not_applicable,
        )
        ends.append(grade(STANDARD, policy, filled).score)
    assert grade(STANDARD, policy, levels).range == tuple(ends)


@EXAMPLES
@given(policies(), inputs(), st.data())
def test_a_shift_is_the_grade_of_the_shifted_levels(policy: ScoringPolicy, levels: Levels, data: st.DataObject) -> None:
    result = grade(STANDARD, policy, levels)
    assert list(result.robustness.shifts) == [code for code in CODES if code in levels.levels]
    if not levels.levels:
        return
    code = data.draw(st.sampled_from(sorted(levels.levels)))
    expected: list[int | None] = []
    for level in (levels.levels[code] - 1, levels.levels[code] + 1):
        shifted = {
            "levels": levels.levels | {code: level},
            "rates": {c: rate for c, rate in levels.rates.items() if c != code},
            "scores": {c: score for c, score in levels.scores.items() if c != code},
            "not_applicable": levels.not_applicable,
        }
        inside = 1 <= level <= 5
        expected.append(grade(STANDARD, policy, Levels.model_validate(shifted)).level if inside else None)
    shift = result.robustness.shifts[code]
    assert [shift.lower, shift.higher] == expected
    assert shift.changes is any(level not in (None, result.level) for level in expected)
