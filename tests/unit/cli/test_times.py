"""The list and the log show the time that the pages and the report show; the record itself keeps UTC."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from click.testing import CliRunner

from assistant.assessment.events import RespondentJoined
from assistant.assessment.record import chain
from assistant.bootstrap import App
from assistant.cli.app import cli
from assistant.settings import load_settings


@pytest.fixture
def name(tmp_path, monkeypatch):
    monkeypatch.setenv("IIAM_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")
    app = App(load_settings())
    with closing(app.store) as store:
        name = app.open_assessment("某厂")
        joined = [RespondentJoined(respondent="r1", name="王师傅", role="设备")]
        store.append(chain(name, store.read(name)[-1], joined, "2099-11-23T21:53:07.000+00:00", "测试员"))
    return name


def run(*args: str) -> str:
    done = CliRunner().invoke(cli, args)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_list_and_the_log_show_local_time(name):
    listed = run("list")
    assert "2099-11-24 05:53" in listed
    assert "UTC" not in listed
    assert "2099-11-24 05:53:07" in run("log", name)


def test_what_programs_read_keeps_utc(name):
    assert json.loads(run("list", "--json"))[0]["last"] == "2099-11-23T21:53:07.000+00:00"
    assert "2099-11-23T21:53:07.000+00:00" in run("log", name, "--json")
