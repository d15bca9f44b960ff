"""The scorer against worked numbers, at the ends of bands, with open and not applicable sub-items, and its errors."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from assistant.assessment.derivation import Rule
from assistant.assessment.grade import Grade, grade
from assistant.assessment.grade_input import Levels
from assistant.errors import ScoringError
from knowledge.loader import load_standard
from knowledge.policy import ScoringPolicy, load_policy, parse_policy

STANDARD = load_standard()
EQUAL = load_policy("equal", STANDARD)
UNEQUAL = load_policy(Path(__file__).parents[1] / "data" / "policy-unequal.yaml", STANDARD)
FLOOR = parse_policy(
    {"id": "floor", "version": "1", "title": "下限", "standard": "db37-iiam", "place": "floor"}, STANDARD
)
CODES = list(STANDARD.subitems)
PLANT = Levels(
    levels=dict(
        zip(
            [code for code in CODES if code != "13.1"],
            [3, 2, 4, 1, 2, 3, 4, 3, 2, 1, 2, 2, 1, 3, 1, 3, 3, 4, 3, 2, 3, 4, 2, 3, 2, 4, 2, 2, 1, 2, 3, 3, 2, 1, 2],
            strict=True,
        )
    ),
    rates={"1.1": Decimal("45"), "2.1": Decimal("33.3"), "4.1": Decimal("19.99")},
    scores={"8.4": Decimal("55.5")},
    not_applicable=frozenset({"13.1"}),
)


def same(level: int, **more: object) -> Levels:
    return Levels.model_validate({"levels": dict.fromkeys(CODES, level)} | more)


def test_a_plant_calculated_by_hand() -> None:
    result = grade(STANDARD, EQUAL, PLANT)
    # Sub-items: middle of the band (10 30 50 70 90), the rate for 1.1, 2.1 and 4.1, the reviewer's 55.5 for 8.4.
    assert result.subitems == {
        **{"1.1": "45", "1.2": "30", "1.3": "70", "1.4": "10"},
        **{"2.1": "33.3", "2.2": "50"},
        **{"3.1": "70", "3.2": "50", "3.3": "30"},
        **{"4.1": "19.99", "4.2": "30", "4.3": "30", "4.4": "10", "4.5": "50", "4.6": "10"},
        **{"5.1": "50", "5.2": "50", "5.3": "70"},
        **{"6.1": "50", "6.2": "30", "6.3": "50", "6.4": "70", "6.5": "30"},
        **{"7.1": "50", "7.2": "30", "7.3": "70", "7.4": "30"},
        **{"8.1": "30", "8.2": "10", "8.3": "30", "8.4": "55.5"},
        **{"9.1": "50", "10.1": "30", "11.1": "10", "12.1": "30", "13.1": None},
    }
    assert result.items == {
        "网络互联能力": "38.75",  # 155 / 4
        "设备数字化与智能化": "41.65",  # 83.3 / 2
        "工业互联网软件": "50",  # 150 / 3
        "集成分析平台": "24.998333333333333333",  # 149.99 / 6
        "安全保障体系": "56.666666666666666666",  # 170 / 3
        **{"数据采集": "50", "数据存储": "30", "数据处理": "50", "数据安全": "70", "数据治理": "30"},
        "生产运营优化": "45",  # 180 / 4
        "供应链协同": "31.375",  # 125.5 / 4
        **{"产品创新": "50", "生产模式创新": "30", "供应链创新": "10", "营销创新": "30", "服务创新": None},
    }
    assert result.domains == {
        "基础设施层": "42.413",  # (38.75 + 41.65 + 50 + 149.99/6 + 340/6) / 5 = (130.4 + 81.665) / 5
        "数据管理层": "46",  # 230 / 5
        "应用服务层": "38.1875",  # (45 + 31.375) / 2
        "业务创新层": "30",  # 120 / 4, 服务创新 left out
    }
    # (42.413 + 46 + 38.1875 + 30) / 4 = 156.6005 / 4
    assert (result.score, result.shown, result.level) == ("39.150125", "39.15", 2)
    assert (result.provisional, result.range) == (False, ("39.150125", "39.150125"))


def test_the_same_plant_under_unequal_weights() -> None:
    result = grade(STANDARD, UNEQUAL, PLANT)
    # Only 1.1 counts its rate: 2.1 stands at 30, 4.1 at 10.
    # 网络 .55*45 + .15*(30+70+10) = 41.25; 设备 40; 软件 70/2 + 50/3 + 30/6 = 170/3; 平台 140/6; 安全 170/3
    # 基础 .3*41.25 + .1*40 + .2*170/3 + .25*70/3 + .15*170/3 = 16.375 + 59.5/3 + 17.5/3 = 16.375 + 77/3
    # 数据 46; 应用 .7*45 + .3*31.375 = 40.9125; 业务 30
    assert result.domains["基础设施层"] == "42.041666666666666666"
    assert result.domains["应用服务层"] == "40.9125"
    # .4*(16.375 + 77/3) + .3*46 + .2*40.9125 + .1*30 = 6.55 + 30.8/3 + 13.8 + 8.1825 + 3
    assert (result.score, result.shown, result.level) == ("41.799166666666666666", "41.79", 3)


def test_the_derivation_says_which_rule_gave_each_score() -> None:
    nodes = {node.code or node.name: node for node in grade(STANDARD, EQUAL, PLANT).derivation.walk()}
    rules = {name: str(nodes[name].rule) for name in ("1.1", "1.2", "8.4", "13.1", "服务创新", "业务创新层")}
    assert rules == {
        "1.1": "实测比例",
        "1.2": "等级分段中值",
        "8.4": "复核人给分",
        "13.1": "不适用，权重由同级分担",
        "服务创新": "不适用，权重由同级分担",
        "业务创新层": "下级得分按权重相加",
    }
    assert [(n.given, n.weight) for n in nodes["业务创新层"].children] == [("1/5", "1/4")] * 4 + [("1/5", "0")]
    assert (nodes["集成分析平台"].exact, nodes["集成分析平台"].level) == ("14999/600", 2)


@pytest.mark.parametrize("policy", [EQUAL, UNEQUAL], ids=lambda p: p.id)
def test_the_derivation_can_be_recalculated_exactly(policy: ScoringPolicy) -> None:
    result = grade(STANDARD, policy, PLANT)
    for node in result.derivation.walk():
        if node.children and node.exact:
            parts = [(Fraction(c.weight), Fraction(c.exact)) for c in node.children if c.exact]
            assert sum(weight for weight, _ in parts) == 1
            assert sum(weight * score for weight, score in parts) == Fraction(node.exact)
    assert result.derivation.score == result.score


def test_the_reviewers_score_goes_before_the_rate() -> None:
    result = grade(STANDARD, EQUAL, same(3, rates={"1.1": 45}, scores={"1.1": 41}))
    assert result.subitems["1.1"] == "41"


def test_a_rate_that_the_policy_does_not_count_is_checked_and_left() -> None:
    result = grade(STANDARD, UNEQUAL, same(3, rates={"2.1": 45}))
    assert result.subitems["2.1"] == "50"


def test_a_policy_may_place_sub_items_at_the_floor_of_their_bands() -> None:
    result = grade(STANDARD, FLOOR, same(4))
    assert (result.score, result.level) == ("60", 4)
    assert {n.rule for n in result.derivation.walk() if n.code} == {Rule.FLOOR}


@pytest.mark.parametrize(
    ("level", "score", "shown"),
    [
        (1, "0", "0.00"),
        (1, "19.99999999999999999999", "19.99"),
        (2, "20", "20.00"),
        (2, "39.99999999999999999999", "39.99"),
        (3, "40", "40.00"),
        (3, "59.999", "59.99"),
        (4, "60", "60.00"),
        (4, "79.9999999999", "79.99"),
        (5, "80", "80.00"),
        (5, "99.999", "99.99"),
        (5, "100", "100.00"),
    ],
)
def test_the_ends_of_the_bands(level: int, score: str, shown: str) -> None:
    result = grade(STANDARD, EQUAL, same(level, scores=dict.fromkeys(CODES, Decimal(score))))
    assert (result.level, result.shown) == (level, shown)
    assert result.score == (score if len(score) <= 20 else score[:21])


def test_a_hair_below_the_end_of_a_band_is_below_it() -> None:
    half = {code: 2 if int(code.partition(".")[0]) in {1, 2, 3, 4, 5, 6} else 3 for code in CODES}
    even = grade(STANDARD, EQUAL, Levels(levels=half))
    assert (even.score, even.shown, even.level) == ("40", "40.00", 3)
    below = grade(STANDARD, EQUAL, Levels(levels=half, scores={"1.1": Decimal("29.99999999999999999999")}))
    assert (below.score, below.shown, below.level) == ("39.999999999999999999", "39.99", 2)
    above = grade(STANDARD, EQUAL, Levels(levels=half, scores={"1.1": Decimal("30.00000000000000000001")}))
    assert (above.score, above.shown, above.level) == ("40", "40.00", 3)


def test_open_sub_items_make_a_provisional_grade_with_its_range() -> None:
    levels = {code: 3 for code in CODES if not code.startswith(("1.", "13."))}
    result = grade(STANDARD, EQUAL, Levels(levels=levels))
    # Open: 网络互联能力, a fifth of a quarter, and 服务创新 likewise: together 1/10 of the total.
    assert (result.score, result.level, result.provisional) == ("50", 3, True)
    assert result.range == ("45", "55")
    nodes = {node.code or node.name: node for node in result.derivation.walk()}
    assert {str(nodes[name].rule) for name in ("1.1", "网络互联能力")} == {"未定，暂不计入，权重由同级分担"}
    assert [node.weight for node in nodes["基础设施层"].children] == ["0", "1/4", "1/4", "1/4", "1/4"]


def test_one_decided_sub_item_is_the_whole_provisional_score() -> None:
    result = grade(STANDARD, EQUAL, Levels(levels={"6.1": 5}, not_applicable=frozenset({"6.2"})))
    # 6.1 carries a quarter of 数据管理层, itself a quarter: 90/16 with all else at 0, plus 15/16 of 100.
    assert (result.score, result.range) == ("90", ("5.625", "99.375"))
    assert result.domains == {"基础设施层": None, "数据管理层": "90", "应用服务层": None, "业务创新层": None}


def test_nothing_decided_gives_no_score_but_the_whole_range() -> None:
    result = grade(STANDARD, EQUAL, Levels())
    assert (result.score, result.shown, result.level, result.provisional) == (None, None, None, True)
    assert result.range == ("0", "100")
    assert (result.robustness.variants, result.robustness.shifts) == ((), {})
    assert {node.rule for node in result.derivation.walk()} == {Rule.OPEN}


def test_a_domain_that_does_not_apply_hands_on_its_weight() -> None:
    levels = {code: 2 if int(code.partition(".")[0]) < 6 else 4 for code in CODES}
    left_out = {code for code in CODES if code.startswith(("9.", "10.", "11.", "12.", "13."))}
    given = Levels(levels={c: k for c, k in levels.items() if c not in left_out}, not_applicable=frozenset(left_out))
    assert grade(STANDARD, EQUAL, given).score == "56.666666666666666666"  # (30 + 70 + 70) / 3
    assert grade(STANDARD, UNEQUAL, given).score == "52.222222222222222222"  # (.4*30 + .3*70 + .2*70) / .9


def test_json_has_exactly_the_agreed_keys_and_reads_back() -> None:
    result = grade(STANDARD, UNEQUAL, PLANT)
    data = result.to_json()
    assert list(data) == [
        *("score", "shown", "level", "provisional", "range", "domains", "items", "subitems", "robustness"),
        *("policy", "standard", "derivation"),
    ]
    assert data["policy"] == {"id": "unequal", "version": "2024-06", "digest": UNEQUAL.digest}
    assert data["standard"] == {"id": "db37-iiam", "digest": STANDARD.digest}
    assert data["range"] == [result.score, result.score]
    assert list(result.domains) == [d.name for d in STANDARD.domains]
    assert list(result.items) == [i.name for i in STANDARD.items()]
    assert list(result.subitems) == CODES
    assert Grade.model_validate(json.loads(json.dumps(data))) == result


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            Levels(levels={"1.1": 3, "99.1": 3}, not_applicable=frozenset({"7"})),
            "没有能力子项“7”、“99.1”。用 iiam standard 查看全部编号。",
        ),
        (
            Levels(levels={"13.1": 3}, not_applicable=frozenset({"13.1"})),
            "13.1 既标为不适用，又给了等级。请只留其一。",
        ),
        (
            Levels(rates={"1.1": Decimal(3)}, not_applicable=frozenset({"1.1"})),
            "1.1 既标为不适用，又给了比例。请只留其一。",
        ),
        (Levels(rates={"1.1": Decimal(45)}), "1.1 给了比例，却没有等级。请补上等级，或去掉这个比例。"),
        (Levels(scores={"6.1": Decimal(45)}), "6.1 给了得分，却没有等级。请补上等级，或去掉这个得分。"),
        (
            Levels(levels={"6.1": 3}, rates={"6.1": Decimal(45)}),
            "6.1 的条款不涉及比例，不能按比例计分。请去掉这个比例。",
        ),
        (
            Levels(levels={"1.1": 2}, rates={"1.1": Decimal(40)}),
            "1.1 的比例 40 不在 L2 的分数段 [20, 40) 内。请核对等级与比例。",
        ),
        (
            Levels(levels={"1.1": 5}, rates={"1.1": Decimal("79.9")}),
            "1.1 的比例 79.9 不在 L5 的分数段 [80, 100] 内。请核对等级与比例。",
        ),
        (
            Levels(levels={"6.1": 1}, scores={"6.1": Decimal(20)}),
            "6.1 的得分 20 不在 L1 的分数段 [0, 20) 内。请核对等级与得分。",
        ),
        (Levels(not_applicable=frozenset(CODES)), "全部能力子项都标为不适用，无从评分。至少要有一项适用。"),
    ],
)
def test_what_cannot_be_graded_is_an_error_that_names_it(given: Levels, message: str) -> None:
    with pytest.raises(ScoringError) as caught:
        grade(STANDARD, EQUAL, given)
    assert str(caught.value) == message


def test_a_policy_for_another_standard_is_an_error() -> None:
    other = EQUAL.model_copy(update={"standard": "gb-9"})
    with pytest.raises(ScoringError) as caught:
        grade(STANDARD, other, PLANT)
    assert str(caught.value) == "评分政策“equal”用于标准 gb-9，不能给 db37-iiam 评分。"
