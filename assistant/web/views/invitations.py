"""The invitations of one assessment as the page lists them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.assessment.state import Assessment, Invitation
from knowledge.guide import Guide


@dataclass(frozen=True)
class InvitationLine:
    """One person: `state` is 有效, 已过期, 已停用 or 暂停 (while the assessment is closed); `answers` how many answers they have given; times are UTC."""

    id: str
    name: str
    position: str
    by: str
    expires: datetime
    state: str
    answers: int
    topics: int
    """How many sub-items this position is asked about."""

    @property
    def is_open(self) -> bool:
        """True while the link works."""
        return self.state == "有效"


def invitation_lines(state: Assessment, guide: Guide, now: datetime) -> tuple[InvitationLine, ...]:
    """The latest first."""
    who = {(r.name, r.role): r.id for r in state.respondents.values()}
    lines = []
    for id, invitation in state.invitations.items():
        made = invitation.made
        expires = datetime.fromisoformat(made.expires)
        respondent = who.get((made.name, made.role))
        lines.append(
            InvitationLine(
                id=id,
                name=made.name,
                position=made.role,
                by=invitation.stamp.actor,
                expires=expires,
                state=_standing(invitation, expires <= now, live=state.live),
                answers=sum(1 for a in state.answers.values() if respondent and a.respondent == respondent),
                topics=len(guide.answerable(made.role)),
            )
        )
    return tuple(reversed(lines))


def _standing(invitation: Invitation, over: bool, *, live: bool) -> str:
    if invitation.revoked:
        return "已停用"
    return "已过期" if over else "有效" if live else "暂停"
