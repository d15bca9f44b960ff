"""`python -m evals edge`: hard answers, by kind."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from assistant.assessment.reading import Intent
from assistant.bootstrap import App
from assistant.ports import Engine
from evals.engines import each
from evals.profiles import EdgeCase, load_edges
from evals.reading import Heard, listen
from evals.usage import usage

TOLERANCE = Decimal("0.1")
NO_ANSWER = {Intent.DONT_KNOW: {Intent.DONT_KNOW, Intent.ASK_COLLEAGUE}}


def run(app: App, engine: Engine, file: Path, jobs: int = 1) -> dict[str, Any]:
    """Passed and total per kind, and each failure with what was expected and what came; `jobs` cases at a time.

    `model` says what a model's work cost, where one was called (see `evals.usage`).
    """
    kinds: dict[str, list[int]] = {}
    failures: list[dict[str, Any]] = []
    cases = load_edges(file, app.standard)
    all_heard = each(lambda c: listen(engine, app.standard, c.subitem, c.question, c.turns), cases, jobs)
    for case, heard in zip(cases, all_heard, strict=True):
        wrong = faults(case, heard)
        tally = kinds.setdefault(case.kind, [0, 0])
        tally[0] += not wrong
        tally[1] += 1
        if wrong:
            failures.append({"id": case.id, "kind": case.kind, "faults": wrong, "turns": list(case.turns)})
    cost = usage([reading for heard in all_heard for reading in heard.readings])
    return {"kinds": kinds, "failures": failures} | ({"model": cost} if cost else {})


def faults(case: EdgeCase, heard: Heard) -> list[str]:
    """What is wrong with a reading of a case: level, value, intent, whether another question is needed."""
    want, level = case.expected, heard.ledger.settled
    wrong = []
    if level != want.level and level not in want.also_ok:
        wrong.append(f"level {level}, expected {want.level}; {_clauses(heard)}")
    if want.value is not None:
        rate = heard.ledger.rate
        if rate is None or rate.exact is None or abs(rate.exact - want.value) > TOLERANCE:
            wrong.append(f"value {f'{rate.low:.4g}-{rate.high:.4g}' if rate else None}, expected {want.value}")
    if want.intent is not None and heard.intent not in NO_ANSWER.get(want.intent, {want.intent}):
        wrong.append(f"intent {heard.intent}, expected {want.intent}")
    if want.ask is not None and (level is None) != want.ask:
        wrong.append(f"asks on: {level is None}, expected {want.ask}")
    return wrong


def _clauses(heard: Heard) -> str:
    ledger = heard.ledger
    return " ".join(f"{c.code.partition('-')[2]}:{ledger.clause(c)}" for c in ledger.subitem.clauses if c.level > 1)
