"""访谈: the page on which an assessor leads the interview, with topics and clauses beside the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr

from assistant.errors import InputError
from assistant.ports import Tell
from assistant.web.chat.common import HIDDEN, Desktop, Parts, Updates
from assistant.web.chat.desk import TAKES_OVER, Desk, Result, Watch
from assistant.web.chat.events import wire
from assistant.web.chat.files import Intake
from assistant.web.chat.paint import now
from assistant.web.chat.parts import AT_A_DESK, buttons, hidden, html, line
from assistant.web.chat.rooms import Visitor
from assistant.web.identity import Identity, identity_of
from assistant.web.views.interview import Speaker

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor


def host(request: gr.Request) -> tuple[Visitor, Identity]:
    """Who is at the page, and of which assessment (`?a=`). Raises InputError."""
    identity = identity_of(request.request) if request.request is not None else None
    assessment = dict(request.query_params).get("a", "")
    if identity is None or not assessment:
        raise InputError("请从评估列表打开访谈。")
    return Visitor(assessment, identity.name), identity


def build(desk: Desk, pool: ThreadPoolExecutor) -> gr.Blocks:
    """The page."""
    top = Desktop(desk, host, pool)
    roles = list(desk.parts.guide.roles)
    with gr.Blocks(title="访谈 · 工业互联网应用成熟度评估", analytics_enabled=False, fill_width=True) as made:
        page: gr.Blocks = made
        head = html("head")
        with gr.Column(elem_id="c-page"):
            with gr.Row(elem_id="c-who"):
                name = gr.Textbox(
                    label="谁在回答", placeholder="姓名", max_lines=1, elem_id="c-name", scale=1, min_width=100
                )
                role = gr.Dropdown(
                    label="岗位",
                    choices=roles,
                    value=None,
                    allow_custom_value=True,
                    elem_id="c-role",
                    scale=1,
                    min_width=120,
                )
                begin = gr.Button("开始提问", variant="primary", size="sm", elem_id="c-begin", scale=0, min_width=96)
                upload = gr.UploadButton(
                    "读入纪要或文件…", file_count="single", size="sm", elem_id="c-upload", elem_classes="c-button"
                )
            screen, doing = html("screen", clicks=True), html("now", clicks=True)
            row_buttons, passing, to = buttons()
            box, send = line(AT_A_DESK)
        refresh = gr.Button("刷新", elem_id="c-refresh", elem_classes="c-unseen")
        pick = gr.Button("选定受访人", elem_id="c-pick", elem_classes="c-unseen")
        parts = Parts(
            head=head,
            screen=screen,
            now=doing,
            box=box,
            send=send,
            mind=hidden("mind"),
            target=hidden("target"),
            name=name,
            role=role,
            passing=passing,
            to=to,
            refresh=refresh,
        )
        wire(top, parts, row_buttons)
        _wire(page, top, parts, begin, pick, upload)
    return page


def _wire(
    page: gr.Blocks, top: Desktop, parts: Parts, begin: gr.Button, pick: gr.Button, upload: gr.UploadButton
) -> None:
    """Connect the events that only this page has."""
    desk, intake, who = top.desk, Intake(top.desk.parts), [parts.name, parts.role]

    async def load(request: gr.Request) -> Updates:
        speaker, word = Speaker("", ""), ""

        def opens(visitor: Visitor) -> Result:
            nonlocal speaker, word
            found, speaker, word = desk.opens(visitor)
            return found

        shown = await top.load(request, opens)
        if not speaker.name:  # what somebody quick has typed by now stays
            return shown
        return shown | {parts.name: speaker.name, parts.role: speaker.role or None, begin: word}

    async def go_on(name: str, role: str | None, request: gr.Request) -> AsyncIterator[Updates]:
        job = lambda visitor, tell, _: desk.go_on(visitor, name, role or "", tell)  # noqa: E731
        async for update in top.run(request, job):
            yield update | ({begin: TAKES_OVER} if parts.screen in update else {})

    async def takes_over(name: str, role: str | None, request: gr.Request) -> AsyncIterator[Updates]:
        try:
            who = await top.speaker(request, name, role or "")
        except Exception as error:
            yield top.trouble(request, error)
            return
        async for update in go_on(who.name, who.role, request):
            yield update | ({parts.name: who.name, parts.role: who.role or None} if parts.screen in update else {})

    async def take(file: str | None, name: str, role: str | None, request: gr.Request) -> AsyncIterator[Updates]:
        if file is None:
            return
        path = Path(file)

        def job(visitor: Visitor, tell: Tell, _: Watch) -> Result:
            try:
                line = intake.take(visitor, path, lambda n, of: tell(f"正在读《{path.name}》：{n}/{of} 段"))
            finally:
                path.unlink(missing_ok=True)
            return Result(desk.look(visitor, role or ""), line)

        yield {parts.now: now(told=f"正在读《{path.name}》……")}
        async for update in top.run(request, job, counts=True):
            yield update
        yield {upload: None}

    turned = [parts.screen, parts.now]
    page.load(load, None, [*turned, parts.head, parts.name, parts.role, begin], **HIDDEN)
    gr.on(parts.role.input, go_on, who, [*turned, begin], **HIDDEN)
    taken = [*turned, begin, parts.name, parts.role]
    gr.on([begin.click, pick.click, parts.name.submit], takes_over, who, taken, **HIDDEN)
    gr.on(upload.upload, take, [upload, *who], [*turned, upload], **HIDDEN)
