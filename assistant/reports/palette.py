"""Colours of the levels and of the states beside them: defined once, for charts, documents and the web pages.

The levels go from light to dark along one hue range, so that they stay apart in order for every kind of colour
blindness and in a grey print; each has the ink that reads on it (contrast at least 4.5 to 1, tested).
"""

from __future__ import annotations

from typing import NamedTuple


class Swatch(NamedTuple):
    """A fill and the ink to write on it, as #rrggbb."""

    fill: str
    ink: str


LEVEL_COLOURS: dict[int, Swatch] = {
    1: Swatch("#f6f1b5", "#1f2933"),
    2: Swatch("#a9d8b0", "#1f2933"),
    3: Swatch("#55b3c1", "#102a33"),
    4: Swatch("#2a6f9e", "#ffffff"),
    5: Swatch("#1f2f78", "#ffffff"),
}
UNDECIDED = Swatch("#ffffff", "#52606d")
"""No level: drawn hatched or with a dashed edge, never by colour alone."""
NOT_APPLICABLE = Swatch("#e4e7eb", "#52606d")
ACCENT = Swatch("#1d4e79", "#ffffff")
"""Headings, table heads, the line of the radar."""
QUIET = "#52606d"
RULE = "#cbd2d9"
PALE = "#f2f5f8"
WARNING = "#b42318"


def level_colour(level: int | None) -> Swatch:
    """The swatch of a level, or of none."""
    return UNDECIDED if level is None else LEVEL_COLOURS[level]
