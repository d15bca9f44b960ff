"""The sheet 汇总: items, domains and the total as weighted means of what counts under them, the grade, the radar."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from assistant.assessment.bands import score_text
from assistant.assessment.derivation import Node, Rule
from assistant.reports.palette import ACCENT, RULE
from assistant.reports.words import two
from assistant.reports.xlsx_base import (
    APPLIES,
    COUNTS,
    FIRST,
    HIGHEST,
    ROUND,
    SCORE,
    SCORES,
    TOTALS,
    WEIGHT,
    Place,
    Sheet,
    cached,
    on_paper,
    places_of,
)
from knowledge.model import LEVELS

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


def write_totals(sheet: Sheet, page: Worksheet, rows: Mapping[str, int]) -> None:
    """Write 汇总; `rows` holds each code's row on 评分."""
    view, formats = sheet.view, sheet.formats
    items, domains, total = places_of(sheet, rows)
    page.write(0, 0, f"{view.enterprise}　等级与得分", formats["title"])
    _write_result(sheet, page, total)
    for column, (title, width) in enumerate(
        (
            ("能力域", 14),
            ("能力项", 22),
            ("权重", 9),
            ("计入", 7),
            ("得分（精确）", 13),
            ("等级段", 8),
            ("适用", 7),
            ("未定按 0 分", 13),
            ("未定按 100 分", 13),
            ("得分", 9),
            ("最低", 9),
            ("最高", 9),
        )
    ):
        page.set_column(column, column, width)
        page.write(FIRST - 1, column, title, formats["head"])
    nodes = {(n.kind, n.name): n for n in view.scoring.grade.derivation.walk()}
    for domain in view.domains:
        for item in domain.items:
            names = (domain.name, item.name)
            _write_node(sheet, page, items[item.name], names, nodes["item", item.name], f"{SCORES}!")
    for domain in view.domains:
        _write_node(sheet, page, domains[domain.name], (domain.name, "合计"), nodes["domain", domain.name], "")
    span = min(d.row for d in domains.values()), max(d.row for d in domains.values())
    _write_node(sheet, page, Place(total, *span), ("总分", ""), view.scoring.grade.derivation, "")
    _radar(sheet, page, [p.row for p in items.values()])
    on_paper(page, FIRST - 1)


def _write_node(sheet: Sheet, page: Worksheet, place: Place, names: tuple[str, str], node: Node, prefix: str) -> None:
    """A row of 汇总: the weighted mean of what counts under it, and its bounds while parts are open."""
    at, row = place.row - 1, place.row
    kind = "domain_" if prefix == "" else ""
    formats = sheet.formats

    def span(column: str) -> str:
        return f"{prefix}${column}${place.first}:${column}${place.last}"

    if prefix:
        weights, counts, applies, values = span(WEIGHT), span(COUNTS), span(APPLIES), span(SCORE)
        low, high = values, values
        top = f"SUMPRODUCT({weights},{applies},1-{counts})*{HIGHEST}"
    else:
        weights, counts, applies, values = span("C"), span("D"), span("G"), span("E")
        low, high, top = span("H"), span("I"), "0"
    text = formats["domain" if kind else "text"]
    page.write(at, 0, names[0], text)
    page.write(at, 1, names[1], text)
    page.write_formula(at, 2, f"={node.given}", formats[f"{kind}fraction"], float(Fraction(node.given)))
    page.write_formula(
        at, 3, f"=IF(SUM({counts})>0,1,0)", formats["domain_count" if kind else "centre"], int(node.score is not None)
    )
    mean = f"SUMPRODUCT({weights},{values})/SUMPRODUCT({weights},{counts})"
    page.write_formula(at, 4, f'=IF(D{row}=1,{mean},"")', formats[f"{kind}number"], cached(node.score))
    page.write_formula(
        at,
        5,
        f'=IF(D{row}=1,{_level(sheet, f"E{row}")},"")',
        formats["domain_count" if kind else "centre"],
        node.level or "",
    )
    bounds = _bounds(node)
    page.write_formula(
        at, 6, f"=IF(SUM({applies})>0,1,0)", formats["domain_count" if kind else "centre"], int(bounds is not None)
    )
    whole = f"SUMPRODUCT({weights},{applies})"
    least, most = (score_text(b) for b in bounds) if bounds else (None, None)
    page.write_formula(
        at, 7, f'=IF(G{row}=1,SUMPRODUCT({weights},{low})/{whole},"")', formats[f"{kind}number"], cached(least)
    )
    page.write_formula(
        at,
        8,
        f'=IF(G{row}=1,(SUMPRODUCT({weights},{high})+{top})/{whole},"")',
        formats[f"{kind}number"],
        cached(most),
    )
    for column, (exact, value) in enumerate(zip("EHI", (node.score, least, most), strict=True), start=9):
        formula = f'=IF(ISNUMBER({exact}{row}),ROUNDDOWN(ROUND({exact}{row},{ROUND}),2),"")'
        page.write_formula(at, column, formula, formats[f"{kind}shown"], cached(value and two(value)))


