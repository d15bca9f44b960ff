"""The engine under measure, by name, on the shipped standard; wired like the product's own."""

from __future__ import annotations

from assistant.bootstrap import App
from assistant.errors import InputError
from assistant.ports import Engine
from assistant.settings import load_settings

ENGINES = ("rules",)


def app() -> App:
    """The product's parts with the user's settings."""
    return App(load_settings())


def engine(parts: App, name: str) -> Engine:
    """An engine by name, warmed as the product warms it. Raises InputError for an unknown one."""
    if name not in ENGINES:
        raise InputError(f"没有名为“{name}”的引擎，可用的是：{'、'.join(ENGINES)}。")
    parts.engine.warm()
    return parts.engine
