"""What the rules engine writes: in the words of this enterprise, and never "没有" for what was not said."""

from __future__ import annotations

from dataclasses import replace

from assistant.assessment.decision import Decision
from assistant.assessment.document import Document, SourceKind
from assistant.assessment.events import DecisionMade
from assistant.assessment.justification import Justification, Section, verify_justification
from assistant.assessment.record import chain
from assistant.assessment.state import Assessment, advance, fold
from assistant.engines.rules.leads import AGAIN, LEADS, REMINDERS, bare
from assistant.review.justifications import justify_task
from assistant.storage.memory import MemoryEventStore
from tests.fakes import STANDARD, StillClock, open_assessment
from tests.justify_cases import GUIDE, rules, state_of
from tests.unit.reports.cases import example


def justified(state: Assessment, code: str) -> Justification:
    return rules().justify(justify_task(STANDARD, GUIDE, state, code))


def text(made: Justification, section: Section) -> str:
    return "".join(s.text for s in made.section(section))


def decided(state: Assessment, **decision: object) -> Assessment:
    event = DecisionMade(decision=Decision(proposed=3, **decision))
    (row,) = chain("a1", state.tail, [event], StillClock().now().isoformat(), "复核人")
    return advance(state, row)


def test_a_rate_says_how_it_was_got_and_how_much_is_lacking():
    made = justified(state_of("condiments"), "1.1")
    assert "据此推算设备联网率约为45.7%，落在集成级40%至60%的范围内（表1，1.1-L3）" in text(made, Section.BASIS)
    assert "还差14.3个百分点" in text(made, Section.SHORTFALL)
    assert "按所报总数212计，至少要达到128，在97的基础上再增加31" in text(made, Section.ADVICE)


def test_a_quote_stands_with_speaker_and_role_at_first_and_the_name_later():
    made = justified(state_of("condiments"), "1.1")
    first, second, *_ = made.basis
    assert "设备主任老0" in first.text
    assert "设备主任" not in second.text
    assert "老0" in second.text


def test_what_is_not_there_is_not_asked_for_as_if_it_had_been_named():
    assert "供应商" not in text(justified(state_of("condiments"), "1.1"), Section.MATERIALS)


def test_a_requirement_partly_met_is_told_once():
    made = justified(example(), "4.3")
    assert len([s for s in made.shortfall if "趋势预测" in s.text]) == 1
    assert "只做到一部分" in text(made, Section.SHORTFALL)


def test_short_words_stand_with_the_question_only_if_they_answer_it():
    basis = text(justified(example(), "5.3"), Section.BASIS)
    assert "鞠成林介绍：“新员工培训考试才上岗”" in basis
    assert "都写成规章、照着做吗”，鞠成林答“有，现在就是这么干的”" in basis
    assert basis.endswith("提问达到规定次数，仍不足以判定，所得依据只能说明在L4到L5之间，暂不能定级（5.3-L5）。")


def test_the_same_words_are_not_quoted_twice_in_a_row():
    basis = text(justified(example(), "7.1"), Section.BASIS)
    assert basis.count("上午加单下午换线，锅趴窝了当班就倒") == 1
    assert "7.1-L3b" in basis


def test_every_drafted_sentence_passes_the_check():
    for state in (example(), state_of("condiments"), state_of("appliances")):
        for code in STANDARD.subitems:
            task = justify_task(STANDARD, GUIDE, state, code)
            assert verify_justification(rules().justify(task), task).dropped == 0


def test_what_was_not_said_is_not_called_absent():
    made = justified(state_of("condiments"), "1.4")
    unsaid = next(s for s in made.shortfall if not s.quotes)
    assert "访谈中没有谈到" in unsaid.text or "有待核实" in unsaid.text
    assert unsaid.clauses == ("1.4-L3",)


def test_a_topic_nobody_spoke_of_says_so_in_each_part():
    store = MemoryEventStore()
    open_assessment(store)
    made = justified(fold(store.read("a1")), "6.5")
    assert made.level is None
    assert text(made, Section.BASIS) == "访谈中没有问到“数据治理”，不能定级（表6，6.5-L2）。"
    assert "没有谈到" in text(made, Section.SHORTFALL)
    assert text(made, Section.ADVICE).startswith("等级未定，建议先问清")
    assert not any(s.quotes for section in Section for s in made.section(section))


def test_a_reviewer_who_goes_lower_is_given_the_word():
    state = decided(state_of("condiments"), subitem="1.1", level=2, reason="台账是三年前的")
    made = justified(state, "1.1")
    assert "建议等级为L3 集成级，复核定为L2 发展级，理由是：“台账是三年前的”" in text(made, Section.BASIS)
    assert "复核没有认定集成级，理由是：“台账是三年前的”" in text(made, Section.SHORTFALL)
    assert "补齐书面佐证" in text(made, Section.ADVICE)


def test_not_applicable_gives_the_reason():
    made = justified(decided(state_of("condiments"), subitem="8.3", level=None, reason="没有自有物流"), "8.3")
    assert "不适用于该企业，不计入评分，理由是：“没有自有物流”" in text(made, Section.BASIS)


def test_the_top_level_has_nothing_above_it():
    state = state_of("appliances")
    code = next(c for c, p in state.proposals.items() if p.level == 5)
    made = justified(state, code)
    assert "是最高等级，没有上一级可比" in text(made, Section.SHORTFALL)
    assert "建议保持" in text(made, Section.ADVICE)


def test_paper_is_told_apart_from_talk():
    state = state_of("condiments")
    seq = next(a.seq for a in state.answers.values() if a.subitem == "5.2")
    paper = Document(id="d" * 64, name="安全规程.docx", kind=SourceKind.FILE)
    answer = state.answers[seq].model_copy(update={"document": paper.id, "place": "第3段"})
    shown = replace(state, answers=state.answers | {seq: answer}, documents={paper.id: paper})
    made = justified(shown, "5.2")
    assert "文件《安全规程.docx》第3段" in text(made, Section.BASIS)
    assert text(made, Section.MATERIALS).startswith("书面材料：文件《安全规程.docx》第3段")
    assert "口头陈述" not in text(made, Section.MATERIALS)


def test_the_sub_items_do_not_all_sound_alike():
    state = state_of("condiments")
    ends = {justified(state, code).basis[-1].text.partition("，")[0] for code in STANDARD.subitems}
    assert len(ends) > 3


def test_what_stood_before_a_question_put_again_is_not_told():
    question = "就这几台机器，平时谁来保养？"
    for lead in ("", *LEADS, f"“台账”是说登记簿。例如设备卡片。{AGAIN}", f"{REMINDERS[1]}{AGAIN}"):
        assert bare(lead + question) == question
