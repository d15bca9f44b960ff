"""Making typed or pasted text fit to be kept: no control characters, not empty, not endless. The words stay as said."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from assistant.errors import InputError

LIMIT = 200_000
"""Characters in one answer: some ten hours of talk. Longer text is a document, not an answer."""


@dataclass(frozen=True)
class Cleaned:
    """Text that can be kept, and how many unprintable characters were left out."""

    text: str
    removed: int


COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
"""What a terminal leaves in pasted text."""


def printable(text: str) -> str:
    """Text without a terminal's colours, control, surrogate and private-use characters; tabs and line ends stay."""
    text = COLOURS.sub("", text)
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Co"))


def one_line(text: str) -> str:
    """A name, a role or a reason fit to be kept: printable, blanks folded; may be empty."""
    return " ".join(printable(text).split())


def clean(text: str) -> Cleaned:
    """Text without control, surrogate and private-use characters (tabs and line ends stay). Raises InputError."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = printable(text)
    removed = len(text) - len(kept)
    kept = kept.strip()
    if not kept:
        raise InputError("没有收到内容。请说说实际情况；不了解可以说“不清楚”，不想谈可以说“跳过”。")
    if len(kept) > LIMIT:
        raise InputError(f"这段话有 {len(kept)} 字，一次最多 {LIMIT} 字。请分成几段发送，已保存的内容不受影响。")
    return Cleaned(text=kept, removed=removed)
