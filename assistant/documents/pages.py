"""pdf -> pieces: paragraphs as `第2页第3段`. Runs in the child."""

from __future__ import annotations

import io
import logging
import re

from assistant.documents.limits import PAGES_LIMIT
from assistant.documents.pieces import Piece, Pieces, tidy
from assistant.documents.plain import HEADING
from assistant.documents.speakers import starts_turn
from assistant.errors import InputError

FULL_LINE = 0.8
"""A line this long, measured by the page's longest, was broken by the edge of the page, not by its author."""

ENDS = re.compile(r"[。！？!?；;：:]$")
PAGE_NUMBER = re.compile(r"^(?:第?\s*\d{1,4}\s*页?|-\s*\d{1,4}\s*-|\d{1,4}\s*/\s*\d{1,4})$")
LOCKED = "PDF 有密码或限制复制，读不了。请取得不加密的原件，或打开后另存（打印）为新的 PDF，再试一次。"
SCANNED = (
    "PDF 里没有文字，是扫描件或图片。请先做文字识别（OCR），得到带文字的 PDF、docx 或 txt 后再试；"
    "也可以在访谈中直接说明其内容。"
)


def read_pages(content: bytes) -> Pieces:
    """All pages that hold text. Raises InputError for a locked one and for a scanned one."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise InputError(LOCKED)
    if len(reader.pages) > PAGES_LIMIT:
        raise InputError(f"PDF 有 {len(reader.pages)} 页，最多 {PAGES_LIMIT} 页。请拆成几个文件后再试。")
    found, empty, heading = Pieces(), [], ""
    for number, page in enumerate(reader.pages, start=1):
        paragraphs = _paragraphs([tidy(line) for line in page.extract_text().splitlines()])
        if not paragraphs:
            empty.append(number)
        for position, text in enumerate(paragraphs, start=1):
            title = HEADING.match(text) is not None
            heading = text if title else heading
            found.pieces.append(Piece(f"第{number}页第{position}段", text, "" if title else heading, title))
    if not found.pieces:
        raise InputError(SCANNED)
    if empty:
        listed = "、".join(str(n) for n in empty[:20]) + ("等" if len(empty) > 20 else "")  # noqa: PLR2004
        found.notes.append(f"第 {listed} 页没有文字（可能是扫描页或图片），没有读。")
    return found


def _paragraphs(lines: list[str]) -> list[str]:
    """Lines put together where the edge of the page broke them."""
    kept = [line for line in lines if line and not PAGE_NUMBER.match(line)]
    widest = max((len(line) for line in kept), default=0)
    joined: list[str] = []
    goes_on = False
    for line in kept:
        if goes_on and not starts_turn(line) and not HEADING.match(line):
            joined[-1] += line
        else:
            joined.append(line)
        goes_on = len(line) >= FULL_LINE * widest and ENDS.search(line) is None
    return joined
