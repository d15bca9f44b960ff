"""Calls of a model: asks as the endpoint wants to be asked, tries again where that helps, believes nothing.

Every try is a `Call`, whether it came to something or not. Whatever goes wrong is an `EndpointError`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import BaseModel

from assistant.assessment.usage import Call, CallPurpose
from assistant.engines.llm import asking, output
from assistant.engines.llm.asking import Answer, Order
from assistant.engines.llm.breaker import Breaker
from assistant.engines.llm.cassette import Cassette
from assistant.engines.llm.endpoint import Endpoint
from assistant.engines.llm.faults import CassetteMiss, EndpointError, Fault
from assistant.engines.llm.manner import Manner, Messages
from assistant.engines.llm.output import Written
from assistant.engines.llm.retry import retrying
from assistant.ports import Tell

if TYPE_CHECKING:
    import httpx2
    from langchain_openai import ChatOpenAI

    from assistant.engines.llm.chat import Chat

V = TypeVar("V")
T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Reply:
    """A reply in plain words, and the calls it took."""

    text: str
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Structured(Generic[T]):
    """A reply as a value, the text it was read from, and the calls it took."""

    value: T
    text: str
    calls: tuple[Call, ...]


class Client:
    """One endpoint. `sleep` and `clock` are for tests. Keeps in mind what the endpoint refuses and when it fails."""

    def __init__(
        self,
        endpoint: Endpoint,
        cassette: Cassette | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.endpoint = endpoint
        self.breaker = Breaker(clock)
        self._cassette = cassette
        self._sleep = sleep
        self._clock = clock
        self._manner = Manner(endpoint.provider)

    def warm(self) -> None:
        """Load the libraries, which takes a second or two; opens no connection."""
        _ = self._chat

    def text(
        self, purpose: CallPurpose, prompt: str, messages: Messages, max_tokens: int, tell: Tell | None = None
    ) -> Reply:
        """A reply in words; with `tell` it is streamed. Raises EndpointError."""
        value, _, calls = self._call(output.words, purpose, prompt, messages, max_tokens, None, tell)
        return Reply(value, calls)

    def structured(
        self, purpose: CallPurpose, prompt: str, messages: Messages, schema: type[T], max_tokens: int
    ) -> Structured[T]:
        """A reply as an instance of `schema`. Raises EndpointError; one that does not validate is not asked again."""
        read = partial(output.value, schema=schema)
        value, written, calls = self._call(read, purpose, prompt, messages, max_tokens, schema, None)
        return Structured(value, written.said, calls)

    def chat_model(self, max_tokens: int) -> ChatOpenAI:
        """The model for an agent of langchain; its exceptions hold an EndpointError that `diagnose.found` gets out."""
        from assistant.engines.llm.chat import build

        manner = self._manner
        return build(
            self.endpoint, self._transport, extra_body=manner.fields(max_tokens), stream_usage=manner.stream_usage
        )

    def give_way(self, error: EndpointError) -> bool:
        """Ask otherwise from now on where the endpoint refused how `chat_model` asked; False when nothing is left."""
        other = self._manner.after(error.text, structured=False) if error.kind is Fault.BAD_REQUEST else None
        self._manner = other or self._manner
        return other is not None

    def close(self) -> None:
        """Close the connections."""
        if "_transport" in self.__dict__:
            self._transport.close()

    @cached_property
    def _transport(self) -> httpx2.BaseTransport:
        from assistant.engines.llm.transport import connect

        real = partial(connect, self.endpoint, self._clock)
        return self._cassette.around(real) if self._cassette else real()

    @cached_property
    def _chat(self) -> Chat:
        from assistant.engines.llm.chat import build

        return build(self.endpoint, self._transport)

    def _call(
        self,
        read: Callable[[Written], V],
        purpose: CallPurpose,
        prompt: str,
        messages: Messages,
        max_tokens: int,
        schema: type[BaseModel] | None,
        tell: Tell | None,
    ) -> tuple[V, Written, tuple[Call, ...]]:
        probing = self.breaker.admit()
        self.warm()  # what loading takes is not the endpoint's time
        calls: list[Call] = []
        until = self._clock() + self.endpoint.deadline
        order = Order(purpose, prompt, messages, max_tokens, schema, tell, until)
        try:
            value, written = self._patiently(read, order, calls, 1 if probing else self.endpoint.retries + 1)
        except CassetteMiss:
            raise
        except EndpointError as error:
            error.calls = tuple(calls)
            self.breaker.failed(error)
            raise
        self.breaker.succeeded()
        return value, written, tuple(calls)

    def _patiently(
        self, read: Callable[[Written], V], order: Order, calls: list[Call], tries: int
    ) -> tuple[V, Written]:
        manner = self._manner
        while True:
            try:
                again = retrying(tries, order.until, self._sleep, self._clock)
                return again(self._once, read, order, manner, calls)
            except EndpointError as error:
                other = manner.after(error.text, order.schema is not None) if error.kind is Fault.BAD_REQUEST else None
                if other is None:
                    raise
                manner = other

    def _once(self, read: Callable[[Written], V], order: Order, manner: Manner, calls: list[Call]) -> tuple[V, Written]:
        answer, start = Answer(), self._clock()

        def called(failure: str = "") -> None:
            calls.append(order.called(self.endpoint.model, answer.usage, self._clock() - start, failure))

        try:
            asking.ask(self._chat, order, manner, self.endpoint.longest_reply, answer)
            self._manner = manner  # the endpoint took it
            value = read(answer.written)
        except CassetteMiss:
            raise
        except EndpointError as error:
            called(error.told)
            raise
        called()
        return value, answer.written
