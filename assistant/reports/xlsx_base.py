"""What the sheets of the workbook share: where things stand, formats by name, paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.assessment.weighting import Branch
from assistant.reports.view import ReportView
from knowledge.model import Standard

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

LEVEL, STATUS, RATE, OWN, SCORE, WEIGHT, COUNTS, APPLIES = "E", "F", "G", "H", "I", "J", "L", "M"
"""Columns of 评分 that formulas speak of."""


@dataclass(frozen=True)
class Sheet:
    """What the parts of the workbook share: the view, the policy's tree, formats by name."""

    view: ReportView
    tree: Branch
    book: Workbook
    formats: Mapping[str, Any]
    standard: Standard


@dataclass(frozen=True)
class Place:
    """Where an item or a domain stands on 汇总 (row from 1), and which rows are under it (on 评分, or on 汇总)."""

    row: int
    first: int
    last: int


def rows_of(view: ReportView) -> dict[str, int]:
    """Row (from 1, as in formulas) of each sub-item's code on 评分."""
    return {s.code: FIRST + 1 + index for index, s in enumerate(view.subitems)}


def places_of(sheet: Sheet, rows: Mapping[str, int]) -> tuple[dict[str, Place], dict[str, Place], int]:
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


def walk(branch: Branch) -> Iterable[Branch]:
    """A branch and all below it."""
    yield branch
    for child in branch.children:
        yield from walk(child)


def cached(score: str | None) -> Any:
    """A score as the stored value of a formula; empty text for none."""
    return "" if score is None else float(score)


def on_paper(page: Worksheet, head: int) -> None:
    """A4 across, one page wide, the head on every page."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(0.4, 0.4, 0.6, 0.6)
    page.set_footer("&L&8&A&R&8第 &P 页，共 &N 页")
    if head:
        page.repeat_rows(head)
