"""`iiam confirm --all`: confirms everything, as documented, and says which of it carries a mark."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from assistant.bootstrap import App
from assistant.cli.app import cli
from assistant.settings import load_settings
from tests.review_case import MET, NOT, Case


@pytest.fixture
def name(tmp_path, monkeypatch):
    """Two proposals: one on talk alone, and level 1, for which nothing had to be shown."""
    monkeypatch.setenv("IIAM_HOME", str(tmp_path))
    monkeypatch.setenv("IIAM_ACTOR", "李工")
    case = Case()
    case.says("4.4", ("2#1", MET, 0), ("3#1", NOT, 4))
    case.says("5.3", ("2#1", NOT, 0), ("2#1", NOT, 4))
    case.proposed("4.4").proposed("5.3")
    App(load_settings()).store.append(case.store.read("a1"))
    return "a1"


def confirm(*args: str) -> str:
    done = CliRunner().invoke(cli, ["confirm", *args])
    assert done.exit_code == 0, done.output
    return done.output


def test_all_are_confirmed_and_the_marked_ones_named(name):
    said = confirm(name, "--all").splitlines()
    assert [line.partition("　")[2] for line in said[:2]] == ["标记：仅口头", ""]
    assert said[2].startswith("已确认的 2 项中，有 1 项带标记：4.4。请逐项核对（iiam show a1 4.4）")
    assert set(App(load_settings()).assessment(name).decisions) == {"4.4", "5.3"}


def test_a_single_one_tells_its_marks_too(name):
    assert confirm(name, "4.4").rstrip().endswith("标记：仅口头")
    assert "标记" not in confirm(name, "4.4", "--withdraw")
    assert "标记" not in confirm(name, "4.4", "--na", "--reason", "没有这类业务")
