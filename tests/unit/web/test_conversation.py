"""What was said, as a chat."""

from __future__ import annotations

import re

from assistant.assessment.level import Reason
from assistant.assessment.reading import Intent, Verdict
from assistant.interview.session import Interview, Workbench
from assistant.storage.memory import MemoryEventStore
from assistant.web.views.conversation import Chat, Kind, Message, conversation, objecting
from tests.fakes import STANDARD, ScriptedEngine, StillClock, open_assessment, plain_guide

SCRIPT = {
    "一台也没联网": (Intent.ANSWER, {"1.1-L2#1": Verdict.NOT}),
    "都联了": (Intent.ANSWER, {"1.1-L2#1": Verdict.MET}),
    "不知道": (Intent.DONT_KNOW, {}),
}


def bench() -> Workbench:
    store = MemoryEventStore()
    open_assessment(store)
    return Workbench(store, ScriptedEngine(SCRIPT), STANDARD, plain_guide(), StillClock())


def talk(work: Workbench, line: str = "", name: str = "李工") -> Interview:
    session = Interview(work, "a1", "顾问", line)
    session.speak_as(name, "IT")
    session.question()
    return session


def say(session: Interview, *texts: str) -> None:
    for text in texts:
        session.refresh()
        session.question()
        session.answer(text)
    session.question()


def shown(session: Interview, *, staff: bool = True) -> tuple[Message, ...]:
    chat = Chat(STANDARD, plain_guide(), session.line, staff)
    return conversation(chat, session.state, session.ledgers)


def kinds(messages: tuple[Message, ...]) -> str:
    return " ".join(message.kind for message in messages)


def test_questions_and_answers_in_order_with_the_topic_above():
    session = talk(bench())
    say(session, "联了一些")
    messages = shown(session)
    assert kinds(messages) == "topic asked said asked"
    assert [m.text for m in messages[:3]] == ["1.1 设备联网情况", "opening 1.1 0？", "联了一些"]
    assert [m.current for m in messages] == [False, False, False, True]


def test_staff_see_the_clause_a_quote_was_taken_for():
    session = talk(bench())
    say(session, "一台也没联网")
    said = next(m for m in shown(session) if m.kind == Kind.SAID)
    (note,) = said.notes
    assert (note.quote, note.verdict, note.sign) == ("一台也没联网", "not", "✗")
    assert note.meaning in STANDARD.requirements["1.1-L2#1"].text
    assert said.pieces == (("一台也没联网", True),)


def test_respondents_see_neither_levels_nor_codes_of_the_standard():
    session = talk(bench())
    say(session, "一台也没联网", "一台也没联网")
    texts = [m.text for m in shown(session, staff=False) if m.kind != Kind.ASKED]
    texts += [m.remark for m in shown(session, staff=False)]
    assert not [t for t in texts if re.search(r"L\d|\d+\.\d", t)]
    notes = [n.meaning for m in shown(session, staff=False) for n in m.notes]
    assert set(notes) == {"1.1-L2#1有吗（没有）"}  # the guide's question, which in this test is the code


def test_what_cannot_be_quoted_is_acknowledged():
    session = talk(bench())
    say(session, "联了一些", "不知道")
    assert [m.remark for m in shown(session) if m.kind == Kind.SAID] == [
        "已记下原话；没有听出与这一项有关的事实，可换个说法再说",
        "记下您不了解，可以请同事来答",
    ]


def test_a_correction_replaces_what_it_corrects():
    session = talk(bench())
    say(session, "一台也没联网")
    session.answer("都联了", corrects=session.last_answer())
    first, second = (m for m in shown(session) if m.kind == Kind.SAID)
    assert (first.replaced, first.corrects, second.replaced, second.corrects) == (True, False, False, True)


def test_a_correction_stands_under_what_it_corrects_and_the_question_that_waits_comes_last():
    session = talk(bench())
    say(session, "联了一些", "叉车没联")
    first = min(session.state.answers)
    session.answer("联了三台", corrects=first)
    session.answer("联了四台", corrects=max(session.state.answers))
    messages = shown(session)
    assert kinds(messages) == "topic asked said said said asked said asked"
    assert [m.text for m in messages if m.kind == Kind.SAID] == ["联了一些", "联了三台", "联了四台", "叉车没联"]
    assert messages[-1].current


def test_a_topic_that_is_left_leaves_a_line():
    session = talk(bench())
    session.set_aside(Reason.SKIPPED)
    session.question()
    session.set_aside(Reason.DONT_KNOW, "转给王工（IT）")
    session.question()
    session.set_aside(Reason.NOT_APPLICABLE)
    say(session, "不知道")
    left = ["已跳过：1.1 设备联网情况", "已转给王工（IT）：1.2 网络覆盖范围", "待复核不适用：1.3 数据传输能力"]
    assert [m.text for m in shown(session) if m.kind == Kind.ASIDE] == left
    assert kinds(shown(session)).startswith(
        "topic asked aside topic asked aside topic asked aside topic asked said topic"
    )


def test_the_date_is_shown_but_for_what_was_said_today():
    session = talk(bench())
    say(session, "联了一些")
    said = session.state.answers[min(session.state.answers)].at
    assert said.startswith("2026-11-23T08:00")
    for now, shown_at in {
        "2026-11-23T15:59:00+00:00": "16:00",
        "2026-11-24T16:00:00+00:00": "11月23日 16:00",
        "2027-01-01T00:00:00+00:00": "2026年11月23日 16:00",
    }.items():
        messages = conversation(Chat(STANDARD, plain_guide(), now=now), session.state, session.ledgers)
        assert [m.at for m in messages if m.kind == Kind.SAID] == [shown_at]


def test_a_closed_topic_is_summed_up_after_the_answer_that_closed_it():
    session = talk(bench())
    say(session, "一台也没联网", "一台也没联网")
    messages = shown(session)
    assert kinds(messages) == "topic asked said asked said summary topic asked"
    assert messages[5].text == "设备联网情况：我记下的：还没有或不全——“一台也没联网”。"
    assert objecting(messages) == "1.1"
    say(session, "联了一些")
    assert objecting(shown(session)) == ""


def test_what_is_said_elsewhere_is_folded_away_for_staff_and_unseen_by_respondents():
    work = bench()
    led, linked = talk(work), talk(work, "i1", "王工")
    say(linked, "采了")
    led.refresh()
    messages = shown(led)
    assert kinds(messages) == "topic elsewhere asked"
    assert [m.text for m in messages[1].inner if m.kind == Kind.SAID] == ["采了"]
    linked.refresh()
    assert kinds(shown(linked, staff=False)) == "topic asked said asked"


def test_an_objection_stays_in_the_line_of_who_makes_it():
    work = bench()
    led, linked = talk(work), talk(work, "i1", "王工")
    say(linked, "采了")
    linked.object_to("1.2", "不对，没采")
    led.refresh()
    assert [m.text for m in shown(led) if m.kind == Kind.SAID] == []
    assert [m.text for m in shown(linked, staff=False) if m.kind == Kind.SAID] == ["采了", "不对，没采"]


def test_the_chat_is_the_same_when_the_record_is_opened_again():
    work = bench()
    session = talk(work)
    say(session, "一台也没联网", "一台也没联网", "联了一些")
    assert shown(talk(work)) == shown(session)
