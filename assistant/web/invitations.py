"""Links by which respondents come in: made for one person, role and assessment; they run out and can be revoked.

A link carries a signed token of the assessment and the invitation's id. The record, which others may read, holds the
invitation but not the token: only this data folder's secret makes one.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from assistant.assessment.events import Event, InvitationMade, InvitationRevoked
from assistant.assessment.text import one_line
from assistant.errors import IiamError, InputError, NotFoundError
from assistant.interview.session import NAME_LIMIT
from assistant.journal import Journal
from assistant.web.identity import Identity, Role

if TYPE_CHECKING:
    from assistant.ports import Clock, EventStore

COOKIE = "iiam_talk"
PATH = "/talk"
DAYS = (1, 3, 7, 14, 30)
USUAL = 7
LONGEST_TOKEN = 500


class ClosedError(IiamError):
    """The link opens nothing (any more); the text says why and what to do."""


UNKNOWN = "这个链接打不开：可能没有复制完整，或者不是这里发出的。请向发给您链接的诊断顾问要一个新的。"
REVOKED = "这个链接已经停用。如果还需要补充情况，请向发给您链接的诊断顾问要一个新的。"
EXPIRED = "这个链接已经过期。您之前的回答都已保存；要继续，请向发给您链接的诊断顾问要一个新的。"
SEALED = "这份评估已经完成，访谈结束了。感谢您的参与，您的回答都已保存。"


@dataclass
class _Seen:
    """What the record of one assessment says of its invitations, up to a row."""

    seq: int = 0
    made: dict[str, InvitationMade] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    signed: bool = False
    archived: bool = False


class Invitations:
    """The invitations of all assessments of one store. Safe for several threads."""

    def __init__(self, store: EventStore, secret: str, clock: Clock) -> None:
        from itsdangerous import URLSafeSerializer

        self._store, self._clock = store, clock
        self._signer = URLSafeSerializer(secret, salt="invitation")
        self._seen: dict[str, _Seen] = {}
        self._lock = Lock()

    def make(self, assessment: str, name: str, position: str, days: int, by: str) -> str:
        """Invite a person; the invitation's id. Raises InputError, NotFoundError, and see Journal.append."""
        name, position = one_line(name), one_line(position)
        if not name or not position:
            raise InputError("请填写受访人的姓名和岗位：按岗位只问他知道的话题。")
        if max(len(name), len(position)) > NAME_LIMIT:
            raise InputError(f"姓名和岗位各不超过 {NAME_LIMIT} 字。")
        if days not in DAYS:
            raise InputError(f"有效天数请在 {'、'.join(map(str, DAYS))} 中选择。")
        made = secrets.token_hex(6)
        expires = (self._clock.now() + timedelta(days=days)).isoformat(timespec="milliseconds")
        event = InvitationMade(invitation=made, name=name, role=position, expires=expires)
        Journal(self._store, self._clock, assessment, by).append(lambda: [event])
        return made

    def revoke(self, assessment: str, invitation: str, by: str) -> None:
        """Let a link open nothing any more. Raises NotFoundError for an unknown invitation."""
        journal = Journal(self._store, self._clock, assessment, by)

        def revokes() -> Sequence[Event]:
            known = journal.state.invitations.get(invitation)
            if known is None:
                raise NotFoundError("没有这个邀请。请重新打开邀请页面。")
            return [] if known.revoked else [InvitationRevoked(invitation=invitation)]

        journal.append(revokes)

    def token(self, assessment: str, invitation: str) -> str:
        """What the link ends in."""
        return str(self._signer.dumps([assessment, invitation]))

    def admit(self, token: str) -> tuple[Identity, int]:
        """Who comes in by a token, and for how many seconds yet. Raises ClosedError."""
        from itsdangerous import BadData

        try:
            loaded = self._signer.loads(token[:LONGEST_TOKEN])
        except BadData as error:
            raise ClosedError(UNKNOWN) from error
        assessment, invitation = map(str, loaded)
        seen = self._look(assessment)
        made = seen.made.get(invitation)
        if made is None:
            raise ClosedError(UNKNOWN)
        if invitation in seen.revoked:
            raise ClosedError(REVOKED)
        rest = (datetime.fromisoformat(made.expires) - self._clock.now()).total_seconds()
        if rest <= 0:
            raise ClosedError(EXPIRED)
        if seen.signed or seen.archived:
            raise ClosedError(SEALED)
        return Identity(made.name, Role.RESPONDENT, assessment, invitation, made.role), int(rest)

    def who(self, cookie: str) -> Identity | None:
        """Who a cookie belongs to; None when its link opens nothing any more."""
        try:
            return self.admit(cookie)[0]
        except ClosedError:
            return None

    def _look(self, assessment: str) -> _Seen:
        """What the record says now; only rows added since the last look are read."""
        with self._lock:
            seen = self._seen.setdefault(assessment, _Seen())
            for row in self._store.read(assessment, after=seen.seq):
                seen.seq = row.seq
                match row.kind:
                    case "invitation_made" | "invitation_revoked":
                        event = row.event
                        if isinstance(event, InvitationMade):
                            seen.made[event.invitation] = event
                        elif isinstance(event, InvitationRevoked):
                            seen.revoked.add(event.invitation)
                    case "signed_off" | "reopened":
                        seen.signed = row.kind == "signed_off"
                    case "archived" | "unarchived":
                        seen.archived = row.kind == "archived"
            return seen
