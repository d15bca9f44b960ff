"""What an assessment begins with: what is typed is checked, and nothing but the checked gets into the record."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assessment.events import EVENT, Opened, RespondentJoined
from assistant.assessment.opening import Opening, Person
from assistant.assessment.record import canonical, chain
from assistant.assessment.state import fold
from assistant.errors import InputError
from knowledge.loader import SHIPPED, load_standard
from knowledge.policy import load_policy

STANDARD = load_standard()
POLICY = load_policy("equal", STANDARD, SHIPPED)
CODE = "91370200163562681G"


def test_everything_given_gets_into_the_record() -> None:
    made = Opening.of(" 某 厂 ", "轴承", "9137 0200 1635 6268 1g", "中型", [("王工", "设备主任"), ("李会计", "")])
    state = fold(chain("a", None, made.events(STANDARD, POLICY), "2026-11-23T08:00:00+00:00", "顾问"))
    assert (state.opened.enterprise, state.opened.industry) == ("某 厂", "轴承")
    assert (state.opened.credit_code, state.opened.size) == (CODE, "中型")
    assert (state.opened.policy, state.opened.policy_digest) == (POLICY.id, POLICY.digest)
    assert [(p.id, p.name, p.role) for p in state.respondents.values()] == [
        ("r1", "王工", "设备主任"),
        ("r2", "李会计", ""),
    ]


def test_a_record_from_before_code_and_size_were_asked_for_still_opens() -> None:
    old = Opened(
        enterprise="某厂", standard="s", standard_digest="d", policy="p", policy_version="1", policy_digest="d"
    )
    payload = old.model_dump(mode="json", exclude={"credit_code", "size"})
    assert EVENT.validate_json(canonical(payload)) == old
    assert (old.credit_code, old.size) == ("", "")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"enterprise": "  "}, "请填写企业名称"),
        ({"enterprise": "厂" * 201}, "企业名称有 201 字，最多 200 字"),
        ({"enterprise": "厂", "industry": "业" * 201}, "所属行业有 201 字"),
        ({"enterprise": "厂", "code": "123"}, "填写的是 3 位"),
        ({"enterprise": "厂", "size": "巨型"}, "只能是 大型、中型、小型、微型"),
        ({"enterprise": "厂", "people": [("", "设备主任")]}, "“设备主任”还没有写姓名"),
        ({"enterprise": "厂", "people": [("王" * 101, "")]}, "各不超过 100 字"),
        ({"enterprise": "厂", "people": [(f"{n}", "") for n in range(101)]}, "最多写 100 位"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(typed: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        Opening.of(**typed)  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=20))
def test_people_have_names_and_are_named_once(typed: list[tuple[str, str]]) -> None:
    try:
        people = Opening.of("某厂", people=typed).people
    except InputError:
        return
    assert all(person.name for person in people)
    assert len(set(people)) == len(people)
    events = Opening.of("某厂", people=typed).events(STANDARD, POLICY)
    assert [e.respondent for e in events[1:] if isinstance(e, RespondentJoined)] == [
        f"r{n}" for n in range(1, len(people) + 1)
    ]


def test_blank_rows_and_repetitions_are_left_out() -> None:
    made = Opening.of("某厂", people=[("", ""), ("王工", "设备"), (" 王工 ", "设备"), ("王工", "安全")])
    assert made.people == (Person(name="王工", role="设备"), Person(name="王工", role="安全"))
