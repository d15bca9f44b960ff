"""The scoring benchmark runs and reports what it promises; no speed is asserted."""

from __future__ import annotations

import json

from click.testing import CliRunner

from evals.performance.scoring import main

NAMES = ["等级齐全", "含一位小数的比例", "含长小数的比例", "有不适用和未定"]


def test_json_has_a_row_per_workload() -> None:
    result = CliRunner().invoke(main, ["--n", "3", "--json"])
    rows = json.loads(result.output)
    assert [(row["workload"], row["n"], row["scalar"] > 0, row["vectorised"] > 0) for row in rows] == [
        (name, 3, True, True) for name in NAMES
    ]


def test_text_has_a_line_per_workload() -> None:
    result = CliRunner().invoke(main, ["--n", "3"])
    head, *lines = result.output.splitlines()
    assert head == "每秒评分的企业数（批量 3 家；逐家计算含全部推导与稳健性）"
    assert [line.split()[-1] for line in lines] == NAMES
