"""What an answer says in passing about other topics.

Taken only where three things agree: the sentence holds several of the other topic's everyday words and more than of the
topic asked about, a sign of the guide fires, and an exemplar of talk points the same way. On the six shipped profiles'
answers the sign alone is wrong one time in four.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.assessment.reading import Verdict
from assistant.engines.rules.likeness import Likeness
from assistant.engines.rules.normalise import Normalised, Piece, normalise, sentences
from assistant.engines.rules.signs import Heard, hear
from knowledge.guide import Guide
from knowledge.model import Standard

WORDS = 2
NEAR = 0.08


class Crosstalk:
    """Finds statements about sub-items other than the one that was asked about."""

    def __init__(self, standard: Standard, guide: Guide, likeness: Likeness) -> None:
        """Rates of other sub-items are never taken in passing: whose number it is would be a guess."""
        self._guide = guide
        self._likeness = likeness
        self._rated = {r.code for r in standard.requirements.values() if r.rate}
        self._words = {
            code: frozenset(w for word in entry.words if len(w := normalise(word).text) > 1)
            for code, entry in guide.subitems.items()
        }

    def hear(self, norm: Normalised, asked: str) -> Iterator[Heard]:
        """Verdicts on requirements of other sub-items than `asked`."""
        for sentence in sentences(norm):
            counts = {code: sum(word in sentence.text for word in words) for code, words in self._words.items()}
            for code, count in counts.items():
                if code != asked and count >= WORDS and count > counts[asked]:
                    yield from self._agreed(sentence, code)

    def _agreed(self, sentence: Piece, code: str) -> Iterator[Heard]:
        part = normalise(sentence.text)
        signs = list(hear(part, self._guide.subitems[code]))
        for heard in signs:
            if any(other.requirement == heard.requirement and other.verdict != heard.verdict for other in signs):
                continue  # said both ways in one sentence: one half of it alone would mislead
            text = part.text[heard.start : heard.end]
            likes = self._likeness.nearest(code, text, denied=heard.verdict != Verdict.MET)
            agrees = any(
                like.requirement == heard.requirement and like.verdict == heard.verdict and like.nearness >= NEAR
                for like in likes
            )
            if agrees and heard.requirement not in self._rated:
                start, end = heard.start + sentence.start, heard.end + sentence.start
                yield Heard(heard.requirement, heard.verdict, start, end, f"顺带提到；{heard.rule}")
