"""结果: what the page of an assessment's result shows beside what its report says. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from urllib.parse import urlencode

from assistant.assessment.bands import shown_text
from assistant.assessment.derivation import Node
from assistant.assessment.grade import Grade, grade
from assistant.assessment.grade_input import Levels
from assistant.assessment.ledger import build_ledger
from assistant.assessment.state import Assessment
from assistant.errors import InputError
from assistant.reports.view import ReportView, VariantLine
from assistant.reports.view_build import reach
from assistant.reports.words import two
from assistant.review.outcome import levels_of
from assistant.review.signoff import Finding, Severity, check_signoff
from assistant.review.what_if import Comparison, Plan, Rise, compare, plan, supposing
from knowledge.model import LEVELS, Standard
from knowledge.policy import ScoringPolicy

SUPPOSED, TARGET = "w", "t"
"""What an address's parameters for supposed levels and for targets begin with, before the sub-item's code."""


@dataclass(frozen=True)
class Asked:
    """What the address asks: supposed levels, targets, the assessment to compare with."""

    supposed: Mapping[str, int]
    targets: Mapping[str, int]
    against: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str], standard: Standard) -> Asked:
        """From an address's parameters; what is no level of a sub-item counts as not asked for."""
        levels = {str(level): level for level in LEVELS}

        def given(sign: str) -> dict[str, int]:
            found = ((code, asked.get(f"{sign}{code}", "")) for code in standard.subitems)
            return {code: levels[text] for code, text in found if text in levels}

        return cls(supposed=given(SUPPOSED), targets=given(TARGET), against=asked.get("against", "")[:80])

    def but(self, *signs: str) -> tuple[tuple[str, str], ...]:
        """The parameters of the other forms, to go along as hidden fields; `signs` are those of this one."""
        pairs = [(f"{SUPPOSED}{code}", str(level)) for code, level in self.supposed.items() if SUPPOSED not in signs]
        pairs += [(f"{TARGET}{code}", str(level)) for code, level in self.targets.items() if TARGET not in signs]
        pairs += [("against", self.against)] if self.against and "against" not in signs else []
        return tuple(pairs)

    def address(self, *signs: str) -> str:
        """The address's query without the parameters of `signs`."""
        return f"?{urlencode(self.but(*signs))}"


@dataclass(frozen=True)
class Branch:
    """One node of the derivation for people to check by hand; `sum` is the arithmetic that gave a parent's score."""

    name: str
    code: str
    score: str
    level: int | None
    weight: str
    share: str
    rule: str
    sum: str
    children: tuple[Branch, ...]


@dataclass(frozen=True)
class Supposed:
    """The grade if the chosen levels were so; `changes` are (code, present level or None, supposed level)."""

    now: Grade
    then: Grade
    changes: tuple[tuple[str, int | None, int], ...]

    @property
    def difference(self) -> str:
        """How much the score moves, signed; empty where there was none."""
        return difference(self.now.derivation.exact, self.then.derivation.exact)


@dataclass(frozen=True)
class Distance:
    """How far it is to the next level: points, and how many of the most effective rises it takes (0: not enough)."""

    points: str
    next_level: int
    next_name: str
    rises: int


@dataclass(frozen=True)
class Robust:
    """The robustness table: rows of weights and (cell, whether it is the headline's own way of scoring), and a note.

    `note` says why no cell need be the headline's score.
    """

    rows: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]
    note: str


@dataclass(frozen=True)
class Result:
    """Everything the page shows that the report does not say.

    `levels` are the present ones that the page plays with: decided, and proposed where nobody has decided. `certain`:
    what has no level at all can change nothing about theirs.
    """

    asked: Asked
    tree: Branch
    levels: Levels
    present: Grade
    supposed: Supposed | None
    way: Plan | None
    distance: Distance | None
    findings: tuple[Finding, ...]
    robust: Robust | None
    certain: bool

    @property
    def blocked(self) -> bool:
        """True when a rule forbids the sign-off."""
        return any(f.severity == Severity.BLOCK for f in self.findings)


