"""Who is at the other end of a request."""

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


ROLE_NAMES = {
    Role.LOCAL: "本机用户",
    Role.ADMIN: "管理员",
    Role.ASSESSOR: "诊断顾问",
    Role.REVIEWER: "复核人",
    Role.RESPONDENT: "受访人",
}


@dataclass(frozen=True)
class Identity:
    """A person: the name that goes into the record, and the role that decides what they may do.

    Of a respondent also: the one assessment, the id of the invitation, and their position in the enterprise (岗位).
    """

    name: str
    role: Role
    assessment: str = ""
    invitation: str = ""
    position: str = ""


def parts_of(request: HTTPConnection) -> App:
    """The product's parts behind a request."""
    return cast("App", request.app.state.parts)


def identity_of(request: HTTPConnection) -> Identity | None:
    """Who the door has found; None for nobody. For Gradio events: `identity_of(event.request)` of a `gr.Request`."""
    found: Identity | None = getattr(request.state, "identity", None)
    return found


def entrance_of(request: HTTPConnection) -> str:
    """Where nobody goes to become somebody: the sign-in, or the page that asks the local user's name."""
    found: str = getattr(request.state, "entrance", "/login")
    return found
