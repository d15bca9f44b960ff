"""The two pictures of a report, as bytes: the radar by domain and item, and the strip of all sub-items.

Raises InputError where the machine has no Chinese font. Text is drawn as outlines, so that an SVG looks the same
everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from assistant.reports.fonts import chinese_font
from assistant.reports.palette import ACCENT, LEVEL_COLOURS, NOT_APPLICABLE, PALE, QUIET, RULE, level_colour
from assistant.reports.view import DomainView, ReportView, SubItemView

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Format = Literal["png", "svg"]
DPI = 170
TOP = 100
BAND = 20
LABEL_WIDTH = 7
"""Characters of an item's name on one line."""
STRIP_COLUMNS = 9
LABEL_RADIUS = 111
MIDDLE, POLE = 0.2, 0.9
"""Sine and cosine of the angles near the top and the bottom, where a label stands centred above or below its spoke."""
WIDE = 0x2E80
"""The first code point that is printed two columns wide."""


def radar(view: ReportView, form: Format = "png") -> bytes:
    """Score of every item round the circle, the domains marked outside; items without a score leave a gap."""
    figure = _figure(7.2, 6.2)
    axes = figure.add_subplot(projection="polar")
    items = view.items
    angles = [2 * math.pi * index / len(items) for index in range(len(items))]
    _rings(axes, len(items))
    _line(axes, angles, [None if item.score is None else float(item.score) for item in items])
    for angle, item in zip(angles, items, strict=True):
        score = "—" if item.score is None else f"{_shown(item.score)}"
        _label(axes, angle, f"{_wrapped(item.name)}\n{score}", radius=LABEL_RADIUS)
    _domain_arcs(axes, view.domains, len(items))
    return _bytes(figure, form)


def domain_radar(view: ReportView, form: Format = "png") -> bytes:
    """Score of every domain round the circle."""
    figure = _figure(4.6, 4.2)
    axes = figure.add_subplot(projection="polar")
    angles = [2 * math.pi * index / len(view.domains) for index in range(len(view.domains))]
    _rings(axes, len(view.domains))
    _line(axes, angles, [None if d.score is None else float(d.score) for d in view.domains])
    for angle, domain in zip(angles, view.domains, strict=True):
        _label(
            axes, angle, f"{domain.name}\n{'—' if domain.score is None else _shown(domain.score)}", radius=LABEL_RADIUS
        )
    return _bytes(figure, form)


def heat_strip(view: ReportView, form: Format = "png") -> bytes:
    """A tile for every sub-item, a row or more for every domain, in the colour of its level.

    A level that is only proposed has a dashed edge, one that is missing is hatched: colour is never the only sign.
    """
    from matplotlib.patches import Rectangle

    rows: list[tuple[str, Sequence[SubItemView]]] = []
    for domain in view.domains:
        subitems = [s for item in domain.items for s in item.subitems]
        lines = math.ceil(len(subitems) / STRIP_COLUMNS)
        per_line = math.ceil(len(subitems) / lines)
        for start in range(0, len(subitems), per_line):
            rows.append((domain.name if start == 0 else "", subitems[start : start + per_line]))
    figure = _figure(9.6, 0.62 * len(rows) + 0.5)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(-1.25, STRIP_COLUMNS)
    axes.set_ylim(len(rows) + 0.75, 0)
    axes.axis("off")
    for y, (name, tiles) in enumerate(rows):
        axes.text(-1.18, y + 0.5, name, va="center", fontsize=9.5, color=ACCENT.fill, weight="bold")
        for x, subitem in enumerate(tiles):
            fill, ink = NOT_APPLICABLE if subitem.status == "not_applicable" else level_colour(subitem.level)
            sure = subitem.status == "decided"
            place = ((x + 0.03, y + 0.06), 0.94, 0.88)
            if subitem.status == "undecided":
                axes.add_patch(Rectangle(*place, facecolor=fill, edgecolor=PALE, hatch="////", linewidth=0))
                fill = "none"
            line: Any = "-" if sure else (0, (3, 2))
            edge, width = (RULE, 0.6) if sure else (QUIET, 1.0)
            axes.add_patch(Rectangle(*place, facecolor=fill, edgecolor=edge, linewidth=width, linestyle=line))
            level = f"L{subitem.level}" if subitem.level else "—"
            axes.text(x + 0.09, y + 0.31, subitem.code, va="center", fontsize=8, color=ink)
            axes.text(x + 0.91, y + 0.31, level, va="center", ha="right", fontsize=9.5, weight="bold", color=ink)
            axes.text(x + 0.5, y + 0.69, _fitted(subitem.name), va="center", ha="center", fontsize=7.2, color=ink)
    _legend(axes, view, len(rows) + 0.42)
    return _bytes(figure, form, tight=False)


def _figure(width: float, height: float) -> Figure:
    """A figure of its own, outside pyplot: nothing global is left behind in a server."""
    from matplotlib import rcParams
    from matplotlib.figure import Figure

    rcParams["font.family"] = [chinese_font().family]
    rcParams["svg.fonttype"] = "path"
    rcParams["svg.hashsalt"] = "iiam"
    return Figure(figsize=(width, height), dpi=DPI)


