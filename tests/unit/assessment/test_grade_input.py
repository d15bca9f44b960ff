"""The input of the scorer: values it refuses, and its file form."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from assistant.assessment.grade_input import Levels, parse_grade_file
from assistant.errors import ScoringError
from knowledge.loader import load_standard

STANDARD = load_standard()


def parsed(text: str) -> Levels:
    return parse_grade_file(text, STANDARD)


def test_a_grade_file() -> None:
    text = '{"levels": {"1.1": 3, "13.1": 1}, "rates": {"1.1": 45.10}, "not_applicable": ["9.1", "7.2"]}'
    assert parsed(text) == Levels(
        levels={"1.1": 3, "13.1": 1}, rates={"1.1": Decimal("45.10")}, not_applicable=frozenset({"7.2", "9.1"})
    )


def test_rates_and_what_does_not_apply_may_be_left_out_and_a_byte_order_mark_is_none_of_the_users_doing() -> None:
    assert parsed('\ufeff{"levels": {}}') == Levels()


def test_numbers_are_read_exactly_as_written() -> None:
    digits = "45.12345678901234567890"
    assert parsed(f'{{"levels": {{"1.1": 3}}, "rates": {{"1.1": {digits}}}}}').rates == {"1.1": Decimal(digits)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "第 1 行第 1 列附近不是合法的 JSON。请检查此处的引号、逗号和括号。"),
        ('{\n "levels": {"1.1": 3,}\n}', "第 2 行第 22 列附近不是合法的 JSON。请检查此处的引号、逗号和括号。"),
        ('{"levels": {}} x', "第 1 行第 16 列附近不是合法的 JSON。请检查此处的引号、逗号和括号。"),
        ("[" * 100_000, "JSON 中的括号套得太深，或有数字太长。请按说明的格式重写。"),
        ('{"levels": {"1.1": ' + "9" * 5000 + "}}", "JSON 中的括号套得太深，或有数字太长。请按说明的格式重写。"),
        ("[]", '文件须是含有 levels 的 JSON 对象，如 {"levels": {"1.1": 3}}。'),
        ("{}", '文件须是含有 levels 的 JSON 对象，如 {"levels": {"1.1": 3}}。'),
        ('{"levels": {}, "level": 3}', "不认识的键“level”，可用的是：levels、rates、not_applicable。"),
        ('{"levels": {}, "scores": {}}', "不认识的键“scores”，可用的是：levels、rates、not_applicable。"),
        ('{"levels": {}, "levels": {}}', "“levels”写了 2 次。请只留一处。"),
        ('{"levels": {"1.1": 3, "1.1": 3}}', "“1.1”写了 2 次。请只留一处。"),
        ('{"levels": [3]}', 'levels 须是“编号: 值”的对照表，编号要加引号，如 {"1.1": 3}。'),
        ('{"levels": null}', 'levels 须是“编号: 值”的对照表，编号要加引号，如 {"1.1": 3}。'),
        ('{"levels": {}, "rates": []}', 'rates 须是“编号: 值”的对照表，编号要加引号，如 {"1.1": 3}。'),
        ('{"levels": {}, "not_applicable": "13.1"}', 'not_applicable 须是能力子项编号的列表，如 ["13.1"]。'),
        ('{"levels": {}, "not_applicable": 13.1}', 'not_applicable 须是能力子项编号的列表，如 ["13.1"]。'),
        ('{"levels": {}, "not_applicable": {"13.1": 1}}', 'not_applicable 须是能力子项编号的列表，如 ["13.1"]。'),
        ('{"levels": {}, "not_applicable": [13.1]}', 'not_applicable 中的“13.1”不是编号，编号要加引号，如 "13.1"。'),
        ('{"levels": {}, "not_applicable": [[]]}', 'not_applicable 中的“[]”不是编号，编号要加引号，如 "13.1"。'),
        (
            '{"levels": {}, "not_applicable": ["13.1", "13.1"]}',
            "not_applicable 中有编号重复。请每个编号只写一次。",
        ),
        ('{"levels": {"99.1": 3}}', "没有能力子项“99.1”。用 iiam standard 查看全部编号。"),
        ('{"levels": {}, "rates": {"1": 3}}', "没有能力子项“1”。用 iiam standard 查看全部编号。"),
        ('{"levels": {}, "not_applicable": ["1\\u001b[31m"]}', "没有能力子项“1�[31m”。用 iiam standard 查看全部编号。"),
        ('{"levels": {"1.1": 3}, "rates": {"1.1": "45%"}}', "“1.1”的比例“45%”须是数，不要加引号或百分号，如 45。"),
        ('{"levels": {"1.1": 3}, "rates": {"1.1": NaN}}', "NaN 不是可用的数。比例须是 0 到 100 的数。"),
        ('{"levels": {"1.1": 3}, "rates": {"1.1": -Infinity}}', "-Infinity 不是可用的数。比例须是 0 到 100 的数。"),
        ('{"levels": {"1.1": 3}, "rates": {"1.1": 1e99}}', "“1.1”的比例须是 0 到 100 的数，收到的是 1E+99。"),
        (
            '{"levels": {"1.1": 3}, "rates": {"1.1": 1e99999999999999999999}}',
            "JSON 中的括号套得太深，或有数字太长。请按说明的格式重写。",
        ),
        ('{"levels": {"1.1": 1}, "rates": {"1.1": 1e-999999}}', "“1.1”的比例小数位太多，最多 40 位。"),
    ],
)
def test_a_bad_file_is_an_error_that_says_where(text: str, message: str) -> None:
    with pytest.raises(ScoringError) as caught:
        parsed(text)
    assert str(caught.value) == message


@pytest.mark.parametrize("written", ["0", "6", "-1", "true", "3.0", '"3"', "null", "[3]", "{}", "1e0"])
def test_a_level_is_an_integer_from_1_to_5(written: str) -> None:
    with pytest.raises(ScoringError) as caught:
        parsed(f'{{"levels": {{"1.1": {written}}}}}')
    assert str(caught.value).startswith("“1.1”的等级须是 1 到 5 的整数，收到的是 ")
    assert str(caught.value).endswith("。未定的子项不写即可。")


@pytest.mark.parametrize("level", [0, 6, True, False, 3.0, "3", None, Decimal(3)])
def test_levels_given_in_code_are_checked_alike(level: object) -> None:
    with pytest.raises(ScoringError, match=r"“1\.1”的等级须是 1 到 5 的整数"):
        Levels.model_validate({"levels": {"1.1": level}})


@pytest.mark.parametrize(
    "number", [-0.001, 100.001, float("nan"), float("inf"), "NaN", "sNaN", "45%", "", True, None, [45], 10**400]
)
@pytest.mark.parametrize(("name", "what"), [("rates", "比例"), ("scores", "得分")])
def test_rates_and_scores_are_numbers_from_0_to_100(name: str, what: str, number: object) -> None:
    with pytest.raises(ScoringError) as caught:
        Levels.model_validate({name: {"1.1": number}})
    assert str(caught.value).startswith(f"“1.1”的{what}须是 0 到 100 的数，收到的是 ")
    assert len(str(caught.value)) < 80


def test_a_quotient_of_counts_is_a_rate() -> None:
    rate = Decimal(1) / Decimal(3000) * 100
    assert Levels(rates={"1.1": rate}).rates == {"1.1": rate}


@pytest.mark.parametrize("number", [33.3, "33.3", Decimal("33.3")])
def test_a_float_means_the_decimal_it_prints_as(number: object) -> None:
    assert Levels.model_validate({"rates": {"1.1": number}}).rates == {"1.1": Decimal("33.3")}


def test_levels_survive_their_json_which_is_the_same_for_the_same_levels() -> None:
    codes = list(STANDARD.subitems)
    given = Levels(
        levels={"1.1": 3},
        rates={"1.1": Decimal("45.5")},
        scores={"1.1": Decimal(41)},
        not_applicable=frozenset(codes[5:]),
    )
    text = given.model_dump_json()
    assert Levels.model_validate_json(text) == given
    assert json.loads(text)["not_applicable"] == sorted(codes[5:])
