"""Beside the chat: topics, how far it is, who is speaking, the clauses."""

from __future__ import annotations

import pytest

from assistant.assessment.level import Reason
from assistant.assessment.reading import Intent, Verdict
from assistant.interview.session import Interview, Workbench
from assistant.interview.topics import TopicState
from assistant.storage.memory import MemoryEventStore
from assistant.web.views.interview import (
    Speaker,
    Topic,
    grouped,
    last_speaker,
    passages,
    people,
    speaking,
    standing,
    topics,
)
from tests.fakes import STANDARD, ScriptedEngine, StillClock, open_assessment, plain_guide

SETTLES = {"1.1-L2#1": Verdict.NOT}


def talk(line: str = "", store: MemoryEventStore | None = None) -> Interview:
    if store is None:
        store = MemoryEventStore()
        open_assessment(store)
    engine = ScriptedEngine({"没联": (Intent.ANSWER, SETTLES)})
    session = Interview(Workbench(store, engine, STANDARD, plain_guide(), StillClock()), "a1", "顾问", line)
    session.speak_as("李工", "IT")
    return session


def seen(session: Interview, role: str = "IT") -> dict[str, Topic]:
    allowed = plain_guide().answerable(role)
    return {t.code: t for t in topics(session.state, session.ledgers, STANDARD, allowed, session.line)}


def test_before_anything_is_said_all_is_to_be_asked():
    session = talk()
    found = seen(session)
    assert {t.state for t in found.values()} == {TopicState.NOT_ASKED}
    assert {t.word for t in found.values()} == {"未问"}
    assert [code for code, t in found.items() if not t.mine] == ["5.1", "5.2", "5.3"]


def test_a_topic_goes_through_its_states():
    session = talk()
    session.question()
    now = seen(session)["1.1"]
    assert (now.word, now.current, now.closed) == ("进行中", True, False)
    session.answer("没联")
    session.question()
    session.answer("没联")
    closed = seen(session)["1.1"]
    assert (closed.word, closed.plain_word, closed.closed, closed.left) == ("已有建议", "已谈过", True, 0)
    session.question()
    session.set_aside(Reason.SKIPPED)
    left = seen(session)["1.2"]
    assert (left.word, left.plain_word, left.closed, left.covered) == ("已跳过", "已跳过", True, False)


def test_a_topic_passed_on_says_to_whom():
    session = talk()
    session.question()
    session.set_aside(Reason.DONT_KNOW, "转给王工（设备管理）")
    assert seen(session)["1.1"].word == "已转给王工（设备管理）"


def test_what_is_left_is_estimated_over_the_speakers_topics():
    session = talk()
    everybody, theirs = standing(seen(session, "").values()), standing(seen(session).values())
    assert (everybody.total, theirs.total) == (36, 33)
    assert everybody.left > theirs.left
    session.question()
    session.answer("没联")
    session.question()
    session.answer("没联")
    after = standing(seen(session).values())
    assert (after.covered, after.left < theirs.left) == (1, True)
    assert after.words == ("已覆盖 1/33 个话题", f"估计还要问约 {after.left} 个问题")
    session.question()
    session.set_aside(Reason.NOT_APPLICABLE)
    assert standing(seen(session).values()).words[:2] == ("已覆盖 1/33 个话题", "另有 1 个先放下")


def test_a_question_on_its_way_is_counted_among_those_left():
    session = talk()
    before = seen(session)["1.1"].left
    session.question()
    assert seen(session)["1.1"].left == before


def test_nobodys_topics():
    assert standing([]).words == ("没有这个岗位能回答的话题",)


def test_topics_stand_by_domain():
    groups = grouped(seen(talk()).values(), STANDARD)
    assert [group.name for group in groups] == [domain.name for domain in STANDARD.domains]
    assert sum(group.size for group in groups) == 36
    assert {group.done for group in groups} == {0}


def test_the_clauses_of_a_topic_come_with_their_level_and_stand():
    session = talk()
    session.question()
    session.answer("没联")
    found = passages(session.ledgers, STANDARD, plain_guide(), "1.1")
    assert [(p.level, p.code) for p in found][:2] == [("L1 初始级", "1.1-L1"), ("L2 发展级", "1.1-L2")]
    assert [p.stand for p in found][1] == "not"


def test_the_last_to_speak_goes_on():
    session = talk()
    assert last_speaker(session.state) == Speaker("李工", "IT")
    session.question()
    session.speak_as("赵厂长", "厂长")
    session.answer("联了")
    session.speak_as("李工", "IT")
    assert last_speaker(session.state) == Speaker("赵厂长", "厂长")


def test_the_first_who_is_planned_begins():
    session = talk()
    for name, role in (("王师傅", "设备主任"), ("张会计", "")):
        session.speak_as(name, role)
    assert last_speaker(session.state) == Speaker("李工", "IT")
    assert [one.label for one in people(session.state)] == ["李工（IT）", "王师傅（设备主任）", "张会计"]


@pytest.mark.parametrize(
    ("name", "role", "meant"),
    [
        ("王师傅（设备主任）", "IT", Speaker("王师傅", "设备主任")),
        ("王师傅", "", Speaker("王师傅", "设备主任")),
        ("王师傅", "IT", Speaker("王师傅", "设备主任")),
        ("张会计", "财务", Speaker("张会计", "财务")),
        ("小孙", "IT", Speaker("小孙", "IT")),
        (" 李工 ", "安全", Speaker("李工", "安全")),
        ("李工", "", Speaker("李工", "")),
    ],
)
def test_a_name_brings_the_position_of_the_only_one_who_bears_it(name, role, meant):
    session = talk()
    for person in (("王师傅", "设备主任"), ("张会计", ""), ("李工", "安全")):
        session.speak_as(*person)
    assert speaking(session.state, name, role) == meant


def test_who_answers_on_a_page_of_their_own_does_not_speak_in_the_assessors_talk():
    store = MemoryEventStore()
    open_assessment(store)
    linked = talk("i1", store)
    linked.question()
    linked.answer("联了")
    led = talk("", store)
    led.speak_as("赵厂长", "厂长")
    led.question()
    led.answer("联了")
    linked.refresh()
    linked.question()
    linked.answer("采了")
    assert last_speaker(linked.state) == Speaker("赵厂长", "厂长")
