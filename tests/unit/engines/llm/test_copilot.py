"""The copilot against the local server: what it looks up, what it says when things go wrong, and that it changes nothing."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from assistant.assessment.usage import NOTHING_SPENT, Spent
from assistant.engines.llm.copilot import MODEL_CALLS, REMEMBERED, TooManyCallsError
from assistant.engines.llm.copilot_check import Check
from assistant.engines.llm.copilot_kit import TITLES
from assistant.engines.llm.copilot_tools import list_quotes, search_standard, show_subitem
from assistant.engines.llm.faults import EndpointError, Fault
from assistant.errors import InputError
from tests.copilot_case import HOSTILE, Case
from tests.llm_server import (
    BROKEN,
    BUSY,
    NO_MODEL,
    NO_SUCH_HOST,
    UNAUTHORISED,
    Body,
    Good,
    Kind,
    LlmServer,
    ToolCall,
    closed_port,
    error,
)
from tests.llm_server import Fault as Broken
from tests.llm_talk import KEY, hang_up


@pytest.fixture(autouse=True)
def closed():
    yield
    hang_up()


@pytest.fixture
def case() -> Case:
    return Case()


def told(server: LlmServer) -> list[str]:
    """What the tools answered, as the model was shown it last."""
    return [m["content"] for m in server.chats[-1]["messages"] if m["role"] == "tool"]


def asking(case: Case, *steps: Any) -> tuple[Any, LlmServer, list[str], list[str]]:
    """One question, played by these steps; the record must be what it was."""
    before, pieces, doings = case.record(), [], []
    with LlmServer(steps) as server:
        answered = case.copilot(server.url).ask("7.1 怎么样？", pieces.append, doings.append)
    assert case.record() == before
    return answered, server, pieces, doings


def test_a_question_answered_from_a_tool(case):
    text = f"证据支持到 L2：「是U8里排的」〔答{case.seqs[0]}〕（7.1-L2a）。"
    answered, server, _, doings = asking(case, ToolCall("show_subitem", {"subitem": "7.1"}), Good(text))
    assert (answered.text, answered.check, answered.looked) == (text, Check(), ("看子项 7.1",))
    assert told(server) == [show_subitem(case.desk(), "7.1")]
    assert doings == ["看子项 7.1"]
    first = server.chats[0]
    assert [t["function"]["name"] for t in first["tools"]] == list(TITLES)
    described = re.findall(r'"description": "([^"]*)"', json.dumps(first["tools"], ensure_ascii=False))
    assert len(described) == 15
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in described)
    assert [m["role"] for m in first["messages"]] == ["system", "user"]
    assert "7.1 生产计划制定 | L2 | 未复核" in first["messages"][0]["content"]
    assert (answered.spent.calls, answered.spent.failed) == (2, 0)


def test_an_answer_is_streamed_while_it_is_written(case):
    long = "证据支持到二级，还缺先进的计划软件。"
    steps = (ToolCall("show_subitem", {"subitem": "7.1"}), Broken(Kind.THINK, long))
    answered, server, pieces, doings = asking(case, *steps)
    assert "".join(pieces).strip() == answered.text == long
    assert len(pieces) > 1
    assert doings == ["看子项 7.1"]
    assert all(body["stream"] for body in server.chats)
    assert answered.spent.tokens_in > 0


USES = {
    "search_standard": ({"query": "计划调整", "subitem": "7.1", "level": "L3"}, "查标准 计划调整 7.1 L3"),
    "list_quotes": ({"words": "APS"}, "列引文 APS"),
    "show_grade": ({}, "看评分"),
    "what_if": ({"changes": [{"subitem": "3.2 软件功能丰富程度", "level": "L3"}]}, "试算 3.2 软件功能丰富程度 L3"),
}


@pytest.mark.parametrize("name", USES)
def test_each_tool_is_within_the_models_reach(case, name):
    args, line = USES[name]
    answered, server, _, doings = asking(case, ToolCall(name, args), Good("见上。"))
    assert (doings, answered.looked) == ([line], (line,))
    desk = case.desk()
    expected = {
        "search_standard": lambda: search_standard(desk, "计划调整", "7.1", 3),
        "list_quotes": lambda: list_quotes(desk, words="APS"),
    }
    [text] = told(server)
    if name in expected:
        assert text == expected[name]()
    assert text.startswith({"show_grade": "暂定", "what_if": "试算，记录没有变"}.get(name, ""))


SENSELESS = {
    "an unknown tool": (
        ToolCall("set_level", {"subitem": "7.1", "level": 5}),
        "没有名为“set_level”的工具，什么也没有做。可用的只有：search_standard、show_subitem、list_quotes、show_grade、what_if，都是只读的。",
    ),
    "an unknown sub-item": (ToolCall("show_subitem", {"subitem": "99.9"}), "没有能力子项“99.9”。全部编号：1.1、"),
    "a missing argument": (
        ToolCall("show_subitem", {}),
        '参数不合用，没有查：subitem。正确的写法如：{"subitem": "7.1"}。',
    ),
    "an argument too many": (
        ToolCall("show_grade", {"write": True}),
        '参数不合用，没有查：write。正确的写法如：{} 或 {"domain": "能力域名称"}。',
    ),
    "a level that is none": (
        ToolCall("what_if", {"changes": [{"subitem": "3.2", "level": 9}]}),
        '参数不合用，没有查：changes.0.level。正确的写法如：{"changes": [{"subitem": "3.2", "level": 3}]}。',
    ),
    "arguments of another kind": (ToolCall("what_if", {"changes": "3.2=L3"}), "参数不合用，没有查：changes。"),
    "arguments that are a list": (ToolCall("show_subitem", [1, 2]), "参数不合用，没有查："),
    "arguments that are no JSON": (ToolCall("show_subitem", "subitem=7.1"), "参数不合用，没有查："),
    "nothing to look for": (ToolCall("search_standard", {"query": "…"}), "没有可检索的文字"),
    "nothing chosen": (ToolCall("list_quotes", {}), "请给出 subitem（子项编号）或 words"),
    "an unknown domain": (ToolCall("show_grade", {"domain": "制造"}), "没有能力域“制造”，可选："),
}


@pytest.mark.parametrize("name", SENSELESS)
def test_what_makes_no_sense_is_told_to_the_model_in_chinese(case, name):
    step, text = SENSELESS[name]
    answered, server, _, _ = asking(case, step, Good("没有查到。"))
    assert answered.text == "没有查到。"
    [said] = told(server)
    assert said.startswith(text)
    assert "Error" not in said


def test_the_same_look_up_twice_is_not_made_again(case):
    again = ToolCall("show_grade", {})
    answered, server, _, _ = asking(case, again, again, Good("好。"))
    assert told(server)[1].startswith("刚才已经用同样的参数查过")
    assert answered.looked == ("看评分",)


def test_a_tool_loop_ends_with_a_clear_line(case):
    before = case.record()
    with LlmServer([ToolCall("show_subitem", {"subitem": "7.1"})]) as server:
        copilot = case.copilot(server.url)
        with pytest.raises(TooManyCallsError, match=f"模型一直在查资料，调用 {MODEL_CALLS} 次仍没有回答，已停下"):
            copilot.ask("7.1 怎么样？")
        assert len(server.chats) == MODEL_CALLS
        assert copilot.spent.calls == MODEL_CALLS
    assert case.record() == before


def test_what_is_invented_is_marked_and_counted(case):
    text = "「全厂都上了AI」〔答4〕，已达到 7.1-L9，见〔答99〕。"
    answered, _, _, _ = asking(case, ToolCall("show_grade", {}), Good(text))
    assert answered.text == text
    assert answered.check == Check(codes=("7.1-L9",), answers=("99",), quotes=("全厂都上了AI",))
    assert answered.check.count == 3


def test_a_hostile_text_has_no_path_to_a_level(case):
    """The respondent wrote an order, the model obeys it: there is nothing that it could do."""
    levels = {code: p.level for code, p in case.desk().proposals.items()}
    orders = [ToolCall(name, {"subitem": "7.1", "level": 5}) for name in ("set_level", "confirm", "bash")]
    steps = (ToolCall("list_quotes", {"subitem": "7.1"}), *orders, Good("已改成5级。"))
    answered, server, _, _ = asking(case, *steps)
    assert HOSTILE.replace("〔", "﹝").replace("〕", "﹞") in told(server)[0]
    assert [text[:5] for text in told(server)[1:]] == ["没有名为“"] * 3
    assert answered.looked == ("列引文 7.1",)
    assert {code: p.level for code, p in case.desk().proposals.items()} == levels


def test_control_characters_never_reach_the_screen(case):
    answered, _, pieces, _ = asking(case, Good("好\x1b[31m的\x07。\x1b]0;x"))
    assert answered.text == "好的。]0;x"
    assert not any(c in piece for piece in pieces for c in "\x1b\x07")


FAULTS: dict[str, tuple[Any, Fault]] = {
    "401": (UNAUTHORISED, Fault.AUTH),
    "404": (NO_MODEL, Fault.MODEL),
    "429": (BUSY, Fault.RATE_LIMIT),
    "500": (BROKEN, Fault.SERVER),
    "no tools": (Broken(Kind.NO_TOOLS), Fault.BAD_REQUEST),
    "slow": (Broken(Kind.SLOW, seconds=3), Fault.TIMEOUT),
    "stall": (Broken(Kind.STALL, "好" * 50, seconds=3), Fault.TIMEOUT),
    "empty body": (Broken(Kind.EMPTY_BODY), Fault.EMPTY),
    "blank": (Broken(Kind.BLANK), Fault.EMPTY),
    "nothing": (Broken(Kind.NOTHING), Fault.EMPTY),
    "truncated": (Broken(Kind.TRUNCATED, "好" * 50), Fault.TRUNCATED),
    "refusal": (Broken(Kind.REFUSAL), Fault.REFUSED),
    "long": (Broken(Kind.LONG), Fault.TOO_LONG),
    "html": (Broken(Kind.HTML), Fault.EMPTY),
}


@pytest.mark.parametrize("name", FAULTS)
def test_an_endpoint_that_fails_is_told_in_one_line(case, name):
    step, kind = FAULTS[name]
    with LlmServer(lambda _: step, key=KEY) as server:
        copilot = case.copilot(server.url)
        with pytest.raises(EndpointError) as caught:
            copilot.ask("7.1 怎么样？")
    assert caught.value.kind is kind
    assert "\n" not in str(caught.value)
    assert KEY not in str(caught.value)
    assert copilot.spent.failed == copilot.spent.calls > 0


def test_an_endpoint_that_is_not_there(case):
    with closed_port() as url, pytest.raises(EndpointError, match="拒绝连接"):
        case.copilot(url).ask("？？好")
    with pytest.raises(EndpointError) as caught:
        case.copilot(NO_SUCH_HOST).ask("好")
    assert caught.value.kind is Fault.DNS


def test_a_fault_that_passes_is_tried_again(case):
    answered, _, _, _ = asking(case, BROKEN, Good("好了。"))
    assert (answered.text, answered.spent.calls, answered.spent.failed) == ("好了。", 2, 1)


def test_a_field_that_the_endpoint_refuses_is_left_out(case):
    def script(body: Body) -> Any:
        return error(400, "temperature is not supported") if "temperature" in body else Good("好了。")

    with LlmServer(script) as server:
        assert case.copilot(server.url).ask("好").text == "好了。"
        assert ["temperature" in body for body in server.chats] == [True, False]


def test_the_tokens_of_a_question_are_added_up(case):
    with LlmServer([ToolCall("show_grade", {}), Good("好。")], cached=7) as server:
        spent = case.copilot(server.url).ask("好").spent
        read = sum(len(str(m.get("content") or "")) for body in server.chats for m in body["messages"])
    assert spent == Spent(calls=2, tokens_in=read, tokens_out=len("show_grade{}好。"), cached=14, millis=spent.millis)


def test_earlier_questions_are_remembered_without_what_was_looked_up(case):
    def script(body: Body) -> Any:
        return Good("好。") if body["messages"][-1]["role"] == "tool" else ToolCall("show_grade", {})

    with LlmServer(script) as server:
        copilot = case.copilot(server.url)
        for number in range(REMEMBERED + 2):
            copilot.ask(f"第{number}问")
        sent = [m["content"] for m in server.chats[-1]["messages"][1:-2]]
    assert sent == [t for n in range(1, REMEMBERED + 1) for t in (f"第{n}问", "好。")] + [f"第{REMEMBERED + 1}问"]


@pytest.mark.parametrize(("question", "why"), [("  \n", "请写出要问的问题"), ("问" * 2001, "最多 2000 字")])
def test_a_question_that_cannot_be_asked(case, question, why):
    with LlmServer() as server:
        copilot = case.copilot(server.url)
        with pytest.raises(InputError, match=why):
            copilot.ask(question)
        assert (server.seen, copilot.spent) == ([], NOTHING_SPENT)


def test_no_tracing_whatever_the_environment_says(case, monkeypatch):
    with LlmServer() as elsewhere, LlmServer() as server:
        for name in ("LANGSMITH", "LANGCHAIN"):
            monkeypatch.setenv(f"{name}_TRACING", "true")
            monkeypatch.setenv(f"{name}_TRACING_V2", "true")
            monkeypatch.setenv(f"{name}_ENDPOINT", elsewhere.url)
            monkeypatch.setenv(f"{name}_API_KEY", "lsv2-x")
        monkeypatch.setenv("OPENAI_BASE_URL", elsewhere.url)
        assert case.copilot(server.url).ask("好").text == "好的。"
        assert elsewhere.seen == []
        assert [seen.path for seen in server.seen] == ["/v1/chat/completions"]


def test_the_key_is_sent_to_the_endpoint_and_stands_nowhere_else(case):
    with LlmServer(key=KEY) as server:
        case.copilot(server.url).ask("好")
        assert KEY not in json.dumps(server.chats)
        assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
