"""How one endpoint wants to be asked: starts as its provider's profile says, and gives way where the endpoint refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import BaseModel

from assistant.engines.llm.endpoint import Mode, Provider

Messages = Sequence[tuple[str, str]]
"""(role, text); the roles are system, user, assistant."""

NOT_ABOUT_FORM = re.compile(
    r"context.?(length|window)|maximum context|too long|too many tokens|input length|input tokens", re.IGNORECASE
)
OTHER_NAME = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


@cache
def described(schema: type[BaseModel]) -> dict[str, Any]:
    """Name and JSON schema as strict structured output wants them: references resolved, every object closed."""
    from langchain_core.utils.function_calling import convert_to_openai_function

    function = convert_to_openai_function(schema, strict=True)
    return {"name": schema.__name__, "parameters": function["parameters"]}


@dataclass(frozen=True)
class Manner:
    """One way of asking. `step` counts down the provider's ladder; `dropped` are fields that the endpoint refused."""

    provider: Provider
    step: int = 0
    dropped: frozenset[str] = frozenset()

    @property
    def mode(self) -> Mode:
        """How structured output is asked for."""
        return self.provider.ladder[self.step]

    @property
    def stream_usage(self) -> bool:
        """Whether to ask for the tokens of a streamed reply."""
        return self.provider.stream_usage and "stream_options" not in self.dropped

    def fields(self, max_tokens: int, schema: type[BaseModel] | None = None) -> dict[str, Any]:
        """Fields of the request besides model, messages and streaming."""
        named = self.provider.max_tokens_name
        sent = {**self.provider.body, "temperature": self.provider.temperature}
        sent = {name: v for name, v in sent.items() if v is not None and name not in self.dropped}
        sent[OTHER_NAME[named] if named in self.dropped else named] = max_tokens
        return sent | (self._form(schema) if schema else {})

    def _form(self, schema: type[BaseModel]) -> dict[str, Any]:
        what = described(schema)
        match self.mode:
            case Mode.JSON_SCHEMA:
                form = {"name": what["name"], "strict": True, "schema": what["parameters"]}
                return {"response_format": {"type": "json_schema", "json_schema": form}}
            case Mode.TOOL:
                chosen = {"type": "function", "function": {"name": what["name"]}}
                return {"tools": [{"type": "function", "function": what}], "tool_choice": chosen}
            case Mode.JSON_OBJECT:
                return {"response_format": {"type": "json_object"}}
            case Mode.PROMPTED:
                return {}

    def messages(self, messages: Messages, schema: type[BaseModel] | None) -> list[tuple[str, str]]:
        """The messages; where the endpoint does not take the schema, it stands at the end of the first one.

        There it is part of the prefix that providers keep, and json_object wants the word JSON somewhere.
        """
        listed = list(messages)
        if schema and self.mode in {Mode.JSON_OBJECT, Mode.PROMPTED}:
            form = json.dumps(described(schema)["parameters"], ensure_ascii=False)
            role, text = listed[0]
            listed[0] = (
                role,
                f"{text}\n\n只输出一个 JSON 对象，前后不写任何别的文字。它符合这个 JSON Schema：\n{form}",
            )
        return listed

    def after(self, complaint: str, structured: bool) -> Manner | None:
        """What to try after a 400: without the field it complains of, else one step down; None when nothing is left."""
        if NOT_ABOUT_FORM.search(complaint):
            return None
        lower = complaint.lower()
        optional = {"temperature", "stream_options", self.provider.max_tokens_name, *self.provider.body}
        refused = {name for name in optional - self.dropped if name in lower}
        if "think" in lower:  # Ollama names the model, not the field
            refused |= self.provider.body.keys() - self.dropped
        if refused:
            return replace(self, dropped=self.dropped | refused)
        if structured and self.step + 1 < len(self.provider.ladder):
            return replace(self, step=self.step + 1)
        return None
