"""Replies of every kind, over real sockets: read wherever they stand, told when they cannot be used."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.assessment.usage import Call, CallPurpose
from assistant.engines.llm.claims import ReadClaims
from assistant.engines.llm.endpoint import Fault as Failure
from tests.llm_bench import FOUND, GENERIC, GOOD, bench
from tests.llm_server import (
    Fault,
    Good,
    Kind,
    ToolCall,
)

# --- the reply


@pytest.mark.parametrize("kind", [Kind.FENCED, Kind.THINK, Kind.UNCLOSED_THINK, Kind.REASONING, Kind.CONTENT])
@pytest.mark.parametrize("step", range(4))
def test_a_value_is_found_wherever_it_stands(kind: Kind, step: int) -> None:
    provider = GENERIC.model_copy(update={"ladder": GENERIC.ladder[step:]})
    with bench([Fault(kind, GOOD)], provider) as (made, _):
        assert made.structured().value == FOUND


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(Kind.EMPTY_BODY), Failure.EMPTY),
        (Fault(Kind.BLANK), Failure.EMPTY),
        (Fault(Kind.NOTHING), Failure.EMPTY),
        (Fault(Kind.STATUS, status=200, body='{"choices": []}'), Failure.EMPTY),
        (Fault(Kind.STATUS, status=200, body='{"choices": null}'), Failure.EMPTY),
        (Fault(Kind.STATUS, status=200, body='{"choices": [{"index": 0}]}'), Failure.EMPTY),
        (Fault(Kind.STATUS, status=200, body='{"error": {"message": "overloaded"}}'), Failure.SERVER),
        (Fault(Kind.INVALID), Failure.NOT_JSON),
        (Fault(Kind.FOREIGN), Failure.NOT_JSON),
        (Fault(Kind.TRUNCATED, GOOD), Failure.TRUNCATED),
        (Fault(Kind.REFUSAL), Failure.REFUSED),
        (Fault(Kind.FILTERED), Failure.REFUSED),
        (Fault(Kind.LONG), Failure.TOO_LONG),
        (Fault(Kind.NOT_JSON), Failure.OTHER),
        (Fault(Kind.HTML), Failure.OTHER),
        (ToolCall("Found", None), Failure.NOT_JSON),
        (ToolCall("Found", "not json"), Failure.NOT_JSON),
        (Good({"code": "1.1"}), Failure.NOT_JSON),
        (Good({**GOOD, "level": 5}), Failure.NOT_JSON),
        (Good("[]"), Failure.NOT_JSON),
    ],
)
@pytest.mark.parametrize("step", [0, 1])
def test_a_reply_that_cannot_be_used_is_told_with_its_text_and_cost(step: int, fault: Any, kind: Failure) -> None:
    provider = GENERIC.model_copy(update={"ladder": GENERIC.ladder[step:]})
    with bench([fault], provider, retries=0) as (made, server):
        failed = made.failure(made.structured)
    assert failed.kind is kind
    [call] = failed.calls
    assert call.failure == failed.told
    if kind in {Failure.NOT_JSON, Failure.TRUNCATED}:
        assert failed.text
        assert call.tokens_in == 13
    assert len(server.chats) == 1


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(Kind.EMPTY_BODY), Failure.EMPTY),
        (Fault(Kind.BLANK), Failure.EMPTY),
        (Fault(Kind.NOTHING), Failure.EMPTY),
        (Fault(Kind.REASONING, "想"), Failure.EMPTY),
        (Fault(Kind.TRUNCATED, "请问设备联网？"), Failure.TRUNCATED),
        (Fault(Kind.REFUSAL), Failure.REFUSED),
        (Fault(Kind.FILTERED), Failure.REFUSED),
        (Fault(Kind.LONG), Failure.TOO_LONG),
    ],
)
def test_words_that_cannot_be_used_are_told(fault: Fault, kind: Failure, streamed: bool) -> None:
    with bench([fault]) as (made, _):
        failed = made.failure(made.streamed if streamed else made.text)
    assert (failed.kind, len(failed.calls)) == (kind, 1)


@pytest.mark.parametrize("fault", [Fault(Kind.NOT_JSON), Fault(Kind.HTML)])
def test_a_stream_that_is_none_is_told(fault: Fault) -> None:
    with bench([fault]) as (made, _):
        assert made.failure(made.streamed).kind is Failure.EMPTY


def test_a_stream_that_goes_on_and_on_is_cut_off() -> None:
    with bench([Fault(Kind.LONG)], longest_reply=1000) as (made, _):
        failed = made.failure(made.streamed)
    assert failed.told == "大模型的答复过长，已截断不用（超过 1000 字）"
    assert len("".join(made.shown)) <= 1000


def test_a_body_of_many_megabytes_is_not_read_to_its_end() -> None:
    with bench([Good("a" * 2_000_000)]) as (made, _):
        assert made.failure(made.structured).kind is Failure.TOO_LONG


def test_an_error_among_the_events_of_a_stream_is_an_error_of_the_server() -> None:
    events = 'data: {"error": {"message": "overloaded"}}\n\n'
    raw = Fault(Kind.STATUS, status=200, body=events, headers={"Content-Type": "text/event-stream"})
    with bench([raw], retries=0) as (made, _):
        assert made.failure(made.streamed).kind is Failure.SERVER


def test_thinking_is_not_shown() -> None:
    with bench([Fault(Kind.THINK, "请问？")]) as (made, _):
        assert made.streamed().text == "请问？"
    assert "".join(made.shown) == "请问？"


def test_an_unusable_reply_does_not_open_the_breaker() -> None:
    with bench([Fault(Kind.INVALID)]) as (made, _):
        assert [made.failure(made.structured).kind for _ in range(5)] == [Failure.NOT_JSON] * 5


SPOILT = {"findings": [{"code": "\ud800", "quote": "\udfff\x00", "why": "\x1b]0;x\x07\u202e好", "verdict": "met"}]}


def test_what_could_not_be_kept_is_left_out_of_a_value() -> None:
    """JSON can spell half of a character, which no database takes, and a terminal's commands."""
    with bench([Good(json.dumps(SPOILT))]) as (made, _):
        reply = made.client.structured(CallPurpose.READ, "p", [("user", "问")], ReadClaims, 100)
    [finding] = reply.value.findings
    assert (finding.code, finding.quote, finding.why) == ("", "", "]0;x好")


