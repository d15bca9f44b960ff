"""评估列表: what a line says of an assessment, and which lines are shown in which order. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from assistant.assessment.grade import grade
from assistant.assessment.ledger import build_ledger
from assistant.assessment.state import Assessment
from assistant.errors import IiamError
from assistant.interview.topics import progress
from assistant.reports.view_build import reach
from assistant.review.outcome import levels_of
from knowledge.model import Frozen, Standard
from knowledge.policy import ScoringPolicy

Finality = Literal["signed", "complete", "provisional", "empty", "unknown"]
FINALITY = {
    "signed": "最终",
    "complete": "待签发",
    "provisional": "暂定",
    "empty": "尚无等级",
    "unknown": "不能评分",
}


class Summary(Frozen):
    """One assessment in a line. `low` and `high` enclose the score while sub-items are open.

    `level` 0: none, or one that what is open can still change.

    `unknown`: it belongs to another standard, or cannot be graded as it stands.
    """

    id: str
    enterprise: str
    industry: str = ""
    credit_code: str = ""
    size: str = ""
    archived: bool = False
    covered: int = 0
    decided: int = 0
    total: int = 0
    waiting: int = 0
    finality: Finality = "empty"
    level: int = 0
    level_name: str = ""
    shown: str = ""
    low: str = ""
    high: str = ""
    opened_at: str = ""
    at: str
    actor: str = ""
    broken: str = ""
    pending: bool = False

    @property
    def open_items(self) -> int:
        """Sub-items that a reviewer has not decided."""
        return self.total - self.decided


def summarise(state: Assessment, standard: Standard, policy: ScoringPolicy) -> Summary:
    """The line of one assessment."""
    opened = state.opened
    known = Summary(
        id=state.id,
        enterprise=opened.enterprise,
        industry=opened.industry,
        credit_code=opened.credit_code,
        size=opened.size,
        archived=state.archived,
        decided=len(state.decisions),
        total=len(standard.subitems),
        waiting=len(state.returned),
        at=state.tail.at,
        actor=state.tail.actor,
        finality="unknown",
    )
    if opened.standard != standard.id:
        return known
    ledgers = build_ledger(standard, state.answers, state.readings, state.questions)
    known = known.model_copy(update={"covered": progress(state, ledgers).covered})
    try:
        result = grade(standard, policy, levels_of(state, standard, policy))
    except IiamError:
        return known
    finality: Finality = "provisional" if result.provisional else "complete"
    if result.level is None:
        finality = "empty"
    elif state.signed is not None:
        finality = "signed"
    least, most = reach(standard, result)
    level = state.signed.level if state.signed else (result.level or 0) if least == most else 0
    return known.model_copy(
        update={
            "finality": finality,
            "level": level,
            "level_name": standard.levels[level - 1].name if level else "",
            "shown": (result.shown or "") if level else "",
            "low": _two(result.range[0]),
            "high": _two(result.range[1]),
        }
    )


SORTS = {
    "last": "最近活动",
    "enterprise": "企业",
    "industry": "行业",
    "progress": "访谈进度",
    "open": "待复核",
    "grade": "等级",
}
"""What the list can be sorted by; `last` and `grade` begin with the highest."""
DESCENDING = frozenset({"last", "grade", "open", "progress"})
SEARCHED = 100
"""Characters of a search that are looked at."""


@dataclass(frozen=True)
class Query:
    """What the address asks to see; what is not known counts as not asked for."""

    q: str = ""
    sort: str = "last"
    turned: bool = False
    archived: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Query:
        """From an address's parameters."""
        sort = asked.get("sort", "")
        return cls(
            q=asked.get("q", "")[:SEARCHED].strip(),
            sort=sort if sort in SORTS else "last",
            turned=asked.get("turned") == "1",
            archived=asked.get("archived") == "1",
        )

    @property
    def down(self) -> bool:
        """True when the largest comes first."""
        return (self.sort in DESCENDING) is not self.turned

    @property
    def text(self) -> str:
        """As an address: `?q=…`, or nothing."""
        asked = {"q": self.q, "sort": self.sort if self.sort != "last" else "", "turned": "1" if self.turned else ""}
        asked["archived"] = "1" if self.archived else ""
        given = {key: value for key, value in asked.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def by(self, sort: str) -> Query:
        """Sorted by a column; by the same one again, the other way round."""
        return replace(self, sort=sort, turned=not self.turned if sort == self.sort else False)

    def putting_away(self, archived: bool) -> Query:
        """The other list."""
        return replace(self, archived=archived)


@dataclass(frozen=True)
class Listing:
    """The lines shown, how many there are of each kind, and how many are still being counted."""

    shown: tuple[Summary, ...]
    current: int
    archived: int
    pending: int
    query: Query


def listing(summaries: Iterable[Summary], query: Query) -> Listing:
    """The list as asked for. Every word of the search must occur; lines that are alike keep the latest first."""
    known = sorted(summaries, key=lambda s: s.at, reverse=True)
    words = _folded(query.q).split()
    found = [s for s in known if s.archived is query.archived and all(word in _text(s) for word in words)]
    keys = {
        "last": lambda s: s.at,
        "enterprise": lambda s: s.enterprise,
        "industry": lambda s: (s.industry == "", s.industry),
        "progress": lambda s: s.covered,
        "open": lambda s: s.open_items,
        "grade": lambda s: (s.level, s.shown.rjust(9)),
    }
    ordered = sorted(found, key=keys[query.sort], reverse=query.down)
    return Listing(
        shown=tuple(ordered),
        current=sum(not s.archived for s in known),
        archived=sum(s.archived for s in known),
        pending=sum(s.pending for s in known),
        query=query,
    )


def same_enterprise(one: Summary, other: Summary) -> bool:
    """Whether two assessments are of the same enterprise: by credit code where both have one, else by name."""
    if one.credit_code and other.credit_code:
        return one.credit_code == other.credit_code
    return bool(one.enterprise) and _folded(one.enterprise) == _folded(other.enterprise)


def others_of(name: str, summaries: Iterable[Summary]) -> tuple[Summary, ...]:
    """The other assessments of the same enterprise, the latest first."""
    known = [s for s in summaries if not s.pending and not s.broken]
    one = next((s for s in known if s.id == name), None)
    if one is None:
        return ()
    same = (s for s in known if s.id != name and same_enterprise(one, s))
    return tuple(sorted(same, key=lambda s: s.at, reverse=True))


def _text(summary: Summary) -> str:
    return _folded(" ".join((summary.id, summary.enterprise, summary.industry, summary.credit_code)))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _two(score: str) -> str:
    whole, _, places = score.partition(".")
    return f"{whole}.{places[:2]:0<2}"
