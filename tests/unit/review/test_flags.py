"""Where a reviewer looks first, and how sure a level is."""

from __future__ import annotations

import pytest

from assistant.assessment.answer import Purpose
from assistant.assessment.decision import Decision
from assistant.assessment.events import AnswerGiven, DecisionMade, DocumentAdded, QuestionAsked, TopicReturned
from assistant.review.confidence import Confidence, Weakness
from assistant.review.flags import Flag, meaning, unanswered
from tests.fakes import STANDARD
from tests.review_case import FILE, MET, NOT, PARTLY, Case


@pytest.fixture
def case():
    return Case()


def test_a_level_shown_in_a_file_and_said_twice_has_no_flag(case):
    case.put(DocumentAdded(document=FILE))
    case.says("4.4", ("2#1", MET, 0), ("3#1", NOT, 4), document=FILE.id)
    found = case.proposed("4.4").look("4.4")
    assert (found.flags, found.sureness.confidence) == ((), Confidence.HIGH)
    assert case.at_once("4.4") == ""


def test_what_was_only_said_is_flagged_and_not_confirmed_at_once(case):
    case.says("4.4", ("2#1", MET, 0), ("3#1", NOT, 4))
    assert case.proposed("4.4").look("4.4").flags == (Flag.TALK_ONLY,)
    assert case.at_once("4.4") == "有标记：仅口头"


def test_nothing_said_is_insufficient(case):
    assert case.look("4.4").flags == (Flag.INSUFFICIENT,)
    assert case.look("4.4").sureness.confidence == Confidence.NONE
    assert case.at_once("4.4") == "还没有建议等级"


def test_opposite_words_are_a_conflict_and_no_lack_of_evidence(case):
    case.says("4.4", ("2#1", MET, 0))
    case.says("4.4", ("2#1", NOT, 0))
    assert case.proposed("4.4").look("4.4").flags == (Flag.CONFLICT,)


def test_one_remark_half_met_and_only_a_model_says_so(case):
    case.says("4.4", ("2#1", PARTLY, 0, True))
    found = case.proposed("4.4").look("4.4")
    assert found.sureness.weaknesses == (Weakness.SINGLE, Weakness.HALF, Weakness.ALONE)
    assert found.flags == (Flag.LOW, Flag.ALONE)


def test_a_remark_of_the_reading_is_a_flag(case):
    case.says("4.4", ("2#1", NOT, 0), ("3#1", NOT, 4), notes=("与答3说法不一",))
    assert case.proposed("4.4").look("4.4").flags == (Flag.REMARK,)


@pytest.mark.parametrize(
    ("rate", "flags"),
    [(("50", "50"), ()), (("57.1", "57.1"), (Flag.BORDER,)), (("41", "50"), (Flag.BORDER,)), (("57", "57"), ())],
)
def test_a_rate_near_the_end_of_its_band_is_a_borderline_one(case, rate, flags):
    case.says("1.1", rate=rate)
    assert tuple(f for f in case.proposed("1.1").look("1.1").flags if f == Flag.BORDER) == flags


def test_a_level_that_lacks_one_requirement_of_several_is_a_borderline_one(case):
    above = [r.code.partition("-L")[2] for c in STANDARD.subitems["4.1"].at(2) for r in c.requirements]
    assert len(above) > 1
    case.says("4.1", *((r, MET, 0) for r in above[:-1]), (above[-1], NOT, 4))
    assert Flag.BORDER in case.proposed("4.1").look("4.1").flags


def test_a_rate_in_another_band_than_the_level_is_number_against_text(case):
    texts = [r.code.partition("-L")[2] for r in STANDARD.subitems["2.1"].requirements if r.level == 2 and not r.rate]
    case.says("2.1", *((r, NOT, 4) for r in texts), rate=("70", "70"))
    found = case.proposed("2.1").look("2.1")
    assert case.state.proposals["2.1"].level == 1
    assert Flag.NUMBER in found.flags


def test_words_that_deny_what_a_number_says_are_shown_though_they_do_not_count(case):
    rate = next(r.code for r in STANDARD.subitems["1.1"].requirements if r.rate and r.level == 3)
    case.says("1.1", (rate.partition("-L")[2], NOT, 4), rate=("50", "50"))
    found = case.proposed("1.1").look("1.1")
    assert [(e.requirement, e.verdict) for e in found.outweighed] == [(rate, NOT)]
    assert Flag.NUMBER in found.flags
    case.says("1.1", rate=("50", "50"), corrects=2)
    assert case.look("1.1").outweighed == ()


def test_what_changed_after_the_decision_is_flagged(case):
    case.says("4.4", ("2#1", NOT, 0), ("3#1", NOT, 4))
    case.proposed("4.4")
    case.put(DecisionMade(decision=Decision(subitem="4.4", level=1, proposed=1)))
    assert (case.look("4.4").flags, case.at_once("4.4")) == ((), "已经复核过")
    case.says("4.4", ("2#1", MET, 0), corrects=2)
    assert Flag.STALE in case.proposed("4.4").look("4.4").flags


def test_a_question_sent_back_waits_until_it_is_answered(case):
    case.says("4.4", ("2#1", NOT, 0), ("3#1", NOT, 4))
    case.proposed("4.4")
    case.put(TopicReturned(subitem="4.4", question="真的没有？", reviewer="陈工"))
    assert unanswered(case.state, "4.4") == "真的没有？"
    asked = case.put(QuestionAsked(subitem="4.4", requirement=None, purpose=Purpose.RETURNED, text="真的没有？"))
    assert case.at_once("4.4") == "已退回补问，还没有回答"
    case.put(AnswerGiven(question=asked, subitem="4.4", respondent="r1", text="没有"))
    assert (unanswered(case.state, "4.4"), case.at_once("4.4")) == ("", "")


def test_no_quote_at_all_is_said_only_where_there_is_none(case):
    case.says("4.4", ("2#1", MET, 0))
    found = case.proposed("4.4").look("4.4")
    assert (found.flags, meaning(found.flags[0], None, 1)) == ((Flag.INSUFFICIENT,), "证据还不足以建议等级")
    assert meaning(Flag.INSUFFICIENT, None, 0) == meaning(Flag.INSUFFICIENT, 2, 0) == "没有任何原话支撑"
    assert meaning(Flag.TALK_ONLY, 2, 3).startswith("依据全是口头陈述")


@pytest.mark.parametrize(("level", "flagged"), [(4, True), (2, True), (1, False), (None, False)])
def test_a_level_decided_on_talk_where_none_was_proposed_is_talk_only(case, level, flagged):
    case.says("4.4", ("2#1", MET, 0))
    case.proposed("4.4").put(DecisionMade(decision=Decision(subitem="4.4", level=level, proposed=None, reason="听说")))
    assert (Flag.TALK_ONLY in case.look("4.4").flags) is flagged


def test_a_level_decided_with_a_file_seen_is_not_talk_only(case):
    case.put(DocumentAdded(document=FILE))
    case.says("4.4", ("2#1", MET, 0))
    case.says("4.4", ("2#1", MET, 0), document=FILE.id)
    case.proposed("4.4").put(DecisionMade(decision=Decision(subitem="4.4", level=4, proposed=None, reason="看过")))
    assert Flag.TALK_ONLY not in case.look("4.4").flags
