"""Pages from templates: autoescaped, with what every page needs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from assistant.web.identity import identity_of

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


@cache
def environment() -> Environment:
    """The templates, strict about variables: a misspelt one is an error, not a blank."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """One page; `values` are the template's variables beside `identity`, `path` and `notice` (from `?notice=`)."""
    shared = {
        "identity": identity_of(request),
        "path": request.url.path,
        "notice": request.query_params.get("notice", ""),
    }
    html = environment().get_template(f"{template}.html").render(shared | values)
    return HTMLResponse(html, status_code=status)
