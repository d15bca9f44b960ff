"""The breaker opens after failures, lets one call probe, and closes when it comes through."""

from __future__ import annotations

import pytest

from assistant.engines.llm.breaker import AT_ONCE, COUNTED, FOR_LONG, Breaker
from assistant.engines.llm.faults import EndpointError, Fault


class Time:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> Breaker:
    return Breaker(time)


def fail(breaker: Breaker, kind: Fault, times: int = 1, after: float | None = None) -> None:
    for _ in range(times):
        breaker.failed(EndpointError(kind, after=after))


def refuses(breaker: Breaker) -> bool:
    try:
        breaker.admit()
    except EndpointError as error:
        return error.kind is Fault.OPEN
    return False


def test_two_failures_close_nothing_and_a_success_forgets_them(breaker: Breaker) -> None:
    fail(breaker, Fault.SERVER, 2)
    breaker.succeeded()
    fail(breaker, Fault.SERVER, 2)
    assert not refuses(breaker)


@pytest.mark.parametrize("kind", sorted(COUNTED))
def test_three_failures_in_a_row_open_it_for_half_a_minute(breaker: Breaker, time: Time, kind: Fault) -> None:
    fail(breaker, kind, 3)
    assert breaker.waiting == 30.0
    time.now += 29.9
    assert refuses(breaker)
    time.now += 0.1
    assert breaker.admit() is True


@pytest.mark.parametrize("kind", sorted(AT_ONCE))
def test_what_is_sure_to_fail_again_opens_it_at_once(breaker: Breaker, kind: Fault) -> None:
    fail(breaker, kind)
    assert breaker.waiting == (600.0 if kind in FOR_LONG else 30.0)


@pytest.mark.parametrize("kind", sorted(set(Fault) - COUNTED - AT_ONCE))
def test_a_reply_that_cannot_be_used_shows_that_the_endpoint_is_there(breaker: Breaker, kind: Fault) -> None:
    fail(breaker, Fault.SERVER, 2)
    fail(breaker, kind)
    fail(breaker, Fault.SERVER, 2)
    assert not refuses(breaker)


def test_an_endpoint_that_asked_for_time_gets_it(breaker: Breaker) -> None:
    fail(breaker, Fault.RATE_LIMIT, after=90.0)
    assert breaker.waiting == 90.0


def test_one_call_probes_while_others_wait(breaker: Breaker, time: Time) -> None:
    fail(breaker, Fault.SERVER, 3)
    time.now += 30
    assert breaker.admit() is True
    assert refuses(breaker)
    breaker.succeeded()
    assert breaker.admit() is False


def test_a_probe_that_never_came_back_does_not_close_the_way_for_ever(breaker: Breaker, time: Time) -> None:
    fail(breaker, Fault.SERVER, 3)
    time.now += 30
    breaker.admit()
    time.now += 30
    assert breaker.admit() is True


def test_each_failed_probe_doubles_the_pause_up_to_ten_minutes(breaker: Breaker, time: Time) -> None:
    fail(breaker, Fault.UNREACHABLE, 3)
    pauses = []
    for _ in range(7):
        pauses.append(breaker.waiting)
        time.now += breaker.waiting
        breaker.admit()
        fail(breaker, Fault.UNREACHABLE)
    assert pauses == [30, 60, 120, 240, 480, 600, 600]


def test_people_are_told_how_long_and_why(breaker: Breaker) -> None:
    breaker.failed(EndpointError(Fault.AUTH, "HTTP 401"))
    with pytest.raises(EndpointError) as refused:
        breaker.admit()
    assert refused.value.told == (
        "大模型接口连续出错，暂停使用（约 600 秒后再试；上次：大模型接口不认这个密钥（HTTP 401））"
    )
    assert refused.value.calls == ()
