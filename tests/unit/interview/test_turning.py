"""Going from topic to topic: asked for, passed on, taken up again, come back to."""

from __future__ import annotations

import pytest

from assistant.assessment.answer import Purpose, Question
from assistant.assessment.ledger import Evidence, Stand, SubItemLedger
from assistant.assessment.level import Reason
from assistant.assessment.reading import Intent, Quote, Verdict
from assistant.errors import InputError
from assistant.interview.agenda import next_probe
from assistant.interview.session import Interview, Workbench
from assistant.review.decisions import Review
from assistant.storage.memory import MemoryEventStore
from tests.fakes import STANDARD, ScriptedEngine, StillClock, open_assessment, plain_guide

NO = {"没联": (Intent.ANSWER, {"1.1-L2#1": Verdict.NOT})}


def talk(role: str = "IT", store: MemoryEventStore | None = None) -> Interview:
    store = store or MemoryEventStore()
    open_assessment(store)
    session = Interview(Workbench(store, ScriptedEngine(NO), STANDARD, plain_guide(), StillClock()), "a1", "测试员")
    session.speak_as("王", role)
    return session


def say(session: Interview, *texts: str) -> None:
    for text in texts:
        session.question()
        session.answer(text)


def test_who_asks_for_a_topic_of_another_role_is_asked_about_it_and_the_next_speaker_is_not():
    session = talk()
    session.question()
    assert session.turn_to("5.1")
    say(session, "装了防火墙")
    assert session.question().subitem == "5.1"
    session.speak_as("李", "IT")
    assert session.question().subitem == "1.1"


def test_a_topic_that_was_left_for_another_is_come_back_to():
    session = talk()
    say(session, "没联", "没联", "还行")
    assert session.question().subitem == "1.2"
    session.turn_to("3.1")
    session.question()
    session.set_aside(Reason.SKIPPED)
    assert session.question().subitem == "1.2"


def test_nothing_changes_where_nothing_is_left_to_ask_unless_somebody_insists():
    session = talk()
    say(session, "没联", "没联")
    waiting, tail = session.question(), session.state.tail
    assert not session.turn_to("1.1")
    assert (session.waiting, session.state.tail) == (waiting, tail)
    session.talk_again("1.1")
    again = session.question()
    assert (again.subitem, again.purpose) == ("1.1", Purpose.DEEPER)
    session.answer("没联")
    assert session.question().subitem == "1.2"


def test_the_topic_that_waits_goes_on_waiting():
    session = talk()
    waiting, tail = session.question(), session.state.tail
    assert session.turn_to("1.1")
    assert (session.question(), session.state.tail) == (waiting, tail)


@pytest.mark.parametrize(("code", "told"), [("", "请写明话题的编号"), ("9.9", "没有能力子项“9.9”")])
def test_a_topic_that_is_none(code, told):
    with pytest.raises(InputError, match=told):
        talk().turn_to(code)


def test_the_topic_before_this_one():
    session = talk()
    session.question()
    with pytest.raises(InputError, match="前面没有别的话题"):
        session.earlier_topic()
    session.set_aside(Reason.SKIPPED)
    session.question()
    assert session.earlier_topic() == "1.1"


@pytest.mark.parametrize("to", ["转给张会计", "转给张会计（IT）"])
def test_what_is_passed_on_to_somebody_is_asked_of_them_whatever_their_role(to):
    session = talk("安全科长")
    assert session.question().subitem == "5.1"
    session.set_aside(Reason.DONT_KNOW, to)
    session.speak_as("张会计", "IT")
    say(session, "装了")
    assert session.question().subitem == "5.1"
    session.speak_as("赵", "IT")
    assert session.question().subitem == "1.1"


def test_a_topic_that_was_skipped_is_not_covered():
    session = talk()
    say(session, "没联", "没联")
    session.question()
    session.set_aside(Reason.SKIPPED)
    assert (session.progress.covered, session.progress.aside) == (1, 1)


def test_who_said_nothing_of_use_to_the_open_questions_is_asked_for_facts_when_taken_up_again():
    session = talk()
    say(session, "还行", "还行")
    session.question()
    session.set_aside(Reason.SKIPPED)
    session.turn_to("1.1")
    assert session.question().purpose == Purpose.PROBE


def evidence(requirement: str, verdict: Verdict, answer: int, text: str, *, decisive: bool = False) -> Evidence:
    quote = Quote(answer=answer, start=0, end=len(text), text=text)
    return Evidence(requirement=requirement, verdict=verdict, quote=quote, rule="", engine="", decisive=decisive)


def test_the_reply_to_one_question_asked_back_is_not_asked_back_for_its_neighbour():
    before = evidence("1.2-L2#1", Verdict.MET, 2, "车间办公楼都有网")
    said = [evidence(f"1.2-L{k}#1", Verdict.NOT, 4, "仓库没网", decisive=k == 3) for k in (2, 3)]
    own = {"1.2-L2#1": Stand.CONFLICT, "1.2-L3#1": Stand.NOT}
    torn = SubItemLedger(STANDARD.subitems["1.2"], (before, *said), own)
    opening = Question(seq=1, subitem="1.2", requirement=None, purpose=Purpose.OPENING, text="？")
    asks = {"subitem": "1.2", "requirement": "1.2-L3#1", "text": "？"}
    assert next_probe(torn, [opening, Question(seq=3, purpose=Purpose.CONFIRM, **asks)]) is None
    probe = next_probe(torn, [opening, Question(seq=3, purpose=Purpose.PROBE, **asks)])
    assert (probe.requirement, probe.purpose) == ("1.2-L2#1", Purpose.CONFLICT)


def test_going_to_an_open_topic_gives_it_no_fresh_questions_and_repeats_the_one_left_there_word_for_word():
    session = talk()
    say(session, "还行")
    left = session.question()
    for code in ("1.2", "1.1"):
        assert session.turn_to(code)
    again = session.question()
    assert (again.subitem, again.purpose, again.text) == ("1.1", left.purpose, left.text)
    assert session.state.since == {}


def test_a_reviewers_question_left_unanswered_is_asked_again_before_all_others():
    session = talk(store=(store := MemoryEventStore()))
    say(session, "还行")
    session.question()
    Review(store, StillClock(), STANDARD, "a1", "赵审").send_back("1.2", "仓库到底有没有网？")
    session.refresh()
    put = session.question()
    assert (put.purpose, put.text) == (Purpose.RETURNED, "仓库到底有没有网？")
    session.turn_to("1.1")
    session.answer("还行")
    assert session.question().text == "仓库到底有没有网？"
    session.answer("没有")
    assert session.question().purpose != Purpose.RETURNED
