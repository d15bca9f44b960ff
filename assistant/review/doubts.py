"""What a reviewer should look at with their own eyes: words only a model vouches for, remarks, dropped claims. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assistant.assessment.ledger import Evidence
from assistant.assessment.level import Proposal
from assistant.assessment.state import Assessment


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
