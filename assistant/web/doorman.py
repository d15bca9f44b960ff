"""Who is who: the local user, somebody signed in, or a respondent on an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from starlette.requests import HTTPConnection

from assistant.web.identity import Identity, Role
from assistant.web.local import LocalUser

if TYPE_CHECKING:
    from assistant.bootstrap import App


class Doorman:
    """Knows the people of one app. `loopback`: without accounts, whoever sits at this machine may do everything."""

    def __init__(self, parts: App, *, loopback: bool) -> None:
        self._loopback = loopback
        self._local = LocalUser(parts.settings.home, parts.settings.actor)

    def local_user(self) -> LocalUser | None:
        """The one user of this machine; None once there are accounts, or where others can come in."""
        return self._local

    def who(self, connection: HTTPConnection) -> tuple[Identity | None, str]:
        """See `door.Doorman`."""
        name = self._local.name
        return (Identity(name, Role.LOCAL) if name else None), "/name"


def doorman_of(request: HTTPConnection) -> Doorman:
    """The doorman of the app behind a request."""
    return cast(Doorman, request.app.state.doorman)
