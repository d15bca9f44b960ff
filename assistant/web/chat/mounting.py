"""Mounting the Gradio apps: our own look and words, nothing of Gradio's own to be seen, nothing from elsewhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.documents.limits import FILE_LIMIT
from assistant.errors import IiamError
from assistant.web.chat import staff, talk
from assistant.web.chat.desk import Desk
from assistant.web.chat.rooms import Visitor
from assistant.web.identity import identity_of

if TYPE_CHECKING:
    from assistant.bootstrap import App

READING, WAITING = 2, 64
"""Turns that are worked on at once: those of the rules engine only take each other's time, those of a model wait for it."""
FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif")
HEAD = """
<script>
document.documentElement.lang = 'zh-CN';
Object.defineProperty(navigator, 'language', { get: () => 'zh-CN' });
Object.defineProperty(navigator, 'languages', { get: () => ['zh-CN', 'zh'] });
</script>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/chat.css">
<script src="/static/chat.js" defer></script>
"""

AT_ONCE = b"""<link rel="stylesheet" href="/static/chat.css">
<style>body:not(:has(.c-told)):not(:has(.c-log):has(.c-top)) gradio-app { visibility: hidden; }</style>
</head>"""
"""Gradio adds what stands in HEAD late, by script; this stands in the page that is sent, so that nothing unstyled is seen."""


def mount_all(app: FastAPI, parts: App) -> None:
    """Both pages, and beside each the address that tells the last row of the record."""
    workers = READING if parts.endpoint is None else WAITING
    desk, pool = Desk(parts), ThreadPoolExecutor(workers, thread_name_prefix="chat")
    for path, module in (("/interview", staff), ("/talk", talk)):
        _watch(app, path, desk)
        blocks = module.build(desk, pool)
        gr.mount_gradio_app(
            app,
            blocks,
            path,
            theme=gr.themes.Base(font=FONTS, font_mono=("monospace",)),
            head=HEAD,
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            show_error=False,
            max_file_size=FILE_LIMIT,
            app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        )
        mounted = next(route for route in app.routes if isinstance(route, Mount) and route.path == path)
        mounted.app = FirstSight(mounted.app)


def _watch(app: FastAPI, path: str, desk: Desk) -> None:
    def tail(request: Request) -> JSONResponse:
        """The sequence of the last row; the page asks now and then, and looks again when it has grown."""
        identity = identity_of(request)
        assessment = (identity.assessment if identity else "") or request.query_params.get("a", "")
        line = identity.invitation if identity else ""
        try:
            session = desk.rooms.look(Visitor(assessment, identity.name if identity else "", line))
        except IiamError as error:
            return JSONResponse({"told": str(error)}, status_code=404)
        return JSONResponse({"tail": session.state.tail.seq})

    app.add_route(f"{path}/tail", tail, methods=["GET"], include_in_schema=False)


class FirstSight:
    """ASGI: puts `AT_ONCE` into the head of the page itself, and leaves everything else of the mounted app alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["path"] != f"{scope.get('root_path', '')}/":
            await self._app(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        begun: Message = {}
        body = b""

        async def styled(message: Message) -> None:
            nonlocal begun, body
            if message["type"] == "http.response.start":
                begun = message
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                page = body.replace(b"</head>", AT_ONCE, 1).replace(b'lang="en"', b'lang="zh-CN"', 1)
                kept = [(name, value) for name, value in begun["headers"] if name != b"content-length"]
                length = (b"content-length", str(len(page)).encode())
                await send({**begun, "headers": [*kept, length]})
                await send({**message, "body": page})

        await self._app({**scope, "headers": plain}, receive, styled)
