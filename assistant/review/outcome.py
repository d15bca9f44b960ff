"""What the decisions of an assessment give the scorer."""

from __future__ import annotations

from decimal import Decimal

from assistant.assessment.bands import in_band
from assistant.assessment.grade_input import Levels
from assistant.assessment.state import Assessment
from knowledge.model import Standard
from knowledge.policy import ScoringPolicy


def levels_of(state: Assessment, standard: Standard, policy: ScoringPolicy, *, proposed: bool = False) -> Levels:
    """Input of the scorer: confirmed sub-items only, or with `proposed` also the levels nobody has confirmed yet.

    A measured rate counts where the policy says so and it lies in the decided level's band (DECISIONS, "Scoring
    policy"); a reviewer's own score goes before it.
    """
    levels = {code: d.level for code, d in state.decisions.items() if d.level is not None}
    if proposed:
        levels |= {
            code: p.level for code, p in state.proposals.items() if p.level is not None and code not in state.decisions
        }
    scores = {code: d.score for code, d in state.decisions.items() if d.score is not None}
    rates: dict[str, Decimal] = {}
    for code in policy.rate_subitems:
        decision, proposal = state.decisions.get(code), state.proposals.get(code)
        rate = decision.rate if decision else proposal.rate if proposal else None
        if code in levels and rate is not None and in_band(standard.levels, levels[code], rate):
            rates[code] = rate
    left_out = frozenset(code for code, d in state.decisions.items() if d.level is None)
    return Levels(levels=levels, rates=rates, scores=scores, not_applicable=left_out)
