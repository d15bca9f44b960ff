"""Statements: the pieces of an answer, each with what kind of statement it is.

DECISIONS: plans, trials that have not started, systems given up and what other plants do do not count; what was not
said is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.engines.rules import lexicon
from assistant.engines.rules.normalise import Normalised, Piece, pieces, sentences

MASK = "〇"
NEGATIVE_LETTERS = frozenset("没不无未别")


@dataclass(frozen=True)
class Statement:
    """A piece of talk with its attributes. `following` is the next piece of the same sentence, if any.

    `given_up`: the sentence goes on to say that it is no longer used; `unsaid`: it is asked or not known, not stated;
    `asked`: it ends in a question mark, so what follows may answer it (`远程诊断？没开通过`); `sentence`: where its
    sentence starts.
    """

    piece: Piece
    following: Piece | None
    planned: bool
    past: bool
    elsewhere: bool
    given_up: bool = False
    unsaid: bool = False
    asked: bool = False
    sentence: int = 0

    @property
    def text(self) -> str:
        """The normalised words."""
        return self.piece.text

    @property
    def denied_by_next(self) -> bool:
        """True when this piece only names something and the next one denies it."""
        return self.following is not None and lexicon.ECHO_NO.match(mask(self.following.text)) is not None

    @property
    def tried_next(self) -> bool:
        """True when the next piece says that it was only shown, tried or talked of."""
        return self.following is not None and lexicon.TRIED.search(self.following.text) is not None

    def denies(self, start: int, end: int, pattern: str) -> bool:
        """True when the words at `start:end` of this piece, found by a pattern, stand in a denial.

        A negative word that the pattern itself asks for is part of what was looked for, not a denial.
        """
        masked = mask(self.text)
        if NEGATIVE_LETTERS & set(pattern):
            masked = masked[:start] + MASK * (end - start) + masked[end:]
        return lexicon.DENYING.search(masked) is not None

    def takes_back(self, start: int) -> bool:
        """True when what stands at `start` follows a negative word: `没人拍脑袋了`."""
        return lexicon.NEGATOR.search(self.text[max(0, start - 8) : start]) is not None

    @property
    def partial(self) -> bool:
        """True when it says that only a part is so."""
        return lexicon.PARTIAL.search(self.text) is not None

    @property
    def few(self) -> bool:
        """True when it says that there is only little of it."""
        return lexicon.FEW.search(self.text) is not None

    @property
    def by_hand(self) -> bool:
        """True when it ends in people doing by hand what it names."""
        return lexicon.BY_HAND.search(mask(self.text)) is not None

    @property
    def whole(self) -> bool:
        """True when it says that all of it is so."""
        return lexicon.WHOLE.search(self.text) is not None


def mask(text: str) -> str:
    """Text with phrases that only look like denials blanked out, length kept."""
    return lexicon.AFFIRMING.sub(lambda m: MASK * len(m[0]), text)


def denies(text: str) -> bool:
    """True when a stretch of talk denies something."""
    return lexicon.DENYING.search(mask(text)) is not None


def statements(norm: Normalised) -> Iterator[Statement]:
    """All statements of an answer, in order."""
    for sentence in sentences(norm):
        parts = pieces(sentence)
        past = elsewhere = False
        unknown = [position for position, part in enumerate(parts) if lexicon.IGNORANT.search(part.text)]
        ignorant = bool(unknown)
        for position, part in enumerate(parts):
            text = part.text
            if unknown and position > unknown[-1] and lexicon.RESTARTS.match(text):
                ignorant = False
            following = parts[position + 1] if position + 1 < len(parts) else None
            own = lexicon.OWN.search(text) is not None
            past = _carried(
                past,
                lexicon.PAST.search(lexicon.COMPARED.sub(MASK, text)) is not None,
                lexicon.NOW.search(text) is not None or own,
            )
            others = lexicon.OTHERS.search(text) is not None
            elsewhere = others and not own if position == 0 or own or others else elsewhere and _goes_on(text)
            disowned = following is not None and lexicon.SAID_OF_OTHERS.match(following.text) is not None
            planned = lexicon.PLANNED.search(text) is not None or lexicon.TRIED.search(text) is not None
            aimed = (
                position > 0
                and lexicon.AIM.search(parts[position - 1].text) is not None
                and not lexicon.NOW.search(text)
            )
            later = [p.text for p in parts[position + 1 :]]
            yield Statement(
                piece=part,
                following=following,
                planned=planned or aimed or _planned_next(text, later),
                past=past,
                elsewhere=elsewhere or disowned,
                given_up=any(lexicon.GIVEN_UP.match(mask(t)) for t in later),
                unsaid=ignorant or lexicon.UNSAID.search(text) is not None,
                asked=norm.text[part.end : part.end + 1] == "?",
                sentence=sentence.start,
            )


def _carried(before: bool, said: bool, ended: bool) -> bool:
    """An attribute that holds for the pieces after the one that says it, until another word ends it."""
    return not ended and (said or before) if not said else not ended


def _planned_next(text: str, later: list[str]) -> bool:
    """True when a piece that says nothing of the present is followed by one that calls it a plan."""
    done = lexicon.DONE.search(text) is not None
    return not done and bool(later) and lexicon.PLANNED.match(later[0]) is not None


def _goes_on(text: str) -> bool:
    """True when a piece has no subject of its own, so that it still speaks of the one before."""
    return lexicon.OWN.search(text) is None and text[:1] in "也还又都就全早已他听"
