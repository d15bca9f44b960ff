"""受访人的页面: one person answers on their own phone or computer, in the line of talk of their invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from assistant.errors import InputError
from assistant.web.chat.common import HIDDEN, Desktop, Parts, Updates
from assistant.web.chat.desk import Desk, Result
from assistant.web.chat.events import wire
from assistant.web.chat.parts import ANYWAY, buttons, editing, hidden, html, line
from assistant.web.chat.rooms import Visitor
from assistant.web.identity import Identity, Role, identity_of

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor


def host(request: gr.Request) -> tuple[Visitor, Identity]:
    """Whose invitation it is. Raises InputError."""
    identity = identity_of(request.request) if request.request is not None else None
    if identity is None or identity.role != Role.RESPONDENT:
        raise InputError("请从发给您的链接打开这个页面。")
    visitor = Visitor(identity.assessment, identity.name, identity.invitation, identity.name, identity.position)
    return visitor, identity


def build(desk: Desk, pool: ThreadPoolExecutor) -> gr.Blocks:
    """The page."""
    top = Desktop(desk, host, pool)
    with gr.Blocks(title="访谈", analytics_enabled=False, fill_width=True) as made:
        page: gr.Blocks = made
        head = html("head")
        with gr.Column(elem_id="c-talk"):
            with gr.Accordion("话题", open=False, elem_id="c-topics"):
                tree = html("tree", clicks=True)
            progress = html("progress")
            log = html("log", clicks=True)
            live, told = html("live"), html("told")
            row_buttons, passing, to = buttons()
            row, hint, stop = editing()
            box, send = line(ANYWAY)
        target, seen, about, earlier = hidden("target"), hidden("seen"), hidden("about"), hidden("earlier")
        refresh = gr.Button("刷新", elem_id="c-refresh")
        parts = Parts(
            head=head,
            log=log,
            live=live,
            told=told,
            progress=progress,
            tree=tree,
            box=box,
            send=send,
            target=target,
            editing=row,
            hint=hint,
            stop=stop,
            seen=seen,
            about=about,
            earlier=earlier,
            name=hidden("name"),
            role=hidden("role"),
            passing=passing,
            to=to,
            refresh=refresh,
        )
        wire(top, parts, row_buttons)

        async def load(request: gr.Request) -> Updates:
            def opens(visitor: Visitor) -> Result:
                return desk.go_on(visitor, visitor.name, visitor.role)

            return await top.load(request, opens)

        page.load(load, None, parts.all(), **HIDDEN)
    return page
