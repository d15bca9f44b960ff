"""A reply is read wherever it stands and whatever surrounds it; what does not validate is not taken."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engines.llm import output
from assistant.engines.llm.faults import EndpointError, Fault
from assistant.engines.llm.output import Visible, Written
from knowledge.model import Frozen


class Found(Frozen):
    """A small schema."""

    code: str
    rates: tuple[int, ...]


FOUND = Found(code="1.1", rates=(25,))
GOOD = '{"code": "1.1", "rates": [25]}'
DRAFT = '{"code": "9.9", "rates": []}'


@pytest.mark.parametrize(
    "written",
    [
        Written(content=GOOD),
        Written(content=f"\ufeff \n{GOOD}\n"),
        Written(content=f"以下是结果：\n```json\n{GOOD}\n```\n以上。"),
        Written(content=f"```\n{GOOD}```"),
        Written(content=f"按条款 {{1}} 判断，{{结果}}如下：{GOOD}。请复核{{}}。"),
        Written(content=f"<think>先看 {{1}}。</think>\n{GOOD}"),
        Written(content=f"<think>草稿 {DRAFT}</think>\n{GOOD}"),
        Written(content=f"<think>草稿 {DRAFT}，不对，应为：\n{GOOD}"),
        Written(content=f"草稿 {DRAFT}\n</think>\n{GOOD}"),
        Written(content=f"<think>\n</think>\n<thinking>{DRAFT}</thinking>{GOOD}"),
        Written(arguments=(GOOD,)),
        Written(content="我来记录。", arguments=(GOOD,), finish="tool_calls"),
        Written(content=" \n", reasoning=GOOD),
        Written(content="<think>想好了</think>", reasoning=GOOD),
        Written(arguments=("",), reasoning=GOOD),
        Written(content=GOOD, finish="length"),
        Written(content=f"[{GOOD}]"),
    ],
)
def test_the_object_is_found(written: Written) -> None:
    assert output.value(written, Found) == FOUND


def test_a_line_break_inside_a_string_is_let_pass() -> None:
    assert output.value(Written(content='{"code": "一\n二", "rates": []}'), Found) == Found(code="一\n二", rates=())


def test_the_end_of_thinking_inside_a_string_is_only_text() -> None:
    written = Written(content='{"code": "</think>", "rates": []}')
    assert output.value(written, Found) == Found(code="</think>", rates=())


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (Written(), Fault.EMPTY),
        (Written(content=" \n", finish="stop"), Fault.EMPTY),
        (Written(arguments=("", " ")), Fault.EMPTY),
        (Written(content="这家企业的情况比较好。"), Fault.NOT_JSON),
        (Written(content="null"), Fault.NOT_JSON),
        (Written(content="{}"), Fault.NOT_JSON),
        (Written(content='{"code": "1.1", "rates": [25], "level": 5}'), Fault.NOT_JSON),
        (Written(content='{"code": "1.1", "rates": [2'), Fault.NOT_JSON),
        (Written(content='{"code": "1.1", "rates": [2', finish="length"), Fault.TRUNCATED),
        (Written(content=f"<think>草稿 {GOOD}，再看", finish="length", reasoning=GOOD), Fault.TRUNCATED),
        (Written(reasoning=GOOD, finish="length"), Fault.TRUNCATED),
        (Written(content="结论见上。", reasoning=GOOD), Fault.NOT_JSON),
        (Written(refusal="I'm sorry"), Fault.REFUSED),
        (Written(finish="content_filter"), Fault.REFUSED),
    ],
)
def test_what_cannot_be_read_says_why(written: Written, fault: Fault) -> None:
    with pytest.raises(EndpointError) as raised:
        output.value(written, Found)
    assert raised.value.kind is fault


def test_a_repair_learns_each_wrong_field() -> None:
    with pytest.raises(EndpointError) as raised:
        output.value(Written(content='{"code": 5, "rates": ["many"]}'), Found)
    assert raised.value.faults == (
        "code: Input should be a valid string",
        "rates.0: Input should be a valid integer, unable to parse string as an integer",
    )
    assert raised.value.text == '{"code": 5, "rates": ["many"]}'


def test_deep_nesting_and_many_brackets_end_soon() -> None:
    for text in ('{"a":' * 20_000, "{" * 60_000, '{"' * 30_000):
        with pytest.raises(EndpointError):
            output.value(Written(content=text), Found)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_prose_around_is_stripped(before: str, after: str) -> None:
    clean = before.replace("{", ""), after.replace("{", "").replace("</", "")
    assert output.value(Written(content=f"{clean[0]}\n{GOOD}\n{clean[1]}"), Found) == FOUND


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=9))
def test_no_json_is_taken_for_what_it_is_not(anything: object) -> None:
    with pytest.raises(EndpointError):
        output.value(Written(content=json.dumps(anything)), Found)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("请问……？", "请问……？"),
        ("<think>想</think>\n请问……？", "请问……？"),
        ("想</think>\n请问……？", "请问……？"),
        ("```\n请问……？\n```", "请问……？"),
        ("请问……？<think>还要吗", "请问……？"),
    ],
)
def test_words_come_without_thinking(content: str, text: str) -> None:
    assert output.words(Written(content=content, finish="stop")) == text


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (Written(content=" "), Fault.EMPTY),
        (Written(reasoning="想了很久"), Fault.EMPTY),
        (Written(content="<think>想了很久"), Fault.EMPTY),
        (Written(content="请问", finish="length"), Fault.TRUNCATED),
        (Written(refusal="I'm sorry"), Fault.REFUSED),
        (Written(content="", finish="content_filter"), Fault.REFUSED),
    ],
)
def test_words_that_are_none_say_why(written: Written, fault: Fault) -> None:
    with pytest.raises(EndpointError) as raised:
        output.words(written)
    assert raised.value.kind is fault


@given(
    st.integers(1, 9),
    st.sampled_from(["", "<think>先想{}</think>\n", "\n <thinking>想</thinking>", "<thought>x</thought>"]),
)
def test_thinking_is_never_shown_however_it_is_cut(size: int, thought: str) -> None:
    reply = "请问有 <3 台设备吗？"
    whole = thought + reply
    visible = Visible()
    shown = [visible.feed(whole[i : i + size]) for i in range(0, len(whole), size)]
    assert "".join(shown) == reply


def test_a_reply_that_begins_with_a_bracket_is_shown() -> None:
    visible = Visible()
    assert [visible.feed(p) for p in ("<", "th", "ree 台")] == ["", "", "<three 台"]
