"""A client against the local model server, for tests: with a clock that only sleeping moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from pydantic import SecretStr

from assistant.assessment.usage import CallPurpose
from assistant.engines.llm.client import Client, Reply, Structured
from assistant.engines.llm.endpoint import Endpoint, EndpointError, Provider, providers
from knowledge.model import Frozen
from tests.llm_server import MODEL, LlmServer, Script

KEY = "sk-secret-1234567890"
SAID = [("system", "判断。"), ("user", "我们联网了四成设备。")]
GENERIC = providers()["generic"]


class Found(Frozen):
    """A small schema."""

    code: str
    verdict: Literal["met", "partly", "not"]


FOUND = Found(code="1.1", verdict="met")
GOOD: dict[str, Any] = FOUND.model_dump()


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Bench:
    """A client, and what was shown while a reply was streamed."""

    def __init__(self, url: str, provider: Provider = GENERIC, key: str = KEY, **limits: Any) -> None:
        self.time = Time()
        self.shown: list[str] = []
        endpoint = Endpoint(url, SecretStr(key), MODEL, provider, **{"timeout": 5.0, **limits})
        self.client = Client(endpoint, sleep=self.time.sleep, clock=self.time)

    def structured(self, max_tokens: int = 50) -> Structured[Found]:
        return self.client.structured(CallPurpose.READ, "p1", SAID, Found, max_tokens)

    def text(self) -> Reply:
        return self.client.text(CallPurpose.PHRASE, "p2", SAID, 50)

    def streamed(self) -> Reply:
        return self.client.text(CallPurpose.PHRASE, "p2", SAID, 50, tell=self.shown.append)

    def failure(self, ask: Callable[[], object]) -> EndpointError:
        """The error of a call; with its text and calls free of the key."""
        with pytest.raises(EndpointError) as raised:
            ask()
        failed = raised.value
        told = (str(failed), failed.text, *failed.faults, *(c.model_dump_json() for c in failed.calls))
        assert not any(KEY in t for t in told)
        assert "\n" not in failed.told
        return failed


@contextmanager
def bench(
    script: Script, provider: Provider = GENERIC, key: str = KEY, **more: Any
) -> Iterator[tuple[Bench, LlmServer]]:
    own = {name: more.pop(name) for name in ("usage", "stream_usage", "cached", "models") if name in more}
    with LlmServer(script, key=key, **own) as server:
        made = Bench(server.url, provider, key, **more)
        yield made, server
        made.client.close()


def ways(bench: Bench) -> list[Callable[[], object]]:
    return [bench.structured, bench.text, bench.streamed]
