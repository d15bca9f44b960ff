"""The workbook: what stands in it, and that its formulas come to the scorer's grade, computed by LibreOffice."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO

import pytest
from openpyxl import load_workbook

from assistant.assessment.bands import level_at
from assistant.assessment.grade import grade
from assistant.assessment.grade_input import Levels
from assistant.reports.view_build import report_view
from assistant.reports.xlsx import render_xlsx
from tests.unit.reports.cases import EQUAL, POLICIES, STANDARD, decided, example
from tests.unit.reports.office import all_converted, needs_office

FULL = {code: 1 + index % 5 for index, code in enumerate(STANDARD.subitems)}
RATES = {"1.1": "13.4", "4.2": "57.142857142857142857142857"}
CASES = {
    "full": decided(FULL, rates={c: r for c, r in RATES.items() if FULL[c] == (1 if c == "1.1" else 3)}),
    "not_applicable": decided(
        FULL | dict.fromkeys(("1.2", "4.1", "4.2", "4.3", "9.1", "6.4", "13.1"), None), scores={"1.3": "55.5"}
    ),
    "whole_domain_out": decided(FULL | {c: None for c in FULL if STANDARD.places[c][0].name == "业务创新层"}),
    "open": decided(
        {c: v for c, v in FULL.items() if c not in ("3.1", "3.2", "3.3", "8.4")}, proposed={"3.1": 4, "8.4": 2}
    ),
    "on_a_band's_end": decided(dict.fromkeys(FULL, 2) | {c: 3 for i, c in enumerate(FULL) if i % 2}),
    "top": decided(dict.fromkeys(FULL, 5), scores=dict.fromkeys(FULL, "100")),
}


def _other_levels(book):
    row = {code: 6 + index for index, code in enumerate(STANDARD.subitems)}
    page = book["评分"]
    page.cell(row["1.1"], 5).value = 5
    page.cell(row["2.1"], 5).value = "不适用"
    page.cell(row["13.1"], 5).value = None


def _with_proposals(book):
    book["评分"]["D3"].value = "是"


BOOKS = {(case, policy): (CASES[case], POLICIES[policy], lambda book: None) for case in CASES for policy in POLICIES}
BOOKS[("full", "with other levels")] = (CASES["full"], EQUAL, _other_levels)
BOOKS[("open", "with proposals")] = (CASES["open"], EQUAL, _with_proposals)


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    """The workbooks as LibreOffice computes them, by their keys; openpyxl drops the stored values on the way."""
    needs_office(calc=True)
    folder = tmp_path_factory.mktemp("books")
    files = []
    for number, (state, policy, change) in enumerate(BOOKS.values()):
        book = load_workbook(BytesIO(render_xlsx(report_view(state, STANDARD, policy), STANDARD)))
        change(book)
        files.append(folder / f"{number}.xlsx")
        book.save(files[-1])
        book.close()
    return dict(zip(BOOKS, all_converted(files, "xlsx", folder / "out"), strict=True))


def values(file):
    """Result cells of a computed workbook."""
    computed = load_workbook(file, data_only=True)
    totals, scores = computed["汇总"], computed["评分"]
    last = next(row for row in range(6, 60) if totals.cell(row, 1).value == "总分")
    found = {
        "score": totals.cell(last, 5).value,
        "level": totals.cell(last, 6).value,
        "low": totals.cell(last, 8).value,
        "high": totals.cell(last, 9).value,
        "shown": totals["D2"].value,
        "name": totals["B2"].value,
        "shares": sum(float(scores.cell(r, 11).value or 0) for r in range(6, 42)),
    }
    computed.close()
    return found


def agrees(found, result):
    """Equal to the scorer's to 12 digits."""
    if result.score is None:
        assert (found["score"] or "", found["name"]) == ("", "尚无等级")
        return
    assert float(found["score"]) == pytest.approx(float(result.score), rel=1e-12)
    assert (found["low"], found["high"]) == pytest.approx(tuple(map(float, result.range)), rel=1e-12)
    assert found["level"] == result.level
    assert found["shares"] == pytest.approx(1, rel=1e-12)
    if len({level_at(STANDARD.levels, Fraction(end)) for end in result.range}) > 1:
        assert (found["shown"] or "", found["name"]) == ("", "暂不能定级")
    else:
        assert f"{found['shown']:.2f}" == result.shown
        assert found["name"] == f"L{result.level} {STANDARD.levels[result.level - 1].name}"


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("case", CASES)
def test_the_formulas_come_to_the_scorers_grade(case, policy, computed):
    view = report_view(CASES[case], STANDARD, POLICIES[policy])
    agrees(values(computed[case, policy]), view.scoring.grade)


