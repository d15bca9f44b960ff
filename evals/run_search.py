"""`python -m evals search`: is the right sub-item found from what somebody says?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.bootstrap import App
from evals import metrics
from evals.profiles import load_profile


def run(app: App, files: Sequence[Path]) -> dict[str, Any]:
    """Recall and MRR from the full answers; the same from the shorter details under `details`."""
    searcher = app.router(lambda line: None)
    answers: list[int | None] = []
    details: list[int | None] = []
    misses: list[str] = []
    for file in files:
        for code, entry in load_profile(file, app.standard).subitems.items():
            found = [sub for sub, _ in searcher.subitems(entry.answer, k=len(app.standard.subitems))]
            rank = found.index(code) + 1 if code in found else None
            answers.append(rank)
            if rank != 1:
                misses.append(f"{file.stem} {code}: {rank}, first {found[:3]}")
            for detail in entry.details:
                found = [sub for sub, _ in searcher.subitems(detail, k=len(app.standard.subitems))]
                details.append(found.index(code) + 1 if code in found else None)
    return _measures(answers) | {"details": _measures(details), "misses": misses}


def _measures(ranks: Sequence[int | None]) -> dict[str, Any]:
    return {
        "recall_at_1": metrics.recall_at(ranks, 1),
        "recall_at_3": metrics.recall_at(ranks, 3),
        "recall_at_5": metrics.recall_at(ranks, 5),
        "mrr": metrics.mean_reciprocal_rank(ranks),
        "n": len(ranks),
    }
