"""Sloppy replies are understood; the schema is what strict structured output takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assessment.reading import Intent, Verdict
from assistant.engines.llm.claims import (
    AdviceClaim,
    Claims,
    Contradiction,
    ExplainClaims,
    FindingClaim,
    JustifyClaims,
    RateClaim,
    ReadClaims,
    SentenceClaim,
    code_of,
    percent_of,
)
from assistant.engines.llm.manner import described

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for value in schema.values():
            yield from objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value)


@pytest.mark.parametrize("model", [ReadClaims, ExplainClaims, JustifyClaims])
def test_the_schema_is_strict(model: type[Claims]):
    schema = model.model_json_schema()
    for one in objects(schema):
        assert one["required"] == list(one["properties"])
        assert one["additionalProperties"] is False
    written = json.dumps(schema)
    assert [word for word in ("$ref", "$defs", "default", "title", "anyOf", "minimum") if f'"{word}"' in written] == []


def test_the_schema_of_a_reading_names_what_may_be_said():
    properties = ReadClaims.model_json_schema()["properties"]
    assert list(properties) == ["intent", "findings", "rates", "takes_back", "contradicts"]
    assert properties["intent"] == {"type": "string", "enum": [intent.value for intent in Intent]}
    finding = properties["findings"]["items"]["properties"]
    assert list(finding) == ["code", "quote", "why", "verdict"]
    assert finding["verdict"] == {"type": "string", "enum": ["met", "partly", "not"]}
    assert properties["rates"]["items"]["properties"]["low"] == {"type": "number"}
    assert properties["takes_back"] == {"type": "array", "items": {"type": "integer"}}


def test_a_full_reading():
    read = ReadClaims.model_validate_json(
        """{"intent": "correct",
        "findings": [{"code": "5.1-L3#1", "quote": "都联了", "why": "说了全部", "verdict": "met"}],
        "rates": [{"code": "1.1", "quote": "六十台里四十八台", "of": "已联网/全部", "calc": "48/60", "low": 0, "high": 0}],
        "takes_back": [12], "contradicts": [{"answer": 9, "about": "台数"}]}"""
    )
    assert read == ReadClaims(
        intent=Intent.CORRECT,
        findings=[FindingClaim(code="5.1-L3#1", quote="都联了", why="说了全部", verdict=Verdict.MET)],
        rates=[
            RateClaim(
                code="1.1", quote="六十台里四十八台", of="已联网/全部", calc="48/60", low=Decimal(0), high=Decimal(0)
            )
        ],
        takes_back=[12],
        contradicts=[Contradiction(answer=9, about="台数")],
    )


@pytest.mark.parametrize("text", ["{}", '{"findings": null, "rates": null, "takes_back": null, "contradicts": null}'])
def test_what_is_missing_is_empty(text: str):
    assert ReadClaims.model_validate_json(text) == ReadClaims()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("5.1-L3#1", "5.1-L3#1"), (" 5.1 - l3 #1", "5.1-L3#1"), ("５．１－Ｌ３＃１", "5.1-L3#1"), ("2.1–L3B#2", "2.1-L3b#2"),
        ("1.1", "1.1"), ("1.1-L2", "1.1-L2"), ("【5.1-L3#1】", "5.1-L3#1"), ("5.1L3#1", "5.1-L3#1"), ("设备联网", "设备联网"),
        (None, ""), (1.1, "1.1"), ("5.1-L9#1", "5.1-L9#1"),
    ],
)  # fmt: skip
def test_codes_are_spelled_as_the_standard_does(written: object, code: str):
    assert code_of(written) == code


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        ("met", Verdict.MET), ("MET ", Verdict.MET), ("达到", Verdict.MET), ("满足", Verdict.MET), (True, Verdict.MET),
        ("partly", Verdict.PARTLY), ("partially", Verdict.PARTLY), ("部分", Verdict.PARTLY), ("部分达到", Verdict.PARTLY),
        ("not", Verdict.NOT), ("not_met", Verdict.NOT), ("Not Met", Verdict.NOT), ("未达到", Verdict.NOT), (False, Verdict.NOT),
        ("maybe", None), (3, None),
    ],
)  # fmt: skip
def test_verdicts_in_other_words(written: object, verdict: Verdict | None):
    (finding,) = ReadClaims.model_validate({"findings": [{"verdict": written}]}).findings
    assert finding.verdict == verdict


@pytest.mark.parametrize("word", ["unknown", "未提及", "not_mentioned", "N/A", "没说"])
def test_an_entry_that_says_nothing_was_said_is_none(word: str):
    assert ReadClaims.model_validate({"findings": [{"code": "1.1-L2#2", "verdict": word}]}) == ReadClaims()


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (25, 25), (25.5, Decimal("25.5")), ("25%", 25), ("２５％", 25), ("约25", 25), ("三成", 30), (" 61.5 % ", Decimal("61.5")),
        ("百分之六十", 60), (None, None), ("", None), ("很多", None), ("NaN", None), ("Infinity", None), (True, None),
    ],
)  # fmt: skip
def test_numbers_with_signs_and_widths(written: object, number: Decimal | None):
    assert percent_of(written) == number


@pytest.mark.parametrize(("written", "intent"), [("ANSWER", "answer"), ("dont-know", "dont_know"), ("谢谢", "answer"), (None, "answer")])  # fmt: skip
def test_an_unknown_intent_is_an_answer(written: object, intent: str):
    assert ReadClaims.model_validate({"intent": written}).intent == intent


def test_numbers_of_answers_in_any_dress():
    read = ReadClaims.model_validate(
        {"takes_back": ["〔答12〕", 13, "答１４", "前面"], "contradicts": {"answer": "答9", "about": None}}
    )
    assert read.takes_back == [12, 13, 14, -1]
    assert read.contradicts == [Contradiction(answer=9, about="")]


def test_explanations_and_justifications():
    assert ExplainClaims.model_validate({"text": "是说……？", "sources": "1.1"}).sources == ["1.1"]
    said = JustifyClaims.model_validate(
        {
            "basis": [{"text": "设备已联网。", "quotes": ["引1", 2], "clauses": ["1.1-l2"]}],
            "advice": {"text": "先统计。"},
        }
    )
    assert said == JustifyClaims(
        basis=[SentenceClaim(text="设备已联网。", quotes=[1, 2], clauses=["1.1-L2"])],
        advice=[AdviceClaim(text="先统计。")],
    )


@given(st.fixed_dictionaries(dict.fromkeys(("code", "quote", "why", "verdict", "of", "calc", "low", "high"), JSON)))
def test_whatever_stands_in_an_entry_it_is_read_or_left(entry: dict[str, object]):
    read = ReadClaims.model_validate({"findings": [entry], "rates": [entry]})
    assert len(read.rates) == 1


@pytest.mark.parametrize("claims", [ReadClaims, ExplainClaims, JustifyClaims])
def test_the_schema_goes_out_under_a_name_that_endpoints_take(claims):
    assert described(claims)["name"] == claims.__name__