def _rings(axes: Axes, spokes: int) -> None:
    """The five bands, pale and white in turn, with their names' numbers on one spoke."""
    around = [2 * math.pi * step / 180 for step in range(181)]
    for level in LEVEL_COLOURS:
        colour = PALE if level % 2 else "#ffffff"
        axes.fill_between(around, (level - 1) * BAND, level * BAND, color=colour, linewidth=0, zorder=0)
    axes.set_theta_offset(math.pi / 2)  # type: ignore[attr-defined]
    axes.set_theta_direction(-1)  # type: ignore[attr-defined]
    axes.set_ylim(0, TOP)
    axes.set_yticks([BAND * level for level in LEVEL_COLOURS])
    axes.set_yticklabels([])
    axes.set_xticks([2 * math.pi * index / spokes for index in range(spokes)])
    axes.set_xticklabels([])
    axes.grid(color=RULE, linewidth=0.6)
    axes.spines["polar"].set_color(RULE)
    middle = math.pi / spokes
    for level in LEVEL_COLOURS:
        axes.text(middle, level * BAND - BAND / 2, f"L{level}", ha="center", va="center", fontsize=7, color=QUIET)


def _line(axes: Axes, angles: Sequence[float], scores: Sequence[float | None]) -> None:
    closed = [*zip(angles, scores, strict=True), (angles[0], scores[0])]
    known = [(angle, score) for angle, score in zip(angles, scores, strict=True) if score is not None]
    axes.plot(
        [angle for angle, _ in closed],
        [math.nan if s is None else s for _, s in closed],
        color=ACCENT.fill,
        linewidth=1.8,
    )
    axes.plot([a for a, _ in known], [s for _, s in known], "o", color=ACCENT.fill, markersize=4)
    if len(known) == len(scores):
        axes.fill([a for a, _ in closed], [s or 0 for _, s in closed], color=ACCENT.fill, alpha=0.14, linewidth=0)


def _label(axes: Axes, angle: float, text: str, radius: float) -> None:
    """Text outside the circle, set away from it on its own side, so that neighbours do not meet."""
    side = math.sin(angle)
    across = "center" if abs(side) < MIDDLE else "left" if side > 0 else "right"
    height = math.cos(angle)
    along = "bottom" if height > POLE else "top" if height < -POLE else "center"
    axes.text(angle, radius, text, ha=across, va=along, fontsize=8.2, color="#1f2933", linespacing=1.15)


def _domain_arcs(axes: Axes, domains: Sequence[DomainView], spokes: int) -> None:
    """A coloured arc on the rim for each domain, named inside a legend below."""
    from matplotlib.lines import Line2D

    start, handles = 0, []
    for index, domain in enumerate(domains):
        count = len(domain.items)
        first, last = start - 0.42, start + count - 1 + 0.42
        around = [2 * math.pi * (first + (last - first) * step / 40) / spokes for step in range(41)]
        colour, style = ARCS[index % len(ARCS)]
        axes.plot(around, [TOP + 2.5] * len(around), color=colour, linestyle=style, linewidth=3.2, clip_on=False)
        handles.append(Line2D([], [], color=colour, linestyle=style, linewidth=3.2, label=domain.name))
        start += count
    axes.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, -0.22),
        ncols=len(domains),
        frameon=False,
        fontsize=8.5,
    )


ARCS: tuple[tuple[str, Any], ...] = (
    ("#1f2f78", "-"),
    ("#2a6f9e", (0, (4, 1))),
    ("#55b3c1", "-"),
    ("#7b8794", (0, (1.5, 0.8))),
)
"""Colour and dash of the domains' arcs: told apart by either."""


def _legend(axes: Axes, view: ReportView, y: float) -> None:
    from matplotlib.patches import Rectangle

    entries: list[tuple[str, str, Any, str | None]] = [
        (f"L{n} {name}", LEVEL_COLOURS[n].fill, "-", None) for n, name in enumerate(view.level_names, start=1)
    ]
    statuses = {s.status for s in view.subitems}
    if "proposed" in statuses:
        entries.append(("虚线框：建议，待复核", "#ffffff", "--", None))
    if "undecided" in statuses:
        entries.append(("斜线：未定", "#ffffff", "--", "////"))
    if "not_applicable" in statuses:
        entries.append(("不适用", NOT_APPLICABLE.fill, "--", None))
    x = -1.18
    for text, fill, style, hatch in entries:
        axes.add_patch(
            Rectangle((x, y - 0.12), 0.22, 0.26, facecolor=fill, edgecolor=QUIET, linestyle=style, hatch=hatch,
                      linewidth=0.7, hatch_linewidth=0.4)
        )  # fmt: skip
        axes.text(x + 0.28, y + 0.01, text, va="center", fontsize=8, color="#1f2933")
        x += 0.5 + 0.115 * sum(2 if ord(c) > WIDE else 1.1 for c in text) / 2


def _fitted(name: str) -> str:
    """A name that fits a tile: two lines from nine characters on."""
    return name if len(name) <= LABEL_WIDTH + 1 else f"{name[: len(name) // 2]}\n{name[len(name) // 2 :]}"


def _wrapped(name: str) -> str:
    """A long name in two lines of about the same length."""
    return name if len(name) <= LABEL_WIDTH else f"{name[: (len(name) + 1) // 2]}\n{name[(len(name) + 1) // 2 :]}"


def _shown(score: str) -> str:
    whole, _, places = score.partition(".")
    return f"{whole}.{places[:1]:0<1}"


def _bytes(figure: Figure, form: Format, *, tight: bool = True) -> bytes:
    buffer = BytesIO()
    metadata = {"Date": None} if form == "svg" else {"Software": None}
    box: dict[str, Any] = {"bbox_inches": "tight", "pad_inches": 0.08} if tight else {}
    ground = "none" if form == "svg" else "white"  # the page's watermark shows through
    figure.savefig(buffer, format=form, facecolor=ground, metadata=metadata, **box)
    return buffer.getvalue()
