"""What a sub-item's justification has to stand on now, and which written parts stand on something else. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.assessment.justification import LevelFrom, Section, grounds_of
from assistant.assessment.ledger import Stand, SubItemLedger
from assistant.assessment.level import Citation, Proposal, cite, propose
from assistant.assessment.state import Assessment
from knowledge.model import LEVELS

Citations = tuple[Citation, ...]


@dataclass(frozen=True)
class Footing:
    """The level and whose it is, the reviewer's reason, and the clauses as seen from the level (see `JustifyTask`)."""

    level: int | None
    level_from: LevelFrom
    reason: str
    proposal: Proposal
    basis: Citations
    gap: Citations
    ahead: Citations

    @property
    def grounds(self) -> str:
        """As a hash."""
        return grounds_of(
            self.level, self.level_from, self.reason, (*self.basis, *self.gap, *self.ahead), self.proposal
        )


def footing(state: Assessment, ledger: SubItemLedger) -> Footing:
    """What there is to justify of one sub-item: the decided level, else the proposed one, else none."""
    code = ledger.subitem.code
    proposal = state.proposals.get(code) or propose(ledger, state.why_open(code))
    decision = state.decisions.get(code)
    if decision is not None:
        level, source = decision.level, LevelFrom.DECIDED if decision.level else LevelFrom.NOT_APPLICABLE
    else:
        level, source = proposal.level, LevelFrom.PROPOSED if proposal.level else LevelFrom.OPEN
    basis, gap, ahead = _citations(ledger, proposal, level)
    return Footing(level, source, decision.reason if decision else "", proposal, basis, gap, ahead)


def outdated(state: Assessment, ledger: SubItemLedger) -> tuple[Section, ...]:
    """The written parts that speak of another level or of other evidence than now.

    Who confirms the proposed level without a word changes neither: what was written of the proposal still holds.
    """
    written = state.justifications.get(ledger.subitem.code)
    if written is None:
        return ()
    now = footing(state, ledger)
    holding = {now.grounds}
    if now.level_from == LevelFrom.DECIDED and now.level == now.proposal.level and not now.reason:
        holding.add(replace(now, level_from=LevelFrom.PROPOSED).grounds)
    there = (s for s in Section if s in written.edits or written.draft is not None)
    return tuple(section for section in there if written.stands_on(section) not in holding)


def _citations(ledger: SubItemLedger, proposal: Proposal, level: int | None) -> tuple[Citations, Citations, Citations]:
    """Basis, gap and what is ahead, seen from a level; without one: what is met, and all else that was heard."""
    if level is None:
        met = tuple(c for c in proposal.citations if c.stand == Stand.MET)
        return met, tuple(c for c in (*proposal.citations, *proposal.gap) if c.stand != Stand.MET), ()
    placed = [cite(ledger, c) for c in ledger.subitem.clauses if c.level > 1]
    at = {c.code: c.level for c in ledger.subitem.clauses}
    basis = tuple(c for c in placed if at[c.clause] == level or (at[c.clause] < level and c.evidence))
    gap = tuple(c for c in placed if level < LEVELS[-1] and at[c.clause] == level + 1)
    ahead = tuple(c for c in placed if at[c.clause] > level and c.stand == Stand.MET and c.evidence)
    return basis, gap, ahead
