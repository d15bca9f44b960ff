"""Proof that structure.yaml is the source text: rendered in reading order, it equals source.txt character by character.

White space and page breaks are artefacts of the extraction (DECISIONS) and are left out on both sides. Besides, every
piece must begin after white space of the source: text pushed from one cell into its neighbour would otherwise go
unseen, since their concatenation stays the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from knowledge.errors import Problem
from knowledge.model import LEVELS, Clause, Standard, SubItem

CONTEXT = 12
LONGEST_EDIT = 30
AGREE = 8
ROW_HEADER = "能力子项"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the rendered document: its text without white space, its code and its line in structure.yaml.

    `follows`: printed right after the piece before it (a clause after its marker), not after white space.
    `cut_at`: line of the `page_break` that cuts its row, 0 in a whole row.
    """

    text: str
    code: str
    line: int
    follows: bool = False
    cut_at: int = 0

    def part(self, start: int, end: int, cut_at: int) -> Piece:
        """What stands between two offsets, cut by the page break of that line."""
        return Piece(self.text[start:end], self.code, self.line, self.follows and not start, cut_at)


@dataclass(frozen=True, slots=True)
class Source:
    """The source text without white space; per character its line (from 1) and whether white space stands before it."""

    text: str
    lines: tuple[int, ...]
    fresh: tuple[bool, ...]

    @classmethod
    def of(cls, raw: str) -> Source:
        """Flatten the text of source.txt."""
        text, lines, fresh = [], [], []
        line, after_space = 1, True
        for char in raw:
            if char.isspace():
                line += char == "\n"
                after_space = True
                continue
            text.append(char)
            lines.append(line)
            fresh.append(after_space)
            after_space = False
        return cls("".join(text), tuple(lines), tuple(fresh))


def render(standard: Standard, lines: Mapping[str, int]) -> list[Piece]:
    """The document as pieces in reading order. `lines`: line of each key, as `knowledge.nodes.Sheet` marks them."""
    return [piece for piece in _pieces(standard, lines) if piece.text]


def prove(standard: Standard, source: Source, lines: Mapping[str, int], file: str, source_file: str) -> list[Problem]:
    """The first difference between the two files, else every piece that begins in the middle of the source's words.

    `file`: name of structure.yaml in the messages. An empty list is the proof.
    """
    pieces = render(standard, lines)
    text = "".join(piece.text for piece in pieces)
    if text != source.text:
        return [_difference(pieces, text, source, file, source_file)]
    problems, start = [], 0
    for piece in pieces:
        if not (piece.follows or source.fresh[start]):
            message = (
                f"这里以“{piece.text[:CONTEXT]}”开头，但在 {source_file} 第 {source.lines[start]} 行它与前面的"
                f"“{text[max(0, start - CONTEXT) : start]}”连在一起，请检查与前一段、前一格的分界"
            )
            problems.append(Problem(file, piece.line, piece.code, message))
        start += len(piece.text)
    return problems


def _pieces(standard: Standard, lines: Mapping[str, int]) -> Iterator[Piece]:
    terms = {term.code: term for term in standard.terms}
    levels = {level.level: level for level in standard.levels}
    for index, passage in enumerate(standard.document):
        if passage.term:
            term = terms[passage.term]
            for field in ("code", "name", "english", "definition"):
                yield _piece(getattr(term, field), term.code, lines[f"term {term.code}/{field}"])
        elif passage.level:
            level = levels[passage.level]
            code = f"L{level.level}"
            yield _piece(f"{level.name}：", code, lines[f"level {level.level}/name"])
            yield _piece(level.description, code, lines[f"level {level.level}/description"], follows=True)
        elif passage.table:
            yield from _table(standard, passage.table, lines)
        else:
            yield _piece(passage.title, passage.code, lines[f"document {index}/title"])
            yield _piece(passage.text, passage.code, lines[f"document {index}/text"])


def _table(standard: Standard, number: int, lines: Mapping[str, int]) -> Iterator[Piece]:
    table = standard.table(number)
    code = f"表{number}"
    yield _piece(f"{code}{table.caption}", code, lines[f"table {number}"])
    for name in (ROW_HEADER, *(table.level_names or [level.name for level in standard.levels])):
        yield _piece(name, code, lines[f"table {number}/level_names"])
    for item in standard.items():
        if item.table == number:
            for subitem in item.subitems:
                yield from _row(subitem, lines)


