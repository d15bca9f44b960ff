"""Where a quote stands in a text, although a model copies widths, blanks and quotation marks its own way.

Both are folded (NFKC's compatibility forms, white space left out) and compared; the place found is mapped back, so that
what is kept is an exact span of the original: `text[start:end]`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

AROUND = "\"'“”‘’„‟「」『』《》〈〉«»`….．·⋯"
"""Quotation marks and ellipses that a model puts round a quote."""

CLOSING = "，。；、,;:：!！?？"
"""Marks at a quote's ends that a model changes when it cuts a sentence."""


@dataclass(frozen=True)
class Folded:
    """A text and its folded form; `origin[i]` is the index in the original that folded character i came from."""

    original: str
    text: str
    origin: tuple[int, ...]

    def find(self, quote: str) -> tuple[int, int] | None:
        """(start, end) of the first span of the original that reads like the quote; None when there is none.

        As it stands first, then without marks round it. An ellipsis inside a quote stands for nothing.
        """
        for wanted in dict.fromkeys((quote, quote.strip().strip(AROUND), _bare(quote))):
            found = self._find(wanted)
            if found is not None:
                return found
        return None

    def _find(self, wanted: str) -> tuple[int, int] | None:
        if not wanted or wanted.isspace():
            return None
        exact = self.original.find(wanted)
        if exact >= 0:
            return exact, exact + len(wanted)
        needle = fold(wanted).text
        at = self.text.find(needle) if needle else -1
        while at >= 0:
            origin = self.origin[at : at + len(needle)]
            start, end = min(origin), max(origin) + 1
            if fold(self.original[start:end]).text == needle:
                return start, end
            at = self.text.find(needle, at + 1)
        return None


def fold(text: str) -> Folded:
    """A text with compatibility forms resolved, marks in canonical order, without white space and invisible characters.

    The decomposed form is used: two texts with equal NFKC have the same, and it can be made character by character.
    """
    chars: list[tuple[str, int]] = []
    for index, char in enumerate(text):
        for part in unicodedata.normalize("NFKD", char):
            if not part.isspace() and unicodedata.category(part) != "Cf":
                chars.append((part, index))
    ordered = _ordered(chars)
    return Folded(text, "".join(c for c, _ in ordered), tuple(i for _, i in ordered))


def locate(text: str, quote: str) -> tuple[int, int] | None:
    """Span of the quote in the text, see `Folded.find`; for one look-up."""
    return fold(text).find(quote)


def _ordered(chars: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Unicode's canonical order: runs of combining marks sorted by class, equal ones left as they are."""
    if all(char.isascii() or not unicodedata.combining(char) for char, _ in chars):
        return chars
    ordered: list[tuple[str, int]] = []
    run: list[tuple[str, int]] = []
    for pair in [*chars, ("", 0)]:
        if pair[0] and unicodedata.combining(pair[0]):
            run.append(pair)
            continue
        ordered += sorted(run, key=lambda p: unicodedata.combining(p[0]))
        run = []
        if pair[0]:
            ordered.append(pair)
    return ordered


def _bare(quote: str) -> str:
    """The quote without any marks and blanks at its ends."""
    return quote.strip(AROUND + CLOSING + " \t\n\u3000")
