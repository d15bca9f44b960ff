"""What a chat page shows, as HTML from templates: everything that people said is escaped there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.interview.session import Interview
from assistant.reports.words import STAND
from assistant.web.chat.rooms import Visitor
from assistant.web.identity import Identity
from assistant.web.render import environment
from assistant.web.rights import rights_of
from assistant.web.views.conversation import Chat, conversation, objecting
from assistant.web.views.interview import Standing, Topic, grouped, passages, standing, topics

if TYPE_CHECKING:
    from assistant.bootstrap import App

WINDOW = 60
"""Messages shown at first; the earlier ones are a click away, so that a long interview stays quick."""
ALL = "all"
BEGIN = "先写下是谁在回答（姓名、岗位），再点“开始提问”。"
SEALED = "这份评估已经签发，对话只能查看。"


@dataclass(frozen=True)
class Screen:
    """A page as it stands: `tail` is the record's last row, `seen` the question on it, `about` what an objection is about."""

    log: str
    tree: str
    clauses: str
    progress: str
    seen: str
    about: str
    tail: int
    live: bool


def screen(parts: App, visitor: Visitor, session: Interview, role: str, *, earlier: bool = False) -> Screen:
    """The page for a visitor; `role` is the position of whoever is speaking."""
    state, ledgers, standard = session.state, session.ledgers, parts.standard
    chat = Chat(standard, parts.guide, visitor.line, visitor.staff)
    messages = conversation(chat, state, ledgers)
    found = topics(state, ledgers, standard, parts.guide.answerable(role), visitor.line)
    mine = tuple(topic for topic in found if topic.mine)
    stand, live = standing(state, found, visitor.line), state.signed is None
    waiting = state.waits_in(visitor.line)
    shown = messages if earlier else messages[-WINDOW:]
    log = _render(
        "log",
        messages=shown,
        hidden=len(messages) - len(shown),
        tail=state.tail.seq,
        live=live,
        staff=visitor.staff,
        empty="" if waiting else BEGIN if visitor.staff else "",
        done="" if waiting or not live else _done(visitor, mine, found),
    )
    code = waiting.subitem if waiting else ""
    return Screen(
        log=log,
        tree=_render(
            "tree",
            mine=grouped(mine, standard),
            others=grouped((t for t in found if not t.mine), standard) if visitor.staff else (),
            codes=visitor.staff,
            live=live,
        ),
        clauses=_clauses(parts, session, code) if visitor.staff else "",
        progress=_progress(stand),
        seen=str(waiting.seq) if waiting else "",
        about=objecting(messages),
        tail=state.tail.seq,
        live=live,
    )


def head(parts: App, visitor: Visitor, identity: Identity, session: Interview) -> str:
    """The top of the page."""
    rights = {str(right) for right in rights_of(identity)}
    return _render(
        "head",
        staff=visitor.staff,
        identity=identity,
        rights=rights,
        id=visitor.assessment,
        enterprise=session.state.opened.enterprise,
        name=visitor.name,
        role=visitor.role,
        closed=SEALED if session.state.signed else "",
    )


def told(text: str, *, problem: bool = False) -> str:
    """One line beside the box: what was done, or what went wrong."""
    return _render("told", text=text, problem=problem) if text else ""


def underway(said: str = "", asked: str = "") -> str:
    """A turn while it goes on: the words just kept, and as much of the next question as there is."""
    return _render("live", said=said, text=asked) if said or asked else ""


def _progress(stand: Standing) -> str:
    return _render("progress", stand=stand, share=round(100 * stand.covered / stand.total) if stand.total else 0)


def _clauses(parts: App, session: Interview, code: str) -> str:
    clauses = passages(session.ledgers, parts.standard, parts.guide, code) if code else ()
    name = parts.standard.subitems[code].name if code else ""
    return _render("clauses", code=code, name=name, clauses=clauses, words=STAND)


def _done(visitor: Visitor, mine: tuple[Topic, ...], found: tuple[Topic, ...]) -> str:
    rest = sum(not topic.closed for topic in found)
    if not visitor.staff:
        return "您能回答的都问完了，谢谢。想补充或更正，随时可以回到这个页面。"
    if any(not topic.closed for topic in mine) or not rest:
        return "没有要问的了，可以去复核。" if not rest else "点“继续提问”接着问。"
    return f"这个岗位能回答的都问完了，还有 {rest} 个话题要请其他岗位来答。"


def _render(template: str, **values: object) -> str:
    return environment().get_template(f"chat/{template}.html").render(values)
