"""The standard as frozen values: what a clause says, where it stands, and which facts it asks for.

Words follow DESIGN: Standard 标准, Domain 能力域, Item 能力项, SubItem 能力子项, Level 等级, Clause 条款, Requirement 要点.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property, lru_cache

from pydantic import BaseModel, ConfigDict

LEVELS = (1, 2, 3, 4, 5)
CLAUSE_CODE = re.compile(r"(?P<subitem>\d+\.\d+)-L(?P<level>[1-5])(?P<letter>[a-z]?)")


class Frozen(BaseModel):
    """Base of every value here: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rate(Frozen):
    """The number in a requirement: what it is a rate of, and its band in percent, lower end in, upper end out."""

    of: str
    band: tuple[Decimal, Decimal]


class Requirement(Frozen):
    """要点: one atomic demand, a verbatim part of its clause's text. Code: `1.1-L3#2`.

    `exceeds` names lower requirements of the same sub-item whose demand this one goes beyond (same fact, higher
    degree): who meets this meets those (DECISIONS, "How a level is placed": meets or exceeds).
    """

    code: str
    text: str
    rate: Rate | None = None
    exceeds: tuple[str, ...] = ()

    @property
    def clause(self) -> str:
        """Code of the clause this is a part of."""
        return self.code.partition("#")[0]

    @property
    def level(self) -> int:
        """The level (1 to 5) whose cell holds the clause."""
        return level_of(self.code)

    @property
    def subitem(self) -> str:
        """Code of the sub-item."""
        return self.code.partition("-")[0]


class Clause(Frozen):
    """条款: one lettered demand of a cell, or the whole cell where it has no letters. Code: `2.1-L3b`, `1.1-L2`."""

    code: str
    text: str
    requirements: tuple[Requirement, ...]
    marker: str = ""

    @property
    def level(self) -> int:
        """The level (1 to 5) of the cell."""
        return level_of(self.code)

    @property
    def letter(self) -> str:
        """`a`, `b` …, or empty."""
        match = CLAUSE_CODE.fullmatch(self.code)
        return match["letter"] if match else ""


class SubItem(Frozen):
    """能力子项: one row of a table, five cells. Code: table.row."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    clauses: tuple[Clause, ...]
    page_break: tuple[int, ...] = ()

    def at(self, level: int) -> tuple[Clause, ...]:
        """The clauses of one level's cell."""
        return self._cells.get(level, ())

    @cached_property
    def _cells(self) -> dict[int, tuple[Clause, ...]]:
        return {level: tuple(c for c in self.clauses if c.level == level) for level in LEVELS}

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """All requirements, lowest level first."""
        return tuple(r for c in self.clauses for r in c.requirements)

    @property
    def rate_of(self) -> str | None:
        """What this sub-item's rate is a rate of, or None when no clause of it speaks of one."""
        return next((r.rate.of for r in self.requirements if r.rate), None)


class Item(Frozen):
    """能力项: one or more sub-items of a section and its table."""

    name: str
    section: str
    table: int
    subitems: tuple[SubItem, ...]


class Domain(Frozen):
    """能力域."""

    name: str
    items: tuple[Item, ...]


class Level(Frozen):
    """等级: its general name, its band of the score scale, its general description (4.2, never used to place a level)."""

    level: int
    name: str
    band: tuple[Decimal, Decimal]
    description: str


class Term(Frozen):
    """A defined term of the standard."""

    code: str
    name: str
    english: str
    definition: str


class Defect(Frozen):
    """A defect of the standard's text and what the product does about it (DECISIONS, defects table)."""

    number: int
    where: str
    text: str
    decision: str


class Table(Frozen):
    """A table of the standard: its caption as printed, the right one where that is wrong, its own names of the levels."""

    number: int
    section: str
    caption: str
    corrected_caption: str = ""
    level_names: tuple[str, ...] = ()


class Passage(Frozen):
    """A piece of the document in reading order: own text, or a pointer to a term, a level's description or a table."""

    code: str = ""
    title: str = ""
    text: str = ""
    term: str = ""
    level: int = 0
    table: int = 0


class Standard(Frozen):
    """One edition of one standard, proven against its source text by `knowledge.loader`."""

    id: str
    number: str
    title: str
    edition: str
    digest: str
    joining_words: tuple[str, ...]
    levels: tuple[Level, ...]
    terms: tuple[Term, ...]
    defects: tuple[Defect, ...]
    document: tuple[Passage, ...]
    tables: tuple[Table, ...]
    domains: tuple[Domain, ...]

    @cached_property
    def subitems(self) -> dict[str, SubItem]:
        """Sub-items by code, in the standard's order."""
        return {s.code: s for d in self.domains for i in d.items for s in i.subitems}

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """Clauses by code."""
        return {c.code: c for s in self.subitems.values() for c in s.clauses}

    @cached_property
    def requirements(self) -> dict[str, Requirement]:
        """Requirements by code."""
        return {r.code: r for s in self.subitems.values() for r in s.requirements}

    @cached_property
    def places(self) -> dict[str, tuple[Domain, Item]]:
        """Domain and item of each sub-item code."""
        return {s.code: (d, i) for d in self.domains for i in d.items for s in i.subitems}

    def items(self) -> Iterator[Item]:
        """All items in order."""
        return (i for d in self.domains for i in d.items)

    def table(self, number: int) -> Table:
        """The table of that number. Raises KeyError."""
        for table in self.tables:
            if table.number == number:
                return table
        raise KeyError(number)

    def level_names(self, subitem: str) -> tuple[str, ...]:
        """Names of levels 1 to 5 as the sub-item's own table prints them (defect 4: table 5 has its own)."""
        own = self.table(self.places[subitem][1].table).level_names
        return own or tuple(level.name for level in self.levels)


@lru_cache(maxsize=4096)
def level_of(code: str) -> int:
    """Level in a clause or requirement code. Raises ValueError for another form."""
    match = CLAUSE_CODE.match(code)
    if match is None:
        raise ValueError(code)
    return int(match["level"])


def subitem_order(code: str) -> tuple[int, ...]:
    """Sort key that puts `2.1` before `10.1`."""
    return tuple(int(part) for part in code.split("."))
