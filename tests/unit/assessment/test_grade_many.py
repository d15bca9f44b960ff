"""Scoring many at once: the scalar scorer's results to the last bit, and its errors with the row."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.assessment.batch import CHUNK, Grades, grade_many, row_levels
from assistant.assessment.grade import grade
from assistant.errors import ScoringError
from knowledge.loader import load_standard
from knowledge.policy import ScoringPolicy, load_policy, parse_policy

STANDARD = load_standard()
EQUAL = load_policy("equal", STANDARD)
UNEQUAL = load_policy(Path(__file__).parents[1] / "data" / "policy-unequal.yaml", STANDARD)
AWKWARD = parse_policy(
    {
        "id": "awkward",
        "version": "1",
        "title": "位数很多的权重",
        "standard": "db37-iiam",
        "place": "floor",
        "rate_subitems": ["2.1", "4.2"],
        "weights": {
            "domains": {
                "基础设施层": "0.123456789012345678",
                "数据管理层": "0.123456789012345679",
                "应用服务层": "0.253086421975308643",
                "业务创新层": "0.5",
            },
            "items": {
                "应用服务层": {
                    "生产运营优化": "999999999999999988/999999999999999989",
                    "供应链协同": "1/999999999999999989",
                }
            },
        },
    },
    STANDARD,
)
CODES = list(STANDARD.subitems)
WIDTH = len(CODES)
RATED = [CODES.index(code) for code in EQUAL.rate_subitems]


def assert_equals_scalar(
    policy: ScoringPolicy, levels: NDArray[np.int8], rates: NDArray[np.float64], left_out: NDArray[np.bool_]
) -> None:
    many = grade_many(STANDARD, policy, levels, rates, left_out)
    for row in range(len(levels)):
        one = grade(STANDARD, policy, row_levels(STANDARD, levels[row], rates[row], left_out[row]))
        assert many.provisional[row] == one.provisional
        assert many.level[row] == (one.level or 0)
        if one.derivation.exact is None:
            assert np.isnan(many.score[row])
        else:
            assert many.score[row] == float(Fraction(one.derivation.exact))
            assert round(float(many.score[row]), 12) == round(float(one.score or "nan"), 12)
        assert [round(float(end[row]), 12) for end in (many.low, many.high)] == [round(float(e), 12) for e in one.range]


@st.composite
def tables(draw: st.DrawFn) -> tuple[NDArray[np.int8], NDArray[np.float64], NDArray[np.bool_]]:
    """A few enterprises with gaps, what does not apply, and rates of few or of many decimals."""
    n = draw(st.integers(1, 4))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    levels = random.integers(draw(st.integers(1, 3)), draw(st.integers(4, 6)), (n, WIDTH)).astype(np.int8)
    left_out = random.random((n, WIDTH)) < draw(st.sampled_from([0, 0.1, 0.8]))
    left_out[:, draw(st.integers(0, WIDTH - 1))] = False
    levels[left_out | (random.random((n, WIDTH)) < draw(st.sampled_from([0, 0.1, 0.9])))] = 0
    rates = np.full((n, WIDTH), np.nan)
    digits = draw(st.sampled_from([0, 1, 6, 9, 17]))
    within = (random.random((n, len(RATED))) * 19.4).round(digits)
    measured = np.round(levels[:, RATED] * 20.0 - 20 + within, digits)
    rated = (levels[:, RATED] > 0) & (random.random((n, len(RATED))) < draw(st.sampled_from([0, 0.5, 1])))
    rates[:, RATED] = np.where(rated, measured, np.nan)
    return levels, rates, left_out


@pytest.mark.parametrize("policy", [EQUAL, UNEQUAL, AWKWARD], ids=lambda p: p.id)
@settings(max_examples=25, deadline=None)
@given(table=tables())
def test_every_row_equals_the_scalar_scorer(
    policy: ScoringPolicy, table: tuple[NDArray[np.int8], NDArray[np.float64], NDArray[np.bool_]]
) -> None:
    assert_equals_scalar(policy, *table)


def table_of(level: int, rows: int = 1) -> tuple[NDArray[np.int8], NDArray[np.float64], NDArray[np.bool_]]:
    shape = (rows, WIDTH)
    return np.full(shape, level, dtype=np.int8), np.full(shape, np.nan), np.zeros(shape, dtype=np.bool_)


def test_levels_are_exact_on_the_ends_of_bands() -> None:
    levels, rates, left_out = table_of(2, rows=5)
    levels[:, CODES.index("6.1") : CODES.index("8.4") + 1] = 3  # two domains of four: with 30 in 1.1, exactly 40
    rates[:, 0] = [np.nan, 30, np.nextafter(30, 0), np.nextafter(30, 100), 29.99999]
    many = grade_many(STANDARD, EQUAL, levels, rates, left_out)
    assert many.level.tolist() == [3, 3, 2, 3, 2]
    assert many.score[:2].tolist() == [40, 40]
    assert_equals_scalar(EQUAL, levels, rates, left_out)


def test_rates_on_the_ends_of_the_scale_and_next_to_them() -> None:
    levels, rates, left_out = table_of(1, rows=5)
    levels[3:] = 5
    rates[:, RATED] = [[0.0], [1e-30], [2.3456e-7], [float(np.nextafter(100, 0))], [100.0]]
    assert_equals_scalar(EQUAL, levels, rates, left_out)


def test_more_rows_than_one_chunk_and_none_at_all() -> None:
    levels, rates, left_out = table_of(3, rows=CHUNK + 2)
    levels[-1] = 5
    many = grade_many(STANDARD, EQUAL, levels)
    assert many.level.tolist() == [3] * (CHUNK + 1) + [5]
    none = grade_many(STANDARD, EQUAL, levels[:0], rates[:0], left_out[:0])
    assert [len(array) for array in (none.score, none.level, none.low, none.high, none.provisional)] == [0] * 5


def test_nothing_decided_gives_no_score_but_the_whole_range() -> None:
    many = grade_many(STANDARD, EQUAL, table_of(0)[0])
    assert np.isnan(many.score).tolist() == [True]
    assert (many.level.tolist(), many.low.tolist(), many.high.tolist()) == ([0], [0], [100])
    assert many.provisional.tolist() == [True]


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64])
def test_any_integers_will_do(dtype: type) -> None:
    assert grade_many(STANDARD, EQUAL, table_of(4)[0].astype(dtype)).level.tolist() == [4]


def test_the_input_is_left_as_it_was_and_results_have_the_promised_types() -> None:
    table = table_of(3)
    before = [array.tobytes() for array in table]
    many = grade_many(STANDARD, EQUAL, *table)
    assert [array.tobytes() for array in table] == before
    types = {name: getattr(many, name).dtype.name for name in Grades.__dataclass_fields__}
    assert types == {"score": "float64", "level": "int8", "low": "float64", "high": "float64", "provisional": "bool"}


@pytest.mark.parametrize(
    ("cell", "level", "rate", "left_out", "message"),
    [
        ("1.2", 6, None, False, "“1.2”的等级须是 1 到 5 的整数，收到的是 6。未定的子项不写即可。"),
        ("1.2", -1, None, False, "“1.2”的等级须是 1 到 5 的整数，收到的是 -1。未定的子项不写即可。"),
        ("1.2", 3, None, True, "1.2 既标为不适用，又给了等级。请只留其一。"),
        ("1.1", 0, 30.0, True, "1.1 既标为不适用，又给了比例。请只留其一。"),
        ("1.1", 0, 30.0, False, "1.1 给了比例，却没有等级。请补上等级，或去掉这个比例。"),
        ("1.2", 3, 45.0, False, "1.2 的条款不涉及比例，不能按比例计分。请去掉这个比例。"),
        ("1.1", 3, 60.0, False, "1.1 的比例 60.0 不在 L3 的分数段 [40, 60) 内。请核对等级与比例。"),
        ("1.1", 3, 39.9, False, "1.1 的比例 39.9 不在 L3 的分数段 [40, 60) 内。请核对等级与比例。"),
        ("1.1", 5, 100.5, False, "“1.1”的比例须是 0 到 100 的数，收到的是 100.5。"),
        ("1.1", 1, -0.5, False, "“1.1”的比例须是 0 到 100 的数，收到的是 -0.5。"),
        ("1.1", 5, float("inf"), False, "“1.1”的比例须是 0 到 100 的数，收到的是 Infinity。"),
        ("1.1", 1, 1e-50, False, "“1.1”的比例小数位太多，最多 40 位。"),
    ],
)
def test_an_error_names_the_row(cell: str, level: int, rate: float | None, left_out: bool, message: str) -> None:
    levels, rates, out = table_of(3, rows=3)
    column = CODES.index(cell)
    levels[1, column], rates[1, column], out[1, column] = level, np.nan if rate is None else rate, left_out
    levels[2, 5] = 9  # a later row at fault is not the one named
    with pytest.raises(ScoringError) as caught:
        grade_many(STANDARD, EQUAL, levels, rates, out)
    assert str(caught.value) == f"第 2 行：{message}"


def test_a_row_where_nothing_applies_is_an_error() -> None:
    levels, rates, left_out = table_of(3, rows=2)
    levels[1], left_out[1] = 0, True
    with pytest.raises(ScoringError) as caught:
        grade_many(STANDARD, EQUAL, levels, rates, left_out)
    assert str(caught.value) == "第 2 行：全部能力子项都标为不适用，无从评分。至少要有一项适用。"


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ((np.full((2, WIDTH), 3.0),), "levels 须是整数的表，收到的类型是 float64。"),
        ((np.full((2, WIDTH), True),), "levels 须是整数的表，收到的类型是 bool。"),
        ((np.full((2, WIDTH), "3"),), "levels 须是整数的表，收到的类型是 <U1。"),
        ((np.full((2, 35), 3),), "levels 须是每家企业一行、每个能力子项一列（36 列）的表，收到的形状是 (2, 35)。"),
        ((np.full(WIDTH, 3),), "levels 须是每家企业一行、每个能力子项一列（36 列）的表，收到的形状是 (36,)。"),
        ((np.int64(3),), "levels 须是每家企业一行、每个能力子项一列（36 列）的表，收到的形状是 ()。"),
        (
            (np.full((2, WIDTH), 3), np.full((1, WIDTH), 3.0)),
            "rates 须是每家企业一行、每个能力子项一列（36 列）的表，收到的形状是 (1, 36)。",
        ),
        ((np.full((2, WIDTH), 3), np.full((2, WIDTH), "")), "rates 须是数的表，收到的类型是 <U1。"),
        ((np.full((2, WIDTH), 3), None, np.full((2, WIDTH), 0)), "not_applicable 须是布尔值的表，收到的类型是 int64。"),
    ],
)
def test_a_table_of_another_form_is_an_error(tables: tuple[NDArray[np.generic], ...], message: str) -> None:
    with pytest.raises(ScoringError) as caught:
        grade_many(STANDARD, EQUAL, *tables)
    assert str(caught.value) == message


def test_a_policy_for_another_standard_is_an_error() -> None:
    with pytest.raises(ScoringError, match="不能给 db37-iiam 评分"):
        grade_many(STANDARD, EQUAL.model_copy(update={"standard": "gb-9"}), table_of(3)[0])
