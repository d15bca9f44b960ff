"""An endpoint that cannot be reached or says no, over real sockets: what the caller gets and what it cost."""

from __future__ import annotations

import pytest

from assistant.assessment.usage import CallPurpose
from assistant.engines.llm.endpoint import Fault as Failure
from tests.llm_bench import FOUND, GOOD, KEY, SAID, Bench, bench, ways
from tests.llm_server import (
    BROKEN,
    BUSY,
    FORBIDDEN,
    NO_MODEL,
    NO_SUCH_HOST,
    OVERLOADED,
    Fault,
    Good,
    Kind,
    LlmServer,
    busy,
    closed_port,
    error,
)

# --- the endpoint cannot be reached


@pytest.mark.parametrize("way", range(3))
def test_connection_refused(way: int) -> None:
    with closed_port() as url:
        made = Bench(url)
        failed = made.failure(ways(made)[way])
    assert failed.kind is Failure.UNREACHABLE
    assert failed.told == f"连不上大模型接口（{made.client.endpoint.host} 拒绝连接）"
    assert [c.failure for c in failed.calls] == [failed.told] * 3


@pytest.mark.parametrize("way", range(3))
def test_a_host_that_does_not_exist_is_asked_once(way: int) -> None:
    made = Bench(NO_SUCH_HOST)
    failed = made.failure(ways(made)[way])
    assert (failed.kind, len(failed.calls)) == (Failure.DNS, 1)
    assert failed.told == "大模型接口的主机名解析不了（llm.invalid）"
    assert made.failure(made.text).kind is Failure.OPEN


@pytest.mark.parametrize("way", range(3))
def test_a_tls_handshake_that_fails_is_not_repeated(way: int) -> None:
    with LlmServer() as server:
        made = Bench(server.tls_url)
        failed = made.failure(ways(made)[way])
        made.client.close()
    assert (failed.kind, len(failed.calls)) == (Failure.TLS, 1)
    assert "http 还是 https" in failed.advice


@pytest.mark.parametrize("way", range(3))
def test_a_time_out_before_anything_came_is_tried_again(way: int) -> None:
    good = Good(GOOD)
    with bench([Fault(Kind.SLOW), good], timeout=0.2) as (made, server):
        ways(made)[way]()
    assert len(server.chats) == 2
    with bench([Fault(Kind.SLOW)], timeout=0.2, retries=1) as (made, _):
        failed = made.failure(ways(made)[way])
    assert (failed.kind, len(failed.calls)) == (Failure.TIMEOUT, 2)


def test_a_time_out_in_the_middle_of_a_stream_keeps_what_was_shown_and_is_not_tried_again() -> None:
    with bench([Fault(Kind.STALL, "请问贵公司的设备联网情况如何？")], timeout=0.3) as (made, server):
        failed = made.failure(made.streamed)
    assert failed.kind is Failure.TIMEOUT
    assert failed.text == "".join(made.shown)
    assert failed.text
    assert len(server.chats) == 1


@pytest.mark.parametrize("way", range(2))
def test_a_reply_cut_off_is_tried_again_when_nothing_was_shown(way: int) -> None:
    with bench([Fault(Kind.CUT, "长" * 100), Good(GOOD)]) as (made, _):
        ways(made)[way]()
        assert len(made.time.slept) == 1


def test_a_stream_cut_off_ends_there() -> None:
    with bench([Fault(Kind.CUT, "长" * 100)]) as (made, server):
        assert made.failure(made.streamed).kind is Failure.UNREACHABLE
    assert len(server.chats) == 1


# --- the endpoint says no


@pytest.mark.parametrize("way", range(3))
@pytest.mark.parametrize(
    ("step", "kind", "told"),
    [
        (FORBIDDEN, Failure.FORBIDDEN, "（HTTP 403：You are not allowed to use this model）"),
        (NO_MODEL, Failure.MODEL, "（HTTP 404：The model does not exist）"),
        (error(402, "Insufficient Balance"), Failure.FORBIDDEN, "（HTTP 402：Insufficient Balance）"),
        (error(400, "Model Not Exist"), Failure.MODEL, "（HTTP 400：Model Not Exist）"),
        (error(302, "Found", headers={"Location": "http://elsewhere/"}), Failure.OTHER, "（HTTP 302：Found）"),
        (error(400, "inspected", "data_inspection_failed"), Failure.REFUSED, "（HTTP 400：inspected）"),
        (error(400, f"maximum context length is 8192 {KEY}"), Failure.BAD_REQUEST, "context length is 8192 ***）"),
    ],
)
def test_a_refusal_for_good_is_not_repeated(way: int, step: Fault, kind: Failure, told: str) -> None:
    with bench([step]) as (made, server):
        failed = made.failure(ways(made)[way])
    assert failed.kind is kind
    assert failed.told.endswith(told)
    assert len(server.chats) == len(failed.calls) == 1


