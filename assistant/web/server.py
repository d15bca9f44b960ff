"""The web app: one FastAPI app with the pages, the chats and what guards them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

from assistant.web import errors
from assistant.web.guard import LOOPBACK, Guard
from assistant.web.identity import Identity
from assistant.web.render import STATIC

if TYPE_CHECKING:
    from assistant.bootstrap import App

CHATS = ("/interview", "/talk")
Doorman = Callable[[Request], Identity | Response]
"""Who is at the door, or where to send them."""


def create(parts: App, doorman: Doorman, *, loopback: bool) -> FastAPI:
    """The app over the product's parts. `loopback`: only this machine may address it."""
    app = FastAPI(title="iiam", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.parts = parts
    errors.install(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    @app.middleware("http")
    async def at_the_door(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        if not request.url.path.startswith("/static/"):
            found = doorman(request)
            if isinstance(found, Response):
                return found
            request.state.identity = found
        return await go_on(request)

    app.add_middleware(Guard, hosts=LOOPBACK if loopback else None, is_chat=lambda path: path.startswith(CHATS))
    return app
