"""What to ask next. Pure: from the ledger and the questions already put to one probe, or to nothing more to ask.

DESIGN, "Agenda": open with one question; then one requirement at a time, the one after whose answer the fewest facts
are expected to be missing (which proved better than the one that tells most about the level: knowing the level is not
yet having the evidence for it); at most four questions on a sub-item. A prior may choose where probing starts, never
what a level is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.assessment.answer import Probe, Purpose, Question
from assistant.assessment.ledger import Stand, SubItemLedger
from assistant.assessment.reading import Quote
from knowledge.model import LEVELS, Requirement, level_of

BUDGET = 4
"""Questions on one sub-item, the opening counted, after which it stays Undecided."""

OPEN_QUESTIONS = (Purpose.OPENING, Purpose.DEEPER)
"""While nothing is known of a sub-item, an open question tells more than any one fact asked for."""

MUCH = 60
"""Characters from which an answer is no longer a vague one."""

ENOUGH = 2
"""Separate statements at the boundary that make a level certain enough not to ask."""

SURE = 0.99
"""How often a plant at or above a level is found to meet one of the level's requirements."""

STRAY = 0.2
"""How often a plant one level short meets one of several requirements of the level it misses (about one in five clauses
of the four profiles written for tuning); two levels short it is one in a hundred."""

FIRST_GUESS: Mapping[int, float] = {1: 0.8, 2: 1.2, 3: 1.2, 4: 0.8, 5: 0.4}
"""Weights of the levels before anything is known: few plants lead their industry, so probing starts in the middle."""


def chance_met(requirement: Requirement, level: int, siblings: int) -> float:
    """Probability that a plant at `level` meets a requirement that has `siblings` others in its level's cell."""
    short = requirement.level - level
    if short <= 0:
        return SURE
    return STRAY if siblings and short == 1 else 1 - SURE


def beliefs(ledger: SubItemLedger, prior: Mapping[int, float] = FIRST_GUESS) -> dict[int, float]:
    """Probability of each level given what is known of the requirements, summing to 1."""
    weights = dict(prior)
    for requirement in _placed(ledger):
        stand = ledger.requirements[requirement.code]
        if stand in (Stand.UNKNOWN, Stand.CONFLICT):
            continue
        siblings = _siblings(ledger, requirement)
        for level in LEVELS:
            met = chance_met(requirement, level, siblings)
            weights[level] *= met if stand == Stand.MET else 1 - met
    return _normalised(weights)


def questions_left(ledger: SubItemLedger, belief: Mapping[int, float]) -> float:
    """Expected number of facts still to be learnt before a level is settled.

    A level is settled when each of its requirements is known to be met and one of the next level's to fail.
    """
    if ledger.settled is not None:
        return 0.0
    return sum(chance * _needed(ledger, level) for level, chance in belief.items())


def _needed(ledger: SubItemLedger, level: int) -> int:
    codes = [r.code for c in ledger.subitem.at(level) for r in c.requirements if level > ledger.floor]
    unknown = sum(ledger.requirements[code] == Stand.UNKNOWN for code in codes)
    return unknown + (level < LEVELS[-1] and ledger.ceiling > level)


def questions_left_after(ledger: SubItemLedger, requirement: Requirement, belief: Mapping[int, float]) -> float:
    """Expected `questions_left` once it is known whether a requirement is met."""
    siblings = _siblings(ledger, requirement)
    chance = sum(p * chance_met(requirement, k, siblings) for k, p in belief.items())
    left = 0.0
    for stand, weight in ((Stand.MET, chance), (Stand.NOT, 1 - chance)):
        after = replace(ledger, own={**ledger.own, requirement.code: stand})
        left += weight * questions_left(after, _updated(requirement, belief, siblings, met=stand == Stand.MET))
    return left


def _updated(requirement: Requirement, belief: Mapping[int, float], siblings: int, *, met: bool) -> dict[int, float]:
    chances = {k: chance_met(requirement, k, siblings) for k in belief}
    return _normalised({k: p * (chances[k] if met else 1 - chances[k]) for k, p in belief.items()})


