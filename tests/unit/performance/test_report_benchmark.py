"""The report benchmark runs and reports each format; no speed is asserted."""

from __future__ import annotations

import json

from click.testing import CliRunner

from evals.performance.report_benchmark import main


def test_json_has_the_formats_that_were_asked_for() -> None:
    asked = ["--runs", "1", "--many", "2", "--format", "xlsx", "--format", "json", "--json"]
    result = json.loads(CliRunner().invoke(main, asked).output)
    forms = ("xlsx", "json")
    assert set(result) == {"example", *forms, *(f"{f}_first" for f in forms), *(f"{f}_2" for f in forms)}
    assert all(seconds >= 0 for seconds in result.values())
