"""The score sheet as a workbook with live formulas: change a level and the grade follows, by the scorer's own rules.

Three sheets: 评分 (a row for each sub-item), 汇总 (items, domains, total, radar), 说明. A formula works in doubles, so that
a total is rounded to 10 places before it is compared with a band's end: far finer than any two scores can lie apart,
far coarser than the doubles' noise.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from assistant.assessment.weighting import weighted_tree
from assistant.reports.palette import ACCENT, PALE, RULE
from assistant.reports.view import ReportView
from assistant.reports.xlsx_base import MADE, NOTES, ROUND, SCORES, TOTALS, Sheet, on_paper, rows_of
from assistant.reports.xlsx_scores import write_scores
from assistant.reports.xlsx_totals import write_totals
from knowledge.model import Standard

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet


def render_xlsx(view: ReportView, standard: Standard) -> bytes:
    """The workbook's bytes. Every formula carries the value that the scorer computed, for readers that do not compute."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": view.title, "subject": view.assessment, "company": view.enterprise, "created": MADE})
    sheet = Sheet(view, weighted_tree(standard, view.scoring.policy.weights), book, _formats(book), standard)
    scores, totals, notes = (book.add_worksheet(name) for name in (SCORES, TOTALS, NOTES))
    rows = rows_of(view)
    write_scores(sheet, scores, rows)
    write_totals(sheet, totals, rows)
    _write_notes(sheet, notes)
    book.set_calc_mode("auto")
    book.close()
    return buffer.getvalue()


def _formats(book: Workbook) -> dict[str, Any]:
    base = {
        "font_name": "宋体",
        "font_size": 10,
        "valign": "vcenter",
        "border": 1,
        "border_color": RULE,
        "text_wrap": True,
    }
    made = {
        "text": base,
        "centre": base | {"align": "center"},
        "number": base | {"align": "center", "num_format": "0.0000"},
        "shown": base | {"align": "center", "num_format": "0.00", "bold": True},
        "fraction": base | {"align": "center", "num_format": "0.0000"},
        "percent": base | {"align": "center", "num_format": "0.00%"},
        "input": base | {"align": "center", "bg_color": "#fffbea", "bold": True},
        "head": base | {"bg_color": ACCENT.fill, "font_color": ACCENT.ink, "bold": True, "align": "center"},
        "label": base | {"bg_color": PALE, "bold": True},
        "domain": base | {"bg_color": PALE, "bold": True},
        "domain_number": base | {"bg_color": PALE, "bold": True, "align": "center", "num_format": "0.0000"},
        "domain_shown": base | {"bg_color": PALE, "bold": True, "align": "center", "num_format": "0.00"},
        "domain_count": base | {"bg_color": PALE, "bold": True, "align": "center"},
        "domain_fraction": base | {"bg_color": PALE, "bold": True, "align": "center", "num_format": "0.0000"},
        "result": base | {"bold": True, "font_size": 14, "align": "center"},
        "result_number": base | {"bold": True, "font_size": 14, "align": "center", "num_format": "0.00"},
        "title": {"font_name": "黑体", "font_size": 15, "bold": True, "font_color": ACCENT.fill},
        "plain": {"font_name": "宋体", "font_size": 10, "text_wrap": False, "font_color": "#52606d"},
    }
    return {name: book.add_format(properties) for name, properties in made.items()}


def _write_notes(sheet: Sheet, page: Worksheet) -> None:
    view, formats = sheet.view, sheet.formats
    page.set_column(0, 0, 16)
    page.set_column(1, 1, 96)
    page.write(0, 0, "说明", formats["title"])
    lines = [(line.label, line.text) for line in (*view.policy, *view.counts)]
    lines += [
        (
            "公式",
            f"得分与等级由公式实时计算，规则与程序相同；判级前先舍入到小数点后 {ROUND} 位，以消除浮点误差。显示的总分只舍不入。",
        ),
        ("未定", "等级留空即为未定：不计入总分，权重由同级分担；汇总表另列未定的全按 0 分和全按 100 分的总分。"),
        ("效力", f"{view.grade.sentence}在本表中改动等级只供测算，不改变评估记录。"),
        ("校验", f"评分政策 {view.scoring.policy.digest}；标准 {view.standard_digest}；记录 {view.seal.hash}"),
    ]
    for row, (label, text) in enumerate(lines, start=2):
        page.write(row, 0, label, formats["label"])
        page.write(row, 1, text, formats["text"])
        page.set_row(row, 16 * max(1, -(-len(text) * 2 // 92)) + 4)
    on_paper(page, 0)
