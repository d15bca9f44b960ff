"""The score scale: bands of the levels, places inside a band, and how a score is printed (DECISIONS, defect 2).

Bands are half-open, the lower end belongs: [0,20) [20,40) [40,60) [60,80), and level 5 is closed: [80,100].
`levels` is always `Standard.levels`: levels 1 to 5 in order, bands without gaps. Scores are exact Fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from knowledge.model import Level

Place = Literal["middle", "floor", "ceiling"]
SCORE_PLACES = 18
SHOWN_PLACES = 2


def in_band(levels: Sequence[Level], level: int, value: Decimal | Fraction) -> bool:
    """Whether a score or a rate in percent lies in a level's band (1 to 5)."""
    low, high = levels[level - 1].band
    return low <= Fraction(value) < high or (level == len(levels) and Fraction(value) == high)


def band_text(levels: Sequence[Level], level: int) -> str:
    """The band as messages print it: `[20, 40)`, for level 5 `[80, 100]`."""
    low, high = levels[level - 1].band
    return f"[{low}, {high}{']' if level == len(levels) else ')'}"


def position(level: Level, place: Place) -> Fraction:
    """The score at a place of the level's band; a ceiling is the upper end, for levels 1 to 4 a limit (see `under`)."""
    low, high = (Fraction(end) for end in level.band)
    return {"floor": low, "middle": (low + high) / 2, "ceiling": high}[place]


def level_at(levels: Sequence[Level], score: Fraction) -> int:
    """The level whose band holds an exact score."""
    return max(level.level for level in levels if level.band[0] <= score)


def score_text(score: Fraction) -> str:
    """The score as a decimal, rounded down to 18 places, without idle zeros: `46.25`, `43.333333333333333333`."""
    return _decimal(_floor(score, SCORE_PLACES), SCORE_PLACES).rstrip("0").rstrip(".")


def shown_text(score: Fraction) -> str:
    """The score rounded down to two places, so that it never contradicts its level: 39.999… prints `39.99`."""
    return _decimal(_floor(score, SHOWN_PLACES), SHOWN_PLACES)


def under(limit: Fraction) -> Fraction:
    """The highest score of 18 places below a limit that is approached from below and not attained: 40 -> 39.99….

    It stands for the aggregate of sub-items at their ceilings, in print and in its level: with the bands of the
    standard, both are those of every score just below the limit.
    """
    return Fraction(-_floor(-limit, SCORE_PLACES) - 1, 10**SCORE_PLACES)


def _floor(score: Fraction, places: int) -> int:
    scale: int = 10**places
    return score.numerator * scale // score.denominator


def _decimal(units: int, places: int) -> str:
    return f"{units // 10**places}.{units % 10**places:0{places}d}"
