"""The words to quote: whole clauses, exact spans, no crossing of a "but"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assessment.quoting import gist, quotable, widen
from assistant.assessment.reading import Quote
from tests.fakes import STANDARD


def quote(text: str, words: str) -> Quote:
    start = text.index(words)
    return Quote(answer=1, start=start, end=start + len(words), text=words)


@pytest.mark.parametrize(
    ("text", "words", "quoted"),
    [
        ("别的不说。外头也通了：三十来家厂走VPN常年挂着，六家拉了专线。", "外头也通了", "外头也通了：三十来家厂走VPN常年挂着"),
        ("你问它料温跟废品有没有牵连，它就哑巴了。", "它就哑巴了", "你问它料温跟废品有没有牵连，它就哑巴了"),
        ("可要看电机电流那种连续波形就不行了。", "连续波形就不行了", "要看电机电流那种连续波形就不行了"),
        ("温度自己记，可盐分还是人工化验。", "温度自己记", "温度自己记"),
        ("台账上二百一十二台，真挂上网的九十七台。", "台账上二百一十二台，真挂上网的九十七台", "台账上二百一十二台，真挂上网的九十七台"),
    ],
)  # fmt: skip
def test_a_quote_is_widened_to_what_can_be_understood(text, words, quoted):
    assert widen(quote(text, words), text).text == quoted


def test_overlapping_quotes_become_one():
    text = "前头一慢后头跟着降速，数都进车间那台服务器，一分钟一个点。"
    found = quotable([quote(text, "数都进车间那台服务器"), quote(text, "一分钟一个点")], {1: text})
    assert [q.text for q in found] == ["数都进车间那台服务器，一分钟一个点"]


@given(st.text(alphabet="有没联网，。；：可但它 \n台三“”", min_size=1, max_size=80), st.data())
def test_a_widened_quote_is_an_exact_span(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    wide = widen(Quote(answer=1, start=start, end=end, text=text[start:end]), text)
    assert wide.text == text[wide.start : wide.end]


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("4.6-L2#1", "能为企业内部的研发设计、生产运营等环节提供开放的应用开发环境"),
        ("6.5-L2#2", "开始关注数据质量问题"),
        ("4.5-L3#1", "与多个相关系统实现较好的数据交互和业务协同，实现信息共享和流程优化"),
    ],
)
def test_a_requirement_in_short_leaves_out_examples_and_limits(code, short):
    assert gist(STANDARD.requirements[code]) == short
