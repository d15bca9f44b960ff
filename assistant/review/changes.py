"""Two reviewers on one item: what has changed on a sub-item since one of them looked at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assistant.assessment.decision import Decision
from assistant.assessment.events import (
    DecisionMade,
    DecisionWithdrawn,
    Event,
    JustificationDrafted,
    JustificationEdited,
    LevelProposed,
    TopicReturned,
)
from assistant.assessment.level import Proposal
from assistant.assessment.record import Row
from assistant.assessment.state import Assessment, advance, fold
from assistant.errors import ConflictError, NotFoundError
from assistant.ports import EventStore

NOTHING = "无"
SHOWN = 40
"""Characters of a justification's text that a change shows."""


class Matter(StrEnum):
    """What has changed, as the reviewer reads it."""

    DECISION = "复核决定"
    PROPOSAL = "建议等级"
    RETURNED = "退回补问"
    JUSTIFICATION = "判定说明"


DECIDING = frozenset({Matter.DECISION, Matter.PROPOSAL, Matter.RETURNED})
"""What a decision is taken on: a new wording of the justification is no reason to decide again."""
MATTERS = {
    "decision_made": Matter.DECISION,
    "decision_withdrawn": Matter.DECISION,
    "level_proposed": Matter.PROPOSAL,
    "topic_returned": Matter.RETURNED,
    "justification_drafted": Matter.JUSTIFICATION,
    "justification_edited": Matter.JUSTIFICATION,
}


@dataclass(frozen=True)
class Change:
    """One change: who made it, when, from what to what (in a few Chinese words)."""

    matter: Matter
    who: str
    at: str
    before: str
    after: str


class OvertakenError(ConflictError):
    """Somebody else was first: the record has moved on for a sub-item since the reviewer looked at it."""

    def __init__(self, subitem: str, changes: tuple[Change, ...]) -> None:
        self.subitem = subitem
        self.changes = changes
        told = "；".join(f"{c.who} 把{c.matter}从“{c.before}”改为“{c.after}”" for c in changes)
        super().__init__(f"{subitem} 在您查看之后有了变化：{told}。您的这一步没有执行，请看过变化后再定。")


def changed_since(
    store: EventStore, state: Assessment, subitem: str, seen: int | None, matters: frozenset[Matter] = DECIDING
) -> tuple[Change, ...]:
    """What has changed on a sub-item between row `seen` (None: the last one) and `state`.

    Raises NotFoundError for a row that is not there.
    """
    tail = state.tail.seq
    if seen is None or seen == tail:
        return ()
    if not 0 < seen < tail:
        raise NotFoundError("这一页与评估的记录对不上，请重新打开后再操作。")
    later = [row for row in store.read(state.id, after=seen) if row.seq <= tail]
    if not any(touches(row.event, subitem) in matters for row in later):
        return ()
    return changes(fold(store.read(state.id)[:seen]), later, subitem, matters)


def changes(seen: Assessment, rows: Iterable[Row], subitem: str, matters: frozenset[Matter]) -> tuple[Change, ...]:
    """What `rows`, which follow on the state that a reviewer saw, change on one sub-item."""
    found: list[Change] = []
    state = seen
    for row in rows:
        before, state = state, advance(state, row)
        matter = touches(row.event, subitem)
        if matter is not None and matter in matters:
            was, now = _said(before, row.event, subitem), _said(state, row.event, subitem)
            if was == now and matter == Matter.PROPOSAL:
                now = f"{now}（依据有变化）"
            found.append(Change(matter=matter, who=row.actor, at=row.at, before=was, after=now))
    return tuple(found)


def touches(event: Event, subitem: str) -> Matter | None:
    """What of a sub-item an event changes; None when it changes nothing that a reviewer goes by."""
    match event:
        case DecisionMade(decision=about) | LevelProposed(proposal=about) | JustificationDrafted(justification=about):
            code = about.subitem
        case DecisionWithdrawn(subitem=code) | TopicReturned(subitem=code) | JustificationEdited(subitem=code):
            pass
        case _:
            return None
    return MATTERS[event.kind] if code == subitem else None


def _said(state: Assessment, event: Event, subitem: str) -> str:
    match event:
        case DecisionMade() | DecisionWithdrawn():
            return decision_text(state.decisions.get(subitem))
        case LevelProposed():
            return proposal_text(state.proposals.get(subitem))
        case TopicReturned():
            waiting = state.returned.get(subitem)
            return waiting.question if waiting else NOTHING
        case JustificationEdited(section=section):
            written = state.justifications.get(subitem)
            return _short(written.text(section)) if written else NOTHING
        case _:
            written = state.justifications.get(subitem)
            return _short("".join(s.text for s in written.draft.basis)) if written and written.draft else NOTHING


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "……"


def decision_text(decision: Decision | None) -> str:
    """`L3`, `L3（得分 45）`, `不适用`, or 未复核."""
    if decision is None:
        return "未复核"
    if decision.level is None:
        return "不适用"
    return f"L{decision.level}" + (f"（得分 {decision.score}）" if decision.score is not None else "")


def proposal_text(proposal: Proposal | None) -> str:
    """`L3`, or 未定."""
    return f"L{proposal.level}" if proposal is not None and proposal.level is not None else "未定"
