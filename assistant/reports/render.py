"""A report in any of its formats, as bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.reports.view import ReportView
from knowledge.model import Standard

FORMATS = ("docx", "xlsx", "pdf", "json")
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "json": "application/json",
}


def render(view: ReportView, form: str, standard: Standard, template: Path | None = None) -> bytes:
    """The report's bytes; `template` is a Word template of one's own. Raises InputError as the formats do."""
    makers: dict[str, Callable[[], bytes]] = {
        "docx": lambda: _docx(view, template),
        "xlsx": lambda: _xlsx(view, standard),
        "pdf": lambda: _pdf(view),
        "json": lambda: _json(view),
    }
    return makers[form]()


def _docx(view: ReportView, template: Path | None) -> bytes:
    from assistant.reports.docx import render_docx

    return render_docx(view, template)


def _xlsx(view: ReportView, standard: Standard) -> bytes:
    from assistant.reports.xlsx import render_xlsx

    return render_xlsx(view, standard)


def _pdf(view: ReportView) -> bytes:
    from assistant.reports.pdf import render_pdf

    return render_pdf(view)


def _json(view: ReportView) -> bytes:
    from assistant.reports.json import render_json

    return render_json(view)
