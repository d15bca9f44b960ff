"""The interview session over fakes that implement the ports."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assistant.assessment.answer import Purpose
from assistant.assessment.events import AnswerGiven
from assistant.assessment.ledger import Stand
from assistant.assessment.level import Reason
from assistant.assessment.reading import Intent, Verdict
from assistant.assessment.record import chain, first_broken
from assistant.assessment.state import fold
from assistant.errors import ConflictError, InputError, NotFoundError
from assistant.interview.session import Interview, Workbench
from assistant.storage.memory import MemoryEventStore
from tests.fakes import STANDARD, ScriptedEngine, StillClock, open_assessment, plain_guide

MET, NOT = Verdict.MET, Verdict.NOT
SETTLES_1_1 = {"1.1-L2#1": NOT}


def bench(store: MemoryEventStore | None = None, **script: tuple[Intent, dict[str, Verdict]]) -> Workbench:
    if store is None:
        store = MemoryEventStore()
        open_assessment(store)
    return Workbench(store, ScriptedEngine(dict(script)), STANDARD, plain_guide(), StillClock())


def test_an_unknown_assessment_is_a_clear_error():
    with pytest.raises(NotFoundError, match="没有编号为“没有”的评估"):
        Interview(bench(), "没有", "测试员")


def test_the_question_waits_until_it_is_answered():
    work = bench()
    first = Interview(work, "a1", "测试员").question()
    assert first.subitem == "1.1"
    assert first.purpose == Purpose.OPENING
    assert Interview(work, "a1", "测试员").question() == first


def test_a_settled_topic_gets_its_proposal_and_the_next_one_opens():
    session = Interview(bench(只有几台=(Intent.ANSWER, SETTLES_1_1)), "a1", "测试员")
    session.question()
    turn = session.answer("只有几台")
    assert turn.proposed == ("1.1",)
    assert session.state.proposals["1.1"].level == 1
    confirm = session.question()
    assert (confirm.purpose, confirm.requirement) == (Purpose.CONFIRM, "1.1-L2#1")
    session.answer("只有几台")
    assert session.question().subitem == "1.2"
    assert session.progress.covered == 1


def test_a_closed_topic_is_summed_up_for_the_respondent_to_correct():
    session = Interview(
        bench(只有几台联了网=(Intent.ANSWER, SETTLES_1_1), 全都联上了=(Intent.ANSWER, {"1.1-L2#1": MET})),
        "a1",
        "测试员",
    )
    session.question()
    assert (session.answer("只有几台联了网").closed, session.question().purpose) == ((), Purpose.CONFIRM)
    turn = session.answer("只有几台联了网")
    assert turn.closed == ("1.1",)
    assert [s.noted for s in turn.summaries] == ["我记下的：还没有或不全——“只有几台联了网”。"]


def test_what_closes_in_passing_is_summed_up_too():
    settles_5_3 = {r.code: MET for c in STANDARD.subitems["5.3"].at(5) for r in c.requirements}
    session = Interview(
        bench(安全都有人管=(Intent.ANSWER, settles_5_3), 也培训=(Intent.ANSWER, settles_5_3)), "a1", "测试员"
    )
    session.question()
    assert session.answer("安全都有人管").summaries == ()
    session.question()
    (summary,) = session.answer("也培训").summaries
    assert (summary.subitem, summary.noted) == ("5.3", "我记下的：有——“安全都有人管”、“也培训”。")


def test_a_correction_of_a_closed_topic_is_summed_up_again():
    session = Interview(
        bench(只有几台=(Intent.ANSWER, SETTLES_1_1), 总共就三台机床=(Intent.ANSWER, SETTLES_1_1)), "a1", "测试员"
    )
    for _ in range(2):
        session.question()
        session.answer("只有几台")
    turn = session.answer("总共就三台机床", corrects=session.last_answer())
    assert [s.noted for s in turn.summaries] == ["我记下的：还没有或不全——“总共就三台机床”。"]


def test_an_objection_to_a_summary_leaves_the_waiting_question_and_what_was_said():
    script = {"不对": (Intent.CORRECT, {"1.1-L2#1": MET}), "只有几台": (Intent.ANSWER, SETTLES_1_1)}
    work = bench(**script)
    work.engine.retracting = ("不对",)
    session = Interview(work, "a1", "测试员")
    for _ in range(2):
        session.question()
        session.answer("只有几台")
    waiting = session.question()
    session.object_to("1.1", "不对")
    assert (waiting.subitem, session.state.question) == ("1.2", waiting)
    assert session.state.proposals["1.1"].level is None
    assert session.ledgers["1.1"].requirements["1.1-L2#1"] == Stand.MET
    assert [a.text for a in session.state.answers.values()] == ["只有几台", "只有几台", "不对"]


def test_a_topic_that_closes_unheard_has_nothing_to_sum_up():
    session = Interview(bench(不晓得=(Intent.DONT_KNOW, {})), "a1", "测试员")
    session.question()
    turn = session.answer("不晓得")
    assert (turn.closed, turn.summaries) == (("1.1",), ())


def test_a_direct_answer_outweighs_what_was_said_in_passing():
    session = Interview(
        bench(只有几台=(Intent.ANSWER, SETTLES_1_1), 不是=(Intent.ANSWER, {"1.1-L2#1": MET})), "a1", "测试员"
    )
    session.question()
    session.answer("只有几台")
    session.question()
    session.answer("不是")
    assert session.ledgers["1.1"].settled is None
    assert session.ledgers["1.1"].requirements["1.1-L2#1"] == Stand.MET
    assert session.ledgers["1.1"].conflicts == ()


def test_after_four_questions_a_topic_is_undecided_with_what_is_missing():
    session = Interview(bench(), "a1", "测试员")
    asked = []
    while (question := session.question()).subitem == "1.1":
        asked.append(question.requirement)
        session.answer("说不出个所以然的话")
    assert len(asked) == 4
    assert asked[:2] == [None, None]
    assert len(set(asked[2:])) == 2
    proposal = session.state.proposals["1.1"]
    assert proposal.level is None
    assert proposal.undecided.reason == Reason.BUDGET
    assert set(proposal.undecided.missing) == {r.code for r in STANDARD.subitems["1.1"].requirements if r.level > 1}


@pytest.mark.parametrize(
    ("intent", "reason"),
    [
        (Intent.DONT_KNOW, Reason.DONT_KNOW),
        (Intent.ASK_COLLEAGUE, Reason.DONT_KNOW),
        (Intent.REFUSE, Reason.SKIPPED),
        (Intent.NOT_APPLICABLE, Reason.NOT_APPLICABLE),
    ],
)
def test_intents_that_set_a_topic_aside(intent: Intent, reason: Reason):
    session = Interview(bench(话=(intent, {})), "a1", "测试员")
    session.question()
    session.answer("话")
    assert session.state.proposals["1.1"].undecided.reason == reason
    assert session.question().subitem == "1.2"


def test_not_knowing_one_fact_leaves_only_that_fact_unknown():
    session = Interview(bench(不晓得=(Intent.DONT_KNOW, {})), "a1", "测试员")
    session.question()
    session.answer("先随便说说")
    session.question()
    session.answer("再随便说说")
    probe = session.question()
    session.answer("不晓得")
    following = session.question()
    assert following.subitem == "1.1"
    assert following.requirement not in (None, probe.requirement)


def test_asking_back_gets_the_question_in_other_words_and_costs_no_budget():
    session = Interview(bench(啥意思=(Intent.CLARIFY, {})), "a1", "测试员")
    first = session.question()
    session.answer("啥意思")
    again = session.question()
    assert again.purpose == Purpose.AGAIN
    assert again.text == f"也就是说 {first.text}"
    assert len(session.state.asked("1.1")) == 1


def test_a_question_is_explained_twice_at_most_so_that_the_interview_ends():
    session = Interview(bench(啥意思=(Intent.CLARIFY, {})), "a1", "测试员")
    purposes = []
    for _ in range(4):
        purposes.append(session.question().purpose)
        session.answer("啥意思")
    assert purposes == [Purpose.OPENING, Purpose.AGAIN, Purpose.AGAIN, Purpose.DEEPER]


def test_a_correction_replaces_and_both_stay_on_record():
    session = Interview(
        bench(全连了=(Intent.ANSWER, {"1.1-L2#1": MET}), 只有几台=(Intent.ANSWER, SETTLES_1_1)), "a1", "测试员"
    )
    session.question()
    session.answer("全连了")
    session.answer("只有几台", corrects=session.last_answer())
    assert session.state.proposals["1.1"].level == 1
    assert [a.text for a in session.state.answers.values()] == ["全连了", "只有几台"]


def test_a_proposal_that_a_correction_unsettles_is_taken_back():
    session = Interview(bench(只有几台=(Intent.ANSWER, SETTLES_1_1), 记不清=(Intent.ANSWER, {})), "a1", "测试员")
    session.question()
    session.answer("只有几台")
    session.answer("记不清", corrects=session.last_answer())
    assert session.state.proposals["1.1"].undecided.reason == Reason.OPEN


def test_contradicting_answers_are_asked_about_and_then_shown_to_the_reviewer():
    work = bench(
        有=(Intent.ANSWER, {"4.5-L2#1": MET}), 没=(Intent.ANSWER, {"4.5-L2#1": NOT}), 说不好=(Intent.ANSWER, {})
    )
    session = Interview(work, "a1", "测试员")
    session.resume("4.5")
    session.question()
    session.answer("有")
    session.question()
    session.answer("没")
    conflict = session.question()
    assert (conflict.purpose, conflict.requirement) == (Purpose.CONFLICT, "4.5-L2#1")
    assert conflict.text.endswith("\n（前面说“有”，后来说“没”。）")
    session.answer("说不好")
    while (question := session.question()) is not None and question.subitem == "4.5":
        session.answer("再说别的")
    proposal = session.state.proposals["4.5"]
    assert proposal.undecided.reason == Reason.CONFLICT
    assert proposal.conflicts == ("4.5-L2#1",)


def test_an_answer_left_unread_by_an_interruption_is_read_on_the_next_call():
    work = bench(只有几台=(Intent.ANSWER, SETTLES_1_1))
    session = Interview(work, "a1", "测试员")
    session.speak_as("王师傅", "IT")
    question = session.question()
    given = AnswerGiven(question=question.seq, subitem="1.1", respondent="r1", text="只有几台")
    work.store.append(chain("a1", work.store.read("a1")[-1], [given], "2026-11-23T08:00:00", "测试员"))
    resumed = Interview(work, "a1", "测试员")
    assert resumed.state.unread == (work.store.read("a1")[-1].seq,)
    assert resumed.question().purpose == Purpose.CONFIRM
    assert resumed.state.proposals["1.1"].level == 1


def test_two_writers_lose_nothing_and_the_later_one_is_told():
    work = bench()
    one, other = Interview(work, "a1", "甲"), Interview(work, "a1", "乙")
    one.question()
    other.question()
    one.answer("甲说的话")
    other.answer("乙说的话")
    assert other.overtaken
    assert [a.text for a in fold(work.store.read("a1")).answers.values()] == ["甲说的话", "乙说的话"]
    assert first_broken(work.store.read("a1")) is None


def test_a_store_that_never_lets_us_in_ends_in_a_clear_error():
    class Busy(MemoryEventStore):
        busy = False

        def append(self, rows):
            if self.busy:
                raise ConflictError("别人先到")
            super().append(rows)

    store = Busy()
    open_assessment(store)
    session = Interview(bench(store), "a1", "测试员")
    store.busy = True
    with pytest.raises(ConflictError, match="暂时写不进去"):
        session.question()


@pytest.mark.parametrize("text", ["", "   \n", "\x00\x07", "\ud800"])
def test_an_empty_answer_is_a_clear_error_and_the_question_stays(text: str):
    session = Interview(bench(), "a1", "测试员")
    question = session.question()
    with pytest.raises(InputError, match="没有收到内容"):
        session.answer(text)
    assert session.question() == question


def test_control_characters_are_left_out_and_counted():
    session = Interview(bench(), "a1", "测试员")
    session.question()
    turn = session.answer("有\x07三\x00台\x1b[31m")
    assert turn.cleaned.removed == 7
    assert session.state.answers[max(session.state.answers)].text == "有三台"


def test_a_very_long_answer_is_kept_whole_and_an_endless_one_refused():
    session = Interview(bench(), "a1", "测试员")
    session.question()
    session.answer("长" * 50_000)
    assert len(session.state.answers[max(session.state.answers)].text) == 50_000
    session.question()
    with pytest.raises(InputError, match="一次最多"):
        session.answer("长" * 200_001)


def test_a_respondent_is_asked_only_what_the_role_can_know():
    session = Interview(bench(), "a1", "测试员")
    session.speak_as("赵工", "安全科长")
    assert session.question().subitem == "5.1"
    session.speak_as("小孙", "IT专员")
    assert session.question().subitem == "1.1"


def test_a_topic_can_be_taken_up_again_with_a_fresh_budget():
    session = Interview(bench(), "a1", "测试员")
    session.question()
    assert session.set_aside(Reason.SKIPPED) == "1.1"
    assert session.question().subitem == "1.2"
    session.resume("1.1")
    assert session.question().subitem == "1.1"
    assert session.state.set_aside == {}
    with pytest.raises(InputError, match="没有能力子项“9\\.9”"):
        session.resume("9.9")


def test_the_state_is_the_fold_of_the_record_at_every_step():
    work = bench(只有几台=(Intent.ANSWER, SETTLES_1_1))
    session = Interview(work, "a1", "测试员")
    for text in ("只有几台", "嗯", "只有几台"):
        session.question()
        session.answer(text)
        assert fold(work.store.read("a1")) == session.state


def test_what_one_does_not_know_a_colleague_is_asked():
    session = Interview(bench(不晓得=(Intent.DONT_KNOW, {})), "a1", "测试员")
    session.speak_as("王", "IT")
    session.question()
    session.answer("不晓得")
    assert session.question().subitem == "1.2"
    session.set_aside(Reason.SKIPPED)
    colleague = Interview(session._bench, "a1", "测试员")
    colleague.speak_as("李", "IT专员")
    assert colleague.question().subitem == "1.1"
    assert "1.1" not in colleague.state.set_aside


def test_correcting_a_dont_know_opens_the_topic_again():
    session = Interview(bench(不晓得=(Intent.DONT_KNOW, {}), 有=(Intent.ANSWER, {"1.1-L2#2": MET})), "a1", "测试员")
    session.question()
    session.answer("不晓得")
    session.answer("有", corrects=session.last_answer())
    assert session.state.set_aside == {}
    assert session.state.proposals["1.1"].undecided.reason == Reason.OPEN


def test_a_question_left_unanswered_costs_nothing():
    session = Interview(bench(), "a1", "测试员")
    session.question()
    session.resume("1.2")
    session.question()
    assert session.state.asked("1.1") == ()


def test_an_answer_that_another_line_of_talk_is_waiting_for_is_left_to_it_until_it_is_old():
    work = bench(只有几台=(Intent.ANSWER, SETTLES_1_1))
    theirs = Interview(work, "a1", "测试员", line="r9")
    asked = theirs.question()
    row = theirs.state.tail
    at = StillClock().now()
    left: list[tuple[int, ...]] = []
    for minutes in (0, 4):
        given = AnswerGiven(question=asked.seq, subitem="1.1", respondent="r9", text="只有几台")
        stamp = (at - timedelta(minutes=minutes)).isoformat(timespec="milliseconds")
        work.store.append(chain("a1", row, [given], stamp, "别人"))
        mine = Interview(work, "a1", "测试员")
        mine.question()
        left.append(mine.state.unread)
        row = mine.state.tail
    assert left == [(3,), (3,)]
    assert max(mine.state.readings) > 3


def test_what_an_engine_made_is_not_made_again_when_another_writer_was_first():
    calls = []

    class Counting(ScriptedEngine):
        def read(self, task):
            calls.append(task.answer.text)
            if len(calls) == 1:
                Interview(other, "a1", "别人", line="r9").speak_as("小王", "安全员")
            return super().read(task)

        def phrase(self, task, tell=None):
            calls.append(task.probe.subitem)
            if len(calls) == 1:
                Interview(other, "a1", "别人", line="r9").speak_as("小赵", "安全员")
            return super().phrase(task, tell)

    work = bench(只有几台=(Intent.ANSWER, SETTLES_1_1))
    other = Workbench(work.store, ScriptedEngine(), STANDARD, work.guide, work.clock)
    work.engine = Counting({"只有几台": (Intent.ANSWER, SETTLES_1_1)})
    session = Interview(work, "a1", "测试员")
    session.question()
    assert (calls, session.overtaken) == (["1.1"], True)
    calls.clear()
    session.answer("只有几台")
    assert calls == ["只有几台"]
    assert [r.name for r in session.state.respondents.values()] == ["小赵", "受访人", "小王"]
