"""The ledger: what all readings together say of each requirement, clause and level. Pure; rebuilt from the record.

Rules (DESIGN "Level, from verdicts"; DECISIONS "How a level is placed"):
a clause is met when all its requirements are met, not met when one is not or only partly met, otherwise unknown;
level k holds when all its clauses are met and fails when one is not; meeting a requirement meets those that it exceeds,
and failing one fails those that exceed it; a rate speaks for the rate's part of a clause and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from assistant.assessment.answer import Answer, Purpose, Question
from assistant.assessment.reading import Quote, RateFinding, Reading, Verdict
from knowledge.model import LEVELS, Clause, Frozen, Requirement, Standard, SubItem, level_of

LAST_WORD = frozenset({Purpose.CONFLICT, Purpose.CONFIRM})
"""Questions whose answer settles their requirement, whatever was said of it in passing."""


class Stand(StrEnum):
    """Where a requirement, clause or level stands after all that was said."""

    MET = "met"
    PARTLY = "partly"
    NOT = "not"
    CONFLICT = "conflict"
    UNKNOWN = "unknown"


class Evidence(Frozen):
    """One verdict on one requirement with the words behind it.

    `alone`: a model's word only (see Finding). `measured`: follows from a rate. `decisive`: said when asked about a conflict, so it is the last word.
    """

    requirement: str
    verdict: Verdict
    quote: Quote
    rule: str
    engine: str
    alone: bool = False
    measured: bool = False
    decisive: bool = False


def _stand_of(verdicts: set[Verdict]) -> Stand:
    if not verdicts:
        return Stand.UNKNOWN
    if Verdict.MET in verdicts:
        return Stand.MET if len(verdicts) == 1 else Stand.CONFLICT
    return Stand.NOT if Verdict.NOT in verdicts else Stand.PARTLY


def _clause_stand(stands: Iterable[Stand]) -> Stand:
    seen = set(stands)
    if seen == {Stand.MET}:
        return Stand.MET
    if Stand.NOT in seen:
        return Stand.NOT
    if Stand.PARTLY in seen:
        return Stand.PARTLY
    return Stand.CONFLICT if Stand.CONFLICT in seen else Stand.UNKNOWN


@dataclass(frozen=True)
class SubItemLedger:
    """The ledger of one sub-item."""

    subitem: SubItem
    evidence: tuple[Evidence, ...] = ()
    own: Mapping[str, Stand] = field(default_factory=dict)
    rate: RateFinding | None = None

    @cached_property
    def requirements(self) -> dict[str, Stand]:
        """Stand of each requirement of levels 2 to 5, after `exceeds` has passed met down and failing up."""
        stands = {r.code: self.own.get(r.code, Stand.UNKNOWN) for r in self._placed}
        for requirement in reversed(self._placed):
            if stands[requirement.code] == Stand.MET:
                for lower in requirement.exceeds:
                    if stands[lower] == Stand.UNKNOWN:
                        stands[lower] = Stand.MET
        for requirement in self._placed:
            failing = any(stands[lower] in (Stand.NOT, Stand.PARTLY) for lower in requirement.exceeds)
            if failing and stands[requirement.code] == Stand.UNKNOWN:
                stands[requirement.code] = Stand.NOT
        return stands

    @property
    def _placed(self) -> tuple[Requirement, ...]:
        return tuple(r for r in self.subitem.requirements if r.level > 1)

    def clause(self, clause: Clause) -> Stand:
        """Stand of one clause of levels 2 to 5."""
        return _clause_stand(self.requirements[r.code] for r in clause.requirements)

    def level(self, level: int) -> Stand:
        """MET when level 2..5 holds by its own clauses, NOT when it fails by them, else CONFLICT or UNKNOWN."""
        stand = _clause_stand(self.clause(c) for c in self.subitem.at(level))
        return Stand.NOT if stand == Stand.PARTLY else stand

    @cached_property
    def floor(self) -> int:
        """The highest level that holds; 1 when none does. Holding passes down."""
        return max((k for k in LEVELS[1:] if self.level(k) == Stand.MET), default=1)

    @cached_property
    def ceiling(self) -> int:
        """The level below the lowest one that fails; 5 when none fails. Failing passes up."""
        return min((k - 1 for k in LEVELS[1:] if self.level(k) == Stand.NOT), default=5)

    @cached_property
    def settled(self) -> int | None:
        """The level when one is settled: it holds (or is 1), the next one fails (or it is 5), and nothing is contested."""
        return self.floor if self.floor == self.ceiling and not self.conflicts else None

    @cached_property
    def conflicts(self) -> tuple[str, ...]:
        """Requirements that stand in the way of a level because different quotes say different things.

        Either one requirement has met and not met, or a level holds above one that fails.
        """
        codes = [
            code
            for code, stand in self.requirements.items()
            if stand == Stand.CONFLICT and self.floor < level_of(code) <= self.ceiling + 1
        ]
        if self.floor > self.ceiling:
            failing = self.ceiling + 1
            codes += [
                r.code
                for c in self.subitem.at(failing)
                for r in c.requirements
                if self.requirements[r.code] in (Stand.NOT, Stand.PARTLY)
            ]
        return tuple(dict.fromkeys(codes))

    def boundary(self) -> frozenset[str]:
        """Requirements of the highest level that holds and of the lowest that fails: what the level hangs on."""
        return frozenset(r.code for r in self._placed if r.level in (self.floor, self.ceiling + 1))

    def missing(self) -> tuple[str, ...]:
        """Requirements still unknown between what holds and what fails: what it would take to settle the level."""
        return tuple(
            r.code
            for r in self._placed
            if self.floor < r.level <= min(self.ceiling + 1, 5) and self.requirements[r.code] == Stand.UNKNOWN
        )


def rate_verdict(requirement: Requirement, rate: RateFinding) -> Verdict | None:
    """Verdict of a rate on a requirement: the band's lower end belongs to it (defect 2) and a higher rate exceeds it.

    None when the requirement has no rate, or the range given straddles the lower end.
    """
    if requirement.rate is None:
        return None
    floor = requirement.rate.band[0]
    if rate.low >= floor:
        return Verdict.MET
    return Verdict.NOT if rate.high < floor else None


def build_ledger(
    standard: Standard,
    answers: Mapping[int, Answer],
    readings: Mapping[int, Reading],
    questions: Mapping[int, Question],
) -> dict[str, SubItemLedger]:
    """The ledger of every sub-item from the standing answers' verified readings.

    An answer that was corrected, or taken back by a later one, no longer speaks; both stay in the record.
    """
    replaced = {a.corrects for a in answers.values()}
    standing = [r for r in readings.values() if r.answer not in replaced]
    retracted = {(seq, answers[r.answer].subitem) for r in standing for seq in r.retracts}
    evidence: dict[str, list[Evidence]] = {code: [] for code in standard.subitems}
    rates: dict[str, RateFinding] = {}
    for seq in sorted(readings):
        if seq in replaced:
            continue
        settles = _settled_by(answers[seq], questions)
        for claim in _claims(readings[seq], standard):
            subitem = standard.requirements[claim.requirement].subitem
            if (seq, subitem) not in retracted:
                last_word = claim.requirement == settles
                evidence[subitem].append(claim.model_copy(update={"decisive": True}) if last_word else claim)
        rates |= {r.subitem: r for r in readings[seq].rates if (seq, r.subitem) not in retracted}
    return {
        code: SubItemLedger(subitem, *_weigh(subitem, evidence[code]), rate=rates.get(code))
        for code, subitem in standard.subitems.items()
    }


def _settled_by(answer: Answer, questions: Mapping[int, Question]) -> str | None:
    """The requirement on which an answer is the last word; a question put in other words keeps its standing."""
    asked = questions.get(answer.question or 0)
    if asked is None or asked.requirement is None:
        return None
    purposes = {asked.purpose}
    if asked.purpose == Purpose.AGAIN:
        purposes = {q.purpose for q in questions.values() if q.requirement == asked.requirement and q.seq < asked.seq}
    return asked.requirement if purposes & LAST_WORD else None


def _claims(reading: Reading, standard: Standard) -> Iterator[Evidence]:
    for finding in reading.findings:
        yield Evidence(**dict(finding), engine=reading.engine)
    for rate in reading.rates:
        for requirement in standard.subitems[rate.subitem].requirements:
            verdict = rate_verdict(requirement, rate)
            if verdict is not None:
                yield Evidence(
                    requirement=requirement.code,
                    verdict=verdict,
                    quote=rate.quote,
                    rule=rate.rule,
                    engine=reading.engine,
                    measured=True,
                )


def _weigh(subitem: SubItem, evidence: list[Evidence]) -> tuple[tuple[Evidence, ...], dict[str, Stand]]:
    """The evidence that counts, and each requirement's own stand: a number outweighs words on a rate requirement."""
    measured = {e.requirement for e in evidence if e.measured}
    counting = tuple(e for e in evidence if e.measured or e.requirement not in measured)
    spoken: dict[str, list[Evidence]] = {}
    for claim in counting:
        spoken.setdefault(claim.requirement, []).append(claim)
    own = dict.fromkeys((r.code for r in subitem.requirements), Stand.UNKNOWN)
    for code, mine in spoken.items():
        last_word = [e for e in mine if e.decisive][-1:]
        own[code] = _stand_of({e.verdict for e in last_word or mine})
    return counting, own
