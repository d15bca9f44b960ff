"""A reviewer's steps: confirming, changing, sending back, withdrawing, and being second."""

from __future__ import annotations

import pytest

from assistant.assessment.answer import Purpose
from assistant.assessment.events import LevelProposed
from assistant.assessment.level import Proposal, Reason
from assistant.assessment.reading import Intent, Verdict
from assistant.assessment.record import chain
from assistant.errors import InputError, NotFoundError
from assistant.interview.session import Interview, Workbench
from assistant.review.changes import Change, Matter, OvertakenError
from assistant.review.decisions import Review
from assistant.storage.memory import MemoryEventStore
from tests.fakes import STANDARD, ScriptedEngine, StillClock, open_assessment, plain_guide

NOT = Verdict.NOT
FIRST = "1.1"
AT = "2026-11-23T08:00:00.000+00:00"


@pytest.fixture
def store():
    store = MemoryEventStore()
    open_assessment(store)
    return store


def review(store, who="陈工"):
    return Review(store, StillClock(), STANDARD, "a1", who)


def put(store, event):
    tail = store.read("a1")[-1]
    store.append(chain("a1", tail, [event], AT, "访谈"))


def proposed(store, code=FIRST, level=2):
    put(store, LevelProposed(proposal=Proposal(subitem=code, level=level)))


def talk(store, **script):
    bench = Workbench(
        store=store, engine=ScriptedEngine(script), standard=STANDARD, guide=plain_guide(), clock=StillClock()
    )
    return Interview(bench, "a1", "测试员")


def test_who_comes_second_is_told_what_changed_and_nothing_is_overwritten(store):
    proposed(store)
    first, second = review(store), review(store, "李工")
    seen = second.state.tail.seq
    first.decide(FIRST, 3, "现场看过", seen=seen)
    with pytest.raises(OvertakenError) as told:
        second.decide(FIRST, 1, "不认可", seen=seen)
    assert told.value.changes == (Change(Matter.DECISION, "陈工", AT, "未复核", "L3"),)
    assert review(store).state.decisions[FIRST].level == 3
    second.decide(FIRST, 1, "看过变化，仍不认可", seen=second.state.tail.seq)
    assert review(store).state.decisions[FIRST].level == 1


def test_a_change_elsewhere_is_no_reason_to_decide_again(store):
    proposed(store)
    proposed(store, "1.2")
    first, second = review(store), review(store, "李工")
    seen = second.state.tail.seq
    first.confirm("1.2", seen)
    assert second.confirm(FIRST, seen).level == 2


def test_a_level_proposed_anew_is_a_change(store):
    proposed(store)
    reviewer = review(store)
    seen = reviewer.state.tail.seq
    proposed(store, level=2)
    proposed(store, level=3)
    with pytest.raises(OvertakenError) as told:
        review(store).confirm(FIRST, seen)
    assert [(c.before, c.after) for c in told.value.changes] == [("L2", "L2（依据有变化）"), ("L2", "L3")]


def test_a_withdrawal_is_a_change_too(store):
    proposed(store)
    reviewer = review(store)
    reviewer.confirm(FIRST)
    seen = reviewer.state.tail.seq
    review(store, "李工").withdraw(FIRST, seen)
    with pytest.raises(OvertakenError, match="李工 把复核决定从“L2”改为“未复核”"):
        review(store).withdraw(FIRST, seen)


def test_a_page_of_another_record_is_refused(store):
    with pytest.raises(NotFoundError, match="对不上"):
        review(store).decide(FIRST, 1, "看过", seen=99)


def test_several_are_confirmed_only_where_nothing_speaks_against(store):
    session = talk(store, 没有=(Intent.ANSWER, {f"{FIRST}-L2#1": NOT, "1.2-L2#1": NOT}))
    for _ in range(2):
        session.question()
        session.answer("没有")
    reviewer = review(store)
    left = reviewer.confirm_several([FIRST, "1.3", "9.9", FIRST], reviewer.state.tail.seq)
    assert left == {"1.3": "还没有建议等级", "9.9": "没有这个能力子项"}
    assert list(reviewer.state.decisions) == [FIRST]
    assert reviewer.confirm_several([FIRST]) == {FIRST: "已经复核过"}


def test_several_leave_out_what_has_changed_or_is_flagged(store):
    session = talk(store, 没有=(Intent.ANSWER, {f"{FIRST}-L2#1": NOT}))
    for _ in range(2):
        session.question()
        session.answer("没有")
    seen = session.state.tail.seq
    proposed(store, level=1)
    proposed(store, "1.2")
    left = review(store).confirm_several([FIRST, "1.2"], seen)
    assert left == {FIRST: "有标记：证据不足", "1.2": "有标记：证据不足、低置信"}
    put(store, LevelProposed(proposal=session.state.proposals[FIRST]))
    assert review(store).confirm_several([FIRST], seen) == {FIRST: "您查看之后有了变化，请打开再看"}
    assert review(store).confirm_several([FIRST]) == {}


def test_a_question_sent_back_is_the_next_one_word_for_word(store):
    session = talk(store, 没有=(Intent.ANSWER, {f"{FIRST}-L2#1": NOT}))
    waiting = session.question()
    review(store).send_back("2.1", " 两条老线到底\n联了没有？ ")
    session = talk(store)
    put_next = session.question()
    assert (put_next.subitem, put_next.purpose, put_next.text) == ("2.1", Purpose.RETURNED, "两条老线到底\n联了没有？")
    session.answer("联了")
    after = session.question()
    assert (after.subitem, after.purpose) == ("2.1", Purpose.DEEPER)
    assert session.state.returned == {}
    session.set_aside(Reason.SKIPPED)
    assert (session.question().text, session.question().subitem) == (waiting.text, waiting.subitem)


def test_a_question_sent_back_is_put_only_to_whom_it_may_concern(store):
    review(store).send_back("5.1", "防火墙谁在管？")
    session = talk(store)
    session.speak_as("小李", "信息化")
    assert session.question().subitem == FIRST
    session = talk(store)
    session.answer("不归我管")
    session.speak_as("老王", "安全管理")
    assert session.question().text == "防火墙谁在管？"


def test_asking_back_keeps_the_reviewers_words(store):
    review(store).send_back(FIRST, "两条老线到底联了没有？")
    session = talk(store)
    session.question()
    for _ in range(2):
        assert session.ask_again().text.endswith("\n复核人想了解的是：两条老线到底联了没有？")


def test_sending_back_takes_the_decision_back_and_opens_the_topic(store):
    proposed(store)
    reviewer = review(store)
    reviewer.confirm(FIRST)
    session = talk(store)
    session.question()
    session.set_aside(Reason.SKIPPED)
    reviewer = review(store)
    reviewer.send_back(FIRST, "再说说？")
    assert (reviewer.state.decisions, list(reviewer.state.returned)) == ({}, [FIRST])
    reviewer.decide(FIRST, 2, "不必再问")
    assert reviewer.state.returned == {}


@pytest.mark.parametrize(
    ("code", "question", "told"),
    [("9.9", "问？", "没有能力子项"), (FIRST, "  \n", "请写下要补问的问题"), (FIRST, "问" * 501, "最多 500 字")],
)
def test_what_cannot_be_sent_back(store, code, question, told):
    with pytest.raises(InputError, match=told):
        review(store).send_back(code, question)


def test_an_endless_reason_is_refused(store):
    with pytest.raises(InputError, match="最多 2000 字"):
        review(store).decide(FIRST, 1, "理" * 2001)
