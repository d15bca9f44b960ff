"""Calculations are worked out exactly, nothing but arithmetic is, and every number must have been said."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engines.llm.calc import CalcError, Result, evaluate, is_calculation, numbers_in


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("(48+12)/(60+180)", 25), ("60/150", 40), ("90/90", 100), ("60-8", 52), ("1-0.22", 78), ("100-22", 78), ("100-99.5", Decimal("0.5")),
        ("(10-8.5)/10", 15), ("1/4", 25), ("40/100*100", 40), ("48÷60", 80), ("（48＋12）／（60＋180）", 25), ("48/60=80%", 80),
        ("1,200/2,400", 50), ("80%-5%", 75), ("[48+12]/240", 25), ("0/60", 0),
    ],
)  # fmt: skip
def test_what_calculations_come_to(text: str, percent: Decimal):
    assert evaluate(text).percent == percent


def test_the_numbers_of_a_calculation_in_order():
    assert evaluate("(48+12)/(60+180)") == Result(
        Decimal(25), (Decimal(48), Decimal(12), Decimal(60), Decimal(180)), ratio=True
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "算式是空的"), ("1+" * 70 + "1", "算式超过120个字符"), ("2**9", "算式里只能有加减乘除和不带负号的数"),
        ("7//2", "算式里只能有加减乘除和不带负号的数"), ("-5+3", "算式里只能有加减乘除和不带负号的数"), ("(1)(2)", "算式里只能有加减乘除和不带负号的数"),
        ("1/0", "算式除以了零或超出范围"), ("(1+2", "算式写得不完整"), ("012/3", "算式写得不完整"), ("1 2", "算式写得不完整"),
        ("48台/60台", "算式里只能有数字、小数点、+ - * / 和括号"), ("1e9/2", "算式里只能有数字、小数点、+ - * / 和括号"),
        ("__import__('os')", "算式里只能有数字、小数点、+ - * / 和括号"), ("1<2", "算式里只能有数字、小数点、+ - * / 和括号"),
        ("+".join("1" * 20), "算式的括号套得太深"),
    ],
)  # fmt: skip
def test_what_is_no_calculation_is_refused(text: str, why: str):
    with pytest.raises(CalcError) as caught:
        evaluate(text)
    assert str(caught.value) == why


@given(st.text(alphabet="0123456789.+-*/()%,= （）×÷", max_size=140))
def test_whatever_is_written_it_is_worked_out_or_refused(text: str):
    try:
        result = evaluate(text)
    except CalcError:
        return
    assert result.percent.is_finite()


@given(st.integers(1, 5000), st.integers(0, 5000))
def test_a_share_is_exact(whole: int, part: int):
    part %= whole + 1
    assert evaluate(f"{part}/{whole}") == Result(
        Decimal(part) / Decimal(whole) * 100, (Decimal(part), Decimal(whole)), ratio=True
    )


@pytest.mark.parametrize(("text", "calculation"), [("48/60", True), ("100-22", True), ("46", False), ("46%", False), ("", False), ("-5", False)])  # fmt: skip
def test_a_bare_number_is_no_calculation(text: str, calculation: bool):
    assert is_calculation(text) is calculation


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("一车间六十台，连了四十八台", ["60", "48"]), ("两成八", ["28", "0.28"]), ("一万二", ["12000"]), ("1.2万台", ["12000", "1.2"]),
        ("八个半", ["8.5", "8"]), ("一半", ["50", "0.5"]), ("俩车间", ["2"]), ("七八十台", ["70", "80"]), ("3,360台", ["3360"]),
        ("百分之六十一点五", ["61.5", "0.615"]), ("三分之一", ["1", "3"]), ("３０台", ["30"]), ("3千台", ["3000"]), ("五百多台", ["500"]),
        ("差八个百分点", ["8"]), ("两百台", ["200"]),
    ],
)  # fmt: skip
def test_numbers_that_were_said(words: str, numbers: list[str]):
    assert {Decimal(n) for n in numbers} - numbers_in(words) == set()


@pytest.mark.parametrize(("words", "number"), [("六十台", "61"), ("没有数", "1"), ("三成", "40"), ("一万二", "120")])
def test_numbers_that_were_not_said(words: str, number: str):
    assert Decimal(number) not in numbers_in(words)
