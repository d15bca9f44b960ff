"""The deterministic scorer: from decided levels to a grade with its whole derivation (DECISIONS, "Scoring policy").

Arithmetic is exact throughout (Fractions); only what is printed is rounded, and always down.
"""

from __future__ import annotations

from fractions import Fraction

from assistant.assessment.bands import level_at, position, score_text, shown_text
from assistant.assessment.derivation import Node, Rule, Scored, derive
from assistant.assessment.grade_input import Levels, check_levels
from assistant.assessment.robustness import Robustness, shifts, variants
from assistant.assessment.weighting import Kind, shares, weighted_tree
from knowledge.model import Frozen, Standard
from knowledge.policy import ScoringPolicy

KINDS: tuple[Kind, ...] = ("domain", "item", "subitem")


class PolicyRef(Frozen):
    """Which policy a grade was computed under."""

    id: str
    version: str
    digest: str


class StandardRef(Frozen):
    """Which edition of which standard a grade was computed under."""

    id: str
    digest: str


class Grade(Frozen):
    """评分结果. Scores are decimals in text, on the scale 0 to 100, rounded down to 18 places.

    `level` (1 to 5) is decided on the exact score; `shown` is the score rounded down to two places. While sub-items
    are open the grade is `provisional`: score, shown and level are those of the decided part alone, the open ones
    left out and their weight shared by their siblings as if they did not apply, and `range` is the total with all
    open ones at 0 and at 100. Score, shown and level are None when nothing is decided yet. A final grade's range is
    its score twice.

    `domains`, `items` by name and `subitems` by code hold each part's score, None where it is open or left out.
    `derivation` holds every step.
    """

    score: str | None
    shown: str | None
    level: int | None
    provisional: bool
    range: tuple[str, str]
    domains: dict[str, str | None]
    items: dict[str, str | None]
    subitems: dict[str, str | None]
    robustness: Robustness
    policy: PolicyRef
    standard: StandardRef
    derivation: Node

    def to_json(self) -> dict[str, object]:
        """Plain data with exactly the fields above, in that order; `Grade.model_validate` reads it back."""
        return self.model_dump(mode="json")


def grade(standard: Standard, policy: ScoringPolicy, given: Levels) -> Grade:
    """The grade that levels get under a policy. Pure: the same input gives the same grade, byte for byte.

    A sub-item's score is the reviewer's own where there is one, else the measured rate where the policy counts it,
    else the policy's place in its level's band. Raises ScoringError (see `check_levels`).
    """
    check_levels(standard, policy, given)
    decided = [code for code in standard.subitems if code in given.levels]
    scored = {code: _scored(standard, policy, given, code) for code in decided}
    tree = weighted_tree(standard, policy.weights)
    derivation, score = derive(tree, scored, given.not_applicable, standard.levels)
    applicable = shares(tree, standard.subitems.keys() - given.not_applicable)
    low = sum((share * scored[code].value for code, share in applicable.items() if code in scored), Fraction(0))
    still_open = sum((share for code, share in applicable.items() if code not in scored), Fraction(0))
    high = low + still_open * Fraction(standard.levels[-1].band[1])
    robustness = Robustness()
    if score is not None:
        parts = {code: (share, scored[code].value) for code, share in shares(tree, scored).items()}
        robustness = Robustness(
            variants=variants(standard, given.levels), shifts=shifts(standard, policy.place, given.levels, parts)
        )
    scores = {kind: {n.code or n.name: n.score for n in derivation.walk() if n.kind == kind} for kind in KINDS}
    return Grade(
        score=None if score is None else score_text(score),
        shown=None if score is None else shown_text(score),
        level=None if score is None else level_at(standard.levels, score),
        provisional=still_open > 0,
        range=(score_text(low), score_text(high)),
        domains=scores["domain"],
        items=scores["item"],
        subitems=scores["subitem"],
        robustness=robustness,
        policy=PolicyRef(id=policy.id, version=policy.version, digest=policy.digest),
        standard=StandardRef(id=standard.id, digest=standard.digest),
        derivation=derivation,
    )


def _scored(standard: Standard, policy: ScoringPolicy, given: Levels, code: str) -> Scored:
    if code in given.scores:
        return Scored(Fraction(given.scores[code]), Rule.REVIEWER)
    if code in given.rates and code in policy.rate_subitems:
        return Scored(Fraction(given.rates[code]), Rule.RATE)
    rule = Rule.MIDDLE if policy.place == "middle" else Rule.FLOOR
    return Scored(position(standard.levels[given.levels[code] - 1], policy.place), rule)
