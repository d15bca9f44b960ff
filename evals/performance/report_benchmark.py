"""Seconds for a report of a full assessment in each format, and for a hundred of them in one call.

python -m evals.performance.report_benchmark [--runs 3] [--many 100] [--format docx ...] [--json]
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from assistant.bootstrap import App
from assistant.reports.render import FORMATS, render
from assistant.settings import load_settings

TARGETS = {"docx": 3.0, "xlsx": 2.0, "pdf": 3.0}


def measure(runs: int, many: int, forms: Sequence[str] = FORMATS) -> dict[str, float]:
    """Seconds: the first report and the median of the following ones in this process by format; loading the example;
    and `iiam report --all` over many assessments, each in its own process.
    """
    with tempfile.TemporaryDirectory() as folder:
        app = App(load_settings(home=Path(folder)))
        start = time.perf_counter()
        name = app.load_example()
        result = {"example": time.perf_counter() - start}
        for form in forms:
            times = []
            for _ in range(runs + 1):
                start = time.perf_counter()
                render(app.report(name), form, app.standard)
                times.append(time.perf_counter() - start)
            result[f"{form}_first"] = times[0]
            result[form] = statistics.median(times[1:])
        for _ in range(many - 1):
            app.load_example()
        for form in forms if many > 1 else ():
            start = time.perf_counter()
            command = [
                sys.executable,
                "-m",
                "assistant.cli",
                "report",
                "--all",
                "--format",
                form,
                "--out",
                f"{folder}/{form}",
            ]
            subprocess.run(command, env={"IIAM_HOME": folder, "PATH": ""}, check=True, capture_output=True)  # noqa: S603
            result[f"{form}_{many}"] = time.perf_counter() - start
    return {what: round(seconds, 3) for what, seconds in result.items()}


@click.command()
@click.option("--runs", default=3, show_default=True, type=click.IntRange(min=1), help="次数")
@click.option("--many", default=100, show_default=True, type=click.IntRange(min=1), help="一次出多少份")
@click.option("--format", "forms", multiple=True, type=click.Choice(FORMATS), help="只测这些格式")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def main(runs: int, many: int, forms: tuple[str, ...], as_json: bool) -> None:
    """测量出报告的时间：各格式单份，以及一次出多份。"""
    result = measure(runs, many, forms or FORMATS)
    if as_json:
        click.echo(json.dumps(result))
        return
    click.echo("出报告的时间（秒）")
    for what, seconds in result.items():
        target = TARGETS.get(what.removesuffix("_first"))
        click.echo(f"  {seconds:>8.3f}  {what}{f'（目标 {target:g}）' if target else ''}")


if __name__ == "__main__":
    main()
