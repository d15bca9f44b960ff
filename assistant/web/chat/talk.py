"""受访人的页面: one person answers on their own phone or computer, in the line of talk of their invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from assistant.errors import InputError
from assistant.web.chat.common import HIDDEN, Desktop, Parts, Updates
from assistant.web.chat.desk import Desk, Result
from assistant.web.chat.events import wire
from assistant.web.chat.parts import ANYWAY, buttons, hidden, html, line
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
            screen, doing = html("screen", clicks=True), html("now", clicks=True)
            row_buttons, passing, to = buttons()
            box, send = line(ANYWAY)
        refresh = gr.Button("刷新", elem_id="c-refresh", elem_classes="c-unseen")
        parts = Parts(
            head=head,
            screen=screen,
            now=doing,
            box=box,
            send=send,
            mind=hidden("mind"),
            target=hidden("target"),
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

        page.load(load, None, [parts.screen, parts.now, parts.head], **HIDDEN)
    return page
