"""The door: finds who is at the other end of each request, and lets nobody past who has no business inside.

Pure ASGI, so that streams pass through it as they are.
"""

from __future__ import annotations

from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.errors import IiamError
from assistant.web.errors import explained, turned_away
from assistant.web.identity import Identity
from assistant.web.rights import is_open, mounted_right, rights_of


class Doorman(Protocol):
    """Knows people."""

    def who(self, connection: HTTPConnection) -> tuple[Identity | None, str]:
        """Who is there, and where somebody unknown goes to become known. Raises IiamError. May take a while."""


class Door:
    """ASGI middleware. Leaves `identity` and `entrance` in the request's state.

    Nobody gets past it except to the open addresses; what a mounted app takes is checked here, what a route of our
    own takes by `rights.need`.
    """

    def __init__(self, app: ASGIApp, doorman: Doorman) -> None:
        self._app, self._doorman = app, doorman

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look who it is, and let them in or send them away."""
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
            return
        path = scope.get("path", "")
        if scope["type"] != "http" or path.startswith("/static/"):
            await self._app(scope, receive, send)
            return
        state, request = scope.setdefault("state", {}), Request(scope)
        state["identity"], state["entrance"] = None, "/login"
        try:
            state["identity"], state["entrance"] = await run_in_threadpool(self._doorman.who, request)
        except IiamError as error:
            await explained(request, error)(scope, receive, send)
            return
        identity, right = state["identity"], mounted_right(path)
        unknown = identity is None and not is_open(path)
        if unknown or (right is not None and right not in rights_of(identity)):
            await turned_away(request)(scope, receive, send)
            return
        await self._app(scope, receive, send)
