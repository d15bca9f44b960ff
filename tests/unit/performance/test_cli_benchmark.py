"""The command line's benchmark runs and reports what it promises; no speed is asserted."""

from __future__ import annotations

import json

from click.testing import CliRunner

from evals.performance.cli import main


def test_json_has_the_three_waits() -> None:
    result = json.loads(CliRunner().invoke(main, ["--runs", "1", "--json"]).output)
    assert [(name, seconds > 0) for name, seconds in result.items()] == [
        ("help", True),
        ("new", True),
        ("first_question", True),
    ]
