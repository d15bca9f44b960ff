"""`iiam example`, `report`, `replay`, `signoff`, `reopen`, as a user types them."""

from __future__ import annotations

import json
import zipfile

import pytest

from assistant.bootstrap import App
from assistant.cli.app import main
from assistant.settings import load_settings


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A data folder and a working folder of its own."""
    monkeypatch.setenv("IIAM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("IIAM_ACTOR", "陈卫东")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys):
    def typed(*args):
        code = main(list(args))
        out, err = capsys.readouterr()
        return code, out, err

    return typed


def decide_the_rest():
    review = App(load_settings()).review("example-1", "陈卫东")
    review.decide("5.3", 4, "看过应急预案和演练记录")
    review.confirm("13.1")


def test_each_load_of_the_example_is_a_new_one(run):
    assert [run("example")[1] for _ in range(2)] == ["example-1\n", "example-2\n"]
    code, out, _ = run("log", "example-2", "--verify")
    assert (code, out.startswith("校验通过：共 ")) == (0, True)


@pytest.mark.parametrize("form", ["docx", "xlsx", "json"])
def test_a_report_is_written_by_its_ending_or_by_format(run, home, form):
    run("example")
    assert run("report", "example-1", "--out", f"a.{form}")[:2] == (0, f"已写到 a.{form}。\n")
    assert run("report", "example-1", "--format", form, "--out", "b")[0] == 0
    for file in (home / f"a.{form}", home / "b"):
        assert file.stat().st_size > 10_000
        assert zipfile.is_zipfile(file) is (form != "json")


def test_reports_for_all_go_on_when_one_fails(run, home):
    run("example")
    run("example")
    run("new", "空厂/一")
    other = home / "other.yaml"
    other.write_text("id: mine\nversion: '1'\ntitle: 自定\nstandard: db37-iiam\nplace: floor\n", encoding="utf-8")
    decide_the_rest()
    assert run("signoff", "example-1", "--accept")[0] == 0
    code, out, err = run("report", "--all", "--format", "json", "--out", "out", "--policy", str(other))
    assert code == 1
    assert "共 3 份评估，写出 2 份到 out。\n没有出成的：example-1\n" in out
    assert "[1/3] example-1 没有出成：这份评估签发时用的是评分政策 equal" in err
    names = sorted(p.name for p in (home / "out").iterdir())
    assert len(names) == 2
    assert names[1] == "example-2-鸢都味坊调味食品有限公司（示例）.json"
    assert names[0].endswith("-空厂_一.json")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("report",), "请给出一个评估编号，或用 --all"),
        (("report", "example-1", "--all", "--out", "x"), "两者选一"),
        (("report", "example-1"), "请用 --out 指定写到哪里"),
        (("report", "example-1", "--out", "x.odt"), "认不出 x.odt 是哪种格式"),
        (("report", "example-1", "--out", "x.pdf", "--template", "t.docx"), "--template 只用于 docx"),
        (("report", "nobody", "--out", "x.json"), "没有编号为“nobody”的评估"),
        (("report", "example-1", "--out", "no/such/x.json"), "写不进去（没有这个文件或文件夹）"),
        (("report", "example-1", "--out", "x.docx", "--template", "t.docx"), "模板 t.docx 打不开"),
        (("replay", "none.json"), "打不开（没有这个文件或文件夹）"),
    ],
)
def test_mistakes_are_named(run, args, message):
    run("example")
    code, _, err = run(*args)
    assert code == 2
    assert message in err


def test_the_shipped_template_can_be_taken_changed_and_used(run, home):
    run("example")
    assert run("report", "--write-template", "mine.docx")[0] == 0
    assert run("report", "example-1", "--out", "a.docx", "--template", "mine.docx")[0] == 0
    assert (home / "a.docx").stat().st_size > 100_000


def test_sign_off_report_replay_reopen(run, home):
    run("example")
    code, out, _ = run("signoff", "example-1", "--check")
    assert code == 1
    assert "必须处理：还没有复核，请逐项确认、更改，或定为不适用（2 项：5.3、13.1）" in out
    assert run("signoff", "example-1")[0] == 2
    decide_the_rest()
    assert "加上 --accept 签发" in run("signoff", "example-1")[2]
    code, out, _ = run("signoff", "example-1", "--accept")
    assert (code, out.startswith("已签发：L2 发展级，复核人 陈卫东，封存记录 ")) == (0, True)
    run("report", "example-1", "--out", "a.json")
    view = json.loads((home / "a.json").read_text(encoding="utf-8"))
    assert (view["draft"], view["grade"]["finality"], view["seal"]["reviewer"]) == (False, "signed", "陈卫东")
    assert view["seal"]["hash"] in out
    assert run("replay", "a.json")[:2][1].endswith("一致。\n")
    run("export", "example-1", "a.record")
    code, out, _ = run("replay", "a.record")
    assert (code, out.splitlines()[-1]) == (0, "一致。")
    assert "不能再改动" in run("confirm", "example-1", "1.1", "--level", "4", "--reason", "再看")[2]
    assert "必须写明理由" in run("reopen", "example-1")[2]
    assert run("reopen", "example-1", "--reason", "企业补交材料")[0] == 0
    assert run("confirm", "example-1", "1.1", "--level", "4", "--reason", "再看")[0] == 0
    (home / "a.json").write_text(json.dumps(view | {"grade": view["grade"] | {"level": 5}}), encoding="utf-8")
    code, out, _ = run("replay", "a.json")
    assert code == 1
    assert "不一致：报告封面写的是 L5" in out
