"""Plain ways to ask, against which the agenda is measured in the same run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.assessment.answer import Probe, Purpose, Question
from assistant.assessment.ledger import SubItemLedger
from assistant.interview.agenda import FIRST_GUESS, Strategy, next_probe


def checklist(
    ledger: SubItemLedger, asked: Sequence[Question], prior: Mapping[int, float] = FIRST_GUESS, said: int = 0
) -> Probe | None:
    """A form read out: the opening, then every requirement from level 2 up until the level is settled."""
    return _first(ledger, asked, sorted(ledger.missing(), key=lambda code: int(code.partition("-L")[2][0])))


def bisection(
    ledger: SubItemLedger, asked: Sequence[Question], prior: Mapping[int, float] = FIRST_GUESS, said: int = 0
) -> Probe | None:
    """Halving the levels still possible: the opening, then the requirements of the middle level."""
    middle = (ledger.floor + ledger.ceiling + 1) // 2
    return _first(
        ledger, asked, sorted(ledger.missing(), key=lambda code: (abs(int(code.partition("-L")[2][0]) - middle), code))
    )


def _first(ledger: SubItemLedger, asked: Sequence[Question], order: Sequence[str]) -> Probe | None:
    code = ledger.subitem.code
    if ledger.settled is not None:
        return None
    if not asked:
        return Probe(subitem=code, requirement=None, purpose=Purpose.OPENING)
    contested = {q.requirement for q in asked if q.purpose == Purpose.CONFLICT}
    for requirement in ledger.conflicts:
        if requirement not in contested:
            return Probe(subitem=code, requirement=requirement, purpose=Purpose.CONFLICT)
    probed = {q.requirement for q in asked}
    for requirement in order:
        if requirement not in probed:
            return Probe(subitem=code, requirement=requirement, purpose=Purpose.PROBE)
    return None


STRATEGIES: dict[str, Strategy] = {"agenda": next_probe, "checklist": checklist, "bisection": bisection}
