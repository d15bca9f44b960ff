"""Robustness of a grade against worked numbers."""

from __future__ import annotations

from assistant.assessment.grade import grade
from assistant.assessment.grade_input import Levels
from assistant.assessment.robustness import Robustness, Shift
from knowledge.loader import load_standard
from knowledge.policy import load_policy

STANDARD = load_standard()
EQUAL = load_policy("equal", STANDARD)
CODES = list(STANDARD.subitems)
PLANT = [3, 2, 4, 1, 2, 3, 4, 3, 2, 1, 2, 2, 1, 3, 1, 3, 3, 4, 3, 2, 3, 4, 2, 3, 2, 4, 2, 2, 1, 2, 3, 3, 2, 1, 2]


def robustness(levels: dict[str, int], **more: object) -> Robustness:
    return grade(STANDARD, EQUAL, Levels.model_validate({"levels": levels} | more)).robustness


def table(result: Robustness) -> dict[tuple[str, str], tuple[str, str, int]]:
    return {(v.weights, v.place): (v.score, v.shown, v.level) for v in result.variants}


def test_nine_variants_calculated_by_hand() -> None:
    levels = dict(zip(CODES, PLANT, strict=False))
    result = robustness(levels, not_applicable=["13.1"], rates={"1.1": 45}, scores={"8.4": "55.5"})
    # Levels alone. Items of 基础设施层: 40 + 40 + 50 + 140/6 + 170/3 = 210; 数据管理层 230; 应用服务层 45 + 30;
    # 业务创新层 50 + 30 + 10 + 30, 服务创新 left out.
    # Domains (42 + 46 + 37.5 + 30) / 4 = 38.875; items (210 + 230 + 75 + 120) / 16 = 39.6875;
    # sub-items (700 + 230 + 300 + 120) / 35 = 1350 / 35. Floor 10 less, ceiling just below 10 more.
    assert table(result) == {
        ("domains", "middle"): ("38.875", "38.87", 2),
        ("domains", "floor"): ("28.875", "28.87", 2),
        ("domains", "ceiling"): ("48.874999999999999999", "48.87", 3),
        ("items", "middle"): ("39.6875", "39.68", 2),
        ("items", "floor"): ("29.6875", "29.68", 2),
        ("items", "ceiling"): ("49.687499999999999999", "49.68", 3),
        ("subitems", "middle"): ("38.571428571428571428", "38.57", 2),
        ("subitems", "floor"): ("28.571428571428571428", "28.57", 2),
        ("subitems", "ceiling"): ("48.571428571428571428", "48.57", 3),
    }


def test_ceilings_of_one_level_stay_in_it() -> None:
    for level, shown in enumerate(["19.99", "39.99", "59.99", "79.99", "100.00"], start=1):
        result = table(robustness(dict.fromkeys(CODES, level)))
        for weights in ("domains", "items", "subitems"):
            assert result[weights, "ceiling"][1:] == (shown, level)
            assert result[weights, "floor"] == (str(level * 20 - 20), f"{level * 20 - 20}.00", level)
            assert result[weights, "middle"] == (str(level * 20 - 10), f"{level * 20 - 10}.00", level)


def test_a_ceiling_that_meets_the_end_of_a_band_in_sum_stays_below_it() -> None:
    # Two domains at level 5 (100, attained) and two at level 3 (just below 60): just below 80.
    levels = {code: 5 if int(code.partition(".")[0]) in {1, 2, 3, 4, 5, 6} else 3 for code in CODES}
    assert table(robustness(levels))["domains", "ceiling"] == ("79.999999999999999999", "79.99", 4)


def test_shifts_calculated_by_hand() -> None:
    levels = dict(zip(CODES, PLANT, strict=False))
    result = robustness(
        levels, not_applicable=["13.1"], rates={"1.1": 45, "2.1": "33.3", "4.1": "19.99"}, scores={"8.4": "55.5"}
    )
    # The score is 39.150125, level 2; 40 is 0.849875 away.
    assert list(result.shifts) == list(levels)
    assert result.shifts["1.1"] == Shift(lower=2, higher=2, changes=False)  # (70 - 45) / 80 = 0.3125
    assert result.shifts["6.1"] == Shift(lower=2, higher=3, changes=True)  # 20 / 20 = 1
    assert result.shifts["8.4"] == Shift(lower=2, higher=2, changes=False)  # (70 - 55.5) / 32 = 0.453125
    assert result.shifts["9.1"] == Shift(lower=2, higher=3, changes=True)  # 20 / 16, 服务创新 being left out
    assert result.shifts["11.1"] == Shift(lower=None, higher=3, changes=True)  # level 1 has none below
    assert [code for code, s in result.shifts.items() if s.changes] == [
        *("6.1", "6.2", "6.3", "6.4", "6.5", "9.1", "10.1", "11.1", "12.1"),
    ]


def test_level_five_everywhere_stands_against_any_one_change() -> None:
    levels = dict.fromkeys(CODES, 5)
    result = robustness(levels)
    assert set(result.shifts.values()) == {Shift(lower=5, higher=None, changes=False)}


def test_a_grade_on_the_end_of_a_band_hangs_on_every_level() -> None:
    levels = {code: 2 if int(code.partition(".")[0]) in {1, 2, 3, 4, 5, 6} else 3 for code in CODES}
    result = robustness(levels)
    assert set(result.shifts.values()) == {Shift(lower=2, higher=3, changes=True)}


def test_what_is_open_has_no_shift() -> None:
    assert list(robustness({"1.1": 3, "6.1": 3}).shifts) == ["1.1", "6.1"]
