"""Likeness: which requirement a statement speaks of, by the exemplars of talk that it resembles.

Statements are compared by their character n-grams, rare ones weighing more; negative words are left out of the
comparison, for whether a statement denies is known better from its grammar.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import log, sqrt

from assistant.assessment.reading import Verdict
from assistant.engines.rules.normalise import Normalised, normalise
from assistant.engines.rules.signs import Heard
from assistant.engines.rules.statements import denies, statements
from knowledge.talk import Exemplars

SIZES = (1, 2, 3)
NEAR, CLEAR = 0.3, 0.05
"""Nearness from which a verdict is taken, and the lead over an exemplar that says otherwise. Below 0.3 one in ten is
wrong on the shipped profiles (`python -m evals read`), above it one in fifteen."""
SHORTEST = 4
NEUTRAL = re.compile(r"[没不无未别也都就还了的吧呢啊嘛呀哦、\"“”()（）]")


@dataclass(frozen=True)
class Like:
    """An exemplar that a statement resembles: `nearness` 0 to 1, `lead` over the nearest one that says otherwise."""

    requirement: str
    verdict: Verdict
    nearness: float
    lead: float
    exemplar: str


@dataclass(frozen=True)
class _Entry:
    requirement: str
    met: bool
    denied: bool
    text: str
    grams: Mapping[str, float]


class Likeness:
    """Nearest exemplars within one sub-item."""

    def __init__(self, talk: Mapping[str, Exemplars]) -> None:
        """Exemplars by requirement; each sub-item's are weighed when it is first spoken of."""
        self._spoken: dict[str, list[tuple[str, bool, str]]] = defaultdict(list)
        for code, exemplars in talk.items():
            for met, some in ((True, exemplars.met), (False, exemplars.unmet)):
                self._spoken[code.partition("-")[0]] += [(code, met, text) for text in some]
        self._entries: dict[str, tuple[_Entry, ...]] = {}

    def prepare(self) -> None:
        """Weigh all exemplars ahead of the first answer."""
        for subitem in self._spoken:
            self._entries_of(subitem)

    def hear(self, norm: Normalised, subitem: str, heard: Sequence[Heard]) -> Iterator[Heard]:
        """Verdicts by likeness where the signs gave none on that requirement in that statement."""
        known = {(h.requirement, h.start) for h in heard}
        for said in statements(norm):
            if said.elsewhere or said.past or said.unsaid or said.asked or len(said.text) < SHORTEST:
                continue
            denied = said.planned or said.given_up or denies(said.text)
            for like in self.nearest(subitem, said.text, denied)[:1]:
                if like.nearness >= NEAR and like.lead >= CLEAR and (like.requirement, said.piece.start) not in known:
                    rule = f"与样例相近（{like.nearness:.2f}）：{like.exemplar}"
                    yield Heard(like.requirement, like.verdict, said.piece.start, said.piece.end, rule)

    def nearest(self, subitem: str, text: str, denied: bool) -> list[Like]:
        """For each requirement of a sub-item the verdict of its nearest exemplar, nearest first."""
        weights = self._weights(text)
        best: dict[str, dict[Verdict, tuple[float, str]]] = defaultdict(dict)
        for entry in self._entries_of(subitem):
            verdict = _verdict(entry, denied)
            if verdict is None:
                continue
            nearness = _dot(weights, entry.grams)
            if nearness > best[entry.requirement].get(verdict, (0.0, ""))[0]:
                best[entry.requirement][verdict] = (nearness, entry.text)
        found = []
        for code, verdicts in ((c, v) for c, v in best.items() if v):
            verdict, (nearness, exemplar) = max(verdicts.items(), key=lambda pair: pair[1][0])
            other = max((n for v, (n, _) in verdicts.items() if v != verdict), default=0.0)
            found.append(Like(code, verdict, nearness, nearness - other, exemplar))
        return sorted(found, key=lambda like: -like.nearness)

    @cached_property
    def _rarity(self) -> tuple[dict[str, float], float]:
        """The weight of each n-gram over all exemplars, and of one unseen: what stands in many of them tells little."""
        texts = [text for some in self._spoken.values() for _, _, text in some]
        seen = Counter(gram for text in texts for gram in set(_grams(text)))
        return {gram: log((1 + len(texts)) / (1 + n)) for gram, n in seen.items()}, log(1 + len(texts))

    def _entries_of(self, subitem: str) -> tuple[_Entry, ...]:
        if subitem not in self._entries:
            self._entries[subitem] = tuple(
                _Entry(code, met, denies(normalise(text).text), text, self._weights(text))
                for code, met, text in self._spoken.get(subitem, ())
            )
        return self._entries[subitem]

    def _weights(self, text: str) -> dict[str, float]:
        rarity, unseen = self._rarity
        weights = {g: n * rarity.get(g, unseen) * len(g) for g, n in Counter(_grams(text)).items()}
        length = sqrt(sum(w * w for w in weights.values())) or 1.0
        return {gram: w / length for gram, w in weights.items()}


def _verdict(entry: _Entry, denied: bool) -> Verdict | None:
    """What likeness to an exemplar means: the exemplar's own verdict, turned round when only one of the two denies."""
    if entry.denied == denied:
        return Verdict.MET if entry.met else Verdict.NOT
    if entry.met and denied:
        return Verdict.NOT
    return None


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[gram] for gram, weight in one.items() if gram in other)


@lru_cache(maxsize=20_000)
def _grams(text: str) -> tuple[str, ...]:
    plain = NEUTRAL.sub("", normalise(text).text)
    return tuple(plain[i : i + n] for n in SIZES for i in range(len(plain) - n + 1))
