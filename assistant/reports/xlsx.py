"""The score sheet as a workbook with live formulas: change a level and the grade follows, by the scorer's own rules.

Three sheets: 评分 (a row for each sub-item), 汇总 (items, domains, total, radar), 说明. A formula works in doubles, so that
a total is rounded to 10 places before it is compared with a band's end: far finer than any two scores can lie apart,
far coarser than the doubles' noise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Any

from assistant.assessment.bands import position
from assistant.assessment.derivation import Node
from assistant.assessment.weighting import Branch, shares, weighted_tree
from assistant.reports.palette import ACCENT, LEVEL_COLOURS, NOT_APPLICABLE, PALE, RULE
from assistant.reports.view import ReportView, SubItemView
from assistant.reports.words import two
from knowledge.model import LEVELS, Standard

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

SCORES, TOTALS, NOTES = "评分", "汇总", "说明"
FIRST = 5
"""First row of sub-items on 评分, of items on 汇总 (from 0): above it titles, the switch and the heads."""
NOT_APPLICABLE_TEXT = "不适用"
SWITCH = f"{SCORES}!$D$3"
ROUND = 10
HIGHEST = 100
MADE = datetime(2026, 1, 1)

COLUMNS: tuple[tuple[str, float], ...] = (
    ("编号", 6),
    ("能力域", 12),
    ("能力项", 17),
    ("能力子项", 17),
    ("等级", 8),
    ("状态", 13),
    ("实测比例", 9),
    ("复核人给分", 10),
    ("得分", 9),
    ("项内权重", 9),
    ("占总分", 9),
    ("计入", 6),
    ("适用", 6),
    ("原话", 46),
    ("说话人与出处", 26),
    ("复核人", 12),
    ("理由", 30),
)
CODE, LEVEL, STATUS, RATE, OWN, SCORE, WEIGHT, SHARE, COUNTS, APPLIES = "A", "E", "F", "G", "H", "I", "J", "K", "L", "M"


@dataclass(frozen=True)
class Sheet:
    """What the parts of the workbook share: the view, the policy's tree, formats by name."""

    view: ReportView
    tree: Branch
    book: Workbook
    formats: Mapping[str, Any]
    standard: Standard


def render_xlsx(view: ReportView, standard: Standard) -> bytes:
    """The workbook's bytes. Every formula carries the value that the scorer computed, for readers that do not compute."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": view.title, "subject": view.assessment, "company": view.enterprise, "created": MADE})
    sheet = Sheet(view, weighted_tree(standard, view.scoring.policy.weights), book, _formats(book), standard)
    scores, totals, notes = (book.add_worksheet(name) for name in (SCORES, TOTALS, NOTES))
    rows = _rows(view)
    _write_scores(sheet, scores, rows)
    _write_totals(sheet, totals, rows)
    _write_notes(sheet, notes)
    book.set_calc_mode("auto")
    book.close()
    return buffer.getvalue()


def _rows(view: ReportView) -> dict[str, int]:
    """Row (from 1, as in formulas) of each sub-item's code on 评分."""
    return {s.code: FIRST + 1 + index for index, s in enumerate(view.subitems)}


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


def _write_scores(sheet: Sheet, page: Worksheet, rows: Mapping[str, int]) -> None:
    view, formats = sheet.view, sheet.formats
    page.write(0, 0, f"{view.enterprise}　评分表", formats["title"])
    page.write(1, 0, f"评估编号 {view.assessment}　数据截至 {view.as_of}　记录哈希 {view.seal.hash}", formats["plain"])
    page.write(2, 0, "计入尚待复核的建议：", formats["plain"])
    page.write(2, 3, "否", formats["input"])
    page.write(2, 4, "改为“是”可看预估；“等级”列可改，得分、权重与总等级随之重算。", formats["plain"])
    page.data_validation(2, 3, 2, 3, {"validate": "list", "source": ["是", "否"]})
    for column, (title, width) in enumerate(COLUMNS):
        page.set_column(column, column, width)
        page.write(FIRST - 1, column, title, formats["head"])
    page.set_row(FIRST - 1, 26)
    formulas = _shares(sheet, rows)
    counted = shares(sheet.tree, view.scoring.levels.levels.keys())
    for domain in view.domains:
        for item in domain.items:
            for subitem in item.subitems:
                _write_subitem(sheet, page, rows[subitem.code], (domain.name, item.name), subitem)
                share = counted.get(subitem.code)
                value = "" if share is None else float(share)
                page.write_formula(rows[subitem.code] - 1, 10, formulas[subitem.code], formats["percent"], value)
    last = FIRST + len(rows)
    page.data_validation(
        FIRST, 4, last - 1, 4,
        {
            "validate": "list", "source": [*map(str, LEVELS), NOT_APPLICABLE_TEXT], "ignore_blank": True,
            "error_title": "等级", "error_message": "只能填 1 到 5、“不适用”，或留空（未定）。",
        },
    )  # fmt: skip
    for level, swatch in LEVEL_COLOURS.items():
        colour = sheet.book.add_format({"bg_color": swatch.fill, "font_color": swatch.ink})
        page.conditional_format(
            FIRST, 4, last - 1, 4, {"type": "cell", "criteria": "==", "value": level, "format": colour}
        )
    grey = sheet.book.add_format({"bg_color": NOT_APPLICABLE.fill})
    page.conditional_format(
        FIRST, 4, last - 1, 4, {"type": "cell", "criteria": "==", "value": f'"{NOT_APPLICABLE_TEXT}"', "format": grey}
    )
    page.freeze_panes(FIRST, 4)
    page.autofilter(FIRST - 1, 0, last - 1, len(COLUMNS) - 1)
    _paper(page, FIRST - 1)


