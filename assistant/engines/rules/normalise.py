"""Text as the rules read it, with the way back: every normalised character knows where it came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_SENTENCE = re.compile(r"[^。!;\n…]+[。!;\n…]*")
_PIECE = re.compile(r"(?:[^,:。!?;\n…]|(?<=\d),(?=\d{3}))+[,:。!?;\n…]*")


@dataclass(frozen=True)
class Normalised:
    """NFKC, upper-case Latin, no blanks (line ends kept). `origin[i]` is the original index of character i."""

    original: str
    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of a normalised one, so that a quote is exact: `original[a:b]`."""
        return self.origin[start], self.origin[end - 1] + 1


@dataclass(frozen=True)
class Piece:
    """A stretch of normalised text: `text[start:end]`, without its closing mark."""

    text: str
    start: int
    end: int


def normalise(original: str) -> Normalised:
    """Fold widths, case and blanks, character by character, so that offsets stay exact."""
    chars: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(original):
        for folded in char if char == "…" else unicodedata.normalize("NFKC", char).upper():
            if folded == "\n" or not folded.isspace():
                chars.append(folded)
                origin.append(index)
    return Normalised(original=original, text="".join(chars), origin=tuple(origin))


def _cut(pattern: re.Pattern[str], text: str, offset: int) -> Iterator[Piece]:
    for match in pattern.finditer(text):
        body = match[0].rstrip(",:。!?;\n…")
        if body:
            yield Piece(text=body, start=offset + match.start(), end=offset + match.start() + len(body))


def sentences(norm: Normalised) -> list[Piece]:
    """Sentences, cut at full stops, exclamation marks, semicolons and line ends.

    A question mark does not end one: people ask and answer in one breath (`远程诊断？没开通过`).
    """
    return list(_cut(_SENTENCE, norm.text, 0))


def pieces(sentence: Piece) -> list[Piece]:
    """Parts of a sentence between commas, colons and question marks; enumeration marks (、) do not cut."""
    return list(_cut(_PIECE, sentence.text, sentence.start))
