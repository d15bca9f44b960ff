"""访谈, beside the chat: the topics with their states, how far it is, who is speaking, the present topic's clauses. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from assistant.assessment.ledger import Stand
from assistant.assessment.state import Assessment
from assistant.interview.agenda import BUDGET, beliefs, questions_left
from assistant.interview.topics import CLOSED, Ledgers, TopicState, topic_state
from knowledge.guide import Guide
from knowledge.model import Standard

STATES = {
    TopicState.NOT_ASKED: "未问",
    TopicState.OPEN: "进行中",
    TopicState.PROPOSED: "已有建议",
    TopicState.UNDECIDED: "证据不足",
    TopicState.CONFIRMED: "已确认",
}
TALKED = "已谈过"
PASSED = "转给"
"""How the note of a topic begins that was passed on to a colleague."""


@dataclass(frozen=True)
class Topic:
    """One sub-item. `left` is about how many questions it still takes; `mine` whether the present role can answer it.

    `passed` says to whom it was passed on, when it waits for somebody.
    """

    code: str
    name: str
    state: TopicState
    left: int
    mine: bool
    current: bool
    passed: str = ""

    @property
    def word(self) -> str:
        """Its state in Chinese."""
        return self.passed or STATES[self.state]

    @property
    def plain_word(self) -> str:
        """Its state for a respondent, who need not know what came of it."""
        return TALKED if self.closed else STATES[self.state]

    @property
    def closed(self) -> bool:
        """True when nothing more is asked on it."""
        return self.state in CLOSED


@dataclass(frozen=True)
class Group:
    """The topics of one domain that are shown together."""

    name: str
    topics: tuple[Topic, ...]

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.topics)

    @property
    def done(self) -> int:
        """How many are closed."""
        return sum(topic.closed for topic in self.topics)


@dataclass(frozen=True)
class Standing:
    """How far a conversation is, over the topics of whoever is speaking: `left` is an estimate."""

    covered: int
    total: int
    left: int

    @property
    def words(self) -> tuple[str, ...]:
        """In a few words each."""
        if not self.total:
            return ("没有这个岗位能回答的话题",)
        ahead = f"估计还要问约 {self.left} 个问题" if self.left else "没有还要问的了"
        return f"已覆盖 {self.covered}/{self.total} 个话题", ahead


def topics(
    state: Assessment, ledgers: Ledgers, standard: Standard, allowed: Collection[str], line: str = ""
) -> tuple[Topic, ...]:
    """Every sub-item in the standard's order; `allowed` are those that the present role can answer."""
    waiting = state.waits_in(line)
    found = []
    for code, ledger in ledgers.items():
        stand = topic_state(state, ledgers, code)
        left = 0
        if stand not in CLOSED:
            room = BUDGET - len(state.asked(code)) + (code in state.discussed())
            left = max(1, min(room, round(questions_left(ledger, beliefs(ledger)))))
        current = waiting is not None and waiting.subitem == code
        aside = state.set_aside.get(code)
        passed = aside.note if aside is not None and aside.note.startswith(PASSED) else ""
        found.append(Topic(code, standard.subitems[code].name, stand, left, code in allowed, current, passed))
    return tuple(found)


def grouped(found: Iterable[Topic], standard: Standard) -> tuple[Group, ...]:
    """The topics by domain, without empty domains."""
    names: dict[str, list[Topic]] = {}
    for topic in found:
        names.setdefault(standard.places[topic.code][0].name, []).append(topic)
    return tuple(Group(name, tuple(members)) for name, members in names.items())


def standing(found: Iterable[Topic]) -> Standing:
    """Over the topics of whoever is speaking."""
    mine = [topic for topic in found if topic.mine]
    return Standing(
        covered=sum(topic.closed for topic in mine),
        total=len(mine),
        left=sum(topic.left for topic in mine),
    )


@dataclass(frozen=True)
class Passage:
    """One clause of the present topic with where it stands."""

    code: str
    level: str
    text: str
    stand: Stand


def passages(ledgers: Ledgers, standard: Standard, guide: Guide, code: str) -> tuple[Passage, ...]:
    """The clauses of a topic, lowest level first. For assessors only: people agree with what they are shown."""
    subitem, names = standard.subitems[code], standard.level_names(code)
    return tuple(
        Passage(
            c.code, f"L{c.level} {names[c.level - 1]}", c.text, ledgers[code].clause(c) if c.level > 1 else Stand.MET
        )
        for c in subitem.clauses
    )


@dataclass(frozen=True)
class Speaker:
    """Who answers: name and position."""

    name: str
    role: str


def last_speaker(state: Assessment) -> Speaker:
    """Who spoke last in the conversation that an assessor leads; else who joined last; else nobody yet.

    People who only answered on their own page or stand in a document are not meant.
    """
    linked = {i.made.name for i in state.invitations.values()}
    led = [
        a.respondent
        for a in state.answers.values()
        if not a.document and (a.question is None or not state.questions[a.question].line)
    ]
    documented = {a.respondent for a in state.answers.values() if a.document}
    joined = [r.id for r in state.respondents.values() if r.id not in documented and r.name not in linked]
    who = next((state.respondents[one] for one in (*led[-1:], *joined[-1:]) if one in state.respondents), None)
    return Speaker(who.name, who.role) if who else Speaker("", "")
