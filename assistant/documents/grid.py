"""Rows of a table or a sheet -> pieces. A label and its value are one piece; a question stands before its answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.documents.pieces import Piece

LABEL = 24
"""Characters up to which a cell before another one is a label (设备联网率), not a statement of its own."""

VALUE = re.compile(r"^[<>≥≤≈约]?\s*[-\d.,]+\s*(?:%|％|台|套|个|项|人|万|条|次|天|分|秒|家|种|小时|分钟)*$")
SHORT = re.compile(r"^(?:是|否|有|无|没有|√|×|x|X|✓|已|未|部分|全部|不适用|/|-)\S{0,6}$")
COUNTER = re.compile(r"^(?:\d{1,4}(?:\.\d{1,3}){0,2}|[一二三四五六七八九十]{1,3})$")
SPOKEN = re.compile(r"[。；！？!?]")


@dataclass(frozen=True)
class Cell:
    """A cell that holds something: its column from 1, its text, and its place within the row (`B7`, `第2列`)."""

    column: int
    text: str
    place: str


def row_pieces(cells: Sequence[Cell], heads: dict[int, str], row: str, heading: str) -> Iterator[Piece]:
    """The pieces of one row. `heads` (column -> head) is filled from the first row whose cells are all short.

    A first cell that only counts the rows is passed over; label cells become the heading of what follows them.
    """
    if not heads and len(cells) > 1 and all(_is_label(c.text) and not VALUE.match(c.text) for c in cells):
        heads.update({c.column: c.text for c in cells})
        yield Piece(row + cells[0].place, " ".join(c.text for c in cells), heading, title=True, cell=True)
        return
    told = [c for position, c in enumerate(cells) if position or not COUNTER.match(c.text)]
    labels: list[str] = []
    for position, cell in enumerate(told):
        last = position == len(told) - 1
        filled = not _asks(cell.text) and (VALUE.match(cell.text) or SHORT.match(cell.text))
        if _is_label(cell.text) and not last and not filled:
            labels.append(cell.text)
            continue
        above = " ".join(dict.fromkeys(t for t in (heading, heads.get(cell.column, ""), *labels) if t))
        named = labels and not _asks(labels[-1])  # a question and its tick must not be quoted as one statement
        if named and filled:
            before = told[position - 1]
            yield Piece(f"{row}{before.place}:{cell.place}", f"{labels[-1]}：{cell.text}", above, cell=True)
        else:
            yield Piece(row + cell.place, cell.text, above, cell=True)


def _is_label(text: str) -> bool:
    return (len(text) <= LABEL and SPOKEN.search(text) is None) or _asks(text)


def _asks(text: str) -> bool:
    return text.endswith(("？", "?"))
