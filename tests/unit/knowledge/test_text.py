"""How search compares text, and where a match stood."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import normalise, spans, telling, tokens


def words(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


def matched(query: str, text: str) -> list[str]:
    return [text[start:end] for start, end in spans(tokens(text), telling(tokens(query)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("联网率", ["联", "网", "率", "联网", "网率"]),
        ("ＯＰＣ－ua 5g", ["OPC", "UA", "5G"]),
        ("达到20%-40%", ["达", "到", "达到", "20", "40"]),
        ("5G网络", ["5G", "网", "络", "网络"]),
        ("Ⅲ级", ["III", "级"]),
        ("，。！ \n", []),
    ],
)
def test_words_are_whole_and_ideographs_come_alone_and_in_pairs(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_matches_are_merged_and_point_into_the_text_as_it_stands() -> None:
    assert matched("设备联网率", "大部分设备实现联网，设备联网率达到40%") == ["设备", "联网", "设备联网率"]
    assert matched("mes系统", "上了ＭＥＳ，没有系统") == ["ＭＥＳ", "系统"]
    assert matched("㈱", "一㈱二") == ["㈱"]


def test_a_single_ideograph_matches_only_when_it_stands_alone() -> None:
    assert matched("云", "私有云和云存储") == ["云", "云"]
    assert matched("云端", "私有云和云存储") == []


@given(st.text())
def test_tokens_of_any_text_stand_where_they_say(text: str) -> None:
    for token in tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.text in "".join(normalise(char) for char in text[token.start : token.end])


@given(st.text(), st.text())
def test_spans_are_in_order_and_apart(query: str, text: str) -> None:
    found = spans(tokens(text), telling(tokens(query)))
    assert all(start < end for start, end in found)
    assert all(before[1] < after[0] for before, after in pairwise(found))
