"""The guard on the way to the endpoint, over a transport that answers as told: bodies that are packed, or never end."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator

import httpx2
import pytest

from assistant.engines.llm.endpoint import EndpointError, Fault
from assistant.engines.llm.transport import UNTIL, Guard
from tests.llm_bench import Time
from tests.llm_talk import endpoint

PACKED = {"content-encoding": "gzip", "content-type": "application/json"}


class Answers(httpx2.BaseTransport):
    """Gives the same answer to every request."""

    def __init__(self, status: int, pieces: Callable[[], Iterator[bytes]], headers: dict[str, str]) -> None:
        self._status, self._pieces, self._headers = status, pieces, headers

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer; its body comes piece by piece."""
        return httpx2.Response(self._status, headers=self._headers, content=self._pieces())


def asked(answers: Answers, time: Time, until: float = 60.0) -> str:
    """What a request through the guard comes to."""
    token = UNTIL.set(until)
    try:
        with httpx2.Client(transport=Guard(answers, endpoint("http://host/v1"), time)) as web:
            return web.get("http://host/v1/models").text
    finally:
        UNTIL.reset(token)


def test_a_packed_reply_is_unpacked() -> None:
    packed = gzip.compress("好的。".encode())
    assert asked(Answers(200, lambda: iter([packed[:9], packed[9:]]), PACKED), Time()) == "好的。"


def test_a_small_reply_that_unpacks_to_a_large_one_is_too_long() -> None:
    packed = gzip.compress(b" " * 5_000_000)
    assert len(packed) < 10_000
    with pytest.raises(EndpointError) as failed:
        asked(Answers(200, lambda: iter([packed]), PACKED), Time())
    assert failed.value.kind is Fault.TOO_LONG


def test_a_reply_that_cannot_be_unpacked_is_an_error_of_the_way() -> None:
    with pytest.raises(EndpointError) as failed:
        asked(Answers(200, lambda: iter([b"not packed"]), PACKED), Time())
    assert failed.value.kind is Fault.UNREACHABLE


def test_an_error_that_drips_is_told_when_the_time_is_up() -> None:
    time = Time()

    def drips() -> Iterator[bytes]:
        while True:
            time.sleep(1.0)
            yield b"x"

    with pytest.raises(EndpointError) as failed:
        asked(Answers(500, drips, {}), time, until=10.0)
    assert (failed.value.kind, failed.value.text) == (Fault.SERVER, "x" * 10)
    assert time.now <= 12.0
