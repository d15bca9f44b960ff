"""复核, all sub-items in one table: what a line shows, filters, order, and which one comes next. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from assistant.assessment.events import TopicSetAside
from assistant.assessment.ledger import build_ledger
from assistant.assessment.level import Proposal, Reason
from assistant.assessment.state import Assessment
from assistant.interview.topics import aside_word, passed_to
from assistant.reports.words import WHY_OPEN
from assistant.review.changes import decision_text
from assistant.review.confidence import Confidence
from assistant.review.flags import Flag, look, standing, unanswered, why_not_at_once
from assistant.web.views.quotes import telling
from knowledge.model import Standard, subitem_order


class Standing(StrEnum):
    """Where the review of a sub-item stands."""

    OPEN = "待复核"
    RETURNED = "已退回"
    DONE = "已复核"


COLUMNS = {
    "code": "编号",
    "name": "能力子项",
    "level": "建议等级",
    "confidence": "置信",
    "quotes": "引文",
    "flags": "标记",
    "state": "复核",
}
"""Columns of the table; each can be sorted by."""


@dataclass(frozen=True)
class Query:
    """What the address asks to see. Empty strings: no filter. What is not known counts as not asked for."""

    flag: str = ""
    domain: str = ""
    state: str = ""
    sort: str = "code"
    down: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Query:
        """From an address's parameters."""
        flag, state, sort = asked.get("flag", ""), asked.get("state", ""), asked.get("sort", "")
        return cls(
            flag=flag if flag in set(Flag) else "",
            domain=asked.get("domain", ""),
            state=state if state in set(Standing) else "",
            sort=sort if sort in COLUMNS else "code",
            down=asked.get("down") == "1",
        )

    @property
    def text(self) -> str:
        """The query as an address carries it, with its question mark; empty for the plain one."""
        values = {"flag": self.flag, "domain": self.domain, "state": self.state}
        values |= {"sort": "" if self.sort == "code" else self.sort, "down": "1" if self.down else ""}
        kept = urlencode({key: value for key, value in values.items() if value})
        return f"?{kept}" if kept else ""

    def by(self, column: str) -> Query:
        """The same, sorted by a column; once more turns it round."""
        return replace(self, sort=column, down=not self.down if column == self.sort else False)

    def where(self, **filters: Any) -> Query:
        """The same with other filters: `flag`, `domain` or `state`."""
        return replace(self, **filters)


@dataclass(frozen=True)
class Line:
    """One sub-item. `decided` is empty while nobody has decided; `at_once`: may be confirmed together with others."""

    code: str
    name: str
    domain: str
    level: int | None
    proposed: str
    confidence: Confidence
    weaknesses: tuple[str, ...]
    quotes: int
    flags: tuple[Flag, ...]
    state: Standing
    decided: str
    decided_level: int | None
    at_once: bool


@dataclass(frozen=True)
class Board:
    """The table. `shown` are the lines that pass the filters, in order; `all` every line in the same order."""

    query: Query
    shown: tuple[Line, ...]
    all: tuple[Line, ...]
    domains: tuple[str, ...]
    seen: int

    @property
    def done(self) -> int:
        """How many are reviewed."""
        return sum(line.state == Standing.DONE for line in self.all)

    @property
    def returned(self) -> int:
        """How many were sent back and wait for an answer."""
        return sum(line.state == Standing.RETURNED for line in self.all)

    @property
    def at_once(self) -> int:
        """How many of the lines shown may be confirmed together."""
        return sum(line.at_once for line in self.shown)

    def counted(self, flag: Flag) -> int:
        """How many lines carry a flag."""
        return sum(flag in line.flags for line in self.all)

    def around(self, code: str) -> Around:
        """The neighbours of a sub-item among the lines of the same flag and domain, reviewed ones included."""
        lines = [line for line in self.all if _passes(line, replace(self.query, state="")) or line.code == code]
        codes = [line.code for line in lines]
        here = codes.index(code) if code in codes else -1
        later = lines[here + 1 :] + lines[: max(here, 0)]
        return Around(
            before=codes[here - 1] if here > 0 else "",
            after=codes[here + 1] if 0 <= here < len(codes) - 1 else "",
            next_open=next((line.code for line in later if line.state == Standing.OPEN), ""),
        )

    @property
    def first_open(self) -> str:
        """The first one shown that nobody has reviewed; empty when there is none."""
        return next((line.code for line in self.shown if line.state == Standing.OPEN), "")


