"""Who may do what: one table. Every route declares the right it takes, and the server checks it on each request."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from fastapi import Depends, Request

from assistant.web.identity import Identity, Role, identity_of


class Right(StrEnum):
    """What one may be allowed to do. PUBLIC: everyone, signed in or not; TALK: answer in a chat on an invitation."""

    PUBLIC = "public"
    TALK = "talk"
    LIST = "list"
    NEW = "new"
    ARCHIVE = "archive"
    INTERVIEW = "interview"
    INVITE = "invite"
    JUSTIFY = "justify"
    REVIEW = "review"
    DECIDE = "decide"
    RESULT = "result"
    SIGN_OFF = "sign_off"
    REOPEN = "reopen"
    EXPORT = "export"
    STANDARD = "standard"
    STATUS = "status"
    ACCOUNT = "account"
    USERS = "users"


OF_STAFF = frozenset(
    {
        Right.PUBLIC,
        Right.LIST,
        Right.INTERVIEW,
        Right.JUSTIFY,
        Right.REVIEW,
        Right.RESULT,
        Right.EXPORT,
        Right.STANDARD,
        Right.STATUS,
        Right.ACCOUNT,
    }
)
"""What everyone with an account may do. A reviewer may interview too, and is then kept from signing off (four eyes)."""
EVERYTHING = frozenset(Right) - {Right.TALK}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.LOCAL: EVERYTHING - {Right.USERS},  # there are no accounts then
    Role.ADMIN: EVERYTHING,
    Role.ASSESSOR: OF_STAFF | {Right.NEW, Right.ARCHIVE, Right.INVITE},
    Role.REVIEWER: OF_STAFF | {Right.DECIDE, Right.SIGN_OFF, Right.REOPEN},
    Role.RESPONDENT: frozenset({Right.PUBLIC, Right.TALK}),
}
NOBODY = frozenset({Right.PUBLIC})

MOUNTED: dict[str, Right] = {"/interview": Right.INTERVIEW, "/talk": Right.TALK, "/static": Right.PUBLIC}
"""The right that everything under a mounted app takes; routes of our own declare theirs with `need`."""
OPEN = ("/static/", "/login", "/name", "/health", "/talk/in/")
"""Where nobody may go: addresses that equal one of these, or start with one that ends in a slash."""

_DECLARED: dict[Callable[..., Any], Right] = {}


class RefusedError(Exception):
    """The right is missing. Becomes the way to the sign-in, or a page that says so."""


def rights_of(identity: Identity | None) -> frozenset[Right]:
    """Everything that somebody, or nobody, may do."""
    return NOBODY if identity is None else RIGHTS[identity.role]


def may(request: Request, right: Right) -> bool:
    """True when whoever is at the other end has the right."""
    return right in rights_of(identity_of(request))


def need(right: Right) -> Any:
    """A dependency: the identity when it has the right; raises RefusedError otherwise.

    `dependencies=[need(Right.LIST)]`, or `who: Annotated[Identity, need(Right.DECIDE)]` to know who acts. With
    Right.PUBLIC the identity may be None.
    """

    def check(request: Request) -> Identity | None:
        identity = identity_of(request)
        if right not in rights_of(identity):
            raise RefusedError
        return identity

    _DECLARED[check] = right
    return Depends(check)


def declared(calls: Any) -> set[Right]:
    """The rights among a route's dependencies, given as their callables."""
    return {_DECLARED[call] for call in calls if call in _DECLARED}


def mounted_right(path: str) -> Right | None:
    """The right that an address under a mounted app takes; None for our own routes."""
    if path.startswith("/talk/in/"):
        return None
    return next((right for at, right in MOUNTED.items() if path == at or path.startswith(f"{at}/")), None)


def is_open(path: str) -> bool:
    """True where one may come without being anybody."""
    return any(path == at or (at.endswith("/") and path.startswith(at)) for at in OPEN)
