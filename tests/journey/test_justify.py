"""Drafting, rewriting and renewing justifications at the command line."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from assistant.storage.sql import SqlEventStore
from tests.journey.home import rows
from tests.journey.warm import iiam
from tests.justify_cases import STANDARD, store_of

LEVEL = "1.1"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with closing(SqlEventStore(tmp_path / "iiam.sqlite3")) as store:
        store.append(store_of("condiments").read("a1"))
    return tmp_path


def test_from_the_first_drafts_to_own_words_and_back(home, tmp_path):
    first = iiam(home, "justify", "a1")
    assert first.returncode == 0
    assert first.stderr.splitlines() == ["已起草 36 项。"]
    for code, subitem in STANDARD.subitems.items():
        assert f" {code} {subitem.name} · " in first.stdout
    for title in ("判定依据", "未达上一级的原因", "佐证材料", "改进建议", "原话出处"):
        assert first.stdout.count(f"{title}\n") >= 30

    again = iiam(home, "justify", "a1", LEVEL)
    assert (again.stderr, "（表1，1.1-L3）" in again.stdout) == ("", True)

    edited = iiam(
        home, "justify", "a1", "--edit", LEVEL, "--section", "advice", "--text", "先接仓储设备。", "--by", "王顾问"
    )
    assert edited.stdout == "1.1 的改进建议已改写。\n"
    assert rows(home, "a1")[-1].actor == "王顾问"
    assert "改进建议  已改写\n  先接仓储设备。\n" in iiam(home, "justify", "a1", LEVEL).stdout

    iiam(home, "confirm", "a1", LEVEL, "--level", "2", "--reason", "台账太旧")
    stale = iiam(home, "justify", "a1", LEVEL).stdout
    assert "等级或证据后来有变，请重看" in stale
    assert stale.endswith("重新起草：iiam justify a1 1.1 --renew\n")

    kept = iiam(home, "justify", "a1", "--renew")
    assert kept.stderr.splitlines() == ["1.1 的改进建议是改写过的，予以保留；要覆盖请加 --yes。", "已起草 1 项。"]
    assert "先接仓储设备。" in kept.stdout
    assert "复核定为L2 发展级" in kept.stdout
    given_up = iiam(home, "justify", "a1", LEVEL, "--renew", "--yes", "--json")
    data = json.loads(given_up.stdout)[LEVEL]
    assert (data["level"], data["from"], data["edited"], data["stale"]) == (2, "decided", [], [])
    assert "先接仓储设备" not in data["texts"]["advice"]
    assert iiam(home, "justify", "a1", "--renew").stderr == "判定说明都与现在的等级和证据一致，没有需要重写的。\n"


def test_an_editor_changes_the_parts_below_their_headings(home):
    done = iiam(home, "justify", "a1", LEVEL, "--edit", "--section", "basis", EDITOR="sed -i 's/据此推算/据此算得/'")
    assert done.stdout == "1.1 的判定依据已改写。\n"
    assert "据此算得" in iiam(home, "justify", "a1", LEVEL).stdout
    assert iiam(home, "justify", "a1", LEVEL, "--edit", EDITOR="true").stdout == "没有改动。\n"
    lost = iiam(home, "justify", "a1", LEVEL, "--edit", EDITOR="sed -i 's/^# /## /'")
    assert (lost.returncode, "请保留标题行" in lost.stderr) == (2, True)
    none = iiam(home, "justify", "a1", LEVEL, "--edit", EDITOR="no-such-editor")
    assert (
        none.returncode,
        none.stderr.endswith("编辑器打不开。请设置环境变量 EDITOR，或用 --section 与 --text 改写。\n"),
    ) == (2, True)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("a1", "9.9"), "没有能力子项“9.9”。用 iiam standard 查看全部编号。"),
        (("a1", "--edit"), "请写明要改写哪个子项，如：iiam justify 编号 1.1 --edit"),
        (("a1", "1.1", "--text", "x"), "用 --text 改写时请同时用 --section 指定部分：basis、shortfall、materials、advice。"),
        (("a1", "1.1", "--section", "advice", "--text", " "), "没有收到内容，判定说明没有改动。"),
        (("没有",), "没有编号为“没有”的评估。用 iiam list 查看全部评估。"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_what_to_do(home, args, told):
    refused = iiam(home, "justify", *args)
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (2, told)


def test_settings_of_a_model_that_cannot_be_used_are_told_where_words_are_written_or_read(home, tmp_path):
    wrong = {"IIAM_LLM_MODEL": "qwen", "IIAM_LLM_BASE_URL": ""}
    told = "填了 IIAM_LLM_MODEL，但没有填 IIAM_LLM_BASE_URL（接口地址）。"
    written = iiam(home, "justify", "a1", LEVEL, **wrong)
    assert written.stderr.splitlines() == [f"{told}这次由规则引擎起草。", "已起草 1 项。"]
    minutes = tmp_path / "纪要.txt"
    minutes.write_text("周工：台账上二百一十二台套，联网的九十七台。\n", encoding="utf-8")
    read = iiam(home, "draft", "a1", str(minutes), **wrong)
    assert (read.returncode, read.stderr.strip()) == (0, f"{told}这次由规则引擎解读。")