def test_a_level_changed_in_the_sheet_changes_the_grade_as_the_scorer_would(computed):
    levels = {c: v for c, v in FULL.items() if c not in ("2.1", "13.1")} | {"1.1": 5}
    result = grade(STANDARD, EQUAL, Levels(levels=levels, not_applicable=frozenset({"2.1"})))
    agrees(values(computed["full", "with other levels"]), result)


def test_the_switch_counts_what_is_only_proposed(computed):
    view = report_view(CASES["open"], STANDARD, EQUAL)
    assert view.scoring.estimate != view.scoring.grade
    agrees(values(computed["open", "with proposals"]), view.scoring.estimate)


def test_a_reader_that_does_not_compute_sees_the_scorers_values():
    view = report_view(CASES["not_applicable"], STANDARD, EQUAL)
    book = load_workbook(BytesIO(render_xlsx(view, STANDARD)), data_only=True)
    page = book["汇总"]
    assert (page["B2"].value, f"{page['D2'].value:.2f}") == (
        f"L{view.grade.level} {view.grade.level_name}",
        view.grade.shown,
    )
    book.close()


@pytest.mark.parametrize("case", CASES)
def test_such_a_reader_sees_what_does_not_apply_and_the_range(case):
    view = report_view(CASES[case], STANDARD, EQUAL)
    book = load_workbook(BytesIO(render_xlsx(view, STANDARD)), data_only=True)
    rows = [row for row in book["汇总"].iter_rows(min_row=6, values_only=True) if row[0] and row[6] is not None]
    out = {item.name for item in view.items if all(s.status == "not_applicable" for s in item.subitems)}
    assert {row[1] for row in rows if row[6] == 0 and row[1] != "合计"} == out
    assert (rows[-1][0], rows[-1][7:9]) == ("总分", pytest.approx(tuple(map(float, view.scoring.grade.range))))
    assert not [row for row in rows if row[6] == 0 and any(row[7:12])]
    book.close()


def test_a_row_for_every_subitem_with_words_reviewer_and_reason():
    view = report_view(example(), STANDARD, EQUAL)
    book = load_workbook(BytesIO(render_xlsx(view, STANDARD)))
    page = book["评分"]
    rows = {page.cell(r, 1).value: [c.value for c in page[r]] for r in range(6, 42)}
    assert list(rows) == list(STANDARD.subitems)
    for subitem in view.subitems:
        row = rows[subitem.code]
        assert row[4] == subitem.level
        assert (row[13] or "") == "\n".join(f"{q.number}. {q.text}" for q in subitem.quotes)
        assert (row[16] or "") == subitem.reason
        assert subitem.reviewer in (row[15] or "")
    assert any(v.sqref == "E6:E41" or "E6:E41" in str(v.sqref) for v in page.data_validations.dataValidation)
    assert len(book["汇总"]._charts) == 1
    book.close()


def test_text_that_looks_like_a_formula_stays_text():
    state = decided(FULL)
    state.decisions["1.1"] = state.decisions["1.1"].model_copy(update={"reason": "=1+1"})
    page = load_workbook(BytesIO(render_xlsx(report_view(state, STANDARD, EQUAL), STANDARD)))["评分"]
    assert (page["Q6"].value, page["Q6"].data_type) == ("=1+1", "s")
