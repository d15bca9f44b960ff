"""访谈, beside the chat: the topics with their states, how far it is, who is speaking, the present topic's clauses. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from assistant.assessment.ledger import Stand
from assistant.assessment.state import Assessment
from assistant.assessment.text import one_line
from assistant.interview.agenda import BUDGET, beliefs, questions_left
from assistant.interview.summary import summarise
from assistant.interview.topics import CLOSED, COVERED, Ledgers, TopicState, aside_word, topic_state
from knowledge.guide import Guide
from knowledge.model import Standard

STATES = {
    TopicState.NOT_ASKED: "未问",
    TopicState.OPEN: "进行中",
    TopicState.PROPOSED: "已有建议",
    TopicState.UNDECIDED: "证据不足",
    TopicState.CONFIRMED: "已确认",
    TopicState.ASIDE: "已放下",
}
TALKED = "已谈过"
LAST = 60
"""Characters of the words said last that are shown of a topic."""


@dataclass(frozen=True)
class Topic:
    """One sub-item. `left` is about how many questions it still takes; `mine` whether the present role can answer it.

    `aside` says what became of it when it was left: skipped, passed on to somebody, said not to apply.
    """

    code: str
    name: str
    state: TopicState
    left: int
    mine: bool
    current: bool
    aside: str = ""

    @property
    def word(self) -> str:
        """Its state in Chinese."""
        return self.aside or STATES[self.state]

    @property
    def plain_word(self) -> str:
        """Its state for a respondent, who need not know what came of it."""
        return TALKED if self.covered else self.word

    @property
    def closed(self) -> bool:
        """True when nothing more is asked on it."""
        return self.state in CLOSED

    @property
    def covered(self) -> bool:
        """True when it was talked about to its end, which one that was left was not."""
        return self.state in COVERED


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
        """How many are covered."""
        return sum(topic.covered for topic in self.topics)


@dataclass(frozen=True)
class Standing:
    """How far a conversation is, over the topics of whoever is speaking: `left` is an estimate.

    `aside` are topics that were left without an end.
    """

    covered: int
    total: int
    left: int
    aside: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        """In a few words each."""
        if not self.total:
            return ("没有这个岗位能回答的话题",)
        ahead = f"估计还要问约 {self.left} 个问题" if self.left else "没有还要问的了"
        left = (f"另有 {self.aside} 个先放下",) if self.aside else ()
        return (f"已覆盖 {self.covered}/{self.total} 个话题", *left, ahead)


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
        aside = aside_word(state.set_aside[code]) if stand == TopicState.ASIDE else ""
        found.append(Topic(code, standard.subitems[code].name, stand, left, code in allowed, current, aside))
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
        covered=sum(topic.covered for topic in mine),
        total=len(mine),
        left=sum(topic.left for topic in mine),
        aside=sum(topic.state == TopicState.ASIDE for topic in mine),
    )


def heard(state: Assessment, ledgers: Ledgers, code: str, *, staff: bool = True) -> str:
    """What was heard of a topic in a line: what was noted, else the words said last; a respondent reads no one's words.

    Empty when nothing was said of it.
    """
    summary = summarise(ledgers[code], state.answers, state.questions) if staff else None
    if summary is not None:
        return summary.noted
    said = state.transcript(code) if staff else ()
    if not said:
        return ""
    text = " ".join(said[-1].text.split())
    return f"最后说到的：“{text if len(text) <= LAST else text[: LAST - 1] + '…'}”。"


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

    @property
    def label(self) -> str:
        """As offered in a list."""
        return f"{self.name}（{self.role}）" if self.role else self.name


def people(state: Assessment) -> tuple[Speaker, ...]:
    """Who may be speaking in the conversation that an assessor leads: those planned, then those who joined.

    People who only answered on their own page or stand in a document are not meant.
    """
    linked = {i.made.name for i in state.invitations.values()}
    documented = {a.respondent for a in state.answers.values() if a.document}
    talked = {a.respondent for a in state.answers.values() if not a.document}
    return tuple(
        Speaker(r.name, r.role)
        for r in state.respondents.values()
        if (r.id in talked or r.id not in documented) and r.name not in linked
    )


def last_speaker(state: Assessment) -> Speaker:
    """Who spoke last in the conversation that an assessor leads; else the first who is planned; else nobody yet."""
    led = [
        a.respondent
        for a in state.answers.values()
        if not a.document and (a.question is None or not state.questions[a.question].line)
    ]
    who = state.respondents.get(led[-1]) if led else None
    return Speaker(who.name, who.role) if who else next(iter(people(state)), Speaker("", ""))


def chosen(state: Assessment, name: str) -> Speaker | None:
    """Who of the people was chosen with their position (`王师傅（设备主任）`); None for a name alone."""
    return next((one for one in people(state) if one.role and one.label == one_line(name)), None)


def speaking(state: Assessment, name: str, role: str) -> Speaker:
    """Who is meant by a name that was typed or chosen, with the role box as it stands.

    A name that only one of the people bears brings its position along, whatever the box still held from the speaker
    before.
    """
    if (one := chosen(state, name)) is not None:
        return one
    known, typed = people(state), Speaker(one_line(name), one_line(role))
    namesakes = [one for one in known if one.name == typed.name and one.role]
    return namesakes[0] if len(namesakes) == 1 and typed not in known else typed
