"""`iiam ask` on the screen: without an endpoint, one question, a talk, and an endpoint that fails."""

from __future__ import annotations

import io
import sys
from contextlib import closing
from pathlib import Path

import pytest

from assistant.cli.app import main
from assistant.storage.sql import SqlEventStore
from tests.fakes import open_assessment
from tests.llm_server import MODEL, UNAUTHORISED, Good, LlmServer, ToolCall, closed_port


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IIAM_HOME", str(tmp_path))
    monkeypatch.setenv("IIAM_LLM_MODEL", MODEL)
    monkeypatch.chdir(tmp_path)
    with closing(SqlEventStore(tmp_path / "iiam.sqlite3")) as store:
        open_assessment(store)
    return tmp_path


def record(home: Path) -> str:
    with closing(SqlEventStore(home / "iiam.sqlite3")) as store:
        return "\n".join(row.model_dump_json() for row in store.read("a1"))


def reach(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("IIAM_LLM_BASE_URL", url)


def test_without_an_endpoint_it_says_how_to_get_one_and_what_works_without(monkeypatch, capsys):
    monkeypatch.delenv("IIAM_LLM_MODEL")
    assert main(["ask", "a1", "7.1 怎么样？"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("iiam ask 要用大模型。还没有设置大模型接口。")
    for hint in ("IIAM_LLM_BASE_URL", "IIAM_LLM_MODEL", "iiam doctor", "iiam search", "iiam show a1", "iiam grade a1"):
        assert hint in said


def test_settings_that_are_wrong_are_named(capsys):
    assert main(["ask", "a1", "7.1 怎么样？"]) == 2
    assert "填了 IIAM_LLM_MODEL，但没有填 IIAM_LLM_BASE_URL（接口地址）。" in capsys.readouterr().err


def test_an_unknown_assessment_is_told_before_anything_is_sent(monkeypatch, capsys):
    with LlmServer() as server:
        reach(monkeypatch, server.url)
        assert main(["ask", "nope", "好？"]) == 2
        assert server.seen == []
    assert "没有编号为“nope”的评估" in capsys.readouterr().err


def test_one_question(home, monkeypatch, capsys):
    before = record(home)
    with LlmServer([ToolCall("show_subitem", {"subitem": "7.1"}), Good("[没有]提到「排程」，见 7.1-L9。")]) as server:
        reach(monkeypatch, server.url)
        assert main(["ask", "a1", "7.1 怎么样？"]) == 0
    screen = capsys.readouterr()
    assert screen.out.strip().splitlines() == [
        "[没有]提到「排程」，见 7.1-L9。",
        "核对：以下引文在记录和标准中查不到，不要采用（1 处）：「排程」",
        "核对：以下编号标准中没有（1 处）：7.1-L9",
        "查阅：看子项 7.1",
    ]
    assert screen.err.startswith("调用模型 2 次，输入 ")
    assert screen.err.endswith(" 秒；不计入 iiam usage。\n")
    assert record(home) == before


def test_questions_one_after_the_other(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("第一问\n第二问\n\n第三问\n"))
    with LlmServer([Good("一。"), UNAUTHORISED, Good("二。")]) as server:
        reach(monkeypatch, server.url)
        assert main(["ask", "a1"]) == 0
        assert len(server.chats) == 2
    screen = capsys.readouterr()
    assert "\n一。\n核对：这个回答没有查阅任何资料。\n" in screen.out
    assert screen.err.splitlines()[1].startswith("大模型接口不认这个密钥（HTTP 401）。请检查 IIAM_LLM_API_KEY。")
    assert screen.err.splitlines()[2].startswith("调用模型 1 次（失败 1 次），")


def test_an_endpoint_that_is_down_is_one_line_and_its_cost(monkeypatch, capsys):
    with closed_port() as url:
        reach(monkeypatch, url)
        assert main(["ask", "a1", "好？"]) == 2
    cost, problem = capsys.readouterr().err.splitlines()
    assert cost.startswith("调用模型 3 次（失败 3 次），")
    assert problem.startswith("连不上大模型接口（127.0.0.1:")
