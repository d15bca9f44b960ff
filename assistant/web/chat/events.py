"""What happens at a chat page: every event, and what it does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import gradio as gr

from assistant.assessment.level import Reason
from assistant.assessment.text import one_line
from assistant.errors import InputError
from assistant.web.chat.common import HIDDEN, Desktop, Parts, Updates
from assistant.web.chat.desk import CORRECT, OBJECT, Result, Said
from assistant.web.chat.paint import ALL, told
from assistant.web.chat.parts import Buttons
from assistant.web.chat.rooms import Visitor
from assistant.web.views.interview import PASSED

Shown = AsyncIterator[Updates]


def wire(top: Desktop, parts: Parts, buttons: Buttons) -> None:
    """Connect the events that both pages have."""
    top.parts = parts
    desk, who = top.desk, [parts.name, parts.role]
    everything = parts.all()

    def on(trigger: Any, act: Callable[..., Any], inputs: list[Any], **more: Any) -> None:
        gr.on(trigger, act, inputs, everything, **HIDDEN, **more)

    async def send(text: str, target: str, seen: str, about: str, name: str, role: str, request: gr.Request) -> Shown:
        said = Said(text or "", target or "", seen or "", about or "")
        job = lambda v, tell, watch: desk.say(v, name, role or "", said, tell, watch)  # noqa: E731
        async for update in top.run(request, job, text):
            yield update

    def leaving(reason: Reason) -> Callable[..., Shown]:
        async def leave(name: str, role: str, request: gr.Request) -> Shown:
            async for update in top.run(request, lambda v, *_: desk.set_aside(v, name, role or "", reason)):
                yield update

        return leave

    async def again(name: str, role: str, request: gr.Request) -> Shown:
        async for update in top.run(request, lambda v, *_: desk.again(v, name, role or "")):
            yield update

    async def correct(name: str, role: str, request: gr.Request) -> Updates:
        return await top.edit(request, CORRECT, "", name, role or "")

    async def clicked(earlier: str, name: str, role: str, request: gr.Request, event: gr.EventData) -> Shown:
        what, which = str(event._data.get("what", "")), str(event._data.get("which", ""))
        if what in (CORRECT, OBJECT):
            yield await top.edit(request, what, which, name, role or "")
        elif what == "earlier":
            yield await top.look(request, role or "", ALL) | {parts.earlier: ALL}
        elif what == "go":
            async for update in top.run(request, lambda v, tell, _: desk.turn_to(v, name, role or "", which, tell)):
                yield update

    async def refresh(earlier: str, role: str, request: gr.Request) -> Updates:
        return await top.look(request, role or "", earlier)

    async def pass_on(request: gr.Request) -> Updates:
        return await top.passing(request)

    async def pass_now(to: str, name: str, role: str, request: gr.Request) -> Shown:
        chosen = one_line(to or "")

        def job(visitor: Visitor, *_: object) -> Result:
            if not chosen:
                raise InputError("请先选择或写下转给谁。")
            return desk.set_aside(visitor, name, role or "", Reason.DONT_KNOW, f"{PASSED}{chosen}")

        async for update in top.run(request, job):
            yield update | ({parts.passing: gr.Row(visible=False)} if parts.log in update else {})

    on([parts.box.submit, parts.send.click], send, [parts.box, parts.target, parts.seen, parts.about, *who])
    on(buttons.skip.click, leaving(Reason.SKIPPED), who)
    on(buttons.unknown.click, leaving(Reason.DONT_KNOW), who)
    on(buttons.unfit.click, leaving(Reason.NOT_APPLICABLE), who)
    on(buttons.again.click, again, who)
    on(buttons.correct.click, correct, who)
    on(parts.stop.click, top.stop_editing, [])
    on(buttons.pass_on.click, pass_on, [])
    on(buttons.pass_now.click, pass_now, [parts.to, *who])
    on(buttons.pass_not.click, lambda: {parts.passing: gr.Row(visible=False), parts.told: told("")}, [])
    on([parts.log.click, parts.tree.click], clicked, [parts.earlier, *who])
    on(parts.refresh.click, refresh, [parts.earlier, parts.role])
