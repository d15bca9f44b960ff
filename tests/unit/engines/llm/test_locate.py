"""A quote is found however a model copied it, and what is kept is an exact span."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.engines.llm.locate import fold, locate

TALK = st.text(
    alphabet=st.one_of(
        st.sampled_from("设备联网有没一二三，。！？；：“”‘’（）％１２３12３ \u3000\n\u200bＭＥＳmesﬁ㎡①½…é"),
        st.characters(),
    ),
    max_size=60,
)
FORMS = st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"])


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(TALK)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    # A mark belongs to the letter before it: a span of talk does not begin or end between the two.
    for edge in (start, end):
        after = fold(text[edge:]).text[:1]
        assume(not after or not unicodedata.combining(after))
    return text, start, end


@given(spans(), FORMS, st.lists(st.tuples(st.integers(0, 80), st.sampled_from(" \n\u3000\t\u200b")), max_size=6))
def test_any_span_folded_in_any_way_is_found_and_maps_back(
    case: tuple[str, int, int], form: str, blanks: list[tuple[int, str]]
):
    text, start, end = case
    quote = unicodedata.normalize(form, text[start:end])  # type: ignore[arg-type]
    for place, blank in blanks:
        quote = quote[:place] + blank + quote[place:]
    wanted = fold(text[start:end]).text
    found = locate(text, quote)
    if not wanted and found is None:
        return
    assert found is not None
    assert fold(text[slice(*found)]).text in (wanted, fold(quote).text)


@given(spans(), st.sampled_from(["“{}”", "「{}」", '"{}"', "…{}…", "……{}……", " ‘{}’ ", "“{}”……"]))
def test_marks_round_a_quote_do_not_hide_it(case: tuple[str, int, int], frame: str):
    text, start, end = case
    span = text[start:end]
    assume(fold(span.strip("\"'“”‘’„‟「」『』《》〈〉«»`….．·⋯")).text)
    found = locate(text, frame.format(span))
    assert found is not None
    assert fold(text[slice(*found)]).text in fold(frame.format(span)).text


@given(TALK, TALK)
def test_what_is_found_always_reads_like_the_quote(text: str, quote: str):
    found = locate(text, quote)
    if found is not None:
        assert 0 <= found[0] < found[1] <= len(text)
        assert fold(text[slice(*found)]).text in fold(quote).text


@pytest.mark.parametrize(
    ("text", "quote", "span"),
    [
        ("设备都联网了，真的。", "设备都联网了", "设备都联网了"),
        ("用的是ＭＥＳ 系统，２０套", "MES系统,20套", "ＭＥＳ 系统，２０套"),
        ("第一行\n第二行", "第一行 第二行", "第一行\n第二行"),
        ("设备都联网了，真的。", "“设备都联网了。”", "设备都联网了"),
        ("设备都联网了，真的。", "……都联网了……", "都联网了"),
        ("有啊", "有", "有"),
        ("说是“全部上云”了", "“全部上云”", "“全部上云”"),
    ],
)
def test_quotes_as_models_copy_them(text: str, quote: str, span: str):
    found = locate(text, quote)
    assert found is not None
    assert text[slice(*found)] == span


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("设备都联网了", ""), ("设备都联网了", " \n"), ("设备都联网了", "……"), ("设备都联网了", "“”"), ("", "有"),
        ("设备大多联网了", "设备联网了"), ("设备都联网了，料也扫码", "设备都联网了……料也扫码"), ("ﬁ", "f"), ("é", "e"),
        ("mes系统", "MES系统"),
    ],
)  # fmt: skip
def test_what_was_not_said_is_not_found(text: str, quote: str):
    assert locate(text, quote) is None
