"""The copilot's calls: of the model with the client's patience, of the tools with what goes wrong told in Chinese."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from langchain.agents.middleware import AgentMiddleware
from langchain_core.messages import AIMessage, ToolCall, ToolMessage

from assistant.assessment.text import one_line
from assistant.assessment.usage import NOTHING_SPENT, Spent
from assistant.engines.llm.chat import written
from assistant.engines.llm.client import Client
from assistant.engines.llm.copilot_kit import TITLES
from assistant.engines.llm.diagnose import understood
from assistant.engines.llm.faults import CassetteMiss, EndpointError, Fault
from assistant.engines.llm.output import words
from assistant.engines.llm.retry import retrying
from assistant.engines.llm.transport import UNTIL
from assistant.errors import IiamError
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from langchain.agents.middleware.types import ModelRequest, ModelResponse, ToolCallRequest
    from langchain_core.messages import BaseMessage
    from langgraph.types import Command

REPLY_TOKENS = 2000
"""Tokens of one reply: an answer is asked to be short."""
SHOWN = 60
UNREADABLE = "无法解析"
"""Name of an argument that no tool has: it is told what arguments it takes."""


class Calls(AgentMiddleware[Any, Any, Any]):
    """Counts what one question costs, and keeps what was looked up; one for each question.

    `doing` gets one Chinese line for each tool that is used.
    """

    def __init__(
        self,
        client: Client,
        doing: Callable[[str], None],
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._client = client
        self._doing = doing
        self._sleep = sleep
        self._clock = clock
        self._asked: set[str] = set()
        self.spent: Spent = NOTHING_SPENT
        self.looked: list[str] = []

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """One call with its retries, asked otherwise where the endpoint refuses a field. Raises EndpointError."""
        client = self._client
        probing = client.breaker.admit()
        until = self._clock() + client.endpoint.deadline
        while True:
            try:
                again = retrying(1 if probing else client.endpoint.retries + 1, until, self._sleep, self._clock)
                response: ModelResponse[Any] = again(self._once, request, handler, until)
            except CassetteMiss:
                raise
            except EndpointError as error:
                if not client.give_way(error):
                    client.breaker.failed(error)
                    raise
                request = request.override(model=client.chat_model(REPLY_TOKENS))
            else:
                client.breaker.succeeded()
                return response

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """One use of a tool; what cannot be done is told to the model, which may ask better."""
        call = request.tool_call
        if call["name"] not in TITLES:
            named = one_line(call["name"])[:SHOWN]
            return _told(call, f"没有名为“{named}”的工具，什么也没有做。可用的只有：{'、'.join(TITLES)}，都是只读的。")
        given = json.dumps(call["args"], ensure_ascii=False, sort_keys=True)
        if (same := call["name"] + given) in self._asked:
            return _told(call, "刚才已经用同样的参数查过，结果见上文。请据此回答，或换个查法。")
        self._asked.add(same)
        line = " ".join((TITLES[call["name"]], *_values(call["args"])))[:SHOWN]
        self.looked.append(line)
        self._doing(line)
        try:
            return handler(request)
        except (IiamError, KnowledgeError) as error:
            return _told(call, str(error))

    def _once(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]], until: float
    ) -> ModelResponse[Any]:
        """One try. Raises EndpointError, also for a reply that neither says nor asks anything."""
        start, message = self._clock(), None
        token = UNTIL.set(until)
        failed = True
        try:
            response = handler(request)
            message = response.result[-1]
            response.result[-1] = _sound(message, self._client.endpoint.longest_reply)
            failed = False
        except CassetteMiss:
            raise
        except Exception as error:  # the libraries raise whatever a strange reply makes them stumble over
            raise understood(error) from error
        finally:
            UNTIL.reset(token)
            self._count(message, self._clock() - start, failed)
        return response

    def _count(self, message: BaseMessage | None, seconds: float, failed: bool) -> None:
        usage = message.usage_metadata if isinstance(message, AIMessage) else None
        before = self.spent
        self.spent = Spent(
            calls=before.calls + 1,
            failed=before.failed + failed,
            tokens_in=before.tokens_in + (usage["input_tokens"] if usage else 0),
            tokens_out=before.tokens_out + (usage["output_tokens"] if usage else 0),
            cached=before.cached + (usage.get("input_token_details", {}).get("cache_read", 0) if usage else 0),
            millis=before.millis + round(seconds * 1000),
        )


def _sound(message: BaseMessage, longest: int) -> AIMessage:
    """The message with calls of tools that langgraph can route: each with an id, unreadable arguments as none.

    The tool then says what is wrong with them. Raises EndpointError for a message that is neither an answer nor a call.
    """
    if not isinstance(message, AIMessage):
        raise EndpointError(Fault.OTHER, type(message).__name__)
    read = written(message)
    if read.length > longest:
        raise EndpointError(Fault.TOO_LONG, f"超过 {longest} 字")
    calls = [(c["name"], c["args"], c["id"]) for c in message.tool_calls]
    calls += [(c["name"] or "", {UNREADABLE: (c["args"] or "")[:SHOWN]}, c["id"]) for c in message.invalid_tool_calls]
    if not calls:
        words(read)
    return AIMessage(
        content=message.content,
        tool_calls=[
            ToolCall(name=name, args=args, id=id_ or f"call_{number}", type="tool_call")
            for number, (name, args, id_) in enumerate(calls)
        ],
        additional_kwargs=message.additional_kwargs,
        response_metadata=message.response_metadata,
        usage_metadata=message.usage_metadata,
        id=message.id,
    )


def _told(call: ToolCall, text: str) -> ToolMessage:
    return ToolMessage(text, tool_call_id=call["id"], name=call["name"], status="error")


def _values(value: object, name: str = "") -> list[str]:
    """The plain values among some arguments, for a line that people read."""
    if isinstance(value, dict):
        return [text for key, part in value.items() for text in _values(part, key)]
    if isinstance(value, list):
        return [text for part in value for text in _values(part)]
    shown = f"L{value}" if name == "level" and isinstance(value, int) else one_line(str(value))
    return [shown] if value not in ("", None) else []
