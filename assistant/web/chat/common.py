"""What both chat pages are built from: the parts of the page, and how a turn runs beside the page's loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.errors import IiamError
from assistant.interview.session import Interview
from assistant.ports import Tell
from assistant.web.chat.desk import CORRECT, OBJECT, Desk, Result, Watch
from assistant.web.chat.paint import ALL, Screen, head, told, underway
from assistant.web.chat.rooms import Visitor
from assistant.web.errors import kept
from assistant.web.identity import Identity
from knowledge.errors import KnowledgeError

TURNS = 64
"""Turns that may wait for a model at once; each holds a thread."""
SHOWN_AFTER, EVERY = 0.25, 0.08
"""Seconds until a turn that goes on says that the words are kept; seconds between two pieces of a question."""

CLICKS = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-do]');
  if (button && !button.disabled) trigger('click', {what: button.dataset.do, which: button.dataset.with});
});"""
HIDDEN: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private"}
"""Of every event: no veil over the page, no queue before it, not offered as an interface."""

Updates = dict[Any, Any]
Job = Callable[[Visitor, Tell, Watch], Result]
Host = Callable[[gr.Request], tuple[Visitor, Identity]]
"""Who is at the page. Raises IiamError."""


@dataclass
class Parts:
    """The parts of a page that events fill. What a page does not have is None."""

    head: gr.HTML
    log: gr.HTML
    live: gr.HTML
    told: gr.HTML
    progress: gr.HTML
    tree: gr.HTML
    box: gr.Textbox
    send: gr.Button
    target: gr.Textbox
    editing: gr.Row
    hint: gr.HTML
    stop: gr.Button
    seen: gr.Textbox
    about: gr.Textbox
    earlier: gr.Textbox
    name: gr.Textbox
    role: gr.Textbox | gr.Dropdown
    passing: gr.Row
    to: gr.Dropdown
    refresh: gr.Button
    clauses: gr.HTML | None = None
    begin: gr.Button | None = None

    def all(self) -> list[Any]:
        """Every part there is."""
        return [part for part in vars(self).values() if part is not None]


