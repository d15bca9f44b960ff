"""What the local model server plays: steps of a script, and what each becomes for a given request.

A step answers one request as a provider would: for a forced tool the text comes as the tool's arguments, else as content.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Good:
    """A sound reply: `text`, or its JSON form when it is not a string; `reasoning` comes in reasoning_content."""

    text: Any = "好的。"
    reasoning: str = ""


@dataclass(frozen=True)
class ToolCall:
    """A call of a tool; without a name the forced one, or the first offered. Played again and again: a tool loop."""

    name: str = ""
    args: Any = field(default_factory=dict)


class Kind(StrEnum):
    """What can go wrong. STATUS takes `status`, `headers` and `body`; the waits take `seconds`; most take `text`."""

    STATUS = "an HTTP status other than 200"
    NO_JSON_SCHEMA = "400 when response_format is json_schema, else good"
    NO_JSON_OBJECT = "400 when there is any response_format, else good"
    NO_FORCED_TOOL = "400 when a tool is forced, else good"
    NO_TOOLS = "400 when there are tools, else good"
    SLOW = "nothing for a while, then good"
    STALL = "half of it, nothing for a while, then the rest"
    CUT = "half of it, then the connection is cut"
    EMPTY_BODY = "200 with no body at all"
    BLANK = "blank content with finish_reason stop"
    NOTHING = "content null, no tool call"
    INVALID = "prose that holds no JSON"
    TRUNCATED = "half of it with finish_reason length"
    FENCED = "in a code fence, with prose around"
    THINK = "<think> before it"
    UNCLOSED_THINK = "an unclosed <think> before it"
    REASONING = "only in reasoning_content"
    CONTENT = "as content although a tool was forced"
    REFUSAL = "the refusal field, content null"
    FILTERED = "finish_reason content_filter, content blank"
    FOREIGN = "another language"
    LONG = "200 KB"
    NOT_JSON = "a 200 whose body is not JSON"
    HTML = "a 200 with a page of HTML"


@dataclass(frozen=True)
class Fault:
    """One fault; what `text`, `status`, `seconds` … mean is said by the kind."""

    kind: Kind
    text: Any = "{}"
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    seconds: float = 60.0


Step = Good | ToolCall | Fault
Script = Sequence[Step] | Callable[[Body], Step]


def error(status: int, message: str, code: str = "", headers: Mapping[str, str] | None = None) -> Fault:
    """A fault with the error body of the OpenAI API."""
    body = json.dumps({"error": {"message": message, "type": "error", "param": None, "code": code or None}})
    return Fault(Kind.STATUS, status=status, body=body, headers=headers or {})


UNAUTHORISED = error(401, "Incorrect API key provided", "invalid_api_key")
FORBIDDEN = error(403, "You are not allowed to use this model", "forbidden")
NO_MODEL = error(404, "The model does not exist", "model_not_found")
BUSY = error(429, "Rate limit reached", "rate_limit_exceeded")
BROKEN = error(500, "The server had an error")
OVERLOADED = error(503, "The server is overloaded")


def busy(retry_after: str) -> Fault:
    """A 429 that says when to come back."""
    return replace(BUSY, headers={"Retry-After": retry_after})


@dataclass(frozen=True)
class Played:
    """A step made ready for the wire: either `raw` (a whole HTTP body) or a message."""

    content: str | None = None
    tool: tuple[str, str] | None = None
    reasoning: str = ""
    refusal: str = ""
    finish: str = "stop"
    before: float = 0.0
    midway: float = 0.0
    cut: bool = False
    raw: bytes | None = None
    status: int = 200
    type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def length(self) -> int:
        """Characters of all that is said."""
        return sum(map(len, (self.content or "", self.reasoning, self.refusal, *(self.tool or ()))))


def forced(body: Body) -> str:
    """Name of the tool the request forces; empty when it forces none."""
    choice = body.get("tool_choice")
    if isinstance(choice, dict):
        return str(choice["function"]["name"])
    return _first(body) if choice == "required" else ""


def _first(body: Body) -> str:
    return str(body["tools"][0]["function"]["name"]) if body.get("tools") else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _good(text: Any, body: Body) -> Played:
    if name := forced(body):
        return Played(tool=(name, _text(text)), finish="tool_calls")
    return Played(content=_text(text))


def _whole(status: int, text: str, kind: str = "application/json") -> Played:
    return Played(raw=text.encode(), status=status, type=kind)


def play(step: Step, body: Body) -> Played:
    """What a step becomes for a request."""
    match step:
        case Good(text=text, reasoning=reasoning):
            return replace(_good(text, body), reasoning=reasoning)
        case ToolCall(name=name, args=args):
            return Played(tool=(name or forced(body) or _first(body), _text(args)), finish="tool_calls")
        case Fault():
            return FAULTS[step.kind](step, body)


def _status(step: Fault, body: Body) -> Played:
    text = json.dumps({"error": {"message": f"status {step.status}"}}) if step.body is None else step.body
    return replace(_whole(step.status, text), headers=step.headers)


def _unless(refuses: Callable[[Body], object], field_name: str) -> Callable[[Fault, Body], Played]:
    def choose(step: Fault, body: Body) -> Played:
        if refuses(body):
            return play(error(400, f"'{field_name}' is not supported with this model", "invalid_request_error"), body)
        return _good(step.text, body)

    return choose


def _truncated(step: Fault, body: Body) -> Played:
    text = _text(step.text)
    return replace(_good(text[: len(text) // 2], body), finish="length")


FAULTS: dict[Kind, Callable[[Fault, Body], Played]] = {
    Kind.STATUS: _status,
    Kind.NO_JSON_SCHEMA: _unless(lambda b: b.get("response_format", {}).get("type") == "json_schema", "json_schema"),
    Kind.NO_JSON_OBJECT: _unless(lambda b: b.get("response_format"), "response_format"),
    Kind.NO_FORCED_TOOL: _unless(forced, "tool_choice"),
    Kind.NO_TOOLS: _unless(lambda b: b.get("tools"), "tools"),
    Kind.SLOW: lambda s, b: replace(_good(s.text, b), before=s.seconds),
    Kind.STALL: lambda s, b: replace(_good(s.text, b), midway=s.seconds),
    Kind.CUT: lambda s, b: replace(_good(s.text, b), cut=True),
    Kind.EMPTY_BODY: lambda s, b: _whole(200, "", "text/event-stream" if b.get("stream") else "application/json"),
    Kind.BLANK: lambda s, b: Played(content=" \n"),
    Kind.NOTHING: lambda s, b: Played(),
    Kind.INVALID: lambda s, b: _good("这家企业的情况比较好，建议继续了解。", b),
    Kind.TRUNCATED: _truncated,
    Kind.FENCED: lambda s, b: Played(content=f"以下是结果：\n```json\n{_text(s.text)}\n```\n以上。"),
    Kind.THINK: lambda s, b: Played(content=f"<think>\n先看条款 {{1}}。\n</think>\n\n{_text(s.text)}"),
    Kind.UNCLOSED_THINK: lambda s, b: Played(content=f"<think>\n先看条款。\n{_text(s.text)}"),
    Kind.REASONING: lambda s, b: Played(content="", reasoning=_text(s.text)),
    Kind.CONTENT: lambda s, b: Played(content=_text(s.text)),
    Kind.REFUSAL: lambda s, b: Played(refusal="I'm sorry, I can't help with that."),
    Kind.FILTERED: lambda s, b: Played(content="", finish="content_filter"),
    Kind.FOREIGN: lambda s, b: Played(content="Thank you. Could you please tell me more about your equipment?"),
    Kind.LONG: lambda s, b: _good("长" * 70_000, b),  # three bytes a character
    Kind.NOT_JSON: lambda s, b: _whole(200, "upstream connect error"),
    Kind.HTML: lambda s, b: _whole(200, "<html><body>请先登录校园网</body></html>", "text/html"),
}
