"""A model's draft: kept as far as it names its words; whatever goes wrong, the rules engine's stands."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.assessment.justification import Section, verify_justification
from assistant.assessment.usage import CallPurpose
from assistant.engines.llm.engine import Limits
from assistant.engines.llm.justify import NOTHING_LEFT
from assistant.review.justifications import justify_task
from tests.fakes import STANDARD
from tests.justify_cases import GUIDE, state_of
from tests.llm_server import Fault, Good, Kind, LlmServer, closed_port
from tests.llm_talk import engine, hang_up, rules

TASK = justify_task(STANDARD, GUIDE, state_of("condiments", "1.1"), "1.1")
PLAIN = rules().justify(TASK)
DRAFT: dict[str, Any] = {
    "basis": [
        {"text": "该企业联网设备九十七台，占台账二百一十二台的四成半〔引1〕。", "quotes": [1], "clauses": ["1.1-L3"]}
    ],
    "shortfall": [{"text": "供应商的设备一台也没有接入", "quotes": [len(TASK.quotes)], "clauses": ["1.1-L4"]}],
    "advice": [{"text": "先与一两家主要供应商谈设备接入。", "clauses": ["1.1-L4"]}],
}


@pytest.fixture(autouse=True)
def closed():
    yield
    hang_up()


def drafted(step: Any, **limits: Any) -> Any:
    with LlmServer(lambda _: step) as server:
        return engine(server.url, **limits).justify(TASK)


def texts(made: Any, section: Section) -> list[str]:
    return [s.text for s in made.section(section)]


def test_a_sound_draft_is_taken_with_its_quotes():
    made = drafted(Good(DRAFT))
    assert texts(made, Section.BASIS) == ["该企业联网设备九十七台，占台账二百一十二台的四成半。"]
    assert made.basis[0].quotes == (TASK.quotes[0],)
    assert texts(made, Section.SHORTFALL) == ["供应商的设备一台也没有接入。"]
    assert made.materials == PLAIN.materials
    assert [c.purpose for c in made.calls] == [CallPurpose.JUSTIFY]
    assert (made.dropped, made.fallback) == (0, "")
    assert verify_justification(made, TASK) == made


@pytest.mark.parametrize(
    "invented",
    [
        {"text": "该企业通过了五级认证。", "quotes": [], "clauses": ["1.1-L3"]},
        {"text": "该企业通过了五级认证。", "quotes": [99], "clauses": ["1.1-L3"]},
        {"text": "该企业通过了五级认证。", "quotes": [1], "clauses": ["9.9-L5"]},
        {"text": "他们说“全厂都联网了”。", "quotes": [1], "clauses": ["1.1-L3"]},
    ],
)
def test_an_invented_sentence_is_dropped_and_counted(invented):
    made = drafted(Good(DRAFT | {"basis": [*DRAFT["basis"], invented]}))
    assert texts(made, Section.BASIS) == ["该企业联网设备九十七台，占台账二百一十二台的四成半。"]
    assert made.dropped == 1


def test_a_draft_of_which_nothing_stands_gives_way_to_the_rules():
    made = drafted(
        Good({"basis": [{"text": "该企业水平很高。", "quotes": [], "clauses": []}], "shortfall": [], "advice": []})
    )
    assert (made.basis, made.advice) == (PLAIN.basis, PLAIN.advice)
    assert (made.engine, made.fallback, made.dropped) == ("rules/1", NOTHING_LEFT, 1)


@pytest.mark.parametrize("kind", [Kind.INVALID, Kind.TRUNCATED, Kind.BLANK, Kind.REFUSAL, Kind.EMPTY_BODY])
def test_a_faulty_reply_gives_way_to_the_rules_and_says_so(kind):
    made = drafted(Fault(kind, DRAFT))
    assert made.basis == PLAIN.basis
    assert made.fallback
    assert made.calls


def test_no_endpoint_and_no_budget_give_way_too():
    with closed_port() as url:
        assert engine(url).justify(TASK).basis == PLAIN.basis
    made = drafted(Good(DRAFT), limits=Limits(calls=0, tokens=10))
    assert (made.basis, made.calls) == (PLAIN.basis, ())
    assert "上限" in made.fallback
