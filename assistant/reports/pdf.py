"""The report as a PDF for sealing: fonts embedded, grade and hash on every page, a watermark until signed off."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.reports import charts, layout
from assistant.reports.fonts import chinese_font
from assistant.reports.palette import ACCENT, PALE, QUIET, RULE, level_colour
from assistant.reports.view import ReportView

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""Written into the file as its time: the same record gives the same PDF."""


def render_pdf(view: ReportView) -> bytes:
    """The PDF's bytes. Raises InputError where the machine has no Chinese font."""
    import typst

    font = chinese_font()
    radar, strip = charts.radar(view, "svg"), charts.heat_strip(view, "svg")
    with tempfile.TemporaryDirectory(prefix="iiam-") as name:
        folder = Path(name)
        (folder / "report.typ").write_bytes(TEMPLATE.read_bytes())
        (folder / "data.json").write_text(json.dumps(_data(view, font.family), ensure_ascii=False), encoding="utf-8")
        (folder / "radar.svg").write_bytes(radar)
        (folder / "strip.svg").write_bytes(strip)
        try:
            made = typst.compile(
                folder / "report.typ",
                font_paths=list(font.folders),
                format="pdf",
                timestamp=MADE,
                pdf_standards=["a-2b"],
            )
        except typst.TypstError as error:
            raise InputError(
                f"PDF 没有排出来（{error.message}）。可先用 Word 报告，并把这条消息告诉维护人员。"
            ) from error
    if not isinstance(made, bytes):
        raise InputError("PDF 没有排出来。可先用 Word 报告，并把这条消息告诉维护人员。")
    return made


def _data(view: ReportView, family: str) -> dict[str, Any]:
    """The view as plain data, with the helpers of `layout` and the colours."""
    swatch = level_colour(view.grade.level if view.grade.placed else None)
    groups = [layout.domain_part(index, domain) for index, domain in enumerate(view.domains)]
    plain = view.model_dump(mode="json", exclude={"scoring", "domains"})
    return plain | {
        "font": family,
        "palette": {"accent": ACCENT.fill, "quiet": QUIET, "rule": RULE, "pale": PALE},
        "grade_line": layout.grade_line(view),
        "score_line": layout.score_line(view),
        "level_fill": swatch.fill,
        "level_ink": swatch.ink,
        "cover": _plain(layout.cover_rows(view)),
        "scores": layout.score_rows(view),
        "groups": _plain(groups),
        "steps": _plain(view.roadmap[: layout.STEPS]),
        "more_steps": max(0, len(view.roadmap) - layout.STEPS),
        "seal_rows": _plain(layout.seal_rows(view)),
    }


def _plain(value: Any) -> Any:
    """Models inside lists and dicts as plain data."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if key != "items"}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
