"""The web app for tests: over a data folder of its own, signed in as anybody, without Gradio."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.accounts.accounts import Accounts
from assistant.accounts.model import Role
from assistant.bootstrap import App, SystemClock
from assistant.settings import Settings
from assistant.web.doorman import SESSION
from assistant.web.server import create

LOCAL = "http://127.0.0.1"
PASSWORD = "海上生明月，天涯共此时"
NAMES = {Role.ASSESSOR: "王敏", Role.REVIEWER: "赵强", Role.ADMIN: "孙丽"}


@cache
def _known() -> dict[str, object]:
    """What every app knows alike, read once: the shipped standard, its guide, the engine."""
    parts = App(Settings(_env_file=None, home=Path(os.devnull)))
    return {"standard": parts.standard, "guide": parts.guide, "rules": parts.rules}


def parts_at(home: Path, **settings: str) -> App:
    """The product's parts over a data folder, passwords hashed quickly."""
    parts = App(Settings(_env_file=None, home=home, **settings))
    if parts.settings.standard is None:
        vars(parts).update(_known())
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    vars(parts)["accounts"] = Accounts(parts._database.engine, parts.secret, SystemClock(), weak)
    return parts


def app_for(parts: App, *, loopback: bool = True) -> FastAPI:
    return create(parts, loopback=loopback, chats=False)


def client(app: FastAPI, **kwargs) -> TestClient:
    """A browser that follows nothing."""
    return TestClient(app, base_url=LOCAL, follow_redirects=False, **kwargs)


def with_staff(parts: App) -> None:
    """One account of each role."""
    for role, name in NAMES.items():
        parts.accounts.add(name, role, PASSWORD)


def signed_in(app: FastAPI, role: Role, **kwargs) -> TestClient:
    """The browser of the account of a role, with a session of its own."""
    browser = client(app, **kwargs)
    accounts = app.state.parts.accounts
    browser.cookies.set(SESSION, accounts.begin(accounts.find(NAMES[role])), domain="127.0.0.1")
    return browser
