"""xlsx -> pieces: each cell or label with value as `工作表“台账”B7`. Runs in the child, after `guards.check_package`."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from assistant.documents.grid import Cell, row_pieces
from assistant.documents.limits import CELLS_LIMIT
from assistant.documents.pieces import Pieces, tidy
from assistant.errors import InputError

PERCENT = 100


def read_sheets(content: bytes) -> Pieces:
    """All visible sheets, row by row, formulas as the values that were saved with them."""
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    found, seen = Pieces(), 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            found.notes.append(f"工作表“{sheet.title}”是隐藏的，没有读。")
            continue
        if hasattr(sheet, "reset_dimensions"):
            sheet.reset_dimensions()  # a wrong dimension would cut rows off, or pad them to millions of cells
        heads: dict[int, str] = {}
        for row_number, row in enumerate(sheet.iter_rows(), start=1):
            cells = []
            for cell in row:
                text = _shown(cell)
                if text:
                    seen += 1
                    cells.append(Cell(cell.column, text, f"{get_column_letter(cell.column)}{row_number}"))
            if seen > CELLS_LIMIT:
                raise InputError(f"工作簿里的内容超过 {CELLS_LIMIT} 个单元格。请只留下与评估有关的部分，另存后再试。")
            found.pieces.extend(row_pieces(cells, heads, f"工作表“{sheet.title}”", ""))
    book.close()
    return found


def _shown(cell: Any) -> str:
    """A cell as people see it: a share as percent, a whole number without a point, a date without a time."""
    value = cell.value
    if value is None or isinstance(value, bool):
        return "" if value is None else "是" if value else "否"
    if isinstance(value, int | float):
        if "%" in (cell.number_format or ""):
            return f"{round(value * PERCENT, 4):g}%"
        return f"{value:.10g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return tidy(str(value))
