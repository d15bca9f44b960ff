"""Mounting the Gradio apps: our own look and words, nothing of Gradio's own to be seen, nothing from elsewhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

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
