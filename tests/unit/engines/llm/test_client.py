"""What a call gives, how the endpoint is asked, and that neither key nor environment get where they do not belong."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from assistant.assessment.usage import CallPurpose
from assistant.engines.llm.diagnose import found
from assistant.engines.llm.endpoint import EndpointError, providers
from assistant.engines.llm.endpoint import Fault as Failure
from tests.llm_bench import FOUND, GENERIC, GOOD, KEY, SAID, bench
from tests.llm_server import (
    BROKEN,
    MODEL,
    Fault,
    Good,
    Kind,
    closed_port,
    error,
)

# --- what a good call gives


def test_a_structured_reply_is_a_value_with_its_text_and_its_call() -> None:
    with bench([Good(GOOD)], cached=7) as (made, server):
        reply = made.structured()
    assert reply.value == FOUND
    assert json.loads(reply.text) == GOOD
    [call] = reply.calls
    assert call.model_dump(exclude={"millis"}) == {
        "purpose": CallPurpose.READ,
        "model": MODEL,
        "prompt": "p1",
        "tokens_in": 13,
        "tokens_out": len(reply.text),
        "cached": 7,
        "failure": "",
    }
    [body] = server.chats
    assert body["response_format"]["json_schema"] == {
        "name": "Found",
        "strict": True,
        "schema": {
            "properties": {
                "code": {"type": "string"},
                "verdict": {"enum": ["met", "partly", "not"], "type": "string"},
            },
            "required": ["code", "verdict"],
            "type": "object",
            "additionalProperties": False,
        },
    }
    assert body["messages"] == [{"role": role, "content": text} for role, text in SAID]


def test_words_come_whole_or_piece_by_piece_with_the_same_tokens() -> None:
    said = "请问贵公司的关键设备中，已经联网的大约占多少？"
    with bench([Good(said)], cached=7) as (made, server):
        whole, streamed = made.text(), made.streamed()
    assert whole.text == streamed.text == said
    assert len(made.shown) > 1
    assert "".join(made.shown) == said
    assert [b["stream"] for b in server.chats] == [False, True]
    counted = {"tokens_in": 13, "tokens_out": len(said), "cached": 7}
    for reply in (whole, streamed):
        assert reply.calls[0].model_dump(include=set(counted)) == counted


def test_deepseek_names_cached_tokens_differently() -> None:
    usage = {"prompt_tokens": 90, "completion_tokens": 8, "total_tokens": 98, "prompt_cache_hit_tokens": 64}
    message = {"role": "assistant", "content": "好的。"}
    body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage}
    chunk = {"choices": [{"index": 0, "delta": message, "finish_reason": "stop"}], "usage": usage}
    events = f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n"
    with bench([Fault(Kind.STATUS, status=200, body=json.dumps(body))]) as (made, _):
        assert made.text().calls[0].cached == 64
    raw = Fault(Kind.STATUS, status=200, body=events, headers={"Content-Type": "text/event-stream"})
    with bench([raw]) as (made, _):
        assert made.streamed().calls[0].cached == 64


@pytest.mark.parametrize("settings", [{"usage": False}, {"stream_usage": False}])
def test_an_endpoint_that_counts_nothing_counts_as_nothing(settings: dict[str, Any]) -> None:
    with bench([Good()], **settings) as (made, _):
        assert made.streamed().calls[0].tokens_in == 0


def test_a_key_is_sent_and_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "LANGSMITH_API_KEY"):
        monkeypatch.setenv(name, "from-the-environment")
    with closed_port() as nowhere:
        for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, nowhere)
        monkeypatch.setenv("LANGSMITH_ENDPOINT", nowhere)
        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        monkeypatch.setenv("LC_OUTPUT_VERSION", "responses/v1")
        with bench([Good(GOOD)]) as (made, server):
            assert made.structured().value == FOUND
            assert made.streamed().text
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert not any("from-the-environment" in str(s.headers) for s in server.seen)
    assert not any(name.startswith("x-stainless") for s in server.seen for name in s.headers)


def test_without_a_key_none_is_sent() -> None:
    with bench([Good()], key="") as (made, server):
        made.text()
    assert "authorization" not in server.seen[0].headers


def test_the_key_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with bench([BROKEN, Good(GOOD)]) as (made, _):
        made.structured()
    assert caplog.records
    assert KEY not in "".join(f"{r.getMessage()} {r.__dict__}" for r in caplog.records)


# --- the endpoint does not know the form


def test_without_json_schema_the_next_way_is_taken_and_remembered() -> None:
    with bench([Fault(Kind.NO_JSON_SCHEMA, GOOD)]) as (made, server):
        first, second = made.structured(), made.structured()
    assert first.value == second.value == FOUND
    assert [bool(c.failure) for c in first.calls + second.calls] == [True, False, False]
    assert ["response_format" in b for b in server.chats] == [True, False, False]
    assert server.chats[2]["tool_choice"] == {"type": "function", "function": {"name": "Found"}}


def test_without_forced_tools_the_next_way_is_taken() -> None:
    tool_first = GENERIC.model_copy(update={"ladder": GENERIC.ladder[1:]})
    with bench([Fault(Kind.NO_FORCED_TOOL, GOOD)], tool_first) as (made, server):
        assert made.structured().value == FOUND
    assert server.chats[1]["response_format"] == {"type": "json_object"}
    assert '"enum": ["met", "partly", "not"]' in server.chats[1]["messages"][0]["content"]
    assert server.chats[1]["messages"][1]["content"] == SAID[1][1]


def test_an_endpoint_that_knows_no_form_is_asked_in_words() -> None:
    def plain_only(body: dict[str, Any]) -> Fault | Good:
        return error(400, "unknown field") if {"response_format", "tools"} & body.keys() else Good(GOOD)

    with bench(plain_only) as (made, server):
        assert [len(made.structured().calls) for _ in range(2)] == [4, 1]
    assert "JSON Schema" in server.chats[-1]["messages"][0]["content"]


def test_a_400_whatever_is_asked_goes_down_once_a_call_and_then_rests() -> None:
    with bench([error(400, "no")]) as (made, server):
        failed = [made.failure(made.structured) for _ in range(4)]
    assert [f.kind for f in failed] == [Failure.BAD_REQUEST] * 3 + [Failure.OPEN]
    assert len(server.chats) == 12


@pytest.mark.parametrize(
    ("provider", "complaint", "gone"),
    [
        ("dashscope", "parameter.enable_thinking must be set to true", "enable_thinking"),
        ("ollama", '"test-model" does not support thinking', "reasoning_effort"),
        ("generic", "Unsupported value: 'temperature' does not support 0", "temperature"),
        ("generic", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", "max_tokens"),
        ("openai", "Unrecognized request argument: max_completion_tokens", "max_completion_tokens"),
    ],
)
def test_a_field_that_is_refused_is_left_out_from_then_on(provider: str, complaint: str, gone: str) -> None:
    def script(body: dict[str, Any]) -> Fault | Good:
        return error(400, complaint) if gone in body else Good(GOOD)

    with bench(script, providers()[provider]) as (made, server):
        assert [len(made.structured().calls) for _ in range(2)] == [2, 1]
        made.client.chat_model(50).invoke("你好")
    assert [gone in b for b in server.chats] == [True, False, False, False]
    assert all(50 in (b.get("max_tokens"), b.get("max_completion_tokens")) for b in server.chats)


def test_an_endpoint_that_does_not_know_stream_options_streams_without() -> None:
    def script(body: dict[str, Any]) -> Fault | Good:
        return error(400, "unknown parameter: stream_options") if "stream_options" in body else Good()

    with bench(script) as (made, _):
        assert made.streamed().text == "好的。"
        assert len(made.streamed().calls) == 1


# --- a model for an agent


def test_an_agents_model_goes_the_same_way() -> None:
    with bench([Good("好的。"), error(403, f"no {KEY}")]) as (made, server):
        model = made.client.chat_model(80)
        assert model.invoke("你好").text == "好的。"
        with pytest.raises(Exception) as raised:  # noqa: PT011 - langchain's own
            model.invoke("你好")
    failed = found(raised.value)
    assert isinstance(failed, EndpointError)
    assert failed.kind is Failure.FORBIDDEN
    assert KEY not in f"{failed} {raised.value!r} {model!r}"
    assert server.chats[0]["max_tokens"] == 80
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