@dataclass(frozen=True)
class Around:
    """Codes of the sub-items before and after, and of the next one that is open; empty where there is none."""

    before: str
    after: str
    next_open: str


def board(state: Assessment, standard: Standard, query: Query) -> Board:
    """The table of an assessment as it stands."""
    ledgers = build_ledger(standard, state.answers, state.readings, state.questions)
    lines: list[Line] = []
    for code, ledger in ledgers.items():
        seen, proposal, decision = look(state, standard, ledger), standing(state, ledger), state.decisions.get(code)
        lines.append(
            Line(
                code=code,
                name=ledger.subitem.name,
                domain=standard.places[code][0].name,
                level=proposal.level,
                proposed=proposed_text(standard, proposal, state.set_aside.get(code)),
                confidence=seen.sureness.confidence,
                weaknesses=tuple(str(w) for w in seen.sureness.weaknesses),
                quotes=len({(e.quote.answer, e.quote.start, e.quote.end) for e in telling(ledger)}),
                flags=seen.flags,
                state=standing_of(state, code),
                decided=decision_text(decision) if decision else "",
                decided_level=decision.level if decision else None,
                at_once=not why_not_at_once(state, standard, ledger),
            )
        )
    ordered = _sorted(lines, query)
    shown = tuple(line for line in ordered if _passes(line, query))
    domains = tuple(dict.fromkeys(domain.name for domain in standard.domains))
    return Board(query=query, shown=shown, all=tuple(ordered), domains=domains, seen=state.tail.seq)


def standing_of(state: Assessment, code: str) -> Standing:
    """Where the review of one sub-item stands."""
    if code in state.decisions:
        return Standing.DONE
    return Standing.RETURNED if unanswered(state, code) else Standing.OPEN


def proposed_text(standard: Standard, proposal: Proposal, aside: TopicSetAside | None = None) -> str:
    """`L3 集成级`, or why there is none and between which levels it lies; `aside` is how the topic was left, if it was."""
    if proposal.level is not None:
        return f"L{proposal.level} {standard.level_names(proposal.subitem)[proposal.level - 1]}"
    undecided = proposal.undecided
    if undecided is None:
        return "未定"
    low, high = undecided.low, undecided.high
    span = f"L{low}" if low == high else f"L{low}–L{high}"
    why = WHY_OPEN[undecided.reason]
    if (
        aside is not None
        and aside.reason == undecided.reason
        and (aside.reason != Reason.DONT_KNOW or passed_to(aside))
    ):
        why = aside_word(aside)
    return f"未定（{why}，{span}）"


def _passes(line: Line, query: Query) -> bool:
    return (
        (not query.flag or query.flag in line.flags)
        and (not query.domain or query.domain == line.domain)
        and (not query.state or query.state == line.state)
    )


KEYS: dict[str, Callable[[Line], Any]] = {
    "code": lambda line: (),
    "name": lambda line: line.name,
    "level": lambda line: line.level or 0,
    "confidence": lambda line: line.confidence,
    "quotes": lambda line: line.quotes,
    "flags": lambda line: len(line.flags),
    "state": lambda line: list(Standing).index(line.state),
}


def _sorted(lines: Sequence[Line], query: Query) -> list[Line]:
    """By the column, and within equals by code, which always goes up but where it is itself turned round."""
    ordered = sorted(lines, key=lambda line: subitem_order(line.code), reverse=query.sort == "code" and query.down)
    return sorted(ordered, key=KEYS[query.sort], reverse=query.down) if query.sort != "code" else ordered
