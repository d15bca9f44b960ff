"""用户: what the page says of each account. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.accounts.model import Account, Role, key_of
from assistant.web.identity import ROLE_NAMES
from assistant.web.identity import Role as WebRole

ROLES = {role: ROLE_NAMES[WebRole(role)] for role in (Role.ASSESSOR, Role.REVIEWER, Role.ADMIN)}
"""The roles to choose from, with their names."""
MEANING = {
    Role.ASSESSOR: "建立评估、访谈、邀请受访人",
    Role.REVIEWER: "复核、签发，也可以访谈",
    Role.ADMIN: "全部，包括管理用户",
}


@dataclass(frozen=True)
class UserLine:
    """One account. `last` is a moment (UTC, ISO), empty for one that never signed in; `own`: whoever looks at the page."""

    name: str
    role: Role
    role_name: str
    disabled: bool
    last: str
    own: bool


def user_lines(accounts: Iterable[Account], last: Mapping[str, str], viewer: str) -> tuple[UserLine, ...]:
    """By role (administrators first), those that are shut last, then by name."""
    order = (Role.ADMIN, Role.ASSESSOR, Role.REVIEWER)
    return tuple(
        UserLine(
            name=account.name,
            role=account.role,
            role_name=ROLES[account.role],
            disabled=account.disabled,
            last=last.get(account.key, ""),
            own=account.key == key_of(viewer),
        )
        for account in sorted(accounts, key=lambda a: (a.disabled, order.index(a.role), a.key))
    )