@pytest.mark.parametrize("streamed", [False, True])
def test_what_could_not_be_kept_is_left_out_of_words(streamed: bool) -> None:
    with bench([_raw("请问\ud800\x1b[31m多少\x07\u2066？", streamed)]) as (made, _):
        assert (made.streamed() if streamed else made.text()).text == "请问多少？"
    assert "".join(made.shown) == ("请问多少？" if streamed else "")


def _raw(text: str, streamed: bool) -> Fault:
    """A reply as an endpoint sends it that escapes all but ASCII."""
    if not streamed:
        return _body({"role": "assistant", "content": text}, None)
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": "stop"}
    event = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
    kind = {"Content-Type": "text/event-stream"}
    return Fault(Kind.STATUS, status=200, body=f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n", headers=kind)


def _body(message: dict[str, Any], usage: Any) -> Fault:
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    whole = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice], "usage": usage}
    return Fault(Kind.STATUS, status=200, body=json.dumps(whole))


def _usage(read: Any, written: Any, cached: Any) -> dict[str, Any]:
    details = {"cached_tokens": cached}
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": 0, "prompt_tokens_details": details}


@pytest.mark.parametrize(
    ("usage", "counted"),
    [
        (_usage("12", 3.0, "4"), (12, 3, 4)),
        (_usage("viele", -3, None), (0, 0, 0)),
        (_usage(5, 1, 500), (5, 1, 5)),
        ([1], (0, 0, 0)),
        ("none", (0, 0, 0)),
    ],
)
def test_a_strange_report_of_tokens_spoils_neither_the_reply_nor_the_record(
    usage: Any, counted: tuple[int, int, int]
) -> None:
    with bench([_body({"role": "assistant", "content": "好的。"}, usage)]) as (made, _):
        [call] = made.text().calls
    assert (call.tokens_in, call.tokens_out, call.cached) == counted
    assert Call.model_validate_json(call.model_dump_json()) == call
