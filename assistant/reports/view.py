"""What a report says: frozen values that every format only lays out, and that the JSON format is.

Texts are Chinese and ready to print; scores are decimals in text, on the scale 0 to 100. The builder is `view_build`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from assistant.assessment.grade import Grade
from assistant.assessment.grade_input import Levels
from knowledge.model import Frozen
from knowledge.policy import ScoringPolicy

VIEW_VERSION = 1

Status = Literal["decided", "proposed", "undecided", "not_applicable"]
STATUS_TEXT: dict[Status, str] = {
    "decided": "已复核",
    "proposed": "建议，待复核",
    "undecided": "未定",
    "not_applicable": "不适用",
}
Finality = Literal["signed", "complete", "provisional", "empty"]
FINALITY_TEXT: dict[Finality, str] = {
    "signed": "最终等级（已签发）",
    "complete": "复核完成，待签发",
    "provisional": "暂定等级",
    "empty": "尚无等级",
}


class QuoteLine(Frozen):
    """Words that were said or written, who by, and where they stand. `number` counts from 1 in the sub-item.

    `documented`: not talk. `question`: what was asked, where the words are too few to stand alone.
    """

    number: int
    text: str
    who: str
    source: str
    kind: str
    documented: bool
    question: str = ""


class ClauseLine(Frozen):
    """A clause of the sub-item: its code, its place in the standard, its text, where it stands, the quotes' numbers."""

    code: str
    place: str
    text: str
    stand: str
    level: int
    quotes: tuple[int, ...]


class Section(Frozen):
    """A titled part of a justification, in paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


class SubItemView(Frozen):
    """One sub-item. `level` is the decided level, else the proposed one; `status` says which.

    `place` is where in its band the policy puts it (10 for the middle of level 1); `score` what the grade counts: the
    reviewer's own score, else the measured rate, else the place. `share` is its part of the total in percent.
    `proposed` is the level that was proposed, whatever was decided. `basis` are the clauses up to the level that have
    words behind them, `gap` the next level's that are not met, `ahead` the higher ones that are all the same.
    """

    code: str
    name: str
    table: int
    level: int | None
    level_name: str
    status: Status
    status_text: str
    proposed: int | None
    outcome: str
    score: str | None
    rule: str
    share: str
    rate: str | None
    rate_of: str
    own_score: str | None
    reviewer: str
    decided_on: str
    reason: str
    sections: tuple[Section, ...]
    basis: tuple[ClauseLine, ...]
    gap: tuple[ClauseLine, ...]
    ahead: tuple[ClauseLine, ...] = ()
    quotes: tuple[QuoteLine, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    talk_only: bool


class ItemView(Frozen):
    """One item (能力项) with its sub-items; score and level None while nothing of it counts."""

    name: str
    section: str
    weight: str
    score: str | None
    level: int | None
    subitems: tuple[SubItemView, ...]


class DomainView(Frozen):
    """One domain (能力域) with its items."""

    name: str
    weight: str
    score: str | None
    level: int | None
    items: tuple[ItemView, ...]


class GradeView(Frozen):
    """The grade in print: `shown` is rounded down to two places. `low` and `high` enclose it while sub-items are open.

    `placed`: nothing that is still open can change the level. Until then `level` is that of the decided part alone, no
    result, and `headline` says so in its place; `span` is the range with its levels.
    """

    finality: Finality
    finality_text: str
    level: int | None
    level_name: str
    score: str | None
    shown: str
    low: str
    high: str
    sentence: str
    placed: bool = True
    headline: str = ""
    span: str = ""


class Step(Frozen):
    """One step of the roadmap: a sub-item one level up, what that adds to the total, and what it takes.

    `gain` and `total` are shown values; `lifts` names the level that the total reaches by this step alone, if another.
    `reached` is the shown total when all steps up to this one are taken.
    """

    rank: int
    code: str
    name: str
    domain: str
    from_level: int
    to_level: int
    to_name: str
    gain: str
    reached: str
    lifts: str
    needs: tuple[str, ...]


class PolicyLine(Frozen):
    """One row of a table of two columns."""

    label: str
    text: str


class DefectLine(Frozen):
    """A defect of the standard's text that touches levels or scores, and what was done about it."""

    where: str
    text: str
    decision: str


class DerivationLine(Frozen):
    """One node of the score's derivation, `depth` 0 for the total."""

    depth: int
    label: str
    given: str
    weight: str
    score: str
    level: str
    rule: str


class VariantLine(Frozen):
    """The grade under one set of weights, at the floor, middle and ceiling of the bands."""

    weights: str
    floor: str
    middle: str
    ceiling: str


class PersonLine(Frozen):
    """Somebody interviewed: how often they answered, on which sub-items, when."""

    name: str
    role: str
    answers: int
    subitems: tuple[str, ...]
    days: str


class DocumentLine(Frozen):
    """A document seen."""

    name: str
    kind: str
    owner: str
    date: str
    cited: int
    digest: str


class DecisionLine(Frozen):
    """A decision that differs from its proposal, or takes a sub-item out."""

    code: str
    name: str
    proposed: str
    decided: str
    reason: str
    reviewer: str


class SealView(Frozen):
    """The sign-off. `rows` and `hash` are those of the record's last row: with a sign-off, the row that holds it.

    `sealed_rows` and `sealed_hash` are those before it, which it seals.
    """

    signed: bool
    reviewer: str
    at: str
    rows: int
    hash: str
    warnings: tuple[str, ...]
    reopened: tuple[str, ...]
    sealed_rows: int = 0
    sealed_hash: str = ""


class Scoring(Frozen):
    """Everything the grade is computed from, and the grade: `iiam replay` computes it anew from the first two.

    `proposed` are levels that nobody has decided yet with the rates beside them; they count in `estimate` only.
    """

    policy: ScoringPolicy
    levels: Levels
    grade: Grade
    proposed: dict[str, int]
    proposed_rates: dict[str, Decimal]
    estimate: Grade


class ReportView(Frozen):
    """Everything a report says, in the order in which it says it."""

    version: int
    assessment: str
    title: str
    enterprise: str
    industry: str
    credit_code: str = ""
    size: str = ""
    standard_id: str
    standard_digest: str
    standard_title: str
    standard_number: str
    level_names: tuple[str, ...]
    opened_on: str
    as_of: str
    interviewed: str
    draft: bool
    grade: GradeView
    estimate: GradeView | None
    counts: tuple[PolicyLine, ...]
    highlights: tuple[Section, ...]
    method: tuple[str, ...]
    policy: tuple[PolicyLine, ...]
    defects: tuple[DefectLine, ...]
    domains: tuple[DomainView, ...]
    roadmap: tuple[Step, ...]
    roadmap_note: str
    derivation: tuple[DerivationLine, ...]
    variants: tuple[VariantLine, ...]
    sensitive: str
    decisions: tuple[DecisionLine, ...]
    people: tuple[PersonLine, ...]
    documents: tuple[DocumentLine, ...]
    seal: SealView
    scoring: Scoring

    @property
    def items(self) -> tuple[ItemView, ...]:
        """All items in order."""
        return tuple(item for domain in self.domains for item in domain.items)

    @property
    def subitems(self) -> tuple[SubItemView, ...]:
        """All sub-items in order."""
        return tuple(subitem for item in self.items for subitem in item.subitems)
