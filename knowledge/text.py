"""Text as search compares it: NFKC, upper case, cut into tokens that remember where they stood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
RUN = re.compile(rf"[{IDEOGRAPH}]+|[^\W_{IDEOGRAPH}]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of Latin letters or digits, one ideograph, or two neighbouring ones; offsets in the text as given.

    `alone`: a whole run, so that it stands for itself even when it is a single ideograph.
    """

    text: str
    start: int
    end: int
    alone: bool


def normalise(text: str) -> str:
    """Full-width forms as half-width ones, upper case: `ｍｅｓ` -> `MES`."""
    return unicodedata.normalize("NFKC", text).upper()


def tokens(text: str) -> Iterator[Token]:
    """Tokens in order: Latin words and numbers whole, ideographs one by one and in pairs; nothing of symbols."""
    folded, origin = [], []
    for index, char in enumerate(text):
        for part in normalise(char):
            folded.append(part)
            origin.append(index)
    for run in RUN.finditer("".join(folded)):
        places = range(run.start(), run.end())
        if not re.match(f"[{IDEOGRAPH}]", run[0]):
            yield Token(run[0], origin[places[0]], origin[places[-1]] + 1, alone=True)
            continue
        for place in places:
            yield Token(folded[place], origin[place], origin[place] + 1, alone=len(places) == 1)
        for left, right in pairwise(places):
            yield Token(folded[left] + folded[right], origin[left], origin[right] + 1, alone=False)


def telling(words: Iterable[Token]) -> frozenset[str]:
    """The tokens that show a match: words and pairs; an ideograph only where it stands alone."""
    return frozenset(word.text for word in words if word.alone or len(word.text) > 1)


def spans(words: Iterable[Token], wanted: Container[str]) -> tuple[tuple[int, int], ...]:
    """Where tokens of a text are among the wanted ones: (start, end), in order, those that touch merged."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((word.start, word.end) for word in words if word.text in wanted):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
