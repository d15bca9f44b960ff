"""One request to a model and what came of it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

from assistant.assessment.usage import Call, CallPurpose
from assistant.engines.llm import output
from assistant.engines.llm.diagnose import understood
from assistant.engines.llm.faults import EndpointError, Fault
from assistant.engines.llm.manner import Manner, Messages
from assistant.engines.llm.output import Visible, Written
from assistant.errors import IiamError
from assistant.ports import Tell

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk
    from langchain_core.messages.ai import UsageMetadata
    from langchain_core.runnables import RunnableConfig

    from assistant.engines.llm.chat import Chat

ALONE: RunnableConfig = {"callbacks": []}
"""Callbacks of a graph around a call do not see it."""


@dataclass(frozen=True)
class Order:
    """A call to be made, the same at each try; `until` is when it has to be over, by the client's clock."""

    purpose: CallPurpose
    prompt: str
    messages: Messages
    max_tokens: int
    schema: type[BaseModel] | None
    tell: Tell | None
    until: float

    def called(self, model: str, usage: UsageMetadata | None, seconds: float, failure: str) -> Call:
        """The record of one try."""
        counted = Call(
            purpose=self.purpose, model=model, prompt=self.prompt, millis=round(seconds * 1000), failure=failure
        )
        if usage is None:
            return counted
        read, written = _count(usage["input_tokens"]), _count(usage["output_tokens"])
        cached = min(_count(usage.get("input_token_details", {}).get("cache_read")), read)
        return counted.model_copy(update={"tokens_in": read, "tokens_out": written, "cached": cached})


def _count(told: object) -> int:
    """Tokens as an endpoint reports them, which may be anything; what is no count is none."""
    try:
        return max(int(told), 0) if isinstance(told, int | float | str) else 0
    except (ValueError, OverflowError):
        return 0


@dataclass
class Answer:
    """What has come back so far."""

    written: Written = field(default_factory=Written)
    usage: UsageMetadata | None = None


def ask(chat: Chat, order: Order, manner: Manner, longest: int, answer: Answer) -> None:
    """Send one request; `answer` holds what came of it, also when it ends in an EndpointError."""
    from assistant.engines.llm.transport import UNTIL

    fields = manner.fields(order.max_tokens, order.schema)
    messages = manner.messages(order.messages, order.schema)
    token = UNTIL.set(order.until)
    try:
        if order.tell:
            stream = chat.stream(messages, config=ALONE, extra_body=fields, stream_usage=manner.stream_usage)
            _watch(cast("Generator[AIMessageChunk]", stream), order.tell, longest, answer)
        else:
            _take(chat, messages, fields, longest, answer)
    except IiamError:
        raise
    except Exception as error:  # the libraries raise whatever a strange reply makes them stumble over
        raise understood(error) from error
    finally:
        UNTIL.reset(token)


def _take(chat: Chat, messages: list[tuple[str, str]], fields: dict[str, Any], longest: int, answer: Answer) -> None:
    from assistant.engines.llm.chat import written

    message = chat.invoke(messages, config=ALONE, extra_body=fields)
    answer.written, answer.usage = written(message), message.usage_metadata
    _check_length(answer.written, longest)


def _watch(stream: Generator[AIMessageChunk], tell: Tell, longest: int, answer: Answer) -> None:
    from assistant.engines.llm.chat import piece

    visible, shown = Visible(), False
    try:
        with closing(stream) as chunks:
            for chunk in chunks:
                part = piece(chunk)
                answer.written += part
                answer.usage = chunk.usage_metadata or answer.usage  # some count up with each event
                _check_length(answer.written, longest)
                if fit := visible.feed(part.content):
                    shown = True
                    tell(fit)
    except Exception as error:
        known = understood(error)
        if isinstance(known, EndpointError):
            known.text, known.shown = known.text or output.plain(answer.written.content), shown
        raise known from error


def _check_length(written: Written, longest: int) -> None:
    if written.length > longest:
        raise EndpointError(Fault.TOO_LONG, f"超过 {longest} 字")
