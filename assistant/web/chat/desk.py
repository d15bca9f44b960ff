"""What can be done at a chat page, without the page: each act is one turn in an interview, held for that long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.assessment.answer import Answer
from assistant.assessment.level import Reason
from assistant.assessment.text import one_line
from assistant.errors import InputError
from assistant.interview.session import Interview, Turn
from assistant.interview.summary import OBJECTS
from assistant.ports import Tell
from assistant.web.chat.paint import screen
from assistant.web.chat.rooms import Rooms, Visitor

if TYPE_CHECKING:
    from assistant.bootstrap import App

CORRECT, OBJECT = "correct", "object"
ASIDE = {
    Reason.SKIPPED: "好的，这个话题先放一放。",
    Reason.DONT_KNOW: "好的，记下不了解，可以请同事来答。",
    Reason.NOT_APPLICABLE: "好的，记下认为不适用，由复核人决定。",
}
LONG = 5000
"""Characters: more than anybody says in one breath, so that people are told all of it was kept."""
NOTHING_WAITS = "现在没有等待回答的问题。要补充或改正，请在那条回答下面点“更正”。"
NOBODY = "请先写下是谁在回答（姓名、岗位），再点“开始提问”。"


@dataclass(frozen=True)
class Said:
    """What was typed, and what for: `target` is empty, `correct:SEQ` or `object:CODE`.

    `seen` is the question on the page, `about` the topic whose summary was read out last.
    """

    text: str
    target: str = ""
    seen: str = ""
    about: str = ""


@dataclass(frozen=True)
class Result:
    """The page after an act, and a line to say about it."""

    screen: str
    told: str = ""


Act = Callable[[Interview], str]
"""Does something in an interview; gives what to tell."""
Watch = Callable[[Interview], None]
"""Gets the interview that is being worked in, to see what is kept already."""


class Desk:
    """The acts, over the interviews of the process. Every method may raise IiamError; then nothing was changed that is not kept."""

    def __init__(self, parts: App) -> None:
        self.parts = parts
        self.rooms = Rooms(parts)

    def look(self, visitor: Visitor, role: str, *, earlier: bool = False) -> str:
        """The page as it stands; changes nothing."""
        return screen(self.parts, visitor, self.rooms.look(visitor), visitor.role or role, earlier=earlier)

    def go_on(self, visitor: Visitor, name: str, role: str, tell: Tell | None = None) -> Result:
        """Whoever is speaking now is asked the next question."""
        return self.act(visitor, name, role, lambda _: "", tell)

    def say(
        self, visitor: Visitor, name: str, role: str, said: Said, tell: Tell | None = None, watch: Watch | None = None
    ) -> Result:
        """An answer, a correction, or an objection to a summary."""

        def speak(session: Interview) -> str:
            if watch:
                watch(session)
            return _told(_said(session, visitor, said))

        return self.act(visitor, name, role, speak, tell)

    def set_aside(self, visitor: Visitor, name: str, role: str, reason: Reason, note: str = "") -> Result:
        """The present topic is left: skipped, not known, not applicable."""

        def leave(session: Interview) -> str:
            session.set_aside(reason, note)
            return f"好的，已{note}。" if note else ASIDE[reason]

        return self.act(visitor, name, role, leave)

    def again(self, visitor: Visitor, name: str, role: str) -> Result:
        """The question in other words."""

        def explain(session: Interview) -> str:
            if session.waiting is None:
                raise InputError("现在没有等待回答的问题。")
            session.ask_again()
            return ""

        return self.act(visitor, name, role, explain)

    def turn_to(self, visitor: Visitor, name: str, role: str, subitem: str, tell: Tell | None = None) -> Result:
        """A topic is taken up (again), where the role can answer it."""

        def turn(session: Interview) -> str:
            if subitem not in self.parts.guide.answerable(visitor.role or role):
                raise InputError("这个岗位不答这个话题。请换一位受访人，或选别的话题。")
            if subitem in session.state.decisions:
                raise InputError("这个话题已经复核确认，不再提问。")
            session.resume(subitem)
            title = self.parts.standard.subitems[subitem].name
            return f"“{title}”已经问清楚了，没有要补问的。说错了的可以更正。" if session.nothing_left(subitem) else ""

        return self.act(visitor, name, role, turn)

    def others(self, visitor: Visitor) -> list[str]:
        """Who else could answer the present topic: people known to staff, then positions. Raises InputError."""
        session = self.rooms.look(visitor)
        waiting, guide = session.waiting, self.parts.guide
        if waiting is None:
            raise InputError("现在没有等待回答的问题。")
        people = [
            f"{r.name}（{r.role}）"
            for r in session.state.respondents.values()
            if visitor.staff and r.role and waiting.subitem in guide.answerable(r.role)
        ]
        return [*people, *guide.subitems[waiting.subitem].roles]

    def last_words(self, visitor: Visitor, name: str, role: str) -> Answer:
        """The last answer of whoever is speaking, the one that 更正上一条 means. Raises InputError when there is none."""
        state = self.rooms.look(visitor).state
        replaced = {a.corrects for a in state.answers.values()}
        mine = [
            a
            for a in state.answers.values()
            if not a.document
            and a.seq not in replaced
            and _is(visitor, name, role, state.respondents.get(a.respondent))
        ]
        if not mine:
            raise InputError("还没有可以更正的回答。")
        return mine[-1]

    def answer(self, visitor: Visitor, seq: int) -> Answer:
        """An answer that the visitor may correct. Raises InputError for another."""
        return _own(self.rooms.look(visitor), visitor, seq)

    def act(self, visitor: Visitor, name: str, role: str, act: Act, tell: Tell | None = None) -> Result:
        """Do something as whoever is speaking, then ask what comes next."""
        name, role = (visitor.name, visitor.role) if not visitor.staff else (name, role)
        if not name.strip() and not role.strip():
            raise InputError(NOBODY)
        with self.rooms.interview(visitor) as session:
            if session.state.live:
                session.speak_as(name or "受访人", role)
            told = act(session)
            if session.state.live:
                session.question(tell)
            return Result(screen(self.parts, visitor, session, role), told)


def _said(session: Interview, visitor: Visitor, said: Said) -> Turn:
    kind, _, which = said.target.partition(":")
    if kind == CORRECT:
        return session.answer(said.text, corrects=_own(session, visitor, int(which) if which.isdecimal() else 0).seq)
    if kind == OBJECT and which in session.ledgers:
        return session.object_to(which, said.text)
    if said.about in session.ledgers and OBJECTS.match(said.text):
        return session.object_to(said.about, said.text)
    seen = session.state.questions.get(int(said.seen) if said.seen.isdecimal() else 0)
    mine = seen is not None and seen.line == visitor.line
    if not mine and session.waiting is None and said.text.strip():
        raise InputError(NOTHING_WAITS if session.state.questions else "还没有提问。请先点“开始提问”。")
    return session.answer(said.text, to=seen.seq if seen is not None and mine else None)


def _own(session: Interview, visitor: Visitor, seq: int) -> Answer:
    """An answer of the visitor's conversation; staff may correct any that was given in talk."""
    answer = session.state.answers.get(seq)
    speaker = session.state.respondents.get(answer.respondent) if answer else None
    if answer is None or answer.document or not (visitor.staff or _is(visitor, "", "", speaker)):
        raise InputError("没有这条可以更正的回答。请刷新页面后再试。")
    return answer


def _is(visitor: Visitor, name: str, role: str, who: object) -> bool:
    wanted = (one_line(name) or "受访人", one_line(role)) if visitor.staff else (visitor.name, visitor.role)
    return (getattr(who, "name", None), getattr(who, "role", None)) == wanted


def _told(turn: Turn) -> str:
    notes = []
    if turn.cleaned.removed:
        notes.append(f"已去掉 {turn.cleaned.removed} 个不可见字符")
    if len(turn.cleaned.text) > LONG:
        notes.append(f"这段话较长（{len(turn.cleaned.text)} 字），已全部保存")
    return "；".join(notes) + "。" if notes else ""
