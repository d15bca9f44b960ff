"""txt, md, srt, vtt -> pieces: one line, one piece. `第N段` counts the lines that hold something."""

from __future__ import annotations

import codecs
import re

from assistant.documents.guards import DAMAGED
from assistant.documents.pieces import Piece, Pieces, tidy
from assistant.errors import InputError

HEADING = re.compile(
    r"^(?:#{1,6}\s+(?P<marked>.+?)\s*#*|(?P<numbered>[（(]?[一二三四五六七八九十]{1,3}[）)、.．][^。；！？!?：:]{1,30}))$"
)
MARKS = re.compile(r"^(?:[-*+•·]\s+|\d{1,3}[.、)）]\s*|>\s*)+")
RULE = re.compile(r"^[-=*_|:\s]{3,}$")
STRAY = 0.01
"""Share of characters that are no text in a file that is still text."""


def read_plain(content: bytes, suffix: str) -> Pieces:
    """The lines of a text file. Raises InputError for what is no text."""
    text = _decoded(content)
    found = Pieces()
    number, heading = 0, ""
    for line in text.splitlines():
        kept = tidy(line)
        if not kept:
            continue
        number += 1
        if suffix == ".md" and RULE.match(kept):
            continue
        title = HEADING.match(kept)
        if title:
            heading = (title["marked"] or title["numbered"]).strip("* ")
            found.pieces.append(Piece(f"第{number}段", heading, title=True))
            continue
        if suffix == ".md":
            kept = MARKS.sub("", kept).replace("**", "").strip().strip("|").strip()
        if kept:
            found.pieces.append(Piece(f"第{number}段", kept, heading))
    return found


def _decoded(content: bytes) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            text = content.decode(name, "replace")
            break
    else:
        if b"\0" in content:
            raise InputError("文件不是文本，可能是改了扩展名的其他文件。请确认文件类型，或另存为 UTF-8 文本后再试。")
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = content.decode("gb18030", "replace")
    odd = sum(c == "\ufffd" or (c < " " and c not in "\n\r\t\f\v") for c in text)
    if odd > STRAY * len(text):
        raise InputError(
            "文件里多处不是文字（编码不对或文件损坏）。请用记事本打开，另存为 UTF-8 文本后再试。" if odd else DAMAGED
        )
    return text
