"""The local model server speaks the protocol as the openai library understands it, and breaks it as asked."""

from __future__ import annotations

import json
from collections.abc import Iterator

import openai
import pytest

from tests.llm_server import (
    MODEL,
    NO_SUCH_HOST,
    UNAUTHORISED,
    Fault,
    Good,
    Kind,
    LlmServer,
    ToolCall,
    busy,
    closed_port,
    error,
)

ASK = [{"role": "user", "content": "你好"}]
TOOLS = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
FORCED = {"type": "function", "function": {"name": "look"}}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with LlmServer() as running:
        yield running


def client(url: str, key: str = "k", timeout: float = 5.0) -> openai.OpenAI:
    return openai.OpenAI(base_url=url, api_key=key, max_retries=0, timeout=timeout)


def test_a_list_is_played_and_its_last_step_repeats(server: LlmServer) -> None:
    server.script = [Good("一"), Good({"a": "二"})]
    with client(server.url) as api:
        replies = [api.chat.completions.create(model=MODEL, messages=ASK) for _ in range(3)]
        assert [r.choices[0].message.content for r in replies] == ["一", '{"a": "二"}', '{"a": "二"}']
        assert [m.id for m in api.models.list()] == [MODEL]
    assert [c["messages"] for c in server.chats] == [ASK] * 3
    assert server.seen[0].headers["authorization"] == "Bearer k"


def test_a_function_sees_the_request(server: LlmServer) -> None:
    server.script = lambda body: Good(body["messages"][-1]["content"])
    with client(server.url) as api:
        assert api.chat.completions.create(model=MODEL, messages=ASK).choices[0].message.content == "你好"


def test_streams_carry_content_reasoning_and_usage(server: LlmServer) -> None:
    server.script, server.cached = [Good("一二三四五六七八九十", reasoning="想")], 1
    with client(server.url) as api:
        chunks = list(
            api.chat.completions.create(model=MODEL, messages=ASK, stream=True, stream_options={"include_usage": True})
        )
    deltas = [c.choices[0].delta for c in chunks if c.choices]
    assert "".join(d.content or "" for d in deltas) == "一二三四五六七八九十"
    assert "".join(getattr(d, "reasoning_content", "") for d in deltas) == "想"
    usage = chunks[-1].usage
    assert usage is not None
    assert usage.prompt_tokens_details is not None
    assert (usage.prompt_tokens, usage.completion_tokens, usage.prompt_tokens_details.cached_tokens) == (2, 11, 1)


@pytest.mark.parametrize("stream", [False, True])
def test_a_forced_tool_gets_the_text_as_arguments(server: LlmServer, stream: bool) -> None:
    server.script = [Good({"a": 1})]
    with client(server.url) as api:
        sent = {"model": MODEL, "messages": ASK, "tools": TOOLS, "tool_choice": FORCED}
        if stream:
            calls = [
                c.choices[0].delta.tool_calls[0]
                for c in api.chat.completions.create(**sent, stream=True)
                if c.choices[0].delta.tool_calls
            ]
        else:
            calls = api.chat.completions.create(**sent).choices[0].message.tool_calls
    assert calls[0].function.name == "look"
    assert "".join(c.function.arguments for c in calls) == '{"a": 1}'


def test_a_tool_call_for_a_loop_names_the_first_tool(server: LlmServer) -> None:
    server.script = [ToolCall(args={"q": 1})]
    with client(server.url) as api:
        reply = api.chat.completions.create(model=MODEL, messages=ASK, tools=TOOLS)
    assert reply.choices[0].finish_reason == "tool_calls"
    assert reply.choices[0].message.tool_calls[0].function.arguments == '{"q": 1}'


@pytest.mark.parametrize("form", ["float", "base64"])
def test_embeddings_are_the_same_each_time(server: LlmServer, form: str) -> None:
    with client(server.url) as api:
        first, second = (
            api.embeddings.create(model=MODEL, input=["甲", "乙"], encoding_format=form).data for _ in range(2)
        )
    assert first == second
    assert first[0].embedding != first[1].embedding


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (UNAUTHORISED, openai.AuthenticationError),
        (error(403, "no"), openai.PermissionDeniedError),
        (busy("7"), openai.RateLimitError),
        (error(503, "later"), openai.InternalServerError),
    ],
)
def test_statuses(server: LlmServer, step: Fault, kind: type[openai.APIStatusError]) -> None:
    server.script = [step]
    with client(server.url) as api, pytest.raises(kind) as caught:
        api.chat.completions.create(model=MODEL, messages=ASK)
    assert caught.value.response.headers.get("retry-after") == step.headers.get("Retry-After")


