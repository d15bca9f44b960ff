"""The unified social credit code: real ones pass, every single slip is caught."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assessment.credit_code import ALPHABET, check_digit, credit_code
from assistant.errors import InputError

DIGITS = st.text("0123456789", min_size=6, max_size=6)
BODIES = st.builds(
    lambda head, place, rest: head + place + rest,
    st.text(ALPHABET, min_size=2, max_size=2),
    DIGITS,
    st.text(ALPHABET, min_size=9, max_size=9),
)


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y43", "91370200163562681G", "91440300708461136T", "91110000802100433B"],
)
def test_codes_of_the_standard_and_of_listed_companies_pass(code: str) -> None:
    assert credit_code(code) == code


@given(BODIES)
def test_a_code_with_its_check_digit_passes(body: str) -> None:
    code = body + check_digit(body)
    assert credit_code(code) == code


@given(BODIES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(body: str, place: int, other: str) -> None:
    code = body + check_digit(body)
    if code[place] != other:
        with pytest.raises(InputError):
            credit_code(code[:place] + other + code[place + 1 :])


@given(BODIES, st.integers(0, 16))
def test_two_neighbours_swapped_never_pass(body: str, place: int) -> None:
    code = body + check_digit(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        with pytest.raises(InputError):
            credit_code(swapped)


@given(st.text(max_size=40))
def test_anything_else_is_empty_or_refused_or_a_code(text: str) -> None:
    try:
        code = credit_code(text)
    except InputError:
        return
    assert code == "" or (len(code) == 18 and code[-1] == check_digit(code[:-1]))


def test_what_people_paste_is_brought_into_its_one_form() -> None:
    assert credit_code(" 9137-0200 1635 6268 1g\n") == "91370200163562681G"
    assert credit_code("９１３７０２００１６３５６２６８１Ｇ") == "91370200163562681G"
    assert credit_code("  ") == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("9137020016356268", "18 位，填写的是 16 位"),
        ("9I370200163562681G", "不会有“I”"),
        ("91A70200163562681G", "只能是数字"),
        ("91370200163562682G", "校验位不对"),
    ],
)
def test_the_message_says_what_is_wrong(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        credit_code(text)
