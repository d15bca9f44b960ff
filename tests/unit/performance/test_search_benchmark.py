"""The search benchmark runs and reports what it promises; no speed is asserted."""

from __future__ import annotations

import json
import re

from click.testing import CliRunner

from evals.performance.search import main


def test_json_has_each_measure() -> None:
    measures = json.loads(CliRunner().invoke(main, ["--most", "20", "--json"]).output)
    assert list(measures) == ["load_seconds", "build_seconds", "open_seconds", "queries", "p50_ms", "p95_ms"]
    assert measures["queries"] == 20
    assert 0 < measures["p50_ms"] <= measures["p95_ms"]


def test_text_says_the_same_in_two_lines() -> None:
    output = re.sub(r"\d+(\.\d+)?", "N", CliRunner().invoke(main, ["--most", "20"]).output)
    assert output == "载入各库 N 秒，建索引 N 秒，再次打开 N 秒\n检索 N 次：pN N 毫秒，pN N 毫秒\n"
