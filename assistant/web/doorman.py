"""Who is who: the local user, somebody signed in, or a respondent on an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from starlette.requests import HTTPConnection
from starlette.responses import Response

from assistant.web.identity import Identity, Role
from assistant.web.invitations import COOKIE, PATH, Invitations
from assistant.web.local import LocalUser

if TYPE_CHECKING:
    from assistant.bootstrap import App

SESSION = "iiam_session"


class Doorman:
    """Knows the people of one app. `loopback`: without accounts, whoever sits at this machine may do everything."""

    def __init__(self, parts: App, invitations: Invitations, *, loopback: bool) -> None:
        self._parts, self._loopback = parts, loopback
        self._invitations = invitations
        self._local = LocalUser(parts.settings.home, parts.settings.actor)

    def local_user(self) -> LocalUser | None:
        """The one user of this machine; None once there is an account, or where others can come in."""
        return self._local if self._loopback and not self._parts.accounts.exist() else None

    def who(self, connection: HTTPConnection) -> tuple[Identity | None, str]:
        """See `door.Doorman`. An account or invitation made, disabled or revoked counts from the next request on.

        Under /talk one is a respondent or nobody, everywhere else never a respondent, whatever cookies are sent.
        """
        if connection.url.path.startswith(f"{PATH}/"):
            cookie = connection.cookies.get(COOKIE)
            return (self._invitations.who(cookie) if cookie else None), "/login"
        if local := self.local_user():
            return (Identity(local.name, Role.LOCAL) if local.name else None), "/name"
        cookie = connection.cookies.get(SESSION)
        account = self._parts.accounts.who(cookie) if cookie else None
        return (Identity(account.name, Role(account.role)) if account else None), "/login"


def doorman_of(request: HTTPConnection) -> Doorman:
    """The doorman of the app behind a request."""
    return cast(Doorman, request.app.state.doorman)


def set_cookie(request: HTTPConnection, response: Response, name: str, value: str, *, path: str, lasts: int) -> None:
    """A cookie that no script reads, that other sites' forms do not send, and that stays on https once it came by it."""
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=lasts, path=path, httponly=True, samesite="lax", secure=secure)