def _write_subitem(sheet: Sheet, page: Worksheet, row: int, place: tuple[str, str], subitem: SubItemView) -> None:
    formats, at = sheet.formats, row - 1
    page.write(at, 0, subitem.code, formats["centre"])
    page.write(at, 1, place[0], formats["text"])
    page.write(at, 2, place[1], formats["text"])
    page.write(at, 3, subitem.name, formats["text"])
    level: Any = NOT_APPLICABLE_TEXT if subitem.status == "not_applicable" else subitem.level
    page.write(at, 4, level, formats["input"])
    page.write(at, 5, subitem.status_text, formats["centre"])
    rates = sheet.view.scoring.levels.rates | sheet.view.scoring.proposed_rates
    rate = rates.get(subitem.code)
    page.write(at, 6, None if rate is None else float(rate), formats["number"])
    page.write(at, 7, None if subitem.own_score is None else float(subitem.own_score), formats["number"])
    counted = subitem.code in sheet.view.scoring.levels.levels
    page.write_formula(
        at, 8, _score(sheet, row), formats["number"], _cached(sheet.view.scoring.grade.subitems[subitem.code])
    )
    page.write_formula(
        at,
        9,
        f"={_branch(sheet, subitem.code).weight}",
        formats["fraction"],
        float(_branch(sheet, subitem.code).weight),
    )
    page.write_formula(
        at,
        11,
        f'=IF(AND(ISNUMBER({LEVEL}{row}),OR({STATUS}{row}<>"建议，待复核",{SWITCH}="是")),1,0)',
        formats["centre"],
        int(counted),
    )
    page.write_formula(
        at,
        12,
        f'=IF({LEVEL}{row}="{NOT_APPLICABLE_TEXT}",0,1)',
        formats["centre"],
        int(subitem.status != "not_applicable"),
    )
    page.write_string(at, 13, "\n".join(f"{q.number}. {q.text}" for q in subitem.quotes), formats["text"])
    sources = dict.fromkeys(f"{q.who}，{q.kind}，{q.source}" for q in subitem.quotes)
    page.write_string(at, 14, "\n".join(sources), formats["text"])
    page.write_string(at, 15, "　".join(p for p in (subitem.reviewer, subitem.decided_on) if p), formats["text"])
    page.write_string(at, 16, subitem.reason, formats["text"])
    lines = max(
        sum(-(-len(q.text) * 2 // 44) for q in subitem.quotes),
        sum(-(-len(s) * 2 // 25) for s in sources),
        len(subitem.reason) * 2 // 28 + 1,
        2,
    )
    page.set_row(at, min(14 * lines + 4, 400))


def _score(sheet: Sheet, row: int) -> str:
    """The reviewer's own score, else the rate where it lies in the level's band, else the policy's place in the band."""
    places = ",".join(str(position(level, sheet.view.scoring.policy.place)) for level in sheet.standard.levels)
    floors = ",".join(str(level.band[0]) for level in sheet.standard.levels)
    ends = ",".join(str(level.band[1]) for level in sheet.standard.levels)
    cell = f"{LEVEL}{row}"
    floor, end = f"CHOOSE({cell},{floors})", f"CHOOSE({cell},{ends})"

    def inside(value: str) -> str:
        return f"AND(ISNUMBER({value}),{value}>={floor},OR({value}<{end},AND({cell}={len(sheet.standard.levels)},{value}={end})))"

    own, rate = f"{OWN}{row}", f"{RATE}{row}"
    return f'=IF({COUNTS}{row}=1,IF({inside(own)},{own},IF({inside(rate)},{rate},CHOOSE({cell},{places}))),"")'


def _branch(sheet: Sheet, code: str) -> Branch:
    return next(b for b in _walk(sheet.tree) if b.code == code)


def _walk(branch: Branch) -> Iterable[Branch]:
    yield branch
    for child in branch.children:
        yield from _walk(child)


def _cached(score: str | None) -> Any:
    return "" if score is None else float(score)


@dataclass(frozen=True)
class Place:
    """Where an item or a domain stands on 汇总 (row from 1), and which rows are under it (on 评分, or on 汇总)."""

    row: int
    first: int
    last: int


def _places(sheet: Sheet, rows: Mapping[str, int]) -> tuple[dict[str, Place], dict[str, Place], int]:
    """Places of the items and of the domains by name, and the row of the total."""
    items: dict[str, Place] = {}
    domains: dict[str, Place] = {}
    row = FIRST + 1
    for domain in sheet.view.domains:
        first = row
        for item in domain.items:
            codes = [rows[s.code] for s in item.subitems]
            items[item.name] = Place(row, codes[0], codes[-1])
            row += 1
        domains[domain.name] = Place(0, first, row - 1)
    for name, place in domains.items():
        domains[name] = Place(row, place.first, place.last)
        row += 1
    return items, domains, row


def _shares(sheet: Sheet, rows: Mapping[str, int]) -> dict[str, str]:
    """Formulas of each counted sub-item's part of the total, after what is left out has handed on its weight."""
    items, domains, _total = _places(sheet, rows)
    first, last = min(d.row for d in domains.values()), max(d.row for d in domains.values())
    formulas = {}
    for domain in sheet.view.domains:
        d = domains[domain.name]
        of_total = f"{TOTALS}!$C${d.row}/SUMPRODUCT({TOTALS}!$C${first}:$C${last},{TOTALS}!$D${first}:$D${last})"
        for item in domain.items:
            i = items[item.name]
            of_domain = (
                f"{TOTALS}!$C${i.row}/SUMPRODUCT({TOTALS}!$C${d.first}:$C${d.last},{TOTALS}!$D${d.first}:$D${d.last})"
            )
            spans = f"${WEIGHT}${i.first}:${WEIGHT}${i.last}", f"${COUNTS}${i.first}:${COUNTS}${i.last}"
            for subitem in item.subitems:
                row = rows[subitem.code]
                own = f"{WEIGHT}{row}/SUMPRODUCT({spans[0]},{spans[1]})"
                formulas[subitem.code] = f'=IF({COUNTS}{row}=1,{own}*{of_domain}*{of_total},"")'
    return formulas


def _write_totals(sheet: Sheet, page: Worksheet, rows: Mapping[str, int]) -> None:
    view, formats = sheet.view, sheet.formats
    items, domains, total = _places(sheet, rows)
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
    _paper(page, FIRST - 1)


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
    page.write_formula(at, 4, f'=IF(D{row}=1,{mean},"")', formats[f"{kind}number"], _cached(node.score))
    page.write_formula(
        at,
        5,
        f'=IF(D{row}=1,{_level(sheet, f"E{row}")},"")',
        formats["domain_count" if kind else "centre"],
        node.level or "",
    )
    page.write_formula(at, 6, f"=IF(SUM({applies})>0,1,0)", formats["domain_count" if kind else "centre"], 1)
    whole = f"SUMPRODUCT({weights},{applies})"
    bounds: tuple[str | None, str | None] = sheet.view.scoring.grade.range if node.kind == "standard" else (None, None)
    page.write_formula(
        at, 7, f'=IF(G{row}=1,SUMPRODUCT({weights},{low})/{whole},"")', formats[f"{kind}number"], _cached(bounds[0])
    )
    page.write_formula(
        at,
        8,
        f'=IF(G{row}=1,(SUMPRODUCT({weights},{high})+{top})/{whole},"")',
        formats[f"{kind}number"],
        _cached(bounds[1]),
    )
    for column, (exact, value) in enumerate(zip("EHI", (node.score, *bounds), strict=True), start=9):
        formula = f'=IF(ISNUMBER({exact}{row}),ROUNDDOWN(ROUND({exact}{row},{ROUND}),2),"")'
        page.write_formula(at, column, formula, formats[f"{kind}shown"], _cached(value and two(value)))


def _level(sheet: Sheet, cell: str) -> str:
    floors = ",".join(str(level.band[0]) for level in sheet.standard.levels)
    return f"MATCH(ROUND({cell},{ROUND}),{{{floors}}},1)"


def _write_result(sheet: Sheet, page: Worksheet, total: int) -> None:
    """The grade above the table: level, shown score (rounded down), and whether anything is still open."""
    view, formats = sheet.view, sheet.formats
    names = ",".join(f'"L{n} {name}"' for n, name in enumerate(view.level_names, start=1))
    level = f"L{view.grade.level} {view.grade.level_name}" if view.grade.level else "尚无等级"
    shown = "" if view.grade.score is None else float(view.grade.shown)
    page.write(1, 0, "等级", formats["label"])
    page.write_formula(1, 1, f'=IF(D{total}=1,CHOOSE(F{total},{names}),"尚无等级")', formats["result"], level)
    page.write(1, 2, "得分", formats["label"])
    page.merge_range(1, 3, 1, 4, "", formats["result_number"])
    rounded = f"ROUNDDOWN(ROUND(E{total},{ROUND}),2)"
    page.write_formula(1, 3, f'=IF(D{total}=1,{rounded},"")', formats["result_number"], shown)
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
    _paper(page, 0)


def _paper(page: Worksheet, head: int) -> None:
    """A4 across, one page wide, the head on every page."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(0.4, 0.4, 0.6, 0.6)
    page.set_footer("&L&8&A&R&8第 &P 页，共 &N 页")
    if head:
        page.repeat_rows(head)
