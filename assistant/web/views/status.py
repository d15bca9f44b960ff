"""What the page 运行状态 shows: which parts work, with which settings. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """正常, 注意 (works, but not as meant) or 问题 (does not work)."""

    GOOD = "正常"
    NOTICE = "注意"
    BAD = "问题"


TAG = {Health.GOOD: "good", Health.NOTICE: "warn", Health.BAD: "bad"}


@dataclass(frozen=True)
class Line:
    """One part: how it does, and what to do where it does not do well."""

    name: str
    health: Health
    text: str
    advice: str = ""

    @property
    def tag(self) -> str:
        """The style of the mark."""
        return TAG[self.health]


@dataclass(frozen=True)
class Licence:
    """A library in use and the terms it comes under."""

    name: str
    version: str
    licence: str


def engine_line(engine: str, model: str, host: str, problem: str, waiting: float | None) -> Line:
    """Who reads the answers. `waiting`: seconds until a failing endpoint is asked again, None without an endpoint."""
    if problem:
        return Line("解读引擎", Health.NOTICE, f"规则引擎（{engine}）。{problem}", "改好设置后重新启动；访谈照常进行。")
    if waiting is None:
        return Line("解读引擎", Health.GOOD, f"规则引擎（{engine}），不联网。")
    if waiting > 0:
        return Line(
            "解读引擎",
            Health.NOTICE,
            f"大模型 {model}（{host}）暂时用不了，约 {waiting:.0f} 秒后再试，其间由规则引擎解读。",
            "运行 iiam doctor 查看原因。",
        )
    return Line("解读引擎", Health.GOOD, f"大模型 {model}（{host}），用不了时由规则引擎接着。")


def index_line(embedder: str, configured: bool, notices: Iterable[str]) -> Line:
    """Search; `notices` is what it had to say since it was opened: with an endpoint `configured`, a sign of trouble."""
    told = "".join(dict.fromkeys(notices))
    return Line("检索索引", Health.NOTICE if told and configured else Health.GOOD, f"可用，向量：{embedder}。", told)


def licence_of(fields: Callable[[str], str | None], classifiers: Iterable[str]) -> str:
    """The terms in a distribution's metadata: the SPDX expression, else the classifier, else a short free text."""
    if expression := fields("License-Expression"):
        return expression
    named = [c.rsplit(" :: ", 1)[-1] for c in classifiers if c.startswith("License ::")]
    if named:
        return "、".join(named)
    free = (fields("License") or "").strip().splitlines()
    return free[0][:80] if free else "见该库的说明"
