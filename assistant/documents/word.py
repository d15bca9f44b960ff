"""docx -> pieces: paragraphs as `第N段`, tables as `表1第2行`. Runs in the child, after `guards.check_package`."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.documents.grid import Cell, row_pieces
from assistant.documents.pieces import Piece, Pieces, tidy
from assistant.documents.plain import HEADING

if TYPE_CHECKING:
    from docx.table import Table

TITLES = ("heading", "title", "标题", "subtitle")
TEXT, TAB, BREAKS = "t", "tab", ("br", "cr")


def read_word(content: bytes) -> Pieces:
    """The body of a document in order; what was struck out under tracked changes is not read, what was put in is."""
    from docx import Document
    from docx.table import Table

    body = Document(io.BytesIO(content))
    found = Pieces()
    number = tables = 0
    heading = ""
    for block in body.iter_inner_content():
        if isinstance(block, Table):
            tables += 1
            found.pieces.extend(_table_pieces(block, tables, heading))
            continue
        text = tidy(_text(block._p))
        if not text:
            continue
        number += 1
        style = (block.style.name or "").lower() if block.style is not None else ""
        numbered = HEADING.match(text)
        if style.startswith(TITLES) or numbered:
            heading = text
            found.pieces.append(Piece(f"第{number}段", text, title=True))
        else:
            found.pieces.append(Piece(f"第{number}段", text, heading))
    return found


def _text(paragraph: Any) -> str:
    """All words of a paragraph's XML; the second copy that Word keeps of a text box for old programs is left out."""
    parts: list[str] = []
    for element in paragraph.iter():
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        if name not in (TEXT, TAB, *BREAKS):
            continue
        if any(str(a.tag).endswith(("}Fallback", "}tabs", "}pPr")) for a in element.iterancestors()):
            continue
        parts.append((element.text or "") if name == TEXT else "\t" if name == TAB else "\n")
    return "".join(parts)


def _table_pieces(table: Table, number: int, heading: str) -> Iterator[Piece]:
    heads: dict[int, str] = {}
    for row_number, row in enumerate(table._tbl.tr_lst, start=1):
        cells = []
        for column, cell in enumerate(row.tc_lst, start=1):
            text = tidy("\n".join(_text(paragraph) for paragraph in cell.p_lst))
            if text:
                cells.append(Cell(column, text, f"第{column}列"))
        yield from row_pieces(cells, heads, f"表{number}第{row_number}行", heading)
