"""Signs of the interview guide in free speech: what speaks for or against a requirement, and how it was said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assistant.assessment.reading import Verdict
from assistant.engines.rules import lexicon
from assistant.engines.rules.normalise import Normalised
from assistant.engines.rules.statements import Statement, statements
from knowledge.guide import RequirementGuide, SubItemGuide

NEGATIVE = "没"
"""Stands for the pattern of a counter-sign: negative words in what it matches are part of it."""


@dataclass(frozen=True)
class Heard:
    """A verdict that a piece of talk gives on a requirement, with its span in the normalised text."""

    requirement: str
    verdict: Verdict
    start: int
    end: int
    rule: str


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def prepare(guide: SubItemGuide) -> None:
    """Compile a sub-item's signs ahead of the first answer."""
    for requirement in guide.requirements.values():
        for pattern in (*requirement.signs, *requirement.counter):
            _compiled(pattern)


def hear(norm: Normalised, guide: SubItemGuide) -> Iterator[Heard]:
    """Verdicts on a sub-item's requirements that the signs find, at most one a requirement and statement."""
    for statement in statements(norm):
        for code, requirement in guide.requirements.items():
            yield from _hear(code, requirement, statement)


def _hear(code: str, guide: RequirementGuide, said: Statement) -> Iterator[Heard]:
    if said.unsaid:
        return
    for pattern in guide.signs:
        match = _compiled(pattern).search(said.text)
        if match is not None:
            yield from _sign(code, guide, said, match)
            return
    if said.elsewhere or said.past or said.planned or said.given_up or said.asked:
        return
    for pattern in guide.counter:
        match = _compiled(pattern).search(said.text)
        if match is not None and not said.takes_back(match.start()) and not said.denies(*match.span(), NEGATIVE):
            yield Heard(code, Verdict.NOT, said.piece.start, said.piece.end, f"反面说法：{match[0]}")
            return


def _sign(code: str, guide: RequirementGuide, said: Statement, match: re.Match[str]) -> Iterator[Heard]:
    start, end = said.piece.start, said.piece.end
    denied = said.denies(*match.span(), match.re.pattern)
    if not denied and said.following is not None and said.denied_by_next and _only_named(said, match):
        yield Heard(code, Verdict.NOT, start, said.following.end, f"说法：{match[0]}；随后否定")
    elif not denied and said.following is not None and said.tried_next and _only_named(said, match):
        yield Heard(code, Verdict.NOT, start, said.following.end, f"说法：{match[0]}；随后说只是试过或听说")
    elif said.elsewhere or said.past or said.asked:
        return
    elif said.planned:
        yield Heard(code, Verdict.NOT, start, end, f"说法：{match[0]}；只是计划或听说")
    elif said.given_up:
        yield Heard(code, Verdict.NOT, start, end, f"说法：{match[0]}；已停用")
    elif denied and lexicon.IDENTITY.search(said.text[max(0, match.start() - 4) : match.start()]):
        return
    elif denied:
        yield Heard(code, Verdict.NOT, start, end, f"说法：{match[0]}；否定")
    elif (verdict := _extent(guide, said)) is not None:
        yield Heard(code, verdict, start, end, f"说法：{match[0]}")


def _only_named(said: Statement, match: re.Match[str]) -> bool:
    """True when the statement names the thing and says nothing of it yet, or speaks of somebody else's or of a plan."""
    rest = said.text[: match.start()] + said.text[match.end() :]
    named = said.asked or lexicon.NAMING.search(said.text) is not None
    if lexicon.DONE.search(match[0]) or lexicon.ACTED.search(match[0]):
        return named
    return named or said.elsewhere or said.planned or said.past or lexicon.PREDICATE.search(rest) is None


def _extent(guide: RequirementGuide, said: Statement) -> Verdict | None:
    """How far a positive statement reaches against how far it has to; None when it does not say."""
    if guide.extent is None or (said.whole and not said.partial):
        return Verdict.MET
    if said.partial:
        return Verdict.PARTLY
    return Verdict.MET if guide.extent == "most" else None
