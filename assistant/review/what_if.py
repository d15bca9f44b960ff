"""Playing with levels: what the grade would be, what each rise is worth, what has changed since last time. Pure.

Nothing here is recorded, and nothing here decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from assistant.assessment.bands import level_at, position, shown_text
from assistant.assessment.grade import Grade, grade
from assistant.assessment.grade_input import Levels
from assistant.assessment.ledger import Stand, SubItemLedger
from assistant.assessment.weighting import shares, weighted_tree
from knowledge.model import LEVELS, Standard
from knowledge.policy import ScoringPolicy


def supposing(given: Levels, chosen: Mapping[str, int]) -> Levels:
    """The levels with some of them others, or given where there were none.

    A measured rate and a reviewer's own score belong to their level and fall away with it.
    """
    moved = {code for code, level in chosen.items() if given.levels.get(code) != level}
    return Levels(
        levels=given.levels | dict(chosen),
        rates={code: rate for code, rate in given.rates.items() if code not in moved},
        scores={code: score for code, score in given.scores.items() if code not in moved},
        not_applicable=given.not_applicable - chosen.keys(),
    )


@dataclass(frozen=True)
class Rise:
    """One sub-item brought to its target: what that adds to the total, and what the total is after this and all before.

    `gain` and `reached` are scores of 0 to 100; `reached_level` the level of `reached`; `alone` the level that the
    total would reach by this rise alone. `missing` are the requirements' texts by level, those not known to be met.
    """

    rank: int
    code: str
    start: int
    target: int
    gain: Fraction
    reached: Fraction
    reached_level: int
    alone: int
    missing: Mapping[int, tuple[str, ...]]

    @property
    def worth(self) -> str:
        """The gain, rounded down to two places."""
        return shown_text(self.gain)

    @property
    def total(self) -> str:
        """The total reached, rounded down to two places."""
        return shown_text(self.reached)


@dataclass(frozen=True)
class Plan:
    """The rises, the most effective first. `level` and `total` are where things stand; `short` is what the next level
    is away, None at the top; `enough` is how many rises, from the first on, reach it (0: not even all do).
    """

    rises: tuple[Rise, ...]
    level: int
    total: Fraction
    short: Fraction | None
    enough: int


def plan(
    standard: Standard,
    policy: ScoringPolicy,
    given: Levels,
    ledgers: Mapping[str, SubItemLedger],
    targets: Mapping[str, int] | None = None,
) -> Plan | None:
    """The way up: every sub-item below its target (one level up unless `targets` says otherwise; None: no levels yet).

    Ranked by the effect on the total; equal effects: the lower level first, then fewer missing requirements, then the
    standard's order. At its target a sub-item stands where the policy puts it.
    """
    result = grade(standard, policy, given)
    if result.score is None or result.level is None:
        return None
    wanted = targets or {}
    parts = shares(weighted_tree(standard, policy.weights), given.levels.keys())
    scores = {n.code: Fraction(n.exact) for n in result.derivation.walk() if n.code and n.exact is not None}
    total = sum((parts[code] * scores[code] for code in parts), Fraction(0))
    aims = {code: wanted.get(code, min(level + 1, LEVELS[-1])) for code, level in given.levels.items()}
    aims = {code: aim for code, aim in aims.items() if aim > given.levels[code]}
    gains = {
        code: parts[code] * (position(standard.levels[aim - 1], policy.place) - scores[code])
        for code, aim in aims.items()
    }
    missing = {code: _missing(ledgers[code], given.levels[code], aim) for code, aim in aims.items()}
    order = {code: place for place, code in enumerate(standard.subitems)}

    def rank(code: str) -> tuple[Fraction, int, int, int]:
        return -gains[code], given.levels[code], sum(map(len, missing[code].values())), order[code]

    rises, reached, enough = [], total, 0
    for number, code in enumerate(sorted(gains, key=rank), start=1):
        reached += gains[code]
        level = level_at(standard.levels, reached)
        enough = number if not enough and level > result.level else enough
        rises.append(
            Rise(
                rank=number,
                code=code,
                start=given.levels[code],
                target=aims[code],
                gain=gains[code],
                reached=reached,
                reached_level=level,
                alone=level_at(standard.levels, total + gains[code]),
                missing=missing[code],
            )
        )
    top = result.level == LEVELS[-1]
    short = None if top else Fraction(standard.levels[result.level].band[0]) - total
    return Plan(rises=tuple(rises), level=result.level, total=total, short=short, enough=enough)


@dataclass(frozen=True)
class Move:
    """One sub-item then and now; None: no level then, or now. `not_applicable` counts as none."""

    code: str
    before: int | None
    now: int | None

    @property
    def step(self) -> int:
        """Levels gained; 0 where there is nothing to compare."""
        return 0 if self.before is None or self.now is None else self.now - self.before


@dataclass(frozen=True)
class Comparison:
    """Two assessments of one enterprise, both graded under the same policy; `moves` are all sub-items in order."""

    before: Grade
    now: Grade
    moves: tuple[Move, ...]

    @property
    def changed(self) -> tuple[Move, ...]:
        """Sub-items that stand elsewhere now."""
        return tuple(move for move in self.moves if move.before != move.now)


def compare(standard: Standard, policy: ScoringPolicy, before: Levels, now: Levels) -> Comparison:
    """What has changed from an earlier assessment's levels to the present ones."""
    moves = tuple(Move(code, before.levels.get(code), now.levels.get(code)) for code in standard.subitems)
    return Comparison(grade(standard, policy, before), grade(standard, policy, now), moves)


def _missing(ledger: SubItemLedger, start: int, target: int) -> dict[int, tuple[str, ...]]:
    return {
        level: tuple(
            requirement.text.rstrip("。；，")
            for clause in ledger.subitem.at(level)
            for requirement in clause.requirements
            if ledger.requirements[requirement.code] != Stand.MET
        )
        for level in range(start + 1, target + 1)
    }
