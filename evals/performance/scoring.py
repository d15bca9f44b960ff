"""Enterprises graded per second: the scalar scorer, with its whole derivation, beside the vectorised one.

python -m evals.performance.scoring [--n 20000] [--json]
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from assistant.assessment.batch import grade_many, row_levels
from assistant.assessment.grade import grade
from assistant.assessment.grade_input import Levels
from knowledge.loader import load_standard
from knowledge.policy import DEFAULT_POLICY, ScoringPolicy, load_policy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from knowledge.model import Standard

    Tables = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]  # levels, rates, not applicable

SEED = 20240601
SCALAR_ROWS = 200  # the scalar scorer is timed on the first rows only
REPEATS = 3


def workloads(standard: Standard, policy: ScoringPolicy, n: int) -> dict[str, Tables]:
    """Random tables of n enterprises by name, the same on every run, as `grade_many` takes them."""
    import numpy as np

    random = np.random.default_rng(SEED)
    width = len(standard.subitems)
    levels = random.integers(1, len(standard.levels) + 1, (n, width)).astype(np.int8)
    floors = np.array([float(level.band[0]) for level in standard.levels])
    counted = np.array([code in policy.rate_subitems for code in standard.subitems])
    measured = floors[levels - 1] + random.random((n, width)) * 19
    none, all_apply = np.full((n, width), np.nan), np.zeros((n, width), dtype=np.bool_)
    left_out = random.random((n, width)) < 0.05
    gaps = np.where(left_out | (random.random((n, width)) < 0.1), 0, levels)
    return {
        "等级齐全": (levels, none, all_apply),
        "含一位小数的比例": (levels, np.where(counted, measured.round(1), np.nan), all_apply),
        "含长小数的比例": (levels, np.where(counted, measured, np.nan), all_apply),
        "有不适用和未定": (gaps, none, left_out),
    }


def measure(n: int) -> list[dict[str, object]]:
    """Per workload: its name, and enterprises per second of both scorers (the best of three runs each)."""
    standard = load_standard()
    policy = load_policy(DEFAULT_POLICY, standard)
    results: list[dict[str, object]] = []
    for name, tables in workloads(standard, policy, n).items():
        rows = [row_levels(standard, *(table[row] for table in tables)) for row in range(min(n, SCALAR_ROWS))]
        scalar = _per_second(len(rows), partial(_grade_each, standard, policy, rows))
        vectorised = _per_second(n, partial(grade_many, standard, policy, *tables))
        results.append({"workload": name, "n": n, "scalar": round(scalar), "vectorised": round(vectorised)})
    return results


@click.command()
@click.option("--n", default=20000, show_default=True, type=click.IntRange(min=1), help="企业数")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def main(n: int, as_json: bool) -> None:
    """测量评分速度：每秒可评的企业数，逐家计算与批量计算对照。"""
    results = measure(n)
    if as_json:
        click.echo(json.dumps(results, ensure_ascii=False))
        return
    click.echo(f"每秒评分的企业数（批量 {n} 家；逐家计算含全部推导与稳健性）")
    for result in results:
        click.echo(f"  逐家 {result['scalar']:>8,}  批量 {result['vectorised']:>10,}  {result['workload']}")


def _grade_each(standard: Standard, policy: ScoringPolicy, rows: Sequence[Levels]) -> None:
    for row in rows:
        grade(standard, policy, row)


def _per_second(count: int, run: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return count / best


if __name__ == "__main__":
    main()
