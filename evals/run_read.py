"""`python -m evals read`: verdicts, levels and validity from each profile's full answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.bootstrap import App
from assistant.ports import Engine
from evals import metrics
from evals.engines import each
from evals.profiles import ProfileEntry, load_profile
from evals.reading import Heard, clause_calls, listen
from evals.usage import usage


@dataclass(frozen=True)
class Row:
    """One sub-item of one profile: the true level, the settled one, and every clause's call."""

    code: str
    truth: int
    heard: Heard
    calls: tuple[tuple[str, bool, bool | None], ...]

    @property
    def settled(self) -> int | None:
        """The level that the answer settles, if any."""
        return self.heard.ledger.settled


def run(app: App, engine: Engine, files: Sequence[Path], jobs: int = 1) -> dict[str, Any]:
    """The measures over all files together, and `per_file`; `jobs` answers are read at a time.

    `model` says what a model's work cost, where one was called (see `evals.usage`).
    """
    rows = {file.stem: _rows(app, engine, file, jobs) for file in files}
    everything = [row for some in rows.values() for row in some]
    cost = usage([reading for row in everything for reading in row.heard.readings])
    result = summary(everything) | ({"model": cost} if cost else {})
    return result | {"per_file": {name: summary(some) for name, some in rows.items()}}


def _rows(app: App, engine: Engine, file: Path, jobs: int) -> list[Row]:
    def row(case: tuple[str, ProfileEntry]) -> Row:
        code, entry = case
        heard = listen(engine, app.standard, code, app.guide.subitems[code].opening, [entry.answer])
        return Row(code, entry.level, heard, tuple(clause_calls(heard.ledger, entry.clauses)))

    return each(row, load_profile(file, app.standard).subitems.items(), jobs)


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    """Measures of a set of readings; intervals are 95% bootstrap over sub-items."""
    claims = sum(r.heard.claims for r in rows)
    return {
        "verdict_precision": precision(rows),
        "verdict_recall": recall(rows),
        "settled": metrics.share([r.settled is not None for r in rows]),
        "exact": metrics.exact(pairs(rows)),
        "adjacent": metrics.adjacent(pairs(rows)),
        "bias": metrics.bias(pairs(rows)),
        "kappa": metrics.kappa(pairs(rows)),
        "quote_validity": 1 - sum(r.heard.quotes_dropped for r in rows) / claims if claims else 1.0,
        "code_validity": 1 - sum(r.heard.codes_dropped for r in rows) / claims if claims else 1.0,
        "n": len(rows),
        "intervals": {
            "verdict_precision": metrics.bootstrap(rows, precision),
            "verdict_recall": metrics.bootstrap(rows, recall),
            "exact": metrics.bootstrap(rows, lambda some: metrics.exact(pairs(some))),
        },
        "per_level": {str(k): _level([r for r in rows if r.truth == k]) for k in range(1, 6)},
        "errors": [
            f"{r.code} {code}: {'met' if truth else 'not'} read as {'met' if said else 'not'}"
            for r in rows
            for code, truth, said in r.calls
            if said is not None and said != truth
        ],
    }


def _level(rows: Sequence[Row]) -> dict[str, Any]:
    given = pairs(rows)
    return {"n": len(rows), "settled": len(given), "exact": metrics.exact(given), "bias": metrics.bias(given)}


def pairs(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """(truth, settled level) of the settled rows."""
    return [(r.truth, r.settled) for r in rows if r.settled is not None]


def precision(rows: Sequence[Row]) -> float:
    """Share of the clause calls made that are right."""
    return metrics.share([truth == said for r in rows for _, truth, said in r.calls if said is not None])


def recall(rows: Sequence[Row]) -> float:
    """Share of all clauses of levels 2 to 5 that were called, and rightly."""
    return metrics.share([truth == said for r in rows for _, truth, said in r.calls])
