"""Calls of a model: asks as the endpoint wants to be asked, tries again where that helps, believes nothing.

Every try is a `Call`, whether it came to something or not. Whatever goes wrong is an `EndpointError`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from pydantic import BaseModel

from assistant.assessment.usage import Call, CallPurpose
from assistant.engines.llm import output
from assistant.engines.llm.breaker import Breaker
from assistant.engines.llm.cassette import Cassette
from assistant.engines.llm.diagnose import found
from assistant.engines.llm.endpoint import Endpoint
from assistant.engines.llm.faults import CassetteMiss, EndpointError, Fault
from assistant.engines.llm.manner import Manner, Messages
from assistant.engines.llm.output import Visible, Written
from assistant.engines.llm.retry import retrying
from assistant.errors import IiamError
from assistant.ports import Tell

if TYPE_CHECKING:
    import httpx2
    from langchain_core.messages import AIMessageChunk
    from langchain_core.messages.ai import UsageMetadata
    from langchain_core.runnables import RunnableConfig
    from langchain_openai import ChatOpenAI

    from assistant.engines.llm.chat import Chat

V = TypeVar("V")
T = TypeVar("T", bound=BaseModel)

ALONE: RunnableConfig = {"callbacks": []}
"""Callbacks of a graph around a call do not see it."""


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


@dataclass(frozen=True)
class _Order:
    """One call to be made, the same at each try."""

    purpose: CallPurpose
    prompt: str
    messages: Messages
    max_tokens: int
    schema: type[BaseModel] | None
    tell: Tell | None
    until: float


@dataclass
class _Answer:
    """What has come back so far."""

    written: Written = field(default_factory=Written)
    usage: UsageMetadata | None = None


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
        order = _Order(purpose, prompt, messages, max_tokens, schema, tell, until)
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
        self, read: Callable[[Written], V], order: _Order, calls: list[Call], tries: int
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

    def _once(
        self, read: Callable[[Written], V], order: _Order, manner: Manner, calls: list[Call]
    ) -> tuple[V, Written]:
        answer, start = _Answer(), self._clock()

        def called(failure: str = "") -> None:
            calls.append(_called(order, self.endpoint.model, answer.usage, self._clock() - start, failure))

        try:
            self._ask(order, manner, answer)
            self._manner = manner  # the endpoint took it
            value = read(answer.written)
        except CassetteMiss:
            raise
        except EndpointError as error:
            called(error.told)
            raise
        called()
        return value, answer.written

    def _ask(self, order: _Order, manner: Manner, answer: _Answer) -> None:
        """One request; `answer` holds what came of it, also when it ends in an EndpointError."""
        from assistant.engines.llm.transport import UNTIL

        fields = manner.fields(order.max_tokens, order.schema)
        messages = manner.messages(order.messages, order.schema)
        token = UNTIL.set(order.until)
        try:
            if order.tell:
                self._stream(messages, fields, manner.stream_usage, order.tell, answer)
            else:
                self._whole(messages, fields, answer)
        except IiamError:
            raise
        except Exception as error:  # the libraries raise whatever a strange reply makes them stumble over
            raise _understood(error) from error
        finally:
            UNTIL.reset(token)

    def _whole(self, messages: list[tuple[str, str]], fields: dict[str, Any], answer: _Answer) -> None:
        from assistant.engines.llm.chat import written

        message = self._chat.invoke(messages, config=ALONE, extra_body=fields)
        answer.written, answer.usage = written(message), message.usage_metadata
        self._check_length(answer.written)

    def _stream(
        self, messages: list[tuple[str, str]], fields: dict[str, Any], usage: bool, tell: Tell, answer: _Answer
    ) -> None:
        from assistant.engines.llm.chat import piece

        visible = Visible()
        stream = self._chat.stream(messages, config=ALONE, extra_body=fields, stream_usage=usage)
        shown = False
        try:
            with closing(cast("Generator[AIMessageChunk]", stream)) as chunks:
                for chunk in chunks:
                    answer.written += piece(chunk)
                    answer.usage = chunk.usage_metadata or answer.usage  # some count up with each event
                    self._check_length(answer.written)
                    if fit := visible.feed(str(chunk.text)):
                        shown = True
                        tell(fit)
        except Exception as error:
            known = _understood(error)
            if isinstance(known, EndpointError):
                known.text, known.shown = known.text or output.plain(answer.written.content), shown
            raise known from error

    def _check_length(self, written: Written) -> None:
        if written.length > self.endpoint.longest_reply:
            raise EndpointError(Fault.TOO_LONG, f"超过 {self.endpoint.longest_reply} 字")


def _understood(error: Exception) -> IiamError:
    """What an exception of the libraries means; their own words may hold anything, so they are not passed on."""
    own = found(error)
    if own:
        return own
    if isinstance(error, json.JSONDecodeError) and error.doc.strip():
        return EndpointError(Fault.OTHER, "不是 JSON")
    if isinstance(error, json.JSONDecodeError) or "No generation chunks" in str(error):
        return EndpointError(Fault.EMPTY)
    if type(error).__name__ == "APIError":  # an error among the events of a stream
        return EndpointError(Fault.SERVER, "流式答复中报错")
    return EndpointError(Fault.OTHER, type(error).__name__)


def _called(order: _Order, model: str, usage: UsageMetadata | None, seconds: float, failure: str) -> Call:
    counted = (
        {
            "tokens_in": usage["input_tokens"],
            "tokens_out": usage["output_tokens"],
            "cached": usage.get("input_token_details", {}).get("cache_read", 0),
        }
        if usage
        else {}
    )
    millis = round(seconds * 1000)
    return Call(purpose=order.purpose, model=model, prompt=order.prompt, millis=millis, failure=failure, **counted)