class Desktop:
    """Runs what is done at a page in threads, and turns what comes of it into updates of the page's parts."""

    def __init__(self, desk: Desk, host: Host, pool: ThreadPoolExecutor) -> None:
        self.desk, self._host, self._pool = desk, host, pool
        self.parts: Parts

    async def load(self, request: gr.Request, opens: Callable[[Visitor], Result], role: str = "") -> Updates:
        """The whole page for who opens it."""
        try:
            visitor, identity = self._host(request)
            result = await self._aside(opens, visitor)
            session = await self._aside(self.desk.rooms.look, visitor)
        except Exception as error:
            return {self.parts.told: told(self._trouble(request, error), problem=True)}
        top = head(self.desk.parts, visitor, identity, session)
        return self.shown(result.screen) | {self.parts.head: top, self.parts.told: told(result.told)}

    async def look(self, request: gr.Request, role: str, earlier: str) -> Updates:
        """The page as others have brought it on; what is being typed stays."""
        try:
            visitor, _ = self._host(request)
            found = await self._aside(lambda: self.desk.look(visitor, role, earlier=earlier == ALL))
        except Exception as error:
            return {self.parts.told: told(self._trouble(request, error), problem=True)}
        return self.shown(found)

    async def run(
        self, request: gr.Request, job: Job, words: str = "", latest: gr.HTML | None = None
    ) -> AsyncIterator[Updates]:
        """A turn: the words are shown once they are kept, the next question while it is being worded.

        With `latest` each piece is shown there, in place of the one before.
        The box is emptied only once the words are kept; whatever goes wrong before leaves them in it.
        """
        loop, pieces = asyncio.get_running_loop(), asyncio.Queue[str | None]()
        watched: list[tuple[Interview, int]] = []

        def tell(piece: str) -> None:
            loop.call_soon_threadsafe(pieces.put_nowait, piece)

        try:
            visitor, _ = self._host(request)
            turn = loop.run_in_executor(
                self._pool,
                job,
                visitor,
                tell,
                lambda session: watched.append((session, len(session.state.answers))),
            )
            turn.add_done_callback(lambda _: pieces.put_nowait(None))
            async for update in self._meanwhile(pieces, watched, words, latest):
                yield update
            result = await turn
        except Exception as error:
            cleared = {self.parts.box: ""} if words and _is_kept(watched) else {}
            yield cleared | {self.parts.live: "", self.parts.told: told(self._trouble(request, error), problem=True)}
            return
        yield self.shown(result.screen) | self.ready(result.told, sent=bool(words))

    async def _meanwhile(
        self,
        pieces: asyncio.Queue[str | None],
        watched: list[tuple[Interview, int]],
        words: str,
        latest: gr.HTML | None,
    ) -> AsyncIterator[Updates]:
        asked, saved, shown = "", "", 0.0
        clock = asyncio.get_running_loop().time
        while True:
            try:
                piece = await asyncio.wait_for(pieces.get(), SHOWN_AFTER)
            except TimeoutError:
                piece = ""
            if piece is None:
                return
            asked = piece or asked if latest else asked + piece
            if words and not saved and _is_kept(watched):
                saved = words
                yield {self.parts.box: "", self.parts.told: "", self.parts.live: underway(saved, asked)}
            elif piece and clock() - shown >= EVERY:
                shown = clock()
                yield {latest: told(asked)} if latest else {self.parts.live: underway(saved, asked)}

    def shown(self, screen: Screen) -> Updates:
        """The parts that follow from the record."""
        found: Updates = {
            self.parts.log: screen.log,
            self.parts.tree: screen.tree,
            self.parts.progress: screen.progress,
            self.parts.seen: screen.seen,
            self.parts.about: screen.about,
        }
        if self.parts.clauses:
            found[self.parts.clauses] = screen.clauses
        if self.parts.begin:
            found[self.parts.begin] = gr.Button("换人回答" if screen.seen else "开始提问")
        return found

    def ready(self, line: str = "", *, sent: bool = False) -> Updates:
        """The page ready for the next turn; a correction is over once it was `sent`."""
        found: Updates = {self.parts.live: "", self.parts.told: told(line)}
        if sent:
            found |= {self.parts.box: "", self.parts.target: "", self.parts.editing: gr.Row(visible=False)}
        return found

    async def edit(self, request: gr.Request, kind: str, which: str, name: str, role: str) -> Updates:
        """Make the box ready for a correction of an answer, or an objection to a summary."""
        try:
            visitor, _ = self._host(request)
            if kind == OBJECT:
                return self._editing(f"{OBJECT}:{which}", "请写下哪里不对、实际是什么情况：", "")
            if which.isdecimal():
                said = await self._aside(lambda: self.desk.answer(visitor, int(which)))
            else:
                said = await self._aside(lambda: self.desk.last_words(visitor, name, role))
        except Exception as error:
            return {self.parts.told: told(self._trouble(request, error), problem=True)}
        return self._editing(
            f"{CORRECT}:{said.seq}", "正在更正这条回答，改好后发送，新的代替旧的，两条都留在记录里：", said.text
        )

    def _editing(self, target: str, hint: str, text: str) -> Updates:
        return {
            self.parts.target: target,
            self.parts.hint: told(hint),
            self.parts.editing: gr.Row(visible=True),
            self.parts.box: text,
            self.parts.told: "",
        }

    async def passing(self, request: gr.Request) -> Updates:
        """Offer who could answer the present topic instead."""
        try:
            visitor, _ = self._host(request)
            choices = await self._aside(self.desk.others, visitor)
        except Exception as error:
            return {self.parts.told: told(self._trouble(request, error), problem=True)}
        return {
            self.parts.passing: gr.Row(visible=True),
            self.parts.to: gr.Dropdown(choices=choices, value=None),
            self.parts.told: "",
        }

    def stop_editing(self) -> Updates:
        """Back to answering."""
        return {
            self.parts.target: "",
            self.parts.editing: gr.Row(visible=False),
            self.parts.box: "",
            self.parts.told: "",
        }

    async def _aside(self, work: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *args)

    def _trouble(self, request: gr.Request, error: Exception) -> str:
        """What to say of an error, in one line."""
        if isinstance(error, IiamError | KnowledgeError):
            return str(error)
        identity = getattr(getattr(request.request, "state", None), "identity", None)
        return kept(self.desk.parts.settings.home, "chat", identity, error)


def _is_kept(watched: list[tuple[Interview, int]]) -> bool:
    return any(len(session.state.answers) > before for session, before in watched)
