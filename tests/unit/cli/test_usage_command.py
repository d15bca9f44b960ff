"""`iiam usage` on the screen: the table, the reasons, JSON, prices and what is wrong with them."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from assistant.assessment.answer import Purpose
from assistant.assessment.events import QuestionAsked
from assistant.assessment.record import chain
from assistant.assessment.usage import Call, CallPurpose
from assistant.cli.app import main
from assistant.storage.sql import SqlEventStore
from tests.fakes import StillClock, open_assessment


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IIAM_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def recorded(home: Path, *calls: Call, fallback: str = "") -> None:
    asked = QuestionAsked(
        subitem="1.1", requirement=None, purpose=Purpose.OPENING, text="？", calls=calls, fallback=fallback
    )
    with closing(SqlEventStore(home / "iiam.sqlite3")) as store:
        open_assessment(store)
        store.append(chain("a1", store.read("a1")[-1], [asked], StillClock().now().isoformat(), "测试员"))


def call(failure: str = "", tokens: int = 1_000_000) -> Call:
    return Call(
        purpose=CallPurpose.PHRASE,
        model="m-1",
        prompt="p",
        tokens_in=tokens,
        tokens_out=tokens // 10,
        cached=tokens // 4,
        millis=1500,
        failure=failure,
    )


def test_the_table_with_prices(home, capsys):
    recorded(home, call(), call("接口太忙（429）"), fallback="模型超时，问题由规则引擎提出。")
    assert main(["usage", "a1", "--price-in", "2", "--price-out", "8", "--price-cached", "1"]) == 0
    screen = capsys.readouterr().out
    (total,) = (line for line in screen.splitlines() if "合计" in line)
    assert [cell.strip() for cell in total.strip("│").split("│")] == [
        "合计", "", "2", "1", "2,000,000", "25%", "200,000", "3.0", "5.1000"
    ]  # fmt: skip
    assert "   1 次  接口太忙（429）" in screen
    assert "  解读 0 个回答，提问 1 次  模型超时，问题由规则引擎提出。" in screen


def test_a_models_name_is_shown_as_it_is(home, capsys):
    recorded(home, call().model_copy(update={"model": "[/red]m[bold]"}))
    assert main(["usage", "a1"]) == 0
    assert "[/red]m[bold]" in capsys.readouterr().out


def test_an_endpoint_that_reports_nothing(home, capsys):
    recorded(home, call(tokens=0))
    assert main(["usage", "a1"]) == 0
    assert "接口没有报告 token 用量" in capsys.readouterr().out


def test_rules_alone(home, capsys):
    recorded(home)
    assert main(["usage", "a1"]) == 0
    assert "都由规则引擎解读，没有用到模型" in capsys.readouterr().out


def test_json(home, capsys):
    recorded(home, call())
    assert main(["usage", "a1", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["total"]["calls"], data["cached_share"], data["cost"]) == (1, 0.25, None)


@pytest.mark.parametrize("price", ["两块", "-1", "nan", "inf"])
def test_a_price_is_a_number(home, capsys, price):
    recorded(home)
    assert main(["usage", "a1", "--price-in", price]) == 2
    assert "参数 --price-in 的值不合用" in capsys.readouterr().err


def test_one_price_alone_is_not_enough(home, capsys):
    recorded(home)
    assert main(["usage", "a1", "--price-out", "8"]) == 2
    assert "同时给出 --price-in 和 --price-out" in capsys.readouterr().err
