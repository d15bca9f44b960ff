"""How a grade came about: every node with its weight, its score and the rule applied, for a reader to check by hand."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from assistant.assessment.bands import level_at, score_text
from assistant.assessment.weighting import Branch, Kind
from knowledge.model import Frozen, Level


class Rule(StrEnum):
    """What gave a node its score, or why it has none, in the words of the report."""

    MIDDLE = "等级分段中值"
    FLOOR = "等级分段下限"
    RATE = "实测比例"
    REVIEWER = "复核人给分"
    SUM = "下级得分按权重相加"
    OPEN = "未定，暂不计入，权重由同级分担"
    NOT_APPLICABLE = "不适用，权重由同级分担"


@dataclass(frozen=True, slots=True)
class Scored:
    """A decided sub-item's exact score and the rule that gave it."""

    value: Fraction
    rule: Rule


class Node(Frozen):
    """One node: the whole standard, a domain, an item or a sub-item (`code` of sub-items only).

    `given` is its weight among its siblings under the policy, `weight` the same after what is left out has handed its
    weight on ("0" when it is itself left out); both exact, as fractions. `exact` is the score as a fraction: that of a
    node is the sum of its children's times their weights. `score` is the same as a decimal, rounded down to 18
    places, `level` the level whose band holds it. All three are None where nothing below is decided.
    """

    kind: Kind
    code: str = ""
    name: str
    given: str
    weight: str
    exact: str | None
    score: str | None
    level: int | None
    rule: Rule
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in the standard's order."""
        yield self
        for child in self.children:
            yield from child.walk()


def derive(
    branch: Branch, scored: Mapping[str, Scored], left_out: Container[str], levels: Sequence[Level]
) -> tuple[Node, Fraction | None]:
    """The tree of nodes with its exact score, None when nothing is decided.

    `scored` holds the decided sub-items, `left_out` those that do not apply; the others are open.
    """
    return _derive(branch, scored, left_out, levels, Fraction(1))


def _derive(
    branch: Branch,
    scored: Mapping[str, Scored],
    left_out: Container[str],
    levels: Sequence[Level],
    weight: Fraction,
) -> tuple[Node, Fraction | None]:
    total = sum(child.weight for child in branch.children if not child.codes.isdisjoint(scored))
    children: list[Node] = []
    score = scored[branch.code].value if branch.code in scored else None
    for child in branch.children:
        share = Fraction(0) if child.codes.isdisjoint(scored) else child.weight / total
        node, value = _derive(child, scored, left_out, levels, share)
        children.append(node)
        if value is not None:
            score = (score or 0) + share * value
    node = Node(
        kind=branch.kind,
        code=branch.code,
        name=branch.name,
        given=str(branch.weight),
        weight=str(weight),
        exact=None if score is None else str(score),
        score=None if score is None else score_text(score),
        level=None if score is None else level_at(levels, score),
        rule=_rule(branch, scored, left_out),
        children=tuple(children),
    )
    return node, score


def _rule(branch: Branch, scored: Mapping[str, Scored], left_out: Container[str]) -> Rule:
    if branch.code in scored:
        return scored[branch.code].rule
    if not branch.codes.isdisjoint(scored):
        return Rule.SUM
    return Rule.NOT_APPLICABLE if all(code in left_out for code in branch.codes) else Rule.OPEN