def result(state: Assessment, standard: Standard, policy: ScoringPolicy, view: ReportView, asked: Asked) -> Result:
    """The page's content."""
    given, present = _present(view), view.scoring.estimate
    ledgers = build_ledger(standard, state.answers, state.readings, state.questions)
    way = plan(standard, policy, given, ledgers, asked.targets)
    moved = {c: level for c, level in asked.supposed.items() if given.levels.get(c) != level}
    least, most = reach(standard, present)
    certain = least == most
    supposed = None
    if moved:
        then = grade(standard, policy, supposing(given, moved))
        changes = tuple((code, given.levels.get(code), level) for code, level in moved.items())
        supposed = Supposed(now=present, then=then, changes=changes)
    aims = {c: t for c, t in asked.targets.items() if t != _default_target(given.levels.get(c))}
    return Result(
        asked=replace(asked, supposed=moved, targets=aims),
        tree=_branch(present.derivation, Fraction(1)),
        levels=given,
        present=present,
        supposed=supposed,
        way=way,
        distance=_distance(standard, way) if certain else None,
        findings=() if state.signed else check_signoff(state, standard, policy),
        robust=_robust(standard, policy, view, given, certain),
        certain=certain,
    )


def _robust(standard: Standard, policy: ScoringPolicy, view: ReportView, given: Levels, certain: bool) -> Robust | None:
    """The table with the cell that is scored as the headline is, and what the headline counts beside it."""
    if not view.variants:
        return None
    own = 1 if policy.place == "middle" else 0
    equal = certain and policy.weights is None
    rows = tuple(
        (line.weights, tuple((cell, equal and row == 0 and at == own) for at, cell in enumerate(_cells(line))))
        for row, line in enumerate(view.variants)
    )
    counted = [code for code in standard.subitems if code in given.scores or code in given.rates]
    total = f"总分 {view.scoring.estimate.shown}" + ("（连同待复核的建议）" if view.estimate else "")
    if not certain:
        why = ""
    elif not equal:
        why = f"{total}按评分政策给定的权重计，所以与表中各格不同。"
    elif counted:
        why = f"加框的一格与{total} 的权重和取值相同，但总分里 {'、'.join(counted)} 按实测比例或复核人另定的得分计，所以两者不等。"
    else:
        why = f"加框的一格就是{total}。"
    return Robust(rows=rows, note=f"各格只看等级，一律取分段的下限、中值或上限。{why}")


def _cells(line: VariantLine) -> tuple[str, str, str]:
    return line.floor, line.middle, line.ceiling


def comparison(
    before: Assessment, now: Assessment, standard: Standard, policy: ScoringPolicy, *, proposed: bool
) -> Comparison:
    """Then and now under today's policy. Raises InputError for another standard, ScoringError as the scorer does."""
    if before.opened.standard != standard.id:
        raise InputError(f"那份评估用的是标准 {before.opened.standard}，与这份不同，不能比较。")
    then, present = (levels_of(s, standard, policy, proposed=proposed) for s in (before, now))
    return compare(standard, policy, then, present)


def difference(before: str | None, after: str | None) -> str:
    """From one exact score (a fraction as text) to another: `＋3.25`, `－0.5`; empty when one is missing."""
    if before is None or after is None:
        return ""
    moved = Fraction(after) - Fraction(before)
    return ("＋" if moved > 0 else "－" if moved < 0 else "±") + shown_text(abs(moved))


def steps_text(rise: Rise, standard: Standard) -> str:
    """`L2 → L4 集成级` of one rise."""
    return f"L{rise.start} → L{rise.target} {standard.level_names(rise.code)[rise.target - 1]}"


def _present(view: ReportView) -> Levels:
    """The levels behind the report's estimate: the decided ones, and the proposed where nobody has decided."""
    scoring = view.scoring
    return Levels(
        levels=scoring.levels.levels | scoring.proposed,
        rates=scoring.levels.rates | scoring.proposed_rates,
        scores=scoring.levels.scores,
        not_applicable=scoring.levels.not_applicable,
    )


def _default_target(level: int | None) -> int:
    return min((level or 0) + 1, LEVELS[-1])


def _branch(node: Node, share: Fraction) -> Branch:
    counted = [child for child in node.children if child.score is not None]
    terms = "＋".join(f"{child.weight}×{two(child.score)}" for child in counted)
    return Branch(
        name=node.name,
        code=node.code,
        score=two(node.score),
        level=node.level,
        weight=node.weight if node.score is not None else "—",
        share=f"{shown_text(share * 100)}%" if node.score is not None else "—",
        rule=node.rule.value,
        sum=f"{terms}＝{two(node.score)}" if counted else "",
        children=tuple(_branch(child, share * Fraction(child.weight)) for child in node.children),
    )


def _distance(standard: Standard, way: Plan | None) -> Distance | None:
    if way is None or way.short is None:
        return None
    return Distance(
        points=_up(way.short), next_level=way.level + 1, next_name=standard.levels[way.level].name, rises=way.enough
    )


def _up(points: Fraction) -> str:
    """Rounded up: with so many points more, the level is reached."""
    hundredths = -(-points.numerator * 100 // points.denominator)
    return f"{hundredths // 100}.{hundredths % 100:02d}"
