"""`python -m evals baseline`: all measures of the rules engine on the shipped cases, as a table and as a record.

The record (`baselines/rules.json`) is what the tests hold the engine to; `--write` renews it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assistant.bootstrap import App
from assistant.ports import Engine
from evals import run_edge, run_interview, run_read, run_search
from evals.profiles import DATASETS

FILE = Path(__file__).parent / "baselines" / "rules.json"
COMMAND = "python -m evals baseline --write"
PROFILES = ("condiments", "finechem", "furniture")
"""The last one is kept apart: it was never read while the guide was tuned."""
READ = ("verdict_precision", "verdict_recall", "settled", "exact", "quote_validity", "code_validity")
INTERVIEW = ("exact", "kappa", "undecided", "questions_per_subitem", "repeats")
SEARCH = ("recall_at_1", "recall_at_3", "recall_at_5", "mrr")
LESS_IS_BETTER = frozenset({"undecided", "questions_per_subitem", "repeats"})


def profile(name: str) -> Path:
    """File of a shipped profile."""
    return DATASETS / f"profile-{name}.json"


def measure(app: App, engine: Engine, seeds: tuple[int, ...] = (1,)) -> dict[str, dict[str, float]]:
    """Every measure by name: `read condiments` -> {measure: value}; interviews are means over the seeds."""
    table: dict[str, dict[str, float]] = {}
    for name in PROFILES:
        result = run_read.run(app, engine, [profile(name)])
        table[f"read {name}"] = {key: round(result[key], 4) for key in READ}
    edge = run_edge.run(app, engine, DATASETS / "edge.json")
    table["edge"] = {kind: passed for kind, (passed, _) in edge["kinds"].items()}
    for name in PROFILES:
        for opening in ("vague", "answer"):
            runs = [run_interview.run(app, engine, profile(name), opening, seed, "agenda") for seed in seeds]
            table[f"interview {name} {opening}"] = {key: _mean(runs, key) for key in INTERVIEW}
    found = run_search.run(app, [profile(name) for name in PROFILES])
    table["search"] = {key: round(found[key], 4) for key in SEARCH}
    return table


def _mean(runs: list[dict[str, Any]], key: str) -> float:
    return round(float(sum(run[key] for run in runs)) / len(runs), 4)


def worse(now: dict[str, dict[str, float]], recorded: dict[str, dict[str, float]]) -> list[str]:
    """What has fallen below the record, as `where measure: recorded -> now`."""
    fallen = []
    for where, measures in recorded.items():
        for key, before in measures.items():
            value = now[where][key]
            if value > before if key in LESS_IS_BETTER else value < before:
                fallen.append(f"{where} {key}: {before} -> {value}")
    return fallen


def recorded() -> dict[str, dict[str, float]]:
    """The recorded baseline."""
    measures: dict[str, dict[str, float]] = json.loads(FILE.read_text(encoding="utf-8"))["measures"]
    return measures


def write(table: dict[str, dict[str, float]]) -> None:
    """Renew the record."""
    FILE.write_text(
        json.dumps({"command": COMMAND, "measures": table}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