def _bounds(node: Node) -> tuple[Fraction, Fraction] | None:
    """The score with all that is open at 0, and at 100; None where nothing applies."""
    if node.exact is not None and not node.children:
        return Fraction(node.exact), Fraction(node.exact)
    if node.kind == "subitem":
        return None if node.rule == Rule.NOT_APPLICABLE else (Fraction(0), Fraction(HIGHEST))
    parts = [(Fraction(child.given), found) for child in node.children if (found := _bounds(child)) is not None]
    whole = sum((weight for weight, _ in parts), Fraction(0))
    if not parts:
        return None
    low = sum((weight * found[0] for weight, found in parts), Fraction(0)) / whole
    return low, sum((weight * found[1] for weight, found in parts), Fraction(0)) / whole


def _level(sheet: Sheet, cell: str) -> str:
    floors = ",".join(str(level.band[0]) for level in sheet.standard.levels)
    return f"MATCH(ROUND({cell},{ROUND}),{{{floors}}},1)"


def _write_result(sheet: Sheet, page: Worksheet, total: int) -> None:
    """The grade above the table: level, shown score (rounded down), and whether anything is still open."""
    view, formats = sheet.view, sheet.formats
    names = ",".join(f'"L{n} {name}"' for n, name in enumerate(view.level_names, start=1))
    sure = f"{_level(sheet, f'H{total}')}={_level(sheet, f'I{total}')}"
    level = view.grade.headline if view.grade.placed or view.grade.level is None else "暂不能定级"
    shown = float(view.grade.shown) if view.grade.placed else ""
    page.write(1, 0, "等级", formats["label"])
    page.write_formula(
        1, 1, f'=IF(D{total}=1,IF({sure},CHOOSE(F{total},{names}),"暂不能定级"),"尚无等级")', formats["result"], level
    )
    page.write(1, 2, "得分", formats["label"])
    page.merge_range(1, 3, 1, 4, "", formats["result_number"])
    rounded = f"ROUNDDOWN(ROUND(E{total},{ROUND}),2)"
    page.write_formula(1, 3, f'=IF(D{total}=1,IF({sure},{rounded},""),"")', formats["result_number"], shown)
    page.set_row(1, 26)
    last = FIRST + len(view.subitems)
    still = f"SUMPRODUCT({SCORES}!${APPLIES}${FIRST + 1}:${APPLIES}${last},1-{SCORES}!${COUNTS}${FIRST + 1}:${COUNTS}${last})"
    waiting = sum(s.status in ("proposed", "undecided") for s in view.subitems)
    text = f'=IF({still}=0,"全部子项已计入","尚有 "&{still}&" 项未计入，未定按 0 分与 100 分的总分见表末行")'
    cached = "全部子项已计入" if not waiting else f"尚有 {waiting} 项未计入，未定按 0 分与 100 分的总分见表末行"
    page.write_formula(2, 0, text, formats["plain"], cached)
    page.write(3, 0, f"{view.grade.finality_text}　记录哈希 {view.seal.hash}", formats["plain"])


def _radar(sheet: Sheet, page: Worksheet, rows: list[int]) -> None:
    """The workbook's own radar chart: it follows the cells."""
    chart: Any = sheet.book.add_chart({"type": "radar", "subtype": "with_markers"})
    first, last = rows[0] - 1, rows[-1] - 1
    chart.add_series(
        {
            "name": "得分",
            "categories": [TOTALS, first, 1, last, 1],
            "values": [TOTALS, first, 4, last, 4],
            "line": {"color": ACCENT.fill, "width": 2},
            "marker": {"type": "circle", "size": 5, "fill": {"color": ACCENT.fill}, "border": {"color": ACCENT.fill}},
        }
    )
    chart.set_title({"name": "各能力项得分", "name_font": {"name": "黑体", "size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis(
        {
            "min": 0,
            "max": HIGHEST,
            "major_unit": HIGHEST / len(LEVELS),
            "major_gridlines": {"visible": True, "line": {"color": RULE}},
        }
    )
    chart.set_x_axis({"num_font": {"name": "宋体", "size": 9}})
    chart.set_size({"width": 620, "height": 560})
    page.insert_chart(FIRST - 1, 13, chart)
