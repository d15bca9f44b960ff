"""What a chat page shows, as HTML from templates: everything that people said is escaped there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.interview.session import Interview
from assistant.reports.words import STAND
from assistant.web.chat.rooms import Visitor
from assistant.web.identity import Identity
from assistant.web.render import environment
from assistant.web.rights import rights_of
from assistant.web.views.conversation import Chat, conversation, objecting
from assistant.web.views.interview import Topic, grouped, passages, people, standing, topics

if TYPE_CHECKING:
    from assistant.bootstrap import App

WINDOW = 60
"""Messages shown at first; the earlier ones are a click away, so that a long interview stays quick."""
BEGIN = "先写下是谁在回答（姓名、岗位），再点“开始提问”。"
SEALED = "这份评估已经签发，对话只能查看。要继续访谈，请先在“结果”页写明理由重新打开。"
OVER = "这份评估的访谈已经结束，对话只能查看。要补充，请告诉诊断顾问。"
SHELVED = "这份评估已归档，对话只能查看。要继续请先恢复：在评估列表的“已归档”中点“恢复”。"


def screen(parts: App, visitor: Visitor, session: Interview, role: str, *, earlier: bool = False) -> str:
    """What follows from the record: topics, conversation, for staff the clauses; `role` is the speaker's position.

    It is one piece of HTML, and holds what the page has to send back with the next answer: the question it shows, and the
    topic whose summary was read out last.
    """
    state, ledgers, standard = session.state, session.ledgers, parts.standard
    now = parts.bench.clock.now().isoformat()
    messages = conversation(Chat(standard, parts.guide, visitor.line, visitor.staff, now), state, ledgers)
    found = topics(state, ledgers, standard, parts.guide.answerable(role), visitor.line)
    mine = tuple(topic for topic in found if topic.mine)
    stand, live, waiting = standing(found), state.live, state.waits_in(visitor.line)
    shown = messages if earlier else messages[-WINDOW:]
    code = waiting.subitem if waiting and visitor.staff else ""
    return _render(
        "screen",
        staff=visitor.staff,
        live=live,
        closed=closed(visitor, session),
        speaker=session.respondent.name if session.respondent else "",
        people=people(state) if visitor.staff else (),
        stand=stand,
        share=round(100 * stand.covered / stand.total) if stand.total else 0,
        mine=grouped(mine, standard),
        others=grouped((t for t in found if not t.mine), standard) if visitor.staff else (),
        messages=shown,
        hidden=len(messages) - len(shown),
        tail=state.tail.seq,
        seen=waiting.seq if waiting else "",
        about=objecting(messages),
        earlier="1" if earlier else "",
        empty=BEGIN if visitor.staff and live and not waiting else "",
        done="" if waiting or not live else _done(visitor, mine, found),
        code=code,
        name=standard.subitems[code].name if code else "",
        clauses=passages(ledgers, standard, parts.guide, code) if code else (),
        words=STAND,
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
    )


def closed(visitor: Visitor, session: Interview) -> str:
    """Why nothing can be said any more, and how it could be again; empty while it can."""
    if session.state.live:
        return ""
    if not visitor.staff:
        return OVER
    return SHELVED if session.state.archived else SEALED


def now(
    *, said: str = "", asked: str = "", told: str = "", problem: bool = False, hint: str = "", offer: str = ""
) -> str:
    """What goes on just now, above the box.

    `said` are words just kept, `asked` as much of the next question as there is, `told` one line on what was done or went
    wrong, `hint` what the box is for while a correction is being written, `offer` a topic that can be talked about again.
    """
    return _render("now", said=said, asked=asked, told=told, problem=problem, hint=hint, offer=offer)


def _done(visitor: Visitor, mine: tuple[Topic, ...], found: tuple[Topic, ...]) -> str:
    rest = sum(not topic.closed for topic in found)
    if not visitor.staff:
        return "您能回答的都问完了，谢谢。想补充或更正，随时可以回到这个页面。"
    if any(not topic.closed for topic in mine) or not rest:
        return "没有要问的了，可以去复核。" if not rest else "点“继续提问”接着问。"
    return f"这个岗位能回答的都问完了，还有 {rest} 个话题要请其他岗位来答。"


def _render(template: str, **values: object) -> str:
    return environment().get_template(f"chat/{template}.html").render(values)
