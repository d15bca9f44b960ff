"""What can be done at a chat page, without the page."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from assistant.assessment.level import Reason
from assistant.assessment.reading import Intent, Verdict
from assistant.assessment.state import Assessment, fold
from assistant.errors import InputError, NotFoundError
from assistant.interview.session import Workbench
from assistant.review.shelf import put_away
from assistant.storage.memory import MemoryEventStore
from assistant.web.chat.desk import Desk, Said
from assistant.web.chat.rooms import Visitor
from assistant.web.views.interview import Speaker
from tests.fakes import STANDARD, ScriptedEngine, StillClock, open_assessment, plain_guide

SCRIPT = {"没联": (Intent.ANSWER, {"1.1-L2#1": Verdict.NOT})}
LED = Visitor("a1", "张顾问")
LINKED = Visitor("a1", "王工", "i1", "王工", "IT")


@pytest.fixture
def desk():
    store = MemoryEventStore()
    open_assessment(store)
    bench = Workbench(store, ScriptedEngine(SCRIPT), STANDARD, plain_guide(), StillClock())
    return Desk(SimpleNamespace(bench=bench, standard=STANDARD, guide=bench.guide))


def record(desk: Desk) -> Assessment:
    return fold(desk.parts.bench.store.read("a1"))


def mark(screen: str, name: str) -> str:
    return re.search(f'data-{name}="([^"]*)"', screen)[1]


def test_nobody_is_asked_before_it_is_known_who_speaks(desk):
    with pytest.raises(InputError, match="谁在回答"):
        desk.go_on(LED, " ", "")
    assert "先写下是谁在回答" in desk.look(LED, "")


def test_opening_the_page_asks_nothing_and_finds_whoever_was_chosen_last(desk):
    assert desk.opens(LED)[1:] == (Speaker("", ""), "开始提问")
    desk.go_on(LED, "李工", "IT")
    desk.say(LED, "李工", "IT", Said("联了一些"))
    desk.go_on(LED, "赵工", "IT主管")
    rows = desk.parts.bench.store.read("a1")
    assert desk.opens(LED)[1:] == (Speaker("赵工", "IT主管"), "换人回答")
    assert Desk(desk.parts).opens(LED)[1] == Speaker("李工", "IT")
    assert desk.parts.bench.store.read("a1") == rows
    with desk.rooms.interview(LED) as session:
        session.set_aside(Reason.SKIPPED)
    rows = desk.parts.bench.store.read("a1")
    result, _, word = desk.opens(LED)
    assert (word, "点“继续提问”接着问。" in result.screen) == ("继续提问", True)
    assert desk.parts.bench.store.read("a1") == rows


def test_a_turn(desk):
    first = desk.go_on(LED, "李工", "IT").screen
    after = desk.say(LED, "李工", "IT", Said("联了一些", seen=mark(first, "seen"))).screen
    assert "联了一些" in after
    assert mark(after, "seen") != mark(first, "seen")
    assert [(a.text, a.respondent) for a in record(desk).answers.values()] == [("联了一些", "r1")]


def test_words_are_never_html(desk):
    desk.go_on(LED, "<i>李</i>", "IT")
    said = "<script>alert(1)</script> <img src=x onerror=alert(1)> [点](http://x) {{7*7}} ${7*7} \"'\u202e"
    screen = desk.say(LED, "<i>李</i>", "IT", Said(said)).screen
    assert "<script" not in screen
    assert "<img" not in screen
    assert "<i>" not in screen
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in screen
    assert "{{7*7}} ${7*7}" in screen


def test_an_answer_from_a_page_left_behind_goes_to_the_question_it_showed(desk):
    seen = mark(desk.go_on(LED, "李工", "IT").screen, "seen")
    desk.say(LED, "李工", "IT", Said("一", seen=seen))
    desk.say(LED, "李工", "IT", Said("二", seen=seen))
    assert [(a.text, a.question) for a in record(desk).answers.values()] == [("一", int(seen)), ("二", int(seen))]


def test_nobody_answers_another_lines_question(desk):
    theirs = mark(desk.go_on(LED, "李工", "IT").screen, "seen")
    mine = mark(desk.go_on(LINKED, "", "").screen, "seen")
    desk.say(LINKED, "", "", Said("采了", seen=theirs))
    assert [a.question for a in record(desk).answers.values()] == [int(mine)]


def test_a_respondent_is_who_the_invitation_says(desk):
    desk.go_on(LINKED, "别人", "厂长")
    desk.say(LINKED, "别人", "厂长", Said("采了"))
    assert [(r.name, r.role) for r in record(desk).respondents.values()] == [("王工", "IT")]


def test_the_last_answer_is_corrected(desk):
    desk.go_on(LED, "李工", "IT")
    desk.say(LED, "李工", "IT", Said("没联"))
    last = desk.last_words(LED, "李工", "IT")
    desk.say(LED, "李工", "IT", Said("联了", target=f"correct:{last.seq}"))
    assert [a.corrects for a in record(desk).answers.values()] == [None, last.seq]
    assert desk.last_words(LED, "李工", "IT").text == "联了"


def test_nobody_corrects_a_colleague_on_a_page_of_their_own(desk):
    desk.go_on(LED, "李工", "IT")
    desk.say(LED, "李工", "IT", Said("没联"))
    desk.go_on(LINKED, "", "")
    seq = desk.last_words(LED, "李工", "IT").seq
    with pytest.raises(InputError, match="没有这条可以更正的回答"):
        desk.say(LINKED, "", "", Said("改", target=f"correct:{seq}"))
    with pytest.raises(InputError, match="没有这条可以更正的回答"):
        desk.answer(LINKED, seq)
    with pytest.raises(InputError, match="还没有可以更正的回答"):
        desk.last_words(LINKED, "", "")


def test_what_begins_with_no_is_about_the_summary_just_read_out(desk):
    desk.go_on(LED, "李工", "IT")
    desk.say(LED, "李工", "IT", Said("没联"))
    screen = desk.say(LED, "李工", "IT", Said("没联")).screen
    assert mark(screen, "about") == "1.1"
    waiting = record(desk).question
    desk.say(LED, "李工", "IT", Said("不对，联了两台", seen=mark(screen, "seen"), about="1.1"))
    last = list(record(desk).answers.values())[-1]
    assert (last.subitem, last.question, record(desk).question) == ("1.1", None, waiting)


@pytest.mark.parametrize("target", ["object:1.1", "object:9.9", "correct:x", "nonsense"])
def test_a_target_that_means_nothing_loses_no_words(desk, target):
    desk.go_on(LED, "李工", "IT")
    if target.startswith("correct"):
        with pytest.raises(InputError):
            desk.say(LED, "李工", "IT", Said("话", target=target))
    else:
        desk.say(LED, "李工", "IT", Said("话", target=target))
        assert [a.text for a in record(desk).answers.values()] == ["话"]


def test_topics_are_left_and_taken_up_again(desk):
    desk.go_on(LED, "李工", "IT")
    assert desk.set_aside(LED, "李工", "IT", Reason.SKIPPED).told == "好的，这个话题先放一放。"
    assert record(desk).question.subitem == "1.2"
    rows = desk.parts.bench.store.read("a1")
    seen = desk.turn_to(LED, "李工", "IT", "1.1")
    assert (seen.told, seen.offer) == ("“设备联网情况”已跳过。", "1.1")
    assert desk.parts.bench.store.read("a1") == rows
    desk.turn_to(LED, "李工", "IT", "1.1", again=True)
    assert record(desk).question.subitem == "1.1"
    assert desk.turn_to(LED, "李工", "IT", "5.1").told == "这个话题一般请安全管理来答，这里按您的要求先问。"
    assert record(desk).question.subitem == "5.1"
    with pytest.raises(InputError, match="请其他岗位的同事来答"):
        desk.turn_to(LINKED, "", "", "5.1")


def test_a_topic_with_nothing_left_is_taken_up_only_when_somebody_insists(desk):
    desk.go_on(LED, "李工", "IT")
    for _ in range(2):
        desk.say(LED, "李工", "IT", Said("没联"))
    waiting = record(desk).question
    result = desk.turn_to(LED, "李工", "IT", "1.1")
    assert result.told == "“设备联网情况”已有建议。我记下的：还没有或不全——“confirm 1.1-L2#1 1”（您答“没联”）。"
    assert (result.offer, record(desk).question) == ("1.1", waiting)
    assert desk.turn_to(LED, "李工", "IT", result.offer, again=True).offer == ""
    assert record(desk).question.subitem == "1.1"


def test_a_question_passed_by_leaves_no_trace_in_the_chat_and_comes_back_as_it_was(desk):
    desk.go_on(LED, "李工", "IT")
    desk.say(LED, "李工", "IT", Said("联了一些"))
    left = record(desk).question.text
    desk.again(LED, "李工", "IT")
    explained = record(desk).question.text
    other = desk.turn_to(LED, "李工", "IT", "2.1").screen
    assert (left in other, explained in other, "联了一些" in other) == (False, False, True)
    back = desk.turn_to(LED, "李工", "IT", "1.1").screen
    assert (back.count(left), explained in back, record(desk).question.text) == (1, False, left)
    assert left in desk.again(LED, "李工", "IT").screen


def test_a_topic_is_passed_on(desk):
    desk.go_on(LED, "李工", "IT")
    assert desk.others(LED, "李工", "IT") == ["信息化"]
    assert desk.set_aside(LED, "李工", "IT", Reason.DONT_KNOW, "转给王工").told == "好的，已转给王工。"
    assert "转给王工" in desk.look(LED, "IT")
    desk.go_on(LINKED, "", "")
    assert desk.others(LINKED, "", "") == ["信息化"]


def test_the_other_people_are_offered_first_those_first_whose_topic_it_is(desk):
    for name, role in (("张会计", "安全科"), ("赵工", "IT主管"), ("李工", "IT")):
        desk.go_on(LED, name, role)
    assert desk.others(LED, "李工", "IT") == ["赵工（IT主管）", "张会计（安全科）", "信息化"]
    assert desk.speaker(LED, "赵工", "IT") == desk.speaker(LED, "赵工（IT主管）", "") == Speaker("赵工", "IT主管")
    assert desk.speaker(LED, "钱工", "IT") == Speaker("钱工", "IT")
    desk.say(LED, "张会计（安全科）", "", Said("装了"))
    assert len(record(desk).respondents) == 3


def test_an_empty_answer_is_refused(desk):
    desk.go_on(LED, "李工", "IT")
    with pytest.raises(InputError, match="没有收到内容"):
        desk.say(LED, "李工", "IT", Said("  "))


def test_an_unknown_assessment_is_a_clear_error(desk):
    with pytest.raises(NotFoundError):
        desk.look(Visitor("没有", "张顾问"), "")


def test_respondents_see_no_clauses(desk):
    assert "c-beside" in desk.go_on(LED, "李工", "IT").screen
    theirs = desk.go_on(LINKED, "", "").screen
    assert "c-beside" not in theirs
    assert STANDARD.clauses["1.2-L3"].text not in theirs


def test_many_at_once_are_not_mixed_up(desk):
    people = [Visitor("a1", f"人{n}", f"i{n}", f"人{n}", "IT") for n in range(8)]

    def one(visitor: Visitor) -> None:
        seen = mark(desk.go_on(visitor, "", "").screen, "seen")
        for turn in range(4):
            screen = desk.say(visitor, "", "", Said(f"{visitor.name}-{turn}", seen=seen)).screen
            seen = mark(screen, "seen")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, people))
    state = record(desk)
    for visitor in people:
        mine = [a for a in state.answers.values() if state.respondents[a.respondent].name == visitor.name]
        assert [a.text for a in mine] == [f"{visitor.name}-{turn}" for turn in range(4)]
        assert {state.questions[a.question].line for a in mine} == {visitor.line}


def test_in_an_assessment_that_is_put_away_nothing_is_asked_or_kept(desk):
    desk.go_on(LED, "李工", "IT")
    put_away(desk.parts.bench.store, StillClock(), "a1", "张顾问")
    rows = desk.parts.bench.store.read("a1")
    screen = desk.go_on(LED, "赵工", "IT").screen
    assert "data-do" not in screen.partition('class="c-log"')[2]
    assert "data-closed" in screen
    assert "这份评估已归档，对话只能查看。" in screen
    for act in (
        lambda: desk.say(LED, "李工", "IT", Said("联了一些")),
        lambda: desk.set_aside(LED, "李工", "IT", Reason.SKIPPED),
        lambda: desk.turn_to(LED, "李工", "IT", "1.1"),
    ):
        with pytest.raises(InputError, match="已归档，只能查看"):
            act()
    assert desk.parts.bench.store.read("a1") == rows


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("跳过", "好的，这个话题先放一放。"),
        ("/跳过 现在没空", "好的，这个话题先放一放。"),
        ("/不清楚", "好的，记下不了解，可以请同事来答。"),
        ("不适用。", "好的，记下认为不适用，由复核人决定。"),
        ("换个问法", ""),
        ("/进度", "已覆盖 0/33 个话题，估计还要问约 "),
        ("/帮助", "可以直接用自己的话回答，也可以输入："),
        ("/退出", "回答都已保存，直接关掉这个页面就行；下次打开，从这里接着问。"),
        ("/话题 3.1", ""),
        ("更正 联了三台", "已更正，新的说法记在原来的回答下面。"),
    ],
)
def test_a_command_does_what_it_does_in_the_terminal_and_is_no_answer(desk, typed, told):
    desk.go_on(LED, "李工", "IT")
    desk.say(LED, "李工", "IT", Said("联了两台"))
    result = desk.say(LED, "李工", "IT", Said(typed))
    assert result.told.startswith(told)
    assert [a.text for a in record(desk).answers.values() if a.text != "联了三台"] == ["联了两台"]
    assert [a.corrects is not None for a in record(desk).answers.values()] == [False, *[True] * (typed[:2] == "更正")]


def test_where_commands_lead(desk):
    desk.go_on(LED, "李工", "IT")
    with pytest.raises(InputError, match="还没有可以更正的回答"):
        desk.say(LED, "李工", "IT", Said("更正"))
    desk.say(LED, "李工", "IT", Said("联了两台"))
    result = desk.say(LED, "李工", "IT", Said("/更正"))
    assert (result.target, result.text) == (f"correct:{desk.last_words(LED, '李工', 'IT').seq}", "联了两台")
    desk.say(LED, "李工", "IT", Said("/话题 5.2"))
    assert record(desk).question.subitem == "5.2"
    desk.say(LED, "李工", "IT", Said("返回"))
    assert record(desk).question.subitem == "1.1"
    with pytest.raises(InputError, match="没有命令“/走”"):
        desk.say(LED, "李工", "IT", Said("/走"))