def test_a_wrong_key_is_told_without_the_words_of_the_endpoint() -> None:
    with LlmServer(key="another") as server:
        made = Bench(server.url)
        failed = made.failure(made.text)
        assert made.failure(made.text).kind is Failure.OPEN
        assert len(server.seen) == 1
        made.client.close()
    assert failed.told == "大模型接口不认这个密钥（HTTP 401）"
    assert failed.advice == "请检查 IIAM_LLM_API_KEY"


def test_a_rate_limit_is_waited_for_as_long_as_the_endpoint_says() -> None:
    with bench([busy("2"), busy("0"), Good(GOOD)]) as (made, _):
        reply = made.structured()
    assert made.time.slept == [2.0, 0.0]
    assert [bool(c.failure) for c in reply.calls] == [True, True, False]


@pytest.mark.parametrize("when", ["6", "3600", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_a_rate_limit_longer_than_people_wait_is_given_up_at_once(when: str) -> None:
    with bench([busy(when)]) as (made, server):
        failed = made.failure(made.structured)
        assert made.failure(made.structured).kind is Failure.OPEN
    assert (failed.kind, len(server.chats), made.time.slept) == (Failure.RATE_LIMIT, 1, [])


@pytest.mark.parametrize("when", ["", "soon", "nan", "inf"])
def test_a_rate_limit_without_a_time_is_tried_again_after_a_short_while(when: str) -> None:
    with bench([busy(when) if when else BUSY, Good(GOOD)]) as (made, _):
        made.structured()
    [slept] = made.time.slept
    assert 0 <= slept <= 5


def test_a_quota_that_is_spent_is_not_waited_for() -> None:
    with bench([error(429, "You exceeded your current quota", "insufficient_quota")]) as (made, server):
        assert made.failure(made.text).kind is Failure.RATE_LIMIT
    assert len(server.chats) == 1


@pytest.mark.parametrize("way", range(3))
def test_one_server_error_is_got_over(way: int) -> None:
    with bench([BROKEN, Good(GOOD)]) as (made, server):
        ways(made)[way]()
    assert len(server.chats) == 2


@pytest.mark.parametrize("way", range(3))
def test_a_server_that_is_always_broken_is_tried_three_times_then_left_alone(way: int) -> None:
    with bench([OVERLOADED]) as (made, server):
        failed = [made.failure(ways(made)[way]) for _ in range(4)]
        assert [f.kind for f in failed] == [Failure.SERVER] * 3 + [Failure.OPEN]
        assert [len(f.calls) for f in failed] == [3, 3, 3, 0]
        made.time.now += 30
        assert len(made.failure(made.text).calls) == 1  # a probe is one try
    assert len(server.chats) == 10


def test_the_breaker_closes_when_the_probe_comes_through() -> None:
    with bench([BROKEN] * 3 + [Good(GOOD)], retries=0) as (made, _):
        for _ in range(3):
            made.failure(made.structured)
        made.time.now += 30
        assert made.structured().value == FOUND
        assert made.structured().value == FOUND


def test_no_try_begins_after_the_deadline() -> None:
    with bench([busy("4")], deadline=6.0, retries=9) as (made, server):
        assert made.failure(made.text).kind is Failure.RATE_LIMIT
    assert (made.time.slept, len(server.chats)) == ([4.0], 2)


def test_a_stream_that_drips_past_the_deadline_is_given_up() -> None:
    with bench([Fault(Kind.STALL, "长" * 100, seconds=0.2)], deadline=6.0) as (made, server):

        def slowly(piece: str) -> None:
            made.time.now += 10

        failed = made.failure(lambda: made.client.text(CallPurpose.PHRASE, "p", SAID, 50, tell=slowly))
    assert (failed.kind, len(server.chats)) == (Failure.TIMEOUT, 1)
