"""What can be done at a chat page, without the page: each act is one turn in an interview, held for that long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.assessment.answer import Answer
from assistant.assessment.level import Reason
from assistant.assessment.state import Assessment
from assistant.assessment.text import one_line
from assistant.errors import InputError
from assistant.interview import commands
from assistant.interview.commands import HELP, Command, Word, command
from assistant.interview.session import Interview, Turn
from assistant.interview.summary import OBJECTS
from assistant.interview.topics import CLOSED, PASSED
from assistant.ports import Tell
from assistant.web.chat.paint import screen
from assistant.web.chat.rooms import Rooms, Visitor
from assistant.web.views.interview import Speaker, chosen, heard, last_speaker, people, speaking, standing, topics

if TYPE_CHECKING:
    from assistant.bootstrap import App

CORRECT, OBJECT = "correct", "object"
ASIDE = {
    Reason.SKIPPED: "好的，这个话题先放一放。",
    Reason.DONT_KNOW: "好的，记下不了解，可以请同事来答。",
    Reason.NOT_APPLICABLE: "好的，记下认为不适用，由复核人决定。",
}
TAKES_OVER = "换人回答"
LONG = 5000
"""Characters: more than anybody says in one breath, so that people are told all of it was kept."""
NOTHING_WAITS = "现在没有等待回答的问题。要补充或改正，请在那条回答下面点“更正”。"
CORRECTED = "已更正，新的说法记在原来的回答下面。"
LEAVE = "回答都已保存，直接关掉这个页面就行；下次打开，从这里接着问。"
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
    """The page after an act, and a line to say about it.

    `offer` is a topic that may be talked about again, if somebody insists. `target` and `text` are what the box is made
    ready for (see Said).
    """

    screen: str
    told: str = ""
    offer: str = ""
    target: str = ""
    text: str = ""


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

    def opens(self, visitor: Visitor) -> tuple[Result, Speaker, str]:
        """The page that staff open, who is speaking there, and the word on the button that has the next question put.

        Whoever was chosen last speaks still. Nothing is asked of anybody by opening a page; only what was said and not
        read yet, because something broke off, is made up for.
        """
        with self.rooms.interview(visitor) as session:
            state, who = session.state, session.respondent
            speaker = Speaker(who.name, who.role) if who else last_speaker(state)
            if state.live and speaker.name:
                session.speak_as(speaker.name, speaker.role)
            reads = state.live and bool(speaker.name and state.unread)
            if not reads:
                found = Result(screen(self.parts, visitor, session, speaker.role))
                return found, speaker, begins(speaker.name, state, waits=session.waiting is not None)
        return self.go_on(visitor, speaker.name, speaker.role), speaker, begins(speaker.name, state, waits=True)

    def go_on(self, visitor: Visitor, name: str, role: str, tell: Tell | None = None) -> Result:
        """Whoever is speaking now is asked the next question."""
        return self.tell(visitor, name, role, "", tell)

    def tell(self, visitor: Visitor, name: str, role: str, told: str, tell: Tell | None = None) -> Result:
        """The page as it goes on, and a line that answers what was typed."""
        return self.act(visitor, name, role, lambda _: told, tell, works=False)

    def say(
        self, visitor: Visitor, name: str, role: str, said: Said, tell: Tell | None = None, watch: Watch | None = None
    ) -> Result:
        """An answer, a correction, an objection to a summary; or what a command asks for, which is no answer."""
        if (typed := command(said.text)) is not None:
            if typed.word != Word.CORRECT or not typed.rest:
                return self._carry_out(visitor, name, role, typed, tell)
            last = self.last_words(visitor, name, role)
            said = replace(said, text=typed.rest, target=f"{CORRECT}:{last.seq}")

        def speak(session: Interview) -> str:
            if watch:
                watch(session)
            return _told(_said(session, visitor, said), corrected=said.target.startswith(CORRECT))

        return self.act(visitor, name, role, speak, tell)

    def _carry_out(self, visitor: Visitor, name: str, role: str, typed: Command, tell: Tell | None) -> Result:
        match typed.word:
            case Word.SKIP | Word.UNKNOWN | Word.UNFIT:
                return self.set_aside(visitor, name, role, commands.ASIDE[typed.word], typed.rest)
            case Word.AGAIN:
                return self.again(visitor, name, role)
            case Word.BACK | Word.TOPIC:
                to = self.rooms.look(visitor).earlier_topic() if typed.word == Word.BACK else typed.rest
                return self.turn_to(visitor, name, role, to, tell)
            case Word.CORRECT:
                last = self.last_words(visitor, name, role)
                return Result(self.look(visitor, role), target=f"{CORRECT}:{last.seq}", text=last.text)
            case Word.PROGRESS | Word.LEAVE | Word.HELP:
                told = {Word.PROGRESS: self._progress(visitor, role), Word.LEAVE: LEAVE, Word.HELP: HELP}
                return self.tell(visitor, name, role, told[typed.word])

    def _progress(self, visitor: Visitor, role: str) -> str:
        session = self.rooms.look(visitor)
        allowed = self.parts.guide.answerable(visitor.role or role)
        found = topics(session.state, session.ledgers, self.parts.standard, allowed, visitor.line)
        return "，".join(standing(found).words) + "。"

    def set_aside(self, visitor: Visitor, name: str, role: str, reason: Reason, note: str = "") -> Result:
        """The present topic is left: skipped, not known, not applicable."""

        def leave(session: Interview) -> str:
            session.set_aside(reason, note)
            return f"好的，已{note}。" if note.startswith(PASSED) else ASIDE[reason]

        return self.act(visitor, name, role, leave)

    def again(self, visitor: Visitor, name: str, role: str) -> Result:
        """The question in other words."""

        def explain(session: Interview) -> str:
            if session.waiting is None:
                raise InputError("现在没有等待回答的问题。")
            session.ask_again()
            return ""

        return self.act(visitor, name, role, explain)

    def turn_to(
        self, visitor: Visitor, name: str, role: str, subitem: str, tell: Tell | None = None, *, again: bool = False
    ) -> Result:
        """A topic is gone to; one that is settled or was left is only shown, with nothing changed, and it is offered to
        talk about it all the same, which `again` does. Respondents stay with the topics of their role.
        """
        if not again and (shown := self._shown(visitor, role, subitem)):
            return Result(self.look(visitor, role), shown, subitem)
        offer = ""

        def turn(session: Interview) -> str:
            nonlocal offer
            found, guide = self.parts.standard.subitems.get(subitem), self.parts.guide
            usual = found is None or subitem in guide.answerable(visitor.role or role)
            if not visitor.staff and not usual:
                raise InputError("这个话题请其他岗位的同事来答，您不用管。")
            if again:
                session.talk_again(subitem, tell)
            elif not session.turn_to(subitem, tell):
                offer = subitem
                title = found.name if found else subitem
                return f"“{title}”已经问清楚了，没有要补问的，现在的问题不变。说错了的可以更正。"
            roles = "、".join(guide.subitems[subitem].roles)
            return "" if usual else f"这个话题一般请{roles}来答，这里按您的要求先问。"

        return replace(self.act(visitor, name, role, turn, tell), offer=offer)

    def _shown(self, visitor: Visitor, role: str, subitem: str) -> str:
        """What there is to see of a topic that is closed; empty for one that can be gone to, or may not be by them."""
        session, guide = self.rooms.look(visitor), self.parts.guide
        role = visitor.role or role
        mine = visitor.staff or subitem in guide.answerable(role)
        if subitem not in session.ledgers or subitem in session.state.decisions or not session.state.live or not mine:
            return ""
        if session.topic(subitem) not in CLOSED:
            return ""
        found = topics(session.state, session.ledgers, self.parts.standard, guide.answerable(role), visitor.line)
        topic = next(one for one in found if one.code == subitem)
        word = topic.word if visitor.staff else topic.plain_word
        return f"“{topic.name}”{word}。{heard(session.state, session.ledgers, subitem, staff=visitor.staff)}"

    def others(self, visitor: Visitor, name: str, role: str) -> list[str]:
        """Who else could answer the present topic: people known to staff, those whose position it is first, then positions.

        Never who is speaking. Raises InputError when nothing waits.
        """
        session = self.rooms.look(visitor)
        waiting, guide = session.waiting, self.parts.guide
        if waiting is None:
            raise InputError("现在没有等待回答的问题。")
        known = people(session.state) if visitor.staff else ()
        rest = [one for one in known if one != Speaker(one_line(name), one_line(role))]
        rest.sort(key=lambda one: not one.role or waiting.subitem not in guide.answerable(one.role))
        return [*(one.label for one in rest), *guide.subitems[waiting.subitem].roles]

    def speaker(self, visitor: Visitor, name: str, role: str) -> Speaker:
        """Who is meant by what stands in the boxes (see `speaking`)."""
        return speaking(self.rooms.look(visitor).state, name, role)

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

    def act(
        self, visitor: Visitor, name: str, role: str, act: Act, tell: Tell | None = None, *, works: bool = True
    ) -> Result:
        """Do something as whoever is speaking, then ask what comes next.

        What `works` on the assessment is refused with InputError once it is signed or put away.
        """
        name, role = (visitor.name, visitor.role) if not visitor.staff else (name, role)
        if not name.strip() and not role.strip():
            raise InputError(NOBODY)
        with self.rooms.interview(visitor) as session:
            if works:
                session.check_live()
            if visitor.staff and (one := chosen(session.state, name)) is not None:
                name, role = one.name, one.role
            if session.state.live:
                session.speak_as(name or "受访人", role)
            told = act(session)
            if session.state.live:
                session.question(tell)
            return Result(screen(self.parts, visitor, session, role), told)


def begins(name: str, state: Assessment, *, waits: bool) -> str:
    """The word on the button that has whoever is named asked the next question."""
    if waits and name:
        return TAKES_OVER
    return "继续提问" if name and state.questions else "开始提问"


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


def _told(turn: Turn, *, corrected: bool) -> str:
    notes = [CORRECTED.rstrip("。")] if corrected else []
    if turn.cleaned.removed:
        notes.append(f"已去掉 {turn.cleaned.removed} 个不可见字符")
    if len(turn.cleaned.text) > LONG:
        notes.append(f"这段话较长（{len(turn.cleaned.text)} 字），已全部保存")
    return "；".join(notes) + "。" if notes else ""
