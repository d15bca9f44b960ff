"""The engine under measure, by name, on the shipped standard; wired like the product's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from assistant.bootstrap import App
from assistant.errors import InputError
from assistant.ports import Engine
from assistant.settings import load_settings

T = TypeVar("T")
R = TypeVar("R")
RULES, LLM = "rules", "llm"
ENGINES = (RULES, LLM)


def app() -> App:
    """The product's parts with the user's settings."""
    return App(load_settings())


def engine(parts: App, name: str) -> Engine:
    """An engine by name, warmed as the product warms it.

    Raises InputError for an unknown one, and for `llm` when no endpoint is configured: the rules engine would be
    measured in its place.
    """
    if name not in ENGINES:
        raise InputError(f"没有名为“{name}”的引擎，可用的是：{'、'.join(ENGINES)}。")
    if name == LLM and parts.endpoint is None:
        why = parts.endpoint_problem or "没有配置大模型接口。"
        raise InputError(f"--engine llm 不能运行：{why}请设置 IIAM_LLM_BASE_URL 和 IIAM_LLM_MODEL。")
    chosen = parts.rules if name == RULES else parts.engine
    chosen.warm()
    return chosen


def each(work: Callable[[T], R], items: Iterable[T], jobs: int) -> list[R]:
    """`work` on every item, `jobs` at a time (an endpoint is waited for, not computed with); results in order."""
    if jobs == 1:
        return [work(item) for item in items]
    with ThreadPoolExecutor(jobs, thread_name_prefix="evals") as pool:
        return list(pool.map(work, items))
