"""`iiam draft` on the screen, and files that travel with an export."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.bootstrap import App
from assistant.cli.app import main
from assistant.settings import load_settings
from evals.performance.samples import docx, xlsx


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """One data folder: its search index takes seconds to build."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def iiam(home, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def run(*argv: object, at: Path = home) -> tuple[int, str, str]:
        monkeypatch.setenv("IIAM_HOME", str(at))
        code = main([str(a) for a in argv])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.fixture
def name(home) -> str:
    return App(load_settings(home=home)).open_assessment("齐鲁轴承")


def test_a_good_file_is_read_a_bad_one_refused_and_both_said(iiam, name, tmp_path):
    (tmp_path / "纪要.docx").write_bytes(docx())
    (tmp_path / "坏.xlsx").write_bytes(xlsx()[:500])
    code, out, err = iiam("draft", name, "坏.xlsx", "纪要.docx")
    assert code == 2
    assert "《坏.xlsx》：文件已损坏" in err
    assert "《纪要.docx》（口头）：共 3 段，3 段与评估有关" in out
    assert f"iiam interview {name}" in out
    code, out, _ = iiam("draft", name, "纪要.docx")
    assert (code, out.splitlines()[0]) == (0, "《纪要.docx》（口头）以前已读过，没有重复读取。")
    log = iiam("log", name)[1]
    assert "文件加入  《纪要.docx》（口头）" in log
    assert "［《纪要.docx》第2段］台账上二百一十二台套" in log
    assert "文件读完  《纪要.docx》3 段" in log
    assert "口头 刘工，《纪要.docx》第2段" in "".join(iiam("show", name, "1.1")[1].split("\n"))


def test_kind_owner_and_date_are_kept_and_a_wrong_date_is_explained(iiam, name, tmp_path):
    (tmp_path / "台账.xlsx").write_bytes(xlsx())
    assert iiam("draft", name, "台账.xlsx", "--date", "三月")[0] == 2
    code, out, _ = iiam("draft", name, "台账.xlsx", "--kind", "系统截图", "--owner", "刘建国", "--date", "2026-03-01")
    assert (code, "（系统截图）" in out) == (0, True)
    assert "《台账.xlsx》（系统截图）刘建国 2026-03-01" in iiam("log", name)[1]


def test_files_travel_in_a_zip_and_a_plain_record_says_what_it_leaves(iiam, name, tmp_path):
    (tmp_path / "纪要.docx").write_bytes(docx())
    iiam("draft", name, "纪要.docx")
    _, out, err = iiam("export", name, "record.jsonl")
    assert "已导出" in out
    assert f"iiam export {name} record.zip" in err
    assert "和 1 个文件到 all.zip。" in iiam("export", name, "all.zip")[1]
    there = tmp_path / "there"
    assert "和 1 个文件，哈希链校验通过。" in iiam("import", "all.zip", at=there)[1]
    (kept,) = (there / "documents" / name).iterdir()
    assert kept.read_bytes() == docx_written(tmp_path)
    assert iiam("export", name, "again.zip", at=there)[0] == 0
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "all.zip").read_bytes()


def docx_written(folder: Path) -> bytes:
    return (folder / "纪要.docx").read_bytes()


def test_a_lost_file_is_named_and_the_record_exported(iiam, name, home, tmp_path):
    (tmp_path / "纪要.docx").write_bytes(docx())
    iiam("draft", name, "纪要.docx")
    (kept,) = (home / "documents" / name).iterdir()
    kept.unlink()
    code, out, err = iiam("export", name, "all.zip")
    assert (code, "和 0 个文件" in out, "《纪要.docx》在数据文件夹中找不到" in err) == (0, True, True)
