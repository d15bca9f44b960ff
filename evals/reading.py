"""How well an engine reads: one answer to a known sub-item, compared with the clauses' true verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.assessment.answer import Answer, Purpose, Question
from assistant.assessment.evidence import verify
from assistant.assessment.ledger import Stand, SubItemLedger, build_ledger
from assistant.assessment.reading import Intent, Reading, Verdict
from assistant.ports import Engine, ReadingTask
from evals.usage import INVENTED, STRANGE
from knowledge.model import Standard

STANDS = {Stand.MET: True, Stand.NOT: False, Stand.PARTLY: False}


@dataclass(frozen=True)
class Heard:
    """What came of a few turns on one sub-item."""

    ledger: SubItemLedger
    readings: tuple[Reading, ...]

    @property
    def claims(self) -> int:
        """Verdicts and rates that the engine claimed, those dropped by the checks counted in."""
        return sum(len(r.findings) + len(r.rates) + len(r.dropped) for r in self.readings)

    @property
    def quotes_dropped(self) -> int:
        """Claims whose quote nobody said."""
        return self._dropped(INVENTED)

    @property
    def codes_dropped(self) -> int:
        """Claims on a requirement that does not exist or was not in question."""
        return self._dropped(STRANGE)

    def _dropped(self, reasons: frozenset[str]) -> int:
        return sum(drop.reason in reasons for reading in self.readings for drop in reading.dropped)

    @property
    def intent(self) -> Intent:
        """Intent of the last turn."""
        return self.readings[-1].intent


def listen(engine: Engine, standard: Standard, subitem: str, question: str, turns: Sequence[str]) -> Heard:
    """Have an engine read turns on one sub-item, each with what was said before, all on one open question."""
    asked = Question(seq=1, subitem=subitem, requirement=None, purpose=Purpose.OPENING, text=question)
    answers: dict[int, Answer] = {}
    readings: dict[int, Reading] = {}
    for seq, text in enumerate(turns, start=2):
        before = list(answers.values())
        answers[seq] = Answer(seq=seq, question=1, subitem=subitem, respondent="r1", text=text, at="")
        task = ReadingTask(
            answer=answers[seq],
            subitem=standard.subitems[subitem],
            question=asked,
            transcript=before,
            ledger=build_ledger(standard, answers, readings, {1: asked}),
        )
        readings[seq] = verify(engine.read(task), standard, answers)
    ledger = build_ledger(standard, answers, readings, {1: asked})[subitem]
    return Heard(ledger=ledger, readings=tuple(readings.values()))


def clause_calls(ledger: SubItemLedger, truth: dict[str, Verdict]) -> list[tuple[str, bool, bool | None]]:
    """For each clause of levels 2 to 5: its code, whether it is truly met, and what the ledger says (None: nothing)."""
    return [
        (clause.code, truth[clause.code] == Verdict.MET, STANDS.get(ledger.clause(clause)))
        for clause in ledger.subitem.clauses
        if clause.level > 1
    ]
