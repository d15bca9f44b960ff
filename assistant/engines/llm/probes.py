"""What the doctor asks an endpoint, and the one request beside chat: the list of models."""

from __future__ import annotations

import ipaddress
import json
import re
import time
from itertools import count
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from assistant.assessment.text import one_line
from assistant.engines.llm.endpoint import Endpoint
from prompts import estimate

QUESTION = "请用一句话说明什么是“设备联网率”。"
STATEMENT = "我们车间一百二十台设备，连上网的有三十六台，剩下的还没连。"
COUNTING = (
    f"下面是受访人的一句话：\n{STATEMENT}\n"
    "给出设备总数 total、已联网的台数 connected（都用阿拉伯数字），以及说到已联网台数的原话 quote（照抄其中连续的几个字）。"
)
RECALL = "以上是背景资料。资料开头给出的登记号是多少？只回答数字。"
RECALL_AGAIN = "再看一遍以上资料：开头的登记号是几位数字？写出这个登记号。"
NAME = 200
"""Characters of a model's name in a list."""

CHINESE = re.compile(r"[一-鿿]")


class Count(BaseModel):
    """The answer to `COUNTING`."""

    model_config = ConfigDict(extra="forbid")
    total: int
    connected: int
    quote: str

    @property
    def sound(self) -> bool:
        """Whether the numbers are those of the statement, and the quote a part of it."""
        return (self.total, self.connected) == (120, 36) and bool(self.quote.strip()) and self.quote in STATEMENT


def background(code: str, tokens: int) -> str:
    """A text of about `tokens` tokens (by `prompts.estimate`) that names a code at its very beginning and never again."""
    lines = [f"本资料的登记号是 {code}。"]
    size = estimate(lines[0])
    for number in count(1):
        line = f"第 {number} 条：{number % 31 + 1} 日{'早中晚'[number % 3]}班，设备运转正常，物料到位，交接清楚。"
        size += estimate(line)
        if size > tokens:
            return "\n".join(lines)
        lines.append(line)
    raise AssertionError("count() does not end")


def listed_models(endpoint: Endpoint) -> list[str]:
    """Models that the endpoint lists; empty when it has no such list. Raises EndpointError."""
    import httpx2

    from assistant.engines.llm.transport import UNTIL, connect

    token = UNTIL.set(time.monotonic() + endpoint.deadline)
    try:
        with httpx2.Client(transport=connect(endpoint, time.monotonic), trust_env=False) as web:
            text = web.get(f"{endpoint.base_url.rstrip('/')}/models").text
    finally:
        UNTIL.reset(token)
    try:
        return [one_line(str(entry["id"]))[:NAME] for entry in json.loads(text)["data"]]
    except (ValueError, TypeError, KeyError):
        return []


def is_loopback(base_url: str) -> bool:
    """Whether an address is this machine's own."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
