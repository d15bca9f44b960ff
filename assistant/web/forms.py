"""Small things that pages with forms share."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from fastapi.responses import RedirectResponse


def inside(address: str) -> str:
    """An address to go on to when it is one of our own; the list of assessments otherwise.

    A browser takes a backslash for a slash, drops control characters, and `//host` for another site.
    """
    plain = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if plain and not urlsplit(address).netloc else "/"


def back(address: str, notice: str = "") -> RedirectResponse:
    """After a form: on to a page of ours, with a line to show there."""
    separator = "&" if "?" in address else "?"
    return RedirectResponse(f"{address}{separator}notice={quote(notice)}" if notice else address, status_code=303)
