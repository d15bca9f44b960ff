"""What happens at a chat page: every event, and what it does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import gradio as gr

from assistant.assessment.level import Reason
from assistant.assessment.text import one_line
from assistant.errors import InputError
from assistant.interview.topics import PASSED
from assistant.web.chat.common import HIDDEN, REMEMBER, Desktop, Mind, Parts, Updates
from assistant.web.chat.desk import CORRECT, OBJECT, Result, Said
from assistant.web.chat.parts import Buttons
from assistant.web.chat.rooms import Visitor

Shown = AsyncIterator[Updates]


def on(trigger: Any, act: Callable[..., Any], inputs: list[Any], outputs: list[Any]) -> None:
    """Connect an event."""
    gr.on(trigger, act, inputs, outputs, js=REMEMBER, **HIDDEN)


def wire(top: Desktop, parts: Parts, buttons: Buttons) -> None:
    """Connect the events that both pages have."""
    top.parts = parts
    desk, who = top.desk, [parts.mind, parts.name, parts.role]

    async def send(mind: str, text: str, target: str, name: str, role: str | None, request: gr.Request) -> Shown:
        known = Mind.of(mind)
        said = Said(text or "", target or "", known.seen, known.about)

        def job(visitor: Visitor, tell: Any, watch: Any) -> Result:
            return desk.say(visitor, name, role or "", said, tell, watch)

        async for update in top.run(request, job, said.text, said.target):
            yield update

    def leaving(reason: Reason) -> Callable[..., Shown]:
        async def leave(mind: str, name: str, role: str | None, request: gr.Request) -> Shown:
            job = lambda visitor, *_: desk.set_aside(visitor, name, role or "", reason)  # noqa: E731
            async for update in top.run(request, job):
                yield update

        return leave

    async def again(mind: str, name: str, role: str | None, request: gr.Request) -> Shown:
        async for update in top.run(request, lambda v, *_: desk.again(v, name, role or "")):
            yield update

    async def clicked(mind: str, name: str, role: str | None, request: gr.Request, event: gr.EventData) -> Shown:
        data = event._data or {}
        what, which = str(data.get("what", CORRECT)), str(data.get("which", ""))
        if what in ("go", "again"):
            insists = what == "again"
            job = lambda visitor, tell, _: desk.turn_to(visitor, name, role or "", which, tell, again=insists)  # noqa: E731
            async for update in top.run(request, job):
                yield update
            return
        try:
            if what == "earlier":
                yield await top.look(request, role, Mind(earlier=True))
            elif what in (CORRECT, OBJECT):
                yield await top.edit(request, what, which, name, role or "")
            else:
                yield top.stop_editing()
        except Exception as error:
            yield top.trouble(request, error)

    async def refresh(mind: str, role: str | None, request: gr.Request) -> Updates:
        try:
            return await top.look(request, role, Mind.of(mind))
        except Exception as error:
            return top.trouble(request, error)

    _wire_passing(top, parts, buttons)
    turned = [parts.screen, parts.now]
    on(
        [parts.box.submit, parts.send.click],
        send,
        [parts.mind, parts.box, parts.target, *who[1:]],
        [*turned, parts.box, parts.target],
    )
    on(buttons.skip.click, leaving(Reason.SKIPPED), who, turned)
    on(buttons.unknown.click, leaving(Reason.DONT_KNOW), who, turned)
    on(buttons.unfit.click, leaving(Reason.NOT_APPLICABLE), who, turned)
    on(buttons.again.click, again, who, turned)
    on([parts.screen.click, parts.now.click, buttons.correct.click], clicked, who, [*turned, parts.box, parts.target])
    on(parts.refresh.click, refresh, [parts.mind, parts.role], [parts.screen, parts.now])


def _wire_passing(top: Desktop, parts: Parts, buttons: Buttons) -> None:
    """转给…: the topic is left to somebody else."""
    who = [parts.mind, parts.name, parts.role]

    async def pass_on(_: str, name: str, role: str | None, request: gr.Request) -> Updates:
        try:
            return await top.passing(request, name, role or "")
        except Exception as error:
            return top.trouble(request, error)

    async def pass_now(_: str, to: str | None, name: str, role: str | None, request: gr.Request) -> Shown:
        chosen = one_line(to or "")

        def job(visitor: Visitor, *_: object) -> Result:
            if not chosen:
                raise InputError("请先选择或写下转给谁。")
            return top.desk.set_aside(visitor, name, role or "", Reason.DONT_KNOW, f"{PASSED}{chosen}")

        async for update in top.run(request, job):
            yield update | ({parts.passing: gr.Row(visible=False)} if parts.screen in update else {})

    on(buttons.pass_on.click, pass_on, who, [parts.passing, parts.to, parts.now])
    on(buttons.pass_now.click, pass_now, [parts.mind, parts.to, *who[1:]], [parts.screen, parts.now, parts.passing])
    gr.on(buttons.pass_not.click, lambda: gr.Row(visible=False), [], [parts.passing], **HIDDEN)
