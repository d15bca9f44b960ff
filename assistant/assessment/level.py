"""From ledger to proposal: a level with the clauses and quotes that carry it, or Undecided with what is missing."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from assistant.assessment.ledger import Evidence, Stand, SubItemLedger
from knowledge.model import LEVELS, Clause, Frozen


class Reason(StrEnum):
    """Why no level is proposed."""

    NOT_ASKED = "not_asked"
    OPEN = "open"
    BUDGET = "budget"
    DONT_KNOW = "dont_know"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not_applicable"
    CONFLICT = "conflict"


class Citation(Frozen):
    """A clause with its stand and the evidence for it."""

    clause: str
    stand: Stand
    evidence: tuple[Evidence, ...]


class Undecided(Frozen):
    """No level: why, between which levels it lies, and which requirements would settle it."""

    reason: Reason
    low: int
    high: int
    missing: tuple[str, ...] = ()


class Proposal(Frozen):
    """建议: what the evidence supports for one sub-item. A human makes it final (promise 3).

    `level` and `undecided` exclude each other. `gap` lists the clauses of the next level that are not met;
    `ahead` those of higher levels that already are ("a already at level 3"); `rate` is in percent.
    """

    subitem: str
    level: int | None
    undecided: Undecided | None = None
    citations: tuple[Citation, ...] = ()
    gap: tuple[Citation, ...] = ()
    ahead: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    rate: Decimal | None = None


def cite(ledger: SubItemLedger, clause: Clause) -> Citation:
    """A clause of a sub-item with where it stands and everything said about its requirements."""
    codes = {r.code for r in clause.requirements}
    evidence = tuple(e for e in ledger.evidence if e.requirement in codes)
    return Citation(clause=clause.code, stand=ledger.clause(clause), evidence=evidence)


def propose(ledger: SubItemLedger, reason: Reason) -> Proposal:
    """The proposal that a sub-item's ledger supports; `reason` says why it is open when no level is settled."""
    code = ledger.subitem.code
    rate = ledger.rate.exact if ledger.rate else None
    level = ledger.settled
    if level is None:
        why = Reason.CONFLICT if ledger.conflicts and reason != Reason.NOT_APPLICABLE else reason
        low, high = sorted((ledger.floor, ledger.ceiling))
        undecided = Undecided(reason=why, low=low, high=high, missing=ledger.missing())
        heard = tuple(cite(ledger, c) for c in ledger.subitem.clauses if c.level > 1)
        return Proposal(
            subitem=code,
            level=None,
            undecided=undecided,
            citations=tuple(c for c in heard if c.evidence),
            conflicts=ledger.conflicts,
            rate=rate,
        )
    carried = tuple(cite(ledger, c) for c in ledger.subitem.clauses if 1 < c.level <= level)
    above = tuple(cite(ledger, c) for c in ledger.subitem.at(level + 1)) if level < LEVELS[-1] else ()
    ahead = tuple(c.code for c in ledger.subitem.clauses if c.level > level and ledger.clause(c) == Stand.MET)
    return Proposal(
        subitem=code,
        level=level,
        citations=tuple(c for c in carried if c.evidence),
        gap=tuple(c for c in above if c.stand != Stand.MET),
        ahead=ahead,
        rate=rate,
    )
