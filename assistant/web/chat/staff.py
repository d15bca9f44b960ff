"""访谈: the page on which an assessor leads the interview, with topics and clauses beside the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr

from assistant.errors import InputError
from assistant.ports import Tell
from assistant.web.chat.common import HIDDEN, Desktop, Parts, Updates
from assistant.web.chat.desk import Desk, Result, Watch
from assistant.web.chat.events import wire
from assistant.web.chat.files import Intake
from assistant.web.chat.paint import told as say
from assistant.web.chat.parts import AT_A_DESK, buttons, editing, hidden, html, line
from assistant.web.chat.rooms import Visitor
from assistant.web.identity import Identity, identity_of
from assistant.web.views.interview import last_speaker

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
        with gr.Row(elem_id="c-page"):
            with gr.Column(elem_id="c-side", scale=0, min_width=300):
                progress = html("progress")
                upload = gr.UploadButton(
                    "读入纪要、转写稿或文件…",
                    file_count="single",
                    size="sm",
                    elem_id="c-upload",
                    elem_classes="c-button",
                )
                with gr.Accordion("话题", open=True, elem_id="c-topics"):
                    tree = html("tree", clicks=True)
            with gr.Column(elem_id="c-chat", scale=1, min_width=320):
                with gr.Row(elem_id="c-who"):
                    name = gr.Textbox(label="谁在回答", placeholder="姓名", elem_id="c-name", scale=1, min_width=110)
                    role = gr.Dropdown(
                        label="岗位",
                        choices=roles,
                        value=None,
                        allow_custom_value=True,
                        elem_id="c-role",
                        scale=1,
                        min_width=130,
                    )
                    begin = gr.Button(
                        "开始提问", variant="primary", size="sm", elem_id="c-begin", scale=0, min_width=96
                    )
                log = html("log", clicks=True)
                live, told = html("live"), html("told")
                row_buttons, passing, to = buttons()
                row, hint, stop = editing()
                box, send = line(AT_A_DESK)
            with gr.Column(elem_id="c-beside", scale=0, min_width=0), gr.Accordion("本话题的条款", open=False):
                clauses = html("clauses")
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
            name=name,
            role=role,
            passing=passing,
            to=to,
            refresh=refresh,
            clauses=clauses,
            begin=begin,
        )
        wire(top, parts, row_buttons)
        _wire(page, top, parts, upload)
    return page


def _wire(page: gr.Blocks, top: Desktop, parts: Parts, upload: gr.UploadButton) -> None:
    """Connect the events that only this page has."""
    desk, intake, begin, speaker = top.desk, Intake(top.desk.parts), parts.begin, [parts.name, parts.role]
    assert begin is not None  # noqa: S101 - this page has it

    async def load(request: gr.Request) -> Updates:
        who: list[tuple[str, str]] = []

        def opens(visitor: Visitor) -> Result:
            session = desk.rooms.look(visitor)
            speaker = last_speaker(session.state)
            who.append((speaker.name, speaker.role))
            if not speaker.name or session.state.signed:
                return Result(desk.look(visitor, speaker.role))
            return desk.go_on(visitor, speaker.name, speaker.role)

        shown = await top.load(request, opens)
        return shown | {parts.name: who[0][0], parts.role: gr.Dropdown(value=who[0][1] or None)} if who else shown

    async def go_on(who: str, position: str, request: gr.Request) -> AsyncIterator[Updates]:
        async for update in top.run(request, lambda v, tell, _: desk.go_on(v, who, position or "", tell)):
            yield update

    async def take(file: str | None, who: str, position: str, request: gr.Request) -> AsyncIterator[Updates]:
        """Progress comes as pieces, each in place of the one before."""
        if file is None:
            return
        path = Path(file)

        def job(visitor: Visitor, tell: Tell, _: Watch) -> Result:
            try:
                line = intake.take(visitor, path, lambda n, of: tell(f"正在读《{path.name}》：{n}/{of} 段"))
            finally:
                path.unlink(missing_ok=True)
            return Result(desk.look(visitor, position or ""), line)

        yield {parts.told: say(f"正在读《{path.name}》……")}
        async for update in top.run(request, job, latest=parts.told):
            yield update
        yield {upload: None}

    page.load(load, None, parts.all(), **HIDDEN)
    gr.on([begin.click, parts.name.submit], go_on, speaker, parts.all(), **HIDDEN)
    parts.role.input(go_on, speaker, parts.all(), **HIDDEN)
    gr.on(upload.upload, take, [upload, parts.name, parts.role], [*parts.all(), upload], **HIDDEN)
