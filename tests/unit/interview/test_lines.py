"""Several people answering on one assessment at once, each in a line of talk of their own."""

from __future__ import annotations

from assistant.assessment.answer import Purpose
from assistant.assessment.level import Reason
from assistant.assessment.reading import Intent, Verdict
from assistant.assessment.state import Assessment, fold
from assistant.interview.session import Interview, Workbench
from assistant.storage.memory import MemoryEventStore
from tests.fakes import STANDARD, ScriptedEngine, StillClock, open_assessment, plain_guide


def bench() -> Workbench:
    store = MemoryEventStore()
    open_assessment(store)
    return Workbench(store, ScriptedEngine({}), STANDARD, plain_guide(), StillClock())


def talk(work: Workbench, line: str, name: str = "") -> Interview:
    session = Interview(work, "a1", name or "顾问", line)
    session.speak_as(name or "厂长")
    return session


def record(work: Workbench) -> Assessment:
    return fold(work.store.read("a1"))


def test_each_line_has_its_own_question_on_another_topic():
    work = bench()
    led, linked = talk(work, ""), talk(work, "i1", "王工")
    assert (led.question().subitem, linked.question().subitem) == ("1.1", "1.2")
    state = record(work)
    assert {line: state.questions[seq].subitem for line, seq in state.waiting.items()} == {"": "1.1", "i1": "1.2"}
    assert state.topics == {"": "1.1", "i1": "1.2"}


def test_an_answer_goes_to_the_question_of_its_line():
    work = bench()
    led, linked = talk(work, ""), talk(work, "i1", "王工")
    asked, other = led.question(), linked.question()
    led.answer("联了")
    linked.answer("采了")
    assert [(a.text, a.question) for a in record(work).answers.values()] == [("联了", asked.seq), ("采了", other.seq)]


def test_a_line_goes_on_where_it_was_when_it_is_opened_again():
    work = bench()
    led, linked = talk(work, ""), talk(work, "i1", "王工")
    waiting = linked.question()
    led.question()
    assert talk(work, "i1", "王工").question() == waiting


def test_an_answer_may_be_to_a_question_that_no_longer_waits():
    work = bench()
    one, other = talk(work, ""), talk(work, "")
    seen = one.question()
    other.question()
    one.answer("先答的")
    one.question()
    other.refresh()
    other.answer("后答的", to=seen.seq)
    answers = list(record(work).answers.values())
    assert [(a.text, a.question) for a in answers] == [("先答的", seen.seq), ("后答的", seen.seq)]
    assert record(work).question == one.waiting


def test_what_one_line_sets_aside_waits_in_no_other():
    work = bench()
    led, linked = talk(work, ""), talk(work, "i1", "王工")
    led.question()
    linked.resume("1.1")
    linked.question()
    led.refresh()
    led.set_aside(Reason.SKIPPED)
    assert record(work).waiting == {}


def test_a_topic_talked_about_elsewhere_comes_last():
    work = bench()
    work.topics = frozenset({"1.1", "1.2"})
    led, linked = talk(work, ""), talk(work, "i1", "王工")
    assert led.question().subitem == "1.1"
    linked.question()
    linked.set_aside(Reason.SKIPPED)
    assert linked.question().subitem == "1.1"


def test_two_remarks_that_contradict_each_other_are_read_back_to_who_made_them_and_to_no_colleague():
    store = MemoryEventStore()
    open_assessment(store)
    script = {
        "有": (Intent.ANSWER, {"4.5-L2#1": Verdict.MET}),
        "没": (Intent.ANSWER, {"4.5-L2#1": Verdict.NOT}),
    }
    work = Workbench(store, ScriptedEngine(script), STANDARD, plain_guide(), StillClock())
    led, linked = talk(work, ""), talk(work, "i1", "王工")
    led.turn_to("4.5")
    led.answer("有")
    led.turn_to("4.5")
    led.answer("没")
    assert led.question().text.endswith("（前面说“有”，后来说“没”。）")
    led.turn_to("1.2")
    linked.refresh()
    linked.turn_to("4.5")
    assert linked.waiting.purpose == Purpose.CONFLICT
    assert "前面说" not in linked.waiting.text
