"""The rules engine does not fall below what is recorded."""

from __future__ import annotations

import pytest

from assistant.bootstrap import App
from assistant.settings import Settings
from evals.baseline import measure, recorded, worse


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> App:
    return App(Settings(home=tmp_path_factory.mktemp("home")))


def test_no_measure_is_below_its_recorded_baseline(app):
    assert worse(measure(app, app.engine), recorded()) == []


def test_worse_names_what_fell():
    before = {"read x": {"exact": 0.9, "undecided": 0.1}}
    assert worse({"read x": {"exact": 0.9, "undecided": 0.1}}, before) == []
    assert worse({"read x": {"exact": 0.8, "undecided": 0.2}}, before) == [
        "read x exact: 0.9 -> 0.8",
        "read x undecided: 0.1 -> 0.2",
    ]
