"""Who is at the other end of a request, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from starlette.requests import HTTPConnection

if TYPE_CHECKING:
    from assistant.bootstrap import App


class Role(StrEnum):
    """本机用户 (everything, on loopback without accounts), 管理员, 诊断顾问, 复核人, 受访人 (by link, one assessment)."""

    LOCAL = "local"
    ADMIN = "admin"
    ASSESSOR = "assessor"
    REVIEWER = "reviewer"
    RESPONDENT = "respondent"


@dataclass(frozen=True)
class Identity:
    """A person: the name that goes into the record, and the role that decides what they may do."""

    name: str
    role: Role


def parts_of(request: HTTPConnection) -> App:
    """The product's parts behind a request."""
    return cast("App", request.app.state.parts)


def identity_of(request: HTTPConnection) -> Identity | None:
    """Who is signed in, as the middleware found; None for nobody."""
    found: Identity | None = getattr(request.state, "identity", None)
    return found
