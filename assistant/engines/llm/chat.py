"""LangChain's ChatOpenAI, made to keep what other endpoints send beside the content, and deaf to the environment."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

import httpx2
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI

from assistant.engines.llm.endpoint import Endpoint
from assistant.engines.llm.faults import EndpointError, Fault
from assistant.engines.llm.output import Written, fit

NO_KEY = "-"
"""What the libraries get to see; the transport puts the key on."""

OUTDATED = ("LANGCHAIN_TRACING", "LANGCHAIN_HANDLER")
"""Where one of these is set, langchain refuses to run a graph at all."""


class Chat(ChatOpenAI):
    """Keeps `reasoning_content` and `refusal` (in `additional_kwargs`) and reads DeepSeek's name for cached tokens."""

    def _create_chat_result(self, response: Any, generation_info: dict[str, Any] | None = None) -> ChatResult:
        choices = getattr(response, "choices", None)
        if not choices or getattr(choices[0], "message", None) is None:
            raise _unlike(response)
        message = choices[0].message
        message.role = "assistant"  # some leave it out
        whole = response.model_dump(exclude={"choices": {"__all__": {"message": {"parsed"}}}}, warnings=False)
        _cached(whole)
        result = super()._create_chat_result(whole, generation_info)
        _beside(message.model_dump(warnings=False), result.generations[0].message)
        return result

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        _cached(chunk)
        choices = [c for c in chunk.get("choices") or [] if c.get("delta") is not None]
        made = super()._convert_chunk_to_generation_chunk(
            {**chunk, "choices": choices}, default_chunk_class, base_generation_info
        )
        if made and choices:
            _beside(choices[0]["delta"], made.message)
        return made


def _unlike(response: Any) -> EndpointError:
    """What a body is that is not a completion."""
    error = getattr(response, "error", None)
    if error:
        return EndpointError(Fault.SERVER, "HTTP 200，但答复里是一条错误")
    if isinstance(response, str):
        return EndpointError(Fault.OTHER, "不是 JSON") if response.strip() else EndpointError(Fault.EMPTY)
    return EndpointError(Fault.EMPTY)


def _cached(whole: dict[str, Any]) -> None:
    """DeepSeek counts cached tokens under a name of its own; put them where the others have them."""
    usage = whole.get("usage")
    if not isinstance(usage, dict):
        whole["usage"] = None
    elif usage.get("prompt_cache_hit_tokens") and not usage.get("prompt_tokens_details"):
        usage["prompt_tokens_details"] = {"cached_tokens": usage["prompt_cache_hit_tokens"]}


def _beside(told: Mapping[str, Any], message: BaseMessage) -> None:
    reasoning = told.get("reasoning_content") or told.get("reasoning")
    for name, text in (("reasoning_content", reasoning), ("refusal", told.get("refusal"))):
        if isinstance(text, str) and text:
            message.additional_kwargs[name] = text


def written(message: AIMessage) -> Written:
    """A message for `output` to read; without what could neither be kept nor shown (half characters, control codes)."""
    calls = [json.dumps(c["args"], ensure_ascii=False) for c in message.tool_calls]
    return Written(
        content=fit(str(message.text)),
        arguments=tuple(map(fit, (*calls, *(c["args"] or "" for c in message.invalid_tool_calls)))),
        reasoning=fit(message.additional_kwargs.get("reasoning_content", "")),
        refusal=fit(message.additional_kwargs.get("refusal", "")),
        finish=str(message.response_metadata.get("finish_reason") or ""),
    )


def piece(chunk: AIMessageChunk) -> Written:
    """One event of a stream."""
    return Written(
        content=fit(str(chunk.text)),
        reasoning=fit(chunk.additional_kwargs.get("reasoning_content", "")),
        refusal=fit(chunk.additional_kwargs.get("refusal", "")),
        finish=str(chunk.response_metadata.get("finish_reason") or ""),
    )


def build(endpoint: Endpoint, transport: httpx2.BaseTransport, **more: Any) -> Chat:
    """A chat model over a transport. Environment variables of the libraries (keys, proxies, tracing) do not count."""
    import langsmith

    langsmith.configure(enabled=False)  # LANGSMITH_TRACING would send every answer elsewhere
    for name in OUTDATED:
        os.environ.pop(name, None)
    return Chat(
        model=endpoint.model,
        base_url=endpoint.base_url,
        api_key=NO_KEY,
        openai_proxy="",
        http_client=httpx2.Client(transport=transport, trust_env=False),
        http_async_client=httpx2.AsyncClient(transport=NoAsync(), trust_env=False),
        http_socket_options=(),
        max_retries=0,
        use_responses_api=False,
        output_version="v0",
        temperature=None,
        **more,
    )


class NoAsync(httpx2.AsyncBaseTransport):
    """Stands where langchain would open connections of its own; nothing here is asynchronous."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Refuse."""
        raise RuntimeError("only synchronous calls go through the guarded transport")