@pytest.mark.parametrize(
    ("kind", "refused", "accepted"),
    [
        (Kind.NO_JSON_SCHEMA, {"response_format": SCHEMA}, {"response_format": {"type": "json_object"}}),
        (Kind.NO_JSON_OBJECT, {"response_format": {"type": "json_object"}}, {}),
        (Kind.NO_FORCED_TOOL, {"tools": TOOLS, "tool_choice": FORCED}, {"tools": TOOLS}),
        (Kind.NO_TOOLS, {"tools": TOOLS}, {}),
    ],
)
def test_modes_that_are_refused(server: LlmServer, kind: Kind, refused: dict, accepted: dict) -> None:
    server.script = [Fault(kind)]
    with client(server.url) as api:
        with pytest.raises(openai.BadRequestError):
            api.chat.completions.create(model=MODEL, messages=ASK, **refused)
        assert api.chat.completions.create(model=MODEL, messages=ASK, **accepted).choices[0].message.content == "{}"


def test_who_may_come_in(server: LlmServer) -> None:
    server.key = "right"
    with client(server.url, "wrong") as api, pytest.raises(openai.AuthenticationError):
        api.models.list()
    with client(server.url, "right") as api, pytest.raises(openai.NotFoundError):
        api.chat.completions.create(model="other", messages=ASK)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("kind", [Kind.SLOW, Kind.STALL])
def test_waits_end_with_the_client_or_the_server(server: LlmServer, kind: Kind, stream: bool) -> None:
    server.script = [Fault(kind, text="一二三四五六七八九十" * 9)]
    with client(server.url, timeout=0.2) as api, pytest.raises(openai.APITimeoutError if not stream else Exception):
        list(api.chat.completions.create(model=MODEL, messages=ASK, stream=stream))


def test_connections_that_fail(server: LlmServer) -> None:
    server.script = [Fault(Kind.CUT, text="一二三四五六七八九十" * 9)]
    with closed_port() as closed:
        for url in (closed, server.tls_url, NO_SUCH_HOST, server.url):
            with client(url) as api, pytest.raises(openai.APIConnectionError):
                api.chat.completions.create(model=MODEL, messages=ASK)


@pytest.mark.parametrize(
    ("kind", "content", "finish"),
    [
        (Kind.BLANK, " \n", "stop"),
        (Kind.NOTHING, None, "stop"),
        (Kind.TRUNCATED, '{"a":', "length"),
        (Kind.FENCED, '以下是结果：\n```json\n{"a": "乙"}\n```\n以上。', "stop"),
        (Kind.REASONING, "", "stop"),
        (Kind.REFUSAL, None, "stop"),
        (Kind.FILTERED, "", "content_filter"),
        (Kind.LONG, "长" * 70_000, "stop"),
    ],
)
def test_contents(server: LlmServer, kind: Kind, content: str | None, finish: str) -> None:
    server.script = [Fault(kind, text={"a": "乙"})]
    with client(server.url) as api:
        choice = api.chat.completions.create(model=MODEL, messages=ASK).choices[0]
        assert (choice.message.content, choice.finish_reason) == (content, finish)
        heard = [c.choices[0].delta for c in api.chat.completions.create(model=MODEL, messages=ASK, stream=True)]
    assert "".join(d.content or "" for d in heard) == (content or "")


@pytest.mark.parametrize("kind", [Kind.EMPTY_BODY, Kind.NOT_JSON, Kind.HTML])
def test_bodies_that_are_no_completion(server: LlmServer, kind: Kind) -> None:
    server.script = [Fault(kind)]
    with client(server.url) as api:
        reply = api.chat.completions.with_raw_response.create(model=MODEL, messages=ASK)
    with pytest.raises(json.JSONDecodeError):
        json.loads(reply.text)
