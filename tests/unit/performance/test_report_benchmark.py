"""The report benchmark runs and reports every format; no speed is asserted."""

from __future__ import annotations

import json

from click.testing import CliRunner

from evals.performance.report_benchmark import main


def test_json_has_every_format() -> None:
    result = json.loads(CliRunner().invoke(main, ["--runs", "1", "--many", "2", "--json"]).output)
    forms = ("docx", "xlsx", "pdf", "json")
    assert set(result) == {"example", *forms, *(f"{f}_first" for f in forms), *(f"{f}_2" for f in forms)}
    assert all(seconds >= 0 for seconds in result.values())
