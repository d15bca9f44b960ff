"""The endpoint in use, and what is known about providers (`providers.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from assistant.engines.llm.faults import CassetteMiss, EndpointError, Fault
from assistant.errors import InputError
from knowledge.model import Frozen

__all__ = ["CassetteMiss", "Endpoint", "EndpointError", "Fault", "Mode", "Provider", "provider_for", "providers"]

GENERIC = "generic"
LONGEST_WAIT = 3600
"""Seconds of a call at most; sockets take no endless time-out."""


class Mode(StrEnum):
    """A way of asking for structured output."""

    JSON_SCHEMA = "json_schema"
    TOOL = "tool"
    JSON_OBJECT = "json_object"
    PROMPTED = "prompted"


class Provider(Frozen):
    """What a provider's endpoint accepts; the fields are explained in `providers.yaml`."""

    name: str
    hosts: tuple[str, ...]
    ladder: tuple[Mode, ...]
    body: dict[str, Any] = Field(default_factory=dict)
    max_tokens_name: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    stream_usage: bool = True
    temperature: float | None = None

    def serves(self, base_url: str) -> bool:
        """Whether the host of a base URL is one of this provider's."""
        try:
            where = urlsplit(base_url)
            host = f"{where.hostname}:{where.port or ''}"
        except ValueError:  # no address at all, as `Endpoint` will say
            return False
        return any(part in host for part in self.hosts)


@cache
def providers() -> dict[str, Provider]:
    """All provider profiles by name, in the order in which they are tried."""
    import yaml

    text = files(__package__).joinpath("providers.yaml").read_text(encoding="utf-8")
    return {name: Provider(name=name, **entry) for name, entry in yaml.safe_load(text).items()}


def provider_for(base_url: str, chosen: str = "") -> Provider:
    """The provider of a base URL, or the one chosen by hand. Raises InputError for a name that is not known."""
    known = providers()
    if chosen:
        if chosen not in known:
            raise InputError(f"没有名为“{chosen}”的大模型接口类型。可选：{'、'.join(known)}。")
        return known[chosen]
    return next((p for p in known.values() if p.serves(base_url)), known[GENERIC])


@dataclass(frozen=True)
class Endpoint:
    """One model at one endpoint, and the limits of a call.

    `timeout`: seconds without a byte; `deadline`: seconds for a call with its retries; `longest_reply`: characters.
    Raises InputError when the address, the key or the model's name cannot be used as they stand.
    """

    base_url: str
    key: SecretStr
    model: str
    provider: Provider = field(default_factory=lambda: providers()[GENERIC])
    timeout: float = 30.0
    deadline: float = 60.0
    retries: int = 2
    longest_reply: int = 65_536

    def __post_init__(self) -> None:
        try:
            where = urlsplit(self.base_url)
            usable = where.scheme in {"http", "https"} and bool(where.hostname) and where.port != 0
        except ValueError:
            usable = False
        if not usable or not self.base_url.isascii() or any(c.isspace() for c in self.base_url):
            raise InputError("IIAM_LLM_BASE_URL 不是可用的地址。请写成 https://主机/v1 的样子。")
        key = self.key.get_secret_value()
        if not key.isascii() or not key.isprintable() or " " in key:
            raise InputError("IIAM_LLM_API_KEY 含有空格、换行或中文等密钥中不会有的字符。请重新复制一遍。")
        if not self.model.strip():
            raise InputError("没有设置 IIAM_LLM_MODEL。请填写接口上的模型名称。")
        if not self.model.isprintable():
            raise InputError("IIAM_LLM_MODEL 含有无法识别的字符。请重新填写接口上的模型名称。")
        if max(self.timeout, self.deadline) > LONGEST_WAIT:
            raise InputError(f"IIAM_LLM_TIMEOUT 太长。请填写不超过 {LONGEST_WAIT} 的秒数。")

    @property
    def host(self) -> str:
        """Host and port for messages: no path, and no name or password that the address may hold."""
        where = urlsplit(self.base_url)
        return f"{where.hostname}:{where.port}" if where.port else str(where.hostname)
