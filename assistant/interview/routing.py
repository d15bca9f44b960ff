"""Which sub-item does each sentence of a document speak of? Pure over the Router port.

One sentence of plain talk seldom says what it is about: searched for by itself, the right sub-item comes first in four of
ten. What was asked, the rest of the paragraph and what came before say it. So a document is taken as a walk from topic to
topic (a hidden Markov chain over the sub-items): search weighs each sentence and its paragraph, a change of topic within
a paragraph is unlikely, between paragraphs likelier; forward and backward sums give each sentence's chances.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.ports import Router
from knowledge.errors import InvalidQueryError

SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*[”’」』）)]*")
SHARPNESS = 8.0
"""How much a better search result counts, in natural logarithms for a score as high as the best."""

OWN, AROUND, ABOVE = 1.0, 2.0, 0.7
"""Weights of a sentence's own words, of its paragraph's, and of the heading's."""

QUESTION = 1.5
"""Weight of the interviewer's words: who asks names the topic."""

CHANGE_WITHIN, CHANGE_BETWEEN, CHANGE_ASKED = 0.01, 0.35, 0.6
"""Chance that the topic changes before a sentence: inside a paragraph, at a new one, at a question."""

SURE = 0.5
"""Chance from which a sentence is taken to speak of a sub-item; below it is not read."""

Chances = Mapping[str, float]


@dataclass(frozen=True)
class Utterance:
    """A paragraph or a turn. `asks`: the interviewer's words, which say what is spoken of and are no evidence."""

    text: str
    heading: str = ""
    asks: bool = False


@dataclass(frozen=True)
class Passage:
    """Sentences of one utterance that speak of one sub-item: an exact part of its text."""

    subitem: str
    text: str


@dataclass(frozen=True)
class _Step:
    """One sentence in the walk: where it stands, what search says of it, and how likely the topic changes before it."""

    utterance: int
    start: int
    end: int
    weights: Mapping[str, float]
    change: float


def route(utterances: Sequence[Utterance], subitems: Sequence[str], router: Router) -> list[list[Passage]]:
    """For each utterance its passages, in order; none for what speaks of no sub-item, and for what the interviewer said."""
    steps = list(_steps(utterances, router))
    found: list[list[Passage]] = [[] for _ in utterances]
    last: tuple[int, str] | None = None
    for step, (code, chance) in zip(steps, _likeliest(steps, subitems), strict=True):
        utterance = utterances[step.utterance]
        if utterance.asks or chance < SURE:
            last = None
            continue
        passages = found[step.utterance]
        if last == (step.utterance, code):
            begin = utterance.text.rindex(passages[-1].text, 0, step.start)
            passages[-1] = Passage(code, utterance.text[begin : step.end].rstrip())
        else:
            passages.append(Passage(code, utterance.text[step.start : step.end].strip()))
        last = (step.utterance, code)
    return found


def _steps(utterances: Sequence[Utterance], router: Router) -> Iterator[_Step]:
    after_question = False
    for number, utterance in enumerate(utterances):
        around = _found(router, utterance.text)
        above = _found(router, utterance.heading)
        weight = QUESTION if utterance.asks else 1.0
        for position, sentence in enumerate(SENTENCE.finditer(utterance.text)):
            own = _found(router, sentence[0])
            weights = {
                code: weight * (OWN * own.get(code, 0.0) + AROUND * around.get(code, 0.0))
                + ABOVE * above.get(code, 0.0)
                for code in own.keys() | around.keys() | above.keys()
            }
            if position:
                change = CHANGE_WITHIN
            elif utterance.asks:
                change = CHANGE_ASKED
            else:
                change = CHANGE_WITHIN if after_question else CHANGE_BETWEEN
            yield _Step(number, sentence.start(), sentence.end(), weights, change)
        after_question = utterance.asks


def _found(router: Router, text: str) -> Chances:
    """Search results as shares of the best one."""
    if not text.strip():
        return {}
    try:
        scores = dict(router.subitems(text, k=1000))
    except InvalidQueryError:
        return {}
    best = max(scores.values(), default=0.0)
    return {code: score / best for code, score in scores.items()} if best > 0 else {}


def _likeliest(steps: Sequence[_Step], subitems: Sequence[str]) -> list[tuple[str, float]]:
    """For each sentence the likeliest sub-item and its chance, given all of the document."""
    if not steps:
        return []
    heard = [
        [math.exp(SHARPNESS * step.weights.get(code, 0.0) / (OWN + AROUND)) for code in subitems] for step in steps
    ]
    forward: list[list[float]] = []
    for step, seen in zip(steps, heard, strict=True):
        before = _moved(forward[-1], step.change) if forward else [1.0] * len(subitems)
        forward.append(_normal([a * b for a, b in zip(before, seen, strict=True)]))
    result: list[tuple[str, float]] = []
    backward = [1.0] * len(subitems)
    for position in range(len(steps) - 1, -1, -1):
        chances = _normal([a * b for a, b in zip(forward[position], backward, strict=True)])
        best = max(range(len(subitems)), key=chances.__getitem__)
        result.append((subitems[best], chances[best]))
        after = _normal([a * b for a, b in zip(backward, heard[position], strict=True)])
        backward = _moved(after, steps[position].change)
    return result[::-1]


def _moved(chances: Sequence[float], change: float) -> list[float]:
    """Chances after a step at which the topic may change to any other."""
    spread = change * sum(chances) / len(chances)
    return [(1 - change) * chance + spread for chance in chances]


def _normal(chances: list[float]) -> list[float]:
    total = sum(chances)
    return [chance / total for chance in chances]
