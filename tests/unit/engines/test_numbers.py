"""Numerals, rates and counts in spoken forms."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engines.rules.measure import measured
from assistant.engines.rules.normalise import normalise
from assistant.engines.rules.numerals import value_of
from assistant.engines.rules.rates import rates_in


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三百零五", 305), ("三百五", 350), ("一万二", 12000), ("三千三百六十", 3360), ("一千零五十", 1050), ("一百一十", 110),
        ("十", 10), ("十五", 15), ("二十五", 25), ("百八十", 180), ("两", 2), ("二一", 21), ("六十一点五", Decimal("61.5")),
        ("3,360", 3360), ("12.5", Decimal("12.5")), ("七百九十八", 798), ("零", 0),
    ],
)  # fmt: skip
def test_numerals(text: str, value: Decimal):
    assert value_of(text) == value


@pytest.mark.parametrize("text", ["", "点五", "十十", "三四百五千", "没有"])
def test_what_is_no_numeral_has_no_value(text: str):
    assert value_of(text) is None


@given(st.integers(0, 99_999))
def test_written_out_numbers_read_back(number: int):
    assert value_of(spoken(number)) == number


def spoken(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number == 0:
        return "零"
    text, zero = "", False
    for power, unit in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += ("零" if zero and text else "") + digits[digit] + unit
            zero = False
        else:
            zero = bool(text)
    return text


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("联网率46%", 46, 46), ("也就四成四吧", 44, 44), ("八成半", 85, 85), ("七八成", 70, 80), ("三成五到四成五之间", 35, 45),
        ("百分之六十一点五", Decimal("61.5"), Decimal("61.5")), ("40%-60%", 40, 60), ("四分之一", 25, 25), ("一半", 50, 50),
        ("不到四成", 30, Decimal("39.99")), ("将近一半", 40, Decimal("49.99")), ("五成出头", 50, Decimal("59.99")),
        ("三成几", 30, Decimal("39.99")), ("二百分之一百", 50, 50), ("20.5%", Decimal("20.5"), Decimal("20.5")),
    ],
)  # fmt: skip
def test_rates(text: str, low: Decimal, high: Decimal):
    (rate,) = rates_in(normalise(text).text)
    assert (rate.low, rate.high) == (low, high)


@pytest.mark.parametrize("text", ["成本降了", "完成了三件成品", "二十个百分点", "翻了一番", "第三分厂", "一成不变地"])
def test_what_is_no_rate(text: str):
    assert rates_in(normalise(text).text) == []


NETWORK = "设备联网率"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("台账上二百台套，真挂上网的九十台。", 45),
        ("能自己传数的九十三台，总数二百一十二。", Decimal("43.867924")),
        ("一车间六十台，连了四十八台；二车间一百八十台，才连了十二台。", 25),
        ("一共一百五十台，连上的六十台，不多不少。", 40),
        ("汇报材料写八成，较真是79.4%。", Decimal("79.4")),
        ("盘下来整一千台，连上的七百九十八台。我们对外都说八成，四舍五入嘛。", Decimal("79.8")),
        ("十台里头得有八台半还没连，剩下的才上网。", 15),
        ("设备完好率九十六，联网的五成二。", 52),
        ("去年还有六成二，上个月重新盘，只剩两成八。", 28),
        ("七成吧……哎不对，七成那是配了电脑的工位。真正连上网的四成八。", 48),
        ("规划上写的是明年底做到五成，眼下也就一成八。", 18),
        ("集团通报八成多，我们自己三成六。", 36),
        ("差不多都上网了，没联上的就剩百分之二十二。", 78),
        ("年底的考核线是六成，现在还差八个百分点。", 52),
        ("一共四十台，没连网的有十八台，其余的都连上了。", 55),
        ("全厂掰成四十段，上网的二十二段。", 55),
        ("会自己传数的九十台，底数二百台。", 45),
        ("一共二百台。连得上的呢，车间六十台，库房二十台。", 40),
        ("明年的目标是倒过来，联网四分之三。眼下四分之一连上网。", 25),
    ],
)
def test_the_number_that_belongs_to_the_asked_rate(text: str, value: Decimal):
    rate = measured(normalise(text), NETWORK, [])
    assert (rate.low, rate.high) == (value, value)


@pytest.mark.parametrize(
    "text",
    [
        "今年一口气又涨了二十个百分点。",
        "跟去年比翻了一番！",
        "费用涨了五成。",
        "平台可用率99.9%。",
        "故障停机率百分之二点一。",
    ],
)
def test_increases_and_other_rates_are_not_the_rate(text: str):
    assert measured(normalise(text), NETWORK, []) is None


def test_a_total_may_stand_in_an_earlier_answer():
    rate = measured(normalise("真接上网的是七十八台。"), NETWORK, ["全厂在用的设备，一共三百台。"])
    assert rate.low == 26


def test_two_numbers_without_a_choice_are_a_range():
    rate = measured(normalise("你说三成几也行，说四成几也行。"), NETWORK, [])
    assert rate.low == 30
    assert rate.high > 40


@given(st.integers(1, 3000).flatmap(lambda whole: st.tuples(st.just(whole), st.integers(0, whole))))
def test_a_counted_share_is_never_above_the_true_one(pair: tuple[int, int]):
    whole, part = pair
    rate = measured(normalise(f"一共{whole}台，连上网的{part}台。"), NETWORK, [])
    if rate is not None and part > 1:
        true = Decimal(part) / whole * 100
        assert true - Decimal("0.000001") <= rate.low <= true
