"""What both chat pages are built from: the parts of the page, and how a turn runs beside the page's loop.

Gradio makes a new component for whatever an event may change but leaves alone, which takes longer than a whole turn of
the interview. So each event names just the parts that it changes, and what a page remembers is one part.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.errors import IiamError
from assistant.interview.session import Interview
from assistant.ports import Tell
from assistant.web.chat.desk import CORRECT, OBJECT, Desk, Result, Watch
from assistant.web.chat.paint import head, now
from assistant.web.chat.rooms import Visitor
from assistant.web.errors import kept
from assistant.web.identity import Identity
from assistant.web.views.interview import Speaker
from knowledge.errors import KnowledgeError

SHOWN_AFTER, EVERY = 0.25, 0.08
"""Seconds until a turn that goes on says that the words are kept; seconds between two pieces of a question."""
AT_ONCE = 2.0
"""Seconds that an engine without a model is given first: its turns are over by then, and each word between costs as much."""

CLICKS = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-do]');
  if (button && !button.disabled) trigger('click', {what: button.dataset.do, which: button.dataset.with});
});"""
HIDDEN: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private"}
"""Of every event: no veil over the page, no queue before it, not offered as an interface."""
HINT = {
    CORRECT: "正在更正这条回答：改好后发送，新的代替旧的，两条都留在记录里。",
    OBJECT: "请写下哪里不对、实际是什么情况，然后发送。",
}

Updates = dict[Any, Any]
Job = Callable[[Visitor, Tell, Watch], Result]
Host = Callable[[gr.Request], tuple[Visitor, Identity]]
"""Who is at the page. Raises IiamError."""


REMEMBER = "(_, ...rest) => [JSON.stringify({...document.querySelector('.c-log')?.dataset}), ...rest]"
"""Puts what the page remembers into the first input of an event: it is in the page itself, so that no event sends it twice."""


@dataclass(frozen=True)
class Mind:
    """What a page remembers between two events, so that a restarted server does not miss it (see `paint.screen`)."""

    seen: str = ""
    about: str = ""
    earlier: bool = False

    @classmethod
    def of(cls, text: str | None) -> Mind:
        """From an event's first input; what is not understood is forgotten."""
        with suppress(ValueError, AttributeError):
            known = json.loads(text or "{}")
            return cls(str(known.get("seen", "")), str(known.get("about", "")), bool(known.get("earlier")))
        return cls()


@dataclass
class Parts:
    """The parts of a page that events read and fill."""

    head: gr.HTML
    screen: gr.HTML
    now: gr.HTML
    box: gr.Textbox
    send: gr.Button
    mind: gr.Textbox
    target: gr.Textbox
    name: gr.Textbox
    role: gr.Textbox | gr.Dropdown
    passing: gr.Row
    to: gr.Dropdown
    refresh: gr.Button


