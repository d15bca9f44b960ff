"""How sure a proposed level is: by what it hangs on, not by an engine's opinion of itself. Pure.

It starts high and loses a step for each weakness of the evidence at the boundary, that is for the level that holds and
for the next one, which fails (`SubItemLedger.boundary`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from assistant.assessment.ledger import Evidence, Stand, SubItemLedger
from knowledge.model import LEVELS

ENOUGH = 2
"""Separate statements that make a boundary certain enough; the agenda asks to confirm where there are fewer."""


class Confidence(IntEnum):
    """NONE: there is no level to be sure of."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        """As the reviewer reads it."""
        return ("—", "低", "中", "高")[self]


class Weakness(StrEnum):
    """What makes a level less than sure, as the reviewer reads it."""

    SILENT = "没有任何原话支撑"
    SINGLE = "只靠一句话，没有第二处印证"
    HALF = "未达上一级只因“部分满足”"
    ALONE = "关键要点只有模型认为，提纲的判断规则没有印证"
    TORN = "有要点前后说法矛盾"


@dataclass(frozen=True)
class Sureness:
    """A confidence with the reasons for it."""

    confidence: Confidence
    weaknesses: tuple[Weakness, ...] = ()


def sureness(ledger: SubItemLedger) -> Sureness:
    """How sure the level is that a ledger settles."""
    if ledger.settled is None:
        return Sureness(Confidence.NONE)
    weak = tuple(_weaknesses(ledger, [e for e in ledger.evidence if e.requirement in ledger.boundary()]))
    steps = 2 if Weakness.SILENT in weak else len(weak)
    return Sureness(Confidence(max(Confidence.HIGH - steps, Confidence.LOW)), weak)


def _weaknesses(ledger: SubItemLedger, counting: list[Evidence]) -> list[Weakness]:
    if not ledger.evidence:
        return [Weakness.SILENT]
    found: list[Weakness] = []
    certain = any(e.measured or e.decisive for e in counting)
    if not certain and len({(e.quote.answer, e.quote.start) for e in counting}) < ENOUGH:
        found.append(Weakness.SINGLE)
    if _fails_by_half(ledger):
        found.append(Weakness.HALF)
    if any(all(e.alone for e in counting if e.requirement == code) for code in {e.requirement for e in counting}):
        found.append(Weakness.ALONE)
    if Stand.CONFLICT in ledger.requirements.values():
        found.append(Weakness.TORN)
    return found


def _fails_by_half(ledger: SubItemLedger) -> bool:
    if ledger.floor == LEVELS[-1]:
        return False
    above = [r.code for c in ledger.subitem.at(ledger.floor + 1) for r in c.requirements]
    stands = {ledger.requirements[code] for code in above}
    return Stand.PARTLY in stands and Stand.NOT not in stands
