"""Seconds until the pages of the web app are there, with many assessments in the list.

python -m evals.performance.web_pages [--assessments 200] [--runs 5] [--json]

Measured in one process over HTTP on loopback. `first` is the first visit of the list after an import of everything,
with nothing kept; `restart` the first one of a new process's app, with the kept lines; `one_changed` after one
assessment was written to; `counted` how long it takes until every line is there.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from assistant.bootstrap import App

AT = "http://127.0.0.1"


def measure(assessments: int, runs: int) -> dict[str, float]:
    """Medians in seconds; those of single events are of that one."""
    from assistant.assessment.record import import_rows
    from assistant.assessment.renaming import renamed
    from assistant.bootstrap.app import EXAMPLE

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        parts = _parts(home)
        rows = import_rows(EXAMPLE.read_text(encoding="utf-8"))
        for number in range(assessments):
            parts.store.append(renamed(rows, f"bench-{number}"))
        found: dict[str, float] = {}
        browser = _browser(parts)
        found["first"] = _seconds(lambda: _get(browser, "/"))
        start = time.perf_counter()
        while "正在统计" in browser.get("/").text:
            time.sleep(0.1)
        found["counted"] = round(time.perf_counter() - start, 3)
        found["list"] = _median(runs, lambda: _get(browser, "/"))
        found["search"] = _median(runs, lambda: _get(browser, "/?q=味坊&sort=grade"))
        parts.review("bench-7", "测速").withdraw("1.1")
        found["one_changed"] = _seconds(lambda: _get(browser, "/"))
        found["example"] = _median(runs, lambda: _post(browser, "/example"))
        found["result"] = _median(runs, lambda: _get(browser, "/a/bench-3/result"))
        found["what_if"] = _median(runs, lambda: _get(browser, "/a/bench-3/result?w1.1=5&t1.1=5"))
        found["radar_first"] = _seconds(lambda: _get(browser, "/a/bench-3/chart/radar.svg"))
        found["radar"] = _median(runs, lambda: _get(browser, "/a/bench-3/chart/radar.svg"))
        found["review"] = _median(runs, lambda: _get(browser, "/a/bench-3/review"))
        again = _browser(_parts(home))
        found["restart"] = _seconds(lambda: _get(again, "/"))
        return found


WORDS = {
    "first": "列表，全新导入后第一次打开（未统计完的行随后补上）",
    "counted": "此后到全部统计完",
    "list": "列表",
    "search": "列表，搜索并排序",
    "one_changed": "列表，一份刚有变化",
    "restart": "列表，重启后第一次打开",
    "example": "载入示例",
    "result": "结果页",
    "what_if": "结果页，试算与改目标",
    "radar_first": "雷达图，第一次",
    "radar": "雷达图，再看",
    "review": "复核页",
}


@click.command()
@click.option("--assessments", default=200, show_default=True, type=click.IntRange(min=10), help="列表中的评估数")
@click.option("--runs", default=5, show_default=True, type=click.IntRange(min=1), help="次数")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def main(assessments: int, runs: int, as_json: bool) -> None:
    """测量网页的等待时间，列表中有很多份评估。"""
    result = measure(assessments, runs)
    if as_json:
        click.echo(json.dumps(result))
        return
    click.echo(f"{assessments} 份评估，{runs} 次的中位数（秒）")
    for name, words in WORDS.items():
        click.echo(f"  {result[name]:.3f}  {words}")


def _parts(home: Path) -> App:
    from assistant.bootstrap import App
    from assistant.settings import load_settings

    return App(load_settings(home=home, actor="测速"))


def _browser(parts: App) -> TestClient:
    from starlette.testclient import TestClient

    from assistant.web.server import create

    return TestClient(create(parts, chats=False), base_url=AT, follow_redirects=False)


def _get(browser: TestClient, path: str) -> None:
    browser.get(path).raise_for_status()


def _post(browser: TestClient, path: str) -> None:
    if browser.post(path).is_error:
        raise RuntimeError(path)


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return round(time.perf_counter() - start, 3)


def _median(runs: int, run: Callable[[], object]) -> float:
    return round(statistics.median(_seconds(run) for _ in range(runs)), 3)


if __name__ == "__main__":
    main()
