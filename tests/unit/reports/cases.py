"""Assessments to report on: the shipped example, and one with whatever decisions a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from assistant.assessment.decision import Decision
from assistant.assessment.events import DecisionMade, Event, LevelProposed, Opened
from assistant.assessment.level import Proposal
from assistant.assessment.record import chain, import_rows
from assistant.assessment.state import Assessment, fold
from knowledge.loader import load_standard
from knowledge.policy import DEFAULT_POLICY, ScoringPolicy, load_policy

STANDARD = load_standard()
EXAMPLE = Path(__file__).parents[3] / "assistant" / "data" / "example.jsonl"
UNEQUAL = Path(__file__).parents[1] / "data" / "policy-unequal.yaml"
EQUAL = load_policy(DEFAULT_POLICY, STANDARD)
POLICIES: dict[str, ScoringPolicy] = {
    "equal": EQUAL,
    "floor": EQUAL.model_copy(update={"id": "floor", "place": "floor", "rate_subitems": ("1.1", "4.2")}),
    "unequal": load_policy(UNEQUAL, STANDARD),
}


def example() -> Assessment:
    return fold(import_rows(EXAMPLE.read_text(encoding="utf-8")))


def decided(
    levels: Mapping[str, int | None],
    *,
    scores: Mapping[str, str] | None = None,
    rates: Mapping[str, str] | None = None,
    proposed: Mapping[str, int] | None = None,
    name: str = "a1",
) -> Assessment:
    """An assessment with these decisions (None: not applicable) and, beside them, levels that are only proposed."""
    scores, rates = scores or {}, rates or {}
    opened = Opened(
        enterprise="齐鲁轴承",
        standard=STANDARD.id,
        standard_digest=STANDARD.digest,
        policy=EQUAL.id,
        policy_version=EQUAL.version,
        policy_digest=EQUAL.digest,
    )
    events: list[Event] = [opened]
    events += [LevelProposed(proposal=Proposal(subitem=c, level=v)) for c, v in (proposed or {}).items()]
    events += [
        DecisionMade(
            decision=Decision(
                subitem=code,
                level=level,
                proposed=None,
                reason="现场看过",
                score=Decimal(scores[code]) if code in scores else None,
                rate=Decimal(rates[code]) if code in rates else None,
            )
        )
        for code, level in levels.items()
    ]
    return fold(chain(name, None, events, "2026-03-10T01:00:00.000+00:00", "陈工"))
