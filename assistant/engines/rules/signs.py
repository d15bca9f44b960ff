"""Signs of the interview guide in free speech: what speaks for or against a requirement, and how it was said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.assessment.reading import Verdict
from assistant.engines.rules.context import (
    MOSTLY,
    WHOLE,
    is_denied,
    is_elsewhere,
    is_partial,
    is_past,
    is_planned,
)
from assistant.engines.rules.normalise import Normalised, Piece, pieces, sentences
from knowledge.guide import RequirementGuide, SubItemGuide


@dataclass(frozen=True)
class Heard:
    """A verdict that a piece of talk gives on a requirement."""

    requirement: str
    verdict: Verdict
    start: int
    end: int
    rule: str


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def hear(norm: Normalised, guide: SubItemGuide) -> list[Heard]:
    """Verdicts on a sub-item's requirements that the signs find, at most one a requirement and piece of talk."""
    heard: list[Heard] = []
    for sentence in sentences(norm):
        parts = pieces(sentence)
        for position, part in enumerate(parts):
            following = parts[position + 1] if position + 1 < len(parts) else None
            for code, requirement in guide.requirements.items():
                heard.extend(_hear(code, requirement, part, following))
    return heard


def _hear(code: str, guide: RequirementGuide, part: Piece, following: Piece | None) -> Iterator[Heard]:
    if is_elsewhere(part.text) or is_past(part.text):
        return
    denied = is_denied(part.text)
    planned = is_planned(part.text)
    for pattern in guide.signs:
        match = _pattern(pattern).search(part.text)
        if match is None:
            continue
        topic_only = following is not None and match.end() >= len(part.text) - 2 and is_denied(following.text)
        end = following.end if topic_only and following is not None else part.end
        if planned and not denied:
            return
        verdict = Verdict.NOT if denied or topic_only else _extent(guide, part.text)
        if verdict is not None:
            yield Heard(code, verdict, part.start, end, f"说法：{match[0]}")
        return
    if denied or planned:
        return
    for pattern in guide.counter:
        match = _pattern(pattern).search(part.text)
        if match:
            yield Heard(code, Verdict.NOT, part.start, part.end, f"反面说法：{match[0]}")
            return


def _extent(guide: RequirementGuide, text: str) -> Verdict | None:
    """How far a positive statement reaches against how far it has to; None when it does not say."""
    if guide.extent is None:
        return Verdict.MET
    if is_partial(text):
        return Verdict.PARTLY
    reach = WHOLE.search(text) or (guide.extent == "most" and MOSTLY.search(text))
    return Verdict.MET if reach else None
