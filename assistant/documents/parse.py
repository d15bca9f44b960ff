"""Bytes -> statements. Runs in the child: nothing here is called on an untrusted file in the program's own process."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import islice

from assistant.assessment.document import Statement
from assistant.documents.guards import check_kind, check_package
from assistant.documents.limits import STATEMENTS_LIMIT, TEXT_LIMIT
from assistant.documents.pieces import Contents, Piece, Pieces
from assistant.documents.speakers import Cast, Line, cast_of, take_apart
from assistant.errors import InputError

CAPTION_NUMBER = re.compile(r"^\d{1,5}$")
TITLE = re.compile(r"^[^。！？!?；;：:，,]{1,40}$")
"""The first line of a file, when it is no sentence."""

ASIDE = re.compile(r"^[（(].*[）)]$", re.DOTALL)
"""A remark of whoever took the minutes; nobody said it."""

HEAD = 8
"""How many pieces at the top of a file may say when it was written."""
DAY = re.compile(r"(?:时间|日期)\s*[：:]\s*(20\d{2})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})(?!\d)")

COMPLETE = re.compile(r"[。！？!?…；;]$")
CAPTION_TURN = 200
TALK = 0.5
"""Share of pieces that name a speaker from which a file is a conversation: what names none goes on with the last."""

NOTHING = "文件里没有可读的文字。若是图片或扫描件，请先做文字识别（OCR）后再试。"


def parse(content: bytes, suffix: str) -> Contents:
    """The statements of a file. Raises InputError saying in Chinese why it is refused and what to do."""
    check_kind(content, suffix)
    found = _read(content, suffix)
    if sum(len(piece.text) for piece in found.pieces) > TEXT_LIMIT or len(found.pieces) > 2 * STATEMENTS_LIMIT:
        raise InputError(
            f"文件的文字超过 {TEXT_LIMIT} 字或 {2 * STATEMENTS_LIMIT} 段。请只留下与评估有关的部分后再试。"
        )
    statements = turns(found.pieces, captions=suffix in (".srt", ".vtt"))
    if not statements:
        raise InputError(NOTHING)
    return Contents(statements=tuple(statements), notes=tuple(found.notes), dated=dated(found.pieces))


def dated(pieces: Iterable[Piece]) -> str:
    """The day that the head of a file gives for itself (`时间：2026年3月5日`), in ISO; empty when it gives none."""
    for piece in islice(pieces, HEAD):
        found = DAY.search(piece.text)
        try:
            if found:
                return date(*map(int, found.groups())).isoformat()
        except ValueError:
            continue
    return ""


def _read(content: bytes, suffix: str) -> Pieces:
    if suffix == ".pdf":
        from assistant.documents.pages import read_pages

        return read_pages(content)
    if suffix in (".docx", ".xlsx"):
        check_package(content, suffix)
        if suffix == ".docx":
            from assistant.documents.word import read_word

            return read_word(content)
        from assistant.documents.sheet import read_sheets

        return read_sheets(content)
    from assistant.documents.plain import read_plain

    return read_plain(content, suffix)


def turns(pieces: list[Piece], *, captions: bool = False) -> list[Statement]:
    """Statements from pieces: speakers and times taken off, head lines joined with what they head, titles left out."""
    cast = cast_of(piece.text for piece in pieces)
    spoken = [take_apart(p.text, cast).speaker is not None for p in pieces if not p.title]
    captions = captions or any(" --> " in p.text for p in pieces)
    talk = captions or (bool(spoken) and sum(spoken) >= TALK * len(spoken)) or _has_head_lines(pieces, cast)
    found: list[Statement] = []
    places: dict[str, int] = {}
    speaker = role = time = ""
    for position, piece in enumerate(pieces):
        if (
            position == 0
            and len(pieces) > 1
            and TITLE.match(piece.text)
            and take_apart(piece.text, cast).speaker is None
        ):
            continue
        if piece.title or cast.about_the_talk(piece.text) or (captions and CAPTION_NUMBER.match(piece.text)):
            continue
        line = take_apart(piece.text, cast)
        if line.speaker is None and (not talk or piece.cell or ASIDE.match(piece.text)):
            line = Line(line.text, "", time=line.time)
        if line.speaker is not None:
            speaker, role = line.speaker, line.role
        time = line.time or ("" if line.speaker is not None or not talk else time)
        if not line.text:
            continue
        statement = Statement(
            number=len(found) + 1,
            place=time or piece.place,
            text=line.text,
            speaker=speaker,
            role=role,
            heading=piece.heading,
        )
        if captions and found and _goes_on(found[-1], statement):
            found[-1] = found[-1].model_copy(update={"text": found[-1].text + statement.text})
            continue
        count = places[statement.place] = places.get(statement.place, 0) + 1
        if count > 1:
            statement = statement.model_copy(update={"place": f"{statement.place}（{count}）"})
        found.append(statement)
    return found


def _has_head_lines(pieces: list[Piece], cast: Cast) -> bool:
    """True when speakers stand on lines of their own, with what they say below."""
    lines = [take_apart(p.text, cast) for p in pieces]
    heads = sum(line.speaker is not None and not line.text for line in lines)
    return heads >= 3 and heads * 4 >= len(lines)  # noqa: PLR2004


def _goes_on(before: Statement, statement: Statement) -> bool:
    """True when a caption goes on with the sentence of the one before."""
    same = (before.speaker, before.role) == (statement.speaker, statement.role)
    return same and COMPLETE.search(before.text) is None and len(before.text) < CAPTION_TURN
