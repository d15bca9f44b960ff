"""The sheet 评分: a row for each sub-item, with the formulas of its score and of its part of the total."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.assessment.bands import position
from assistant.assessment.weighting import Branch, shares
from assistant.reports.palette import LEVEL_COLOURS, NOT_APPLICABLE
from assistant.reports.view import SubItemView
from assistant.reports.xlsx_base import (
    COUNTS,
    FIRST,
    LEVEL,
    NOT_APPLICABLE_TEXT,
    OWN,
    RATE,
    STATUS,
    SWITCH,
    TOTALS,
    WEIGHT,
    Sheet,
    cached,
    on_paper,
    places_of,
    walk,
)
from knowledge.model import LEVELS

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

COLUMNS: tuple[tuple[str, float], ...] = (
    ("编号", 6),
    ("能力域", 12),
    ("能力项", 17),
    ("能力子项", 17),
    ("等级", 8),
    ("状态", 13),
    ("实测比例（%）", 9),
    ("复核人给分", 10),
    ("得分", 9),
    ("项内权重", 9),
    ("计入后占比", 9),
    ("计入", 6),
    ("适用", 6),
    ("原话", 46),
    ("说话人与出处", 26),
    ("复核人", 12),
    ("理由", 30),
)


def write_scores(sheet: Sheet, page: Worksheet, rows: Mapping[str, int]) -> None:
    """Write 评分; `rows` holds each code's row."""
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
    on_paper(page, FIRST - 1)


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
        at, 8, _score(sheet, row), formats["number"], cached(sheet.view.scoring.grade.subitems[subitem.code])
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
    return next(b for b in walk(sheet.tree) if b.code == code)


def _shares(sheet: Sheet, rows: Mapping[str, int]) -> dict[str, str]:
    """Formulas of each counted sub-item's part of the total, after what is left out has handed on its weight."""
    items, domains, _ = places_of(sheet, rows)
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
