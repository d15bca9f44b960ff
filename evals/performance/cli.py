"""Seconds that a person waits at the terminal: for `iiam --help`, and from the start to the first question.

python -m evals.performance.cli [--runs 5] [--json]
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from evals.terminal import Talk, iiam


def measure(runs: int) -> dict[str, float]:
    """Medians in seconds: `help`, `new` (an assessment), `first_question` (of an interview begun before)."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        name = iiam(home, "new", "测速厂").stdout.strip()
        begin(home, name)
        return {
            "help": _median(runs, lambda: iiam(home, "--help")),
            "new": _median(runs, lambda: iiam(home, "new", "测速厂")),
            "first_question": _median(runs, lambda: begin(home, name)),
        }


def begin(home: Path, assessment: str) -> None:
    """Start an interview and wait for its question."""
    with Talk(home, assessment) as talk:
        talk.prompted()


@click.command()
@click.option("--runs", default=5, show_default=True, type=click.IntRange(min=1), help="次数")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def main(runs: int, as_json: bool) -> None:
    """测量命令行的等待时间：帮助、新建、从启动到第一个问题。"""
    result = measure(runs)
    if as_json:
        click.echo(json.dumps(result))
        return
    click.echo(f"{runs} 次的中位数（秒）")
    for what, seconds in zip(("iiam --help", "新建评估", "启动到第一个问题"), result.values(), strict=True):
        click.echo(f"  {seconds:.3f}  {what}")


def _median(runs: int, run: Callable[[], object]) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return round(statistics.median(times), 3)


if __name__ == "__main__":
    main()