class Desktop:
    """Runs what is done at a page in threads, and turns what comes of it into updates of the page's parts."""

    def __init__(self, desk: Desk, host: Host, pool: ThreadPoolExecutor) -> None:
        self.desk, self._host, self._pool = desk, host, pool
        self.parts: Parts

    async def load(self, request: gr.Request, opens: Callable[[Visitor], Result]) -> Updates:
        """The whole page for who opens it."""
        try:
            visitor, identity = self._host(request)
            result = await self._aside(opens, visitor)
            session = await self._aside(self.desk.rooms.look, visitor)
        except Exception as error:
            return self.trouble(request, error)
        top = head(self.desk.parts, visitor, identity, session)
        return {self.parts.screen: result.screen, self.parts.head: top, self.parts.now: now(told=result.told)}

    async def look(self, request: gr.Request, role: str | None, mind: Mind) -> Updates:
        """The page as others have brought it on; what is being typed stays."""
        visitor, _ = self._host(request)
        found = await self._aside(lambda: self.desk.look(visitor, role or "", earlier=mind.earlier))
        return {self.parts.screen: found}

    async def run(
        self, request: gr.Request, job: Job, words: str = "", target: str = "", *, counts: bool = False
    ) -> AsyncIterator[Updates]:
        """A turn: the words are shown once they are kept, the next question while it is being worded.

        The box is emptied only once the words are kept; whatever goes wrong before leaves them in it, and the page ready
        for the same `target`. What `counts` tells a line at a time, each in place of the one before.
        """
        loop, pieces = asyncio.get_running_loop(), asyncio.Queue[str | None]()
        watched: list[tuple[Interview, int]] = []
        emptied: Updates = {self.parts.box: "", self.parts.target: ""} if words else {}

        def tell(piece: str) -> None:
            loop.call_soon_threadsafe(pieces.put_nowait, piece)

        try:
            visitor, _ = self._host(request)
            turn = loop.run_in_executor(
                self._pool, job, visitor, tell, lambda session: watched.append((session, len(session.state.answers)))
            )
            turn.add_done_callback(lambda _: pieces.put_nowait(None))
            patience = SHOWN_AFTER if counts or self.desk.parts.endpoint else AT_ONCE
            async for asked, is_kept in _while(pieces, watched, patience, counts=counts):
                doing = now(told=asked) if counts else now(said=words if is_kept else "", asked=asked)
                yield (emptied if is_kept else {}) | {self.parts.now: doing}
                emptied = {} if is_kept else emptied
            result = await turn
        except Exception as error:
            is_kept = bool(words) and _is_kept(watched)
            yield self.trouble(request, error, "" if is_kept else target) | (emptied if is_kept else {})
            return
        yield emptied | self._shown(result)

    def _shown(self, result: Result) -> Updates:
        """The page after an act; the box is made ready where the act says what for."""
        hint = HINT.get(result.target.partition(":")[0], "")
        shown: Updates = {
            self.parts.screen: result.screen,
            self.parts.now: now(told=result.told, hint=hint, offer=result.offer),
        }
        return shown | ({self.parts.target: result.target, self.parts.box: result.text} if result.target else {})

    async def edit(self, request: gr.Request, kind: str, which: str, name: str, role: str) -> Updates:
        """Make the box ready for a correction of an answer, or an objection to a summary."""
        visitor, _ = self._host(request)
        text = ""
        if kind == CORRECT:
            if which.isdecimal():
                said = await self._aside(lambda: self.desk.answer(visitor, int(which)))
            else:
                said = await self._aside(lambda: self.desk.last_words(visitor, name, role))
            which, text = str(said.seq), said.text
        return {self.parts.target: f"{kind}:{which}", self.parts.box: text, self.parts.now: now(hint=HINT[kind])}

    async def speaker(self, request: gr.Request, name: str, role: str) -> Speaker:
        """Who is meant by what stands in the boxes."""
        visitor, _ = self._host(request)
        found: Speaker = await self._aside(self.desk.speaker, visitor, name, role)
        return found

    async def passing(self, request: gr.Request, name: str, role: str) -> Updates:
        """Offer who could answer the present topic instead."""
        visitor, _ = self._host(request)
        choices = await self._aside(self.desk.others, visitor, name, role)
        return {self.parts.passing: gr.Row(visible=True), self.parts.to: gr.Dropdown(choices=choices, value=None)}

    def stop_editing(self) -> Updates:
        """Back to answering."""
        return {self.parts.target: "", self.parts.box: "", self.parts.now: ""}

    def trouble(self, request: gr.Request, error: Exception, target: str = "") -> Updates:
        """What to say of an error, in one line."""
        if isinstance(error, IiamError | KnowledgeError):
            line = str(error)
        else:
            identity = getattr(getattr(request.request, "state", None), "identity", None)
            line = kept(self.desk.parts.settings.home, "chat", identity, error)
        return {self.parts.now: now(told=line, problem=True, hint=HINT.get(target.partition(":")[0], ""))}

    async def _aside(self, work: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *args)


async def _while(
    pieces: asyncio.Queue[str | None], watched: list[tuple[Interview, int]], patience: float, *, counts: bool
) -> AsyncIterator[tuple[str, bool]]:
    """What was told so far, and whether the words are kept, each time there is something new to show of it."""
    clock = asyncio.get_running_loop().time
    asked, saved, start, shown = "", False, clock(), 0.0
    while True:
        try:
            piece = await asyncio.wait_for(pieces.get(), patience)
        except TimeoutError:
            piece = ""
        if piece is None:
            return
        asked = piece or asked if counts else asked + piece
        is_news = not saved and _is_kept(watched)
        if clock() - start >= patience and (is_news or (piece and clock() - shown >= EVERY)):
            saved, shown = saved or is_news, clock()
            yield asked, saved


def _is_kept(watched: list[tuple[Interview, int]]) -> bool:
    return any(len(session.state.answers) > before for session, before in watched)