def _row(subitem: SubItem, lines: Mapping[str, int]) -> Iterator[Piece]:
    """Name and five cells; a row cut by a page break first shows what stood above the break, then the rest."""
    columns = [[_piece(subitem.name, subitem.code, lines[f"{subitem.code}/name"])]]
    for level in LEVELS:
        columns.append([piece for clause in subitem.at(level) for piece in _clause(clause, lines)])
    if not subitem.page_break:
        yield from (piece for column in columns for piece in column)
        return
    line = lines[f"{subitem.code}/page_break"]
    parts = [_split(column, cut, line) for column, cut in zip(columns, subitem.page_break, strict=True)]
    yield from (piece for above, _ in parts for piece in above)
    yield from (piece for _, below in parts for piece in below)


def _clause(clause: Clause, lines: Mapping[str, int]) -> Iterator[Piece]:
    """The marker printed before the clause (its own, or its letter and a full-width bracket), then its text."""
    marker = clause.marker or (f"{clause.letter}）" if clause.letter else "")
    yield _piece(marker, clause.code, lines[f"{clause.code}/marker"])
    yield _piece(clause.text, clause.code, lines[f"{clause.code}/text"], follows=bool(marker))


def _split(column: list[Piece], cut: int, line: int) -> tuple[list[Piece], list[Piece]]:
    above, below = [], []
    for piece in column:
        at = min(max(cut, 0), len(piece.text))
        above.append(piece.part(0, at, line))
        below.append(piece.part(at, len(piece.text), line))
        cut -= len(piece.text)
    return above, below


def _piece(text: str, code: str, line: int, follows: bool = False) -> Piece:
    return Piece("".join(text.split()), code, line, follows)


def _difference(pieces: list[Piece], text: str, source: Source, file: str, source_file: str) -> Problem:
    """Where the two first differ, named in both files, with the shortest edit that lets them agree again."""
    at = next((i for i, (a, b) in enumerate(zip(text, source.text, strict=False)) if a != b), -1)
    if at < 0:
        at = min(len(text), len(source.text))
    ours, theirs = _edit(text, source.text, at)
    piece = _blame(pieces, source, at, ours, theirs)
    first = source.lines[max(0, at - (theirs == 0))] if source.lines else 1
    last = source.lines[min(at + max(0, theirs - 1), len(source.lines) - 1)] if source.lines else 1
    place = f"第 {first} 行" if first >= last else f"第 {first}—{last} 行"
    message = (
        f"与 {source_file} {place}不一致：此处应为“{_shown(source.text, at, theirs)}”，"
        f"实为“{_shown(text, at, ours)}”（【】内为差异）"
    )
    if piece.cut_at:
        message += f"；这一行被分页切开，也请检查第 {piece.cut_at} 行的 page_break"
    return Problem(file, piece.line, piece.code, message)


def _edit(ours: str, theirs: str, at: int) -> tuple[int, int]:
    """Lengths to replace at `at` in either text so that they agree again for a while: the shortest edit, else a long
    stretch that one of them lacks, else one character of each.
    """
    for total in range(1, 2 * LONGEST_EDIT):
        for a in range(max(0, total - LONGEST_EDIT), min(total, LONGEST_EDIT) + 1):
            b = total - a
            if ours[at + a : at + a + AGREE] == theirs[at + b : at + b + AGREE]:
                return a, b
    lacking = theirs.find(ours[at : at + CONTEXT], at)
    extra = ours.find(theirs[at : at + CONTEXT], at)
    if lacking > at:
        return 0, lacking - at
    return (extra - at, 0) if extra > at else (1, 1)


def _blame(pieces: list[Piece], source: Source, at: int, ours: int, theirs: int) -> Piece:
    """The piece that holds the difference.

    Where the source has more, between two pieces, the later one has lost its beginning only if what is left of it
    does not begin after white space; else the earlier one has lost its end.
    """
    starts, position = [], 0
    for piece in pieces:
        starts.append(position)
        position += len(piece.text)
    index = bisect_right(starts, at) - 1
    after = at + theirs
    if index and starts[index] == at and not ours and (after >= len(source.fresh) or source.fresh[after]):
        index -= 1
    return pieces[index]


def _shown(text: str, at: int, length: int) -> str:
    before, after = text[max(0, at - CONTEXT) : at], text[at + length : at + length + CONTEXT]
    differs = text[at : at + length]
    if length > LONGEST_EDIT:
        differs = f"{differs[:CONTEXT]}……{differs[-CONTEXT:]}（共{length}字）"
    return f"{'…' if at > CONTEXT else ''}{before}【{differs}】{after}{'…' if after else ''}"
