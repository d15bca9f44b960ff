"""How much a request may carry: what is more is answered with 413 before it fills the memory."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.documents.limits import FILE_LIMIT, MEGABYTE
from assistant.web.errors import answer

FORM_LIMIT = MEGABYTE
"""Bytes of an ordinary form: the longest, a justification, stays below a tenth of it."""
CHAT_LIMIT = 4 * MEGABYTE
"""Bytes of an event of the chats: what was typed, as JSON."""
IMPORT_LIMIT = 2 * FILE_LIMIT
FRAME = MEGABYTE
"""What the frame of a form adds to the file in it; a file just too large is then told so by whoever reads files."""
DRAINED = 5 * FILE_LIMIT
"""Bytes of a refused body that are read and thrown away: a browser shows an answer only once it has sent everything."""
UPLOADS = re.compile(r"/(interview|talk)/gradio_api/upload/?")
CHATS = re.compile(r"/(interview|talk)/")


def limit_of(path: str) -> int:
    """How many bytes a request to an address may carry."""
    if UPLOADS.fullmatch(path):
        return FILE_LIMIT + FRAME
    if path == "/import":
        return IMPORT_LIMIT
    return CHAT_LIMIT if CHATS.match(path) else FORM_LIMIT


def told(limit: int) -> str:
    """What is said of a body that is too large."""
    return f"提交的内容太大，没有保存：这里一次最多 {limit // MEGABYTE} MB。请缩短或拆开后再试。"


class Limit:
    """ASGI middleware. Believes a length that is announced, and counts what comes whether one is announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413, or send on what fits."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit, request = limit_of(scope["path"]), Request(scope)
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            await _drain(receive)
            await answer(request, 413, told(limit))(scope, receive, send)
            return
        come = 0

        async def counted() -> Message:
            nonlocal come
            message = await receive()
            come += len(message.get("body", b""))
            if come > limit:  # whoever reads the body lets this through to the handlers of errors
                raise HTTPException(413, told(limit))
            return message

        await self._app(scope, counted, send)


async def _drain(receive: Receive) -> None:
    come, more = 0, True
    while more and come <= DRAINED:
        message = await receive()
        come += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
