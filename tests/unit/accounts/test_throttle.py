"""How long to wait after failed sign-ins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.accounts.throttle import ADDRESS, FORGOTTEN, NAME, told, wait


@pytest.mark.parametrize(
    ("failures", "since", "expected"),
    [(0, 0, 0), (4, 0, 0), (5, 0, 30), (5, 10, 20), (5, 30, 0), (6, 0, 60), (9, 0, 480), (10, 0, 900), (10**6, 0, 900)],
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(failures, since, expected):
    assert wait(NAME, failures, since) == expected


@given(st.sampled_from([NAME, ADDRESS]), st.integers(0, 10**9), st.floats(0, 10**9))
def test_a_wait_is_never_negative_and_never_longer_than_the_longest(limit, failures, since):
    assert 0 <= wait(limit, failures, since) <= limit.longest
    assert since < FORGOTTEN or wait(limit, failures, since) == 0


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.2, "1 秒"), (59.5, "60 秒"), (60, "60 秒"), (61, "2 分钟"), (900, "15 分钟")]
)
def test_the_wait_in_words(seconds, expected):
    assert told(seconds) == expected
