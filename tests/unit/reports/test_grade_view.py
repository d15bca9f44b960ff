"""How a report names the grade: as a result only when nothing that is open can change it; and what its seal covers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.assessment.events import SignedOff
from assistant.assessment.record import chain
from assistant.reports.layout import cover_rows, grade_line, score_line, seal_rows
from assistant.reports.view_build import ORDER_ONLY, UNSURE, report_view
from tests.unit.reports.cases import EQUAL, STANDARD, decided, example

ONE = {"1.1": 3}
FULL = dict.fromkeys(STANDARD.subitems, 2)
ALL_BUT_ONE = {code: 2 for code in FULL if code != "1.1"}


def of(levels, **more):
    return report_view(decided(levels, **more), STANDARD, EQUAL)


def test_one_of_all_reviewed_is_no_result():
    view = of(ONE)
    grade = view.grade
    assert (grade.placed, grade.finality_text, grade.headline) == (False, "复核尚未完成", "暂不能定级（已复核 1/36）")
    assert grade.sentence == (
        f"已复核 1/36 项，还不能定级。未复核的若都按 0 分计，得分为 {grade.low}，等级为 L1 {STANDARD.levels[0].name}；"
        f"若都按 100 分计，得分为 {grade.high}，等级为 L5 引领级。"
    )
    assert grade_line(view) == f"暂不能定级（已复核 1/36），得分在 {grade.low} 至 {grade.high} 之间"
    assert score_line(view) == f"得分与等级的可能范围：{grade.low}（L1）至 {grade.high}（L5）"
    assert (view.roadmap_note, view.sensitive) == (ORDER_ONLY, UNSURE)
    assert "结果的稳健性" not in {part.title for part in view.highlights}


def test_an_open_rest_that_cannot_change_the_level_leaves_a_provisional_grade():
    view = of(ALL_BUT_ONE)
    assert (view.grade.placed, view.grade.headline, view.grade.finality_text) == (True, "L2 发展级", "暂定等级")
    assert "等级都不变" in view.grade.sentence
    assert score_line(view) == f"得分 30.00（{view.grade.low} 至 {view.grade.high} 之间）"


@pytest.mark.parametrize(("levels", "headline", "line"), [(FULL, "L2 发展级", "得分 30.00"), ({}, "尚无等级", "")])
def test_all_reviewed_is_a_grade_and_nothing_reviewed_is_none(levels, headline, line):
    view = of(levels)
    assert (view.grade.headline, score_line(view), view.grade.placed) == (headline, line, bool(levels))


def test_what_is_only_proposed_is_still_told_as_an_estimate():
    view = of(ONE, proposed={"1.2": 2})
    assert view.estimate is not None
    assert view.estimate.sentence.endswith("之间，仍不能定级。")
    whole = of(ONE, proposed={code: 2 for code in FULL if code != "1.1"})
    assert whole.estimate is not None
    assert (whole.grade.placed, whole.estimate.placed) == (False, True)
    assert whole.estimate.sentence.startswith("把尚待复核的 35 项建议等级也算进去，预估为 L2 发展级")
    assert whole.roadmap_note.startswith("现总分")


def test_the_example_can_be_placed_though_two_are_open():
    assert report_view(example(), STANDARD, EQUAL).grade.placed


def test_the_seal_tells_what_it_covers_and_which_row_it_is_itself():
    state = decided(FULL)
    view = report_view(state, STANDARD, EQUAL)
    event = SignedOff(
        reviewer="陈工",
        record=state.tail.hash,
        rows=state.tail.seq,
        level=2,
        score=view.scoring.grade.score,
        policy=EQUAL.id,
        policy_version=EQUAL.version,
        policy_digest=EQUAL.digest,
        standard_digest=STANDARD.digest,
        warnings=(),
    )
    (row,) = chain("a1", state.tail, [event], "2026-03-11T01:00:00.000+00:00", "陈工")
    view = report_view(replace(state, signed=event, seal=row, tail=row), STANDARD, EQUAL)
    told = {line.label: line.text for line in seal_rows(view)}["评估记录"]
    last = state.tail
    assert told == f"封存时 {last.seq} 行，末行哈希 {last.hash}；签发事件本身是第 {last.seq + 1} 行，哈希 {row.hash}"


@pytest.mark.parametrize(
    ("given", "code", "kind"),
    [
        ({}, "未填写", "行业未填写，规模未填写"),
        (
            {"industry": "机械加工", "size": "中型", "credit_code": "91370200163562681G"},
            "91370200163562681G",
            "机械加工，中型",
        ),
    ],
)
def test_the_cover_names_the_enterprise_by_its_code_and_size(given, code, kind):
    state = decided({})
    state = replace(state, opened=state.opened.model_copy(update=given))
    rows = {line.label: line.text for line in cover_rows(report_view(state, STANDARD, EQUAL))}
    assert (rows["统一社会信用代码"], rows["行业与规模"]) == (code, kind)
