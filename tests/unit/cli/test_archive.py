"""`iiam archive` and `iiam unarchive`: what is put away can be looked at, and nothing else."""

from __future__ import annotations

import pytest

from assistant.bootstrap import App
from assistant.cli.app import main
from assistant.settings import Settings


@pytest.fixture
def name(tmp_path):
    return App(Settings(_env_file=None, home=tmp_path)).load_example()


@pytest.fixture
def iiam(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("IIAM_HOME", str(tmp_path))

    def run(*argv: str) -> tuple[int, str, str]:
        code = main(list(argv))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


def test_what_is_put_away_is_read_only_until_it_is_brought_back(iiam, name, tmp_path):
    code, out, _ = iiam("archive", name)
    assert (code, out.endswith(f"恢复：iiam unarchive {name}\n")) == (0, True)
    (tmp_path / "纪要.txt").write_text("设备联网七成。", encoding="utf-8")
    for command in (
        ("interview", name),
        ("confirm", name, "1.1", "--level", "3", "--reason", "看过"),
        ("justify", name, "1.1"),
        ("signoff", name, "--accept"),
        ("draft", name, str(tmp_path / "纪要.txt")),
    ):
        code, _, err = iiam(*command)
        assert (command, code, "已归档，只能查看" in err) == (command, 2, True)
    assert '"archived": true' in iiam("list", "--json")[1]
    assert iiam("show", name)[0] == 0
    assert "归档" in iiam("log", name)[1].splitlines()[-1]
    assert iiam("unarchive", name)[0] == 0
    assert iiam("confirm", name, "1.1", "--level", "3", "--reason", "看过")[0] == 0


def test_an_unknown_one_is_named(iiam):
    assert "没有编号为“nope”的评估" in iiam("archive", "nope")[2]