def next_probe(
    ledger: SubItemLedger, asked: Sequence[Question], prior: Mapping[int, float] = FIRST_GUESS, said: int = 0
) -> Probe | None:
    """The next thing to ask on a sub-item; None when it is settled, or its questions are used up or exhausted.

    `said`: characters heard on it so far; who has said much is not asked the open question again.
    """
    code = ledger.subitem.code
    if ledger.settled is not None or len(asked) >= BUDGET:
        return None
    contested = {q.requirement for q in asked if q.purpose == Purpose.CONFLICT}
    for requirement in ledger.conflicts:
        if requirement not in contested and not _said_on_asking_back(ledger, requirement, asked):
            return Probe(subitem=code, requirement=requirement, purpose=Purpose.CONFLICT)
    if not ledger.evidence and len(asked) < (1 if said > MUCH else len(OPEN_QUESTIONS)):
        return Probe(subitem=code, requirement=None, purpose=OPEN_QUESTIONS[len(asked)])
    open_ones = _open_ones(ledger, asked)
    if not open_ones:
        return None
    belief = beliefs(ledger, prior)
    best = min(open_ones, key=lambda r: (round(questions_left_after(ledger, r, belief), 9), r.level))
    return Probe(subitem=code, requirement=best.code, purpose=Purpose.PROBE)


def _said_on_asking_back(ledger: SubItemLedger, requirement: str, asked: Sequence[Question]) -> bool:
    """Whether the latest words on a requirement were the reply when a neighbouring fact was asked back.

    Whoever has just said it again is not asked once more for what the same words say of this fact too; what stays
    contested is shown to the reviewer.
    """
    last = max((e for e in ledger.evidence if e.requirement == requirement), key=lambda e: e.quote.answer, default=None)
    if last is None:
        return False
    before = [q for q in asked if q.seq < last.quote.answer][-1:]
    return any(
        q.purpose in (Purpose.CONFLICT, Purpose.CONFIRM)
        and any(e.requirement in q.about and _same_words(e.quote, last.quote) for e in ledger.evidence)
        for q in before
    )


def _same_words(one: Quote, other: Quote) -> bool:
    return one.answer == other.answer and one.start < other.end and other.start < one.end


def merged(probe: Probe, ledger: SubItemLedger, asked: Sequence[Question]) -> Probe:
    """The probe with a second requirement of the same level to ask about in the same breath, where there is one.

    Facts of one level stand side by side in one cell of the standard, so that one natural question can cover two.
    """
    if probe.purpose != Purpose.PROBE or probe.requirement is None:
        return probe
    same = [
        r.code
        for r in _open_ones(ledger, asked)
        if r.code != probe.requirement and r.level == level_of(probe.requirement) and r.rate is None
    ]
    return probe.model_copy(update={"also": tuple(same[:1])})


def _open_ones(ledger: SubItemLedger, asked: Sequence[Question]) -> list[Requirement]:
    """Requirements that are missing and were not asked about."""
    probed = {code for q in asked for code in q.about}
    missing = set(ledger.missing())
    return [r for r in _placed(ledger) if r.code in missing and r.code not in probed]


def confirmation(ledger: SubItemLedger, asked: Sequence[Question]) -> Probe | None:
    """One direct question where a settled level hangs on a single remark that was not an answer to its question."""
    if len(asked) >= BUDGET:
        return None
    counting = [e for e in ledger.evidence if e.requirement in ledger.boundary()]
    certain = any(e.measured or e.decisive for e in counting)
    if certain or len({(e.quote.answer, e.quote.start) for e in counting}) >= ENOUGH:
        return None
    probed = {code for q in asked for code in q.about}
    for evidence in reversed(counting):
        if evidence.requirement not in probed:
            return Probe(subitem=ledger.subitem.code, requirement=evidence.requirement, purpose=Purpose.CONFIRM)
    return None


class Strategy(Protocol):
    """A way to choose what to ask next on a sub-item: `next_probe`, or a plainer one to measure it against."""

    def __call__(
        self, ledger: SubItemLedger, asked: Sequence[Question], prior: Mapping[int, float] = ..., said: int = ...
    ) -> Probe | None:
        """The next thing to ask, or None when the topic is closed."""
        ...


def prior_from(levels: Iterable[int]) -> dict[int, float]:
    """Where to start probing, from the levels already settled elsewhere: their spread, softened."""
    counts = dict(FIRST_GUESS)
    for level in levels:
        for near, weight in ((0, 0.5), (1, 0.25), (-1, 0.25)):
            if level + near in counts:
                counts[level + near] += weight
    return _normalised(counts)


def _placed(ledger: SubItemLedger) -> tuple[Requirement, ...]:
    return tuple(r for r in ledger.subitem.requirements if r.level > 1)


def _siblings(ledger: SubItemLedger, requirement: Requirement) -> int:
    return sum(len(c.requirements) for c in ledger.subitem.at(requirement.level)) - 1


def _normalised(weights: Mapping[int, float]) -> dict[int, float]:
    total = sum(weights.values())
    return {k: w / total for k, w in weights.items()} if total else dict.fromkeys(weights, 1 / len(weights))
