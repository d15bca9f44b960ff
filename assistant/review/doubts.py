"""What a reviewer should look at with their own eyes: words only a model vouches for, remarks, dropped claims. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assistant.assessment.document import SourceKind, rests_on_talk_alone, source_of
from assistant.assessment.ledger import Evidence, SubItemLedger
from assistant.assessment.level import Proposal, propose
from assistant.assessment.state import Assessment
from knowledge.model import LEVELS


@dataclass(frozen=True)
class Doubts:
    """Of one sub-item, or of several together.

    `alone`: evidence that only a model speaks of, the guide's signs do not; `notes`: remarks of the readings
    (contradictions, numbers against words); `dropped`: how many claims failed the check, by reason.
    """

    alone: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)

    @property
    def dropped_claims(self) -> int:
        """Claims that failed the check, of all reasons."""
        return sum(self.dropped.values())


def doubts(state: Assessment, proposal: Proposal) -> Doubts:
    """The doubts about one sub-item: of its proposal's evidence, and of the readings of the answers standing on it."""
    evidence = [e for c in (*proposal.citations, *proposal.gap) for e in c.evidence if e.alone]
    heard = [state.readings[a.seq] for a in state.transcript(proposal.subitem) if a.seq in state.readings]
    return Doubts(
        alone=tuple(dict.fromkeys(evidence)),
        notes=tuple(dict.fromkeys(note for reading in heard for note in reading.notes)),
        dropped=Counter(drop.reason for reading in heard for drop in reading.dropped),
    )


def on_talk_alone(state: Assessment, ledger: SubItemLedger) -> bool:
    """True when nobody has shown anything for the level that stands: the decided one, else the proposed one.

    A proposed level rests on the words that carry it, any other one on everything that was said of the sub-item. Level 1
    asks for nothing.
    """
    code = ledger.subitem.code
    decision = state.decisions.get(code)
    proposal = state.proposals.get(code) or propose(ledger, state.why_open(code))
    if decision is None or decision.level == proposal.level:
        return rests_on_talk_alone(proposal, state.answers, state.documents)
    if decision.level in (None, LEVELS[0]):
        return False
    said = (state.answers[e.quote.answer] for e in ledger.evidence)
    return {source_of(answer, {}, state.documents).kind for answer in said} == {SourceKind.TALK}


def together(several: Iterable[Doubts]) -> Doubts:
    """The sum of some sub-items' doubts."""
    listed = list(several)
    dropped: Counter[str] = Counter()
    for one in listed:
        dropped.update(one.dropped)
    return Doubts(
        alone=tuple(e for one in listed for e in one.alone),
        notes=tuple(note for one in listed for note in one.notes),
        dropped=dropped,
    )
