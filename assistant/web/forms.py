"""Small things that pages with forms share."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit

from fastapi.responses import RedirectResponse


def inside(address: str) -> str:
    """An address to go on to when it is one of our own; the list of assessments otherwise.

    A browser takes a backslash for a slash, drops control characters, and `//host` for another site.
    """
    plain = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if plain and not urlsplit(address).netloc else "/"


def back(address: str, notice: str = "", at: str = "") -> RedirectResponse:
    """After a form: on to a page of ours, with a line to show there.

    `at`: the part of the page to go on with, which that page gives the focus (with a fragment, browsers would not).
    """
    separator = "&" if "?" in address else "?"
    asked = {key: value for key, value in (("notice", notice), ("at", at)) if value}
    there = f"{address}{separator}{urlencode(asked, quote_via=quote)}" if asked else address
    return RedirectResponse(there, status_code=303)
