"""Pages from templates: autoescaped, with what every page needs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from assistant.assessment.moments import when
from assistant.web.identity import ROLE_NAMES, Role, identity_of
from assistant.web.rights import rights_of

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


@cache
def environment() -> Environment:
    """The templates, strict about variables: a misspelt one is an error, not a blank."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["when"] = when
    return made


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """One page; `values` are the template's variables.

    Beside them every template has `identity`, `rights` (a set: `{% if "decide" in rights %}`), `role_name`, `local`,
    `path` and `notice` (from `?notice=`).
    """
    identity = identity_of(request)
    shared = {
        "identity": identity,
        "rights": {str(right) for right in rights_of(identity)},
        "role_name": ROLE_NAMES[identity.role] if identity else "",
        "local": identity is not None and identity.role == Role.LOCAL,
        "path": request.url.path,
        "notice": request.query_params.get("notice", ""),
    }
    html = environment().get_template(f"{template}.html").render(shared | values)
    return HTMLResponse(html, status_code=status)
