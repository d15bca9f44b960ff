"""The documents of an assessment once they are in: what each has come to, and taking one back. Pure over the ports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.assessment.document import Document, SourceKind
from assistant.assessment.events import DocumentAdded, DocumentWithdrawn, Event
from assistant.assessment.state import Assessment
from assistant.assessment.text import one_line
from assistant.errors import InputError, NotFoundError
from assistant.interview.topics import due_proposals
from assistant.interview.turn import ledgers_of
from assistant.journal import Journal
from assistant.ports import Clock, EventStore
from knowledge.model import Standard

REASON_LIMIT, NAME_LIMIT = 500, 100
"""Characters of a reason and of a name at most."""


@dataclass(frozen=True)
class Paper:
    """One document: how many passages were taken from it, what sub-items they speak of, and why it was withdrawn.

    `statements`: how many it has in all; None while it was not read to its end.
    """

    document: Document
    passages: int
    subitems: tuple[str, ...]
    statements: int | None
    withdrawn: str = ""


def papers(state: Assessment, standard: Standard) -> list[Paper]:
    """The documents in the order in which they came."""
    found = []
    for document in state.documents.values():
        passages = [a for a in state.answers.values() if a.document == document.id]
        spoken = {a.subitem for a in passages}
        found.append(
            Paper(
                document=document,
                passages=len(passages),
                subitems=tuple(code for code in standard.subitems if code in spoken),
                statements=state.finished.get(document.id),
                withdrawn=state.withdrawn.get(document.id, ""),
            )
        )
    return found


def named(state: Assessment, name: str) -> Document:
    """The document of a file name or of the beginning of an id. Raises NotFoundError, InputError when several fit."""
    standing = [d for d in state.documents.values() if d.id not in state.withdrawn]
    fitting = [d for d in standing if d.name == name] or [d for d in standing if name and d.id.startswith(name)]
    if not fitting:
        known = "、".join(f"《{d.name}》" for d in standing)
        told = f"现有：{known}。" if known else "这份评估没有读入过文件，或已全部撤回。"
        raise NotFoundError(f"没有读入过名为“{name}”的文件。{told}")
    if len(fitting) > 1:
        ids = "、".join(d.id[:12] for d in fitting)
        raise InputError(f"有 {len(fitting)} 个文件叫“{name}”，请改写编号：{ids}。")
    return fitting[0]


def iso_date(text: str) -> str:
    """A day as it was written (2026-03-01) or nothing. Raises InputError."""
    try:
        return date.fromisoformat(text.strip()).isoformat() if text.strip() else ""
    except ValueError as error:
        raise InputError(f"日期“{text}”读不懂。请写成 2026-03-01 这样的形式。") from error


class DocumentDesk:
    """Puts right what is on record of the documents: what kind of evidence one is, or that it does not belong here."""

    def __init__(self, store: EventStore, clock: Clock, standard: Standard, name: str, actor: str) -> None:
        """Open an assessment. Raises NotFoundError when there is none of that id."""
        self._journal = Journal(store, clock, name, actor)
        self._standard = standard

    @property
    def state(self) -> Assessment:
        """The assessment as last seen."""
        return self._journal.state

    def describe(self, document: str, kind: SourceKind, owner: str, dated: str) -> None:
        """Say what kind of evidence a document is, who answers for it, and of when it is (ISO, or empty).

        Raises InputError for a date that is none or a name without end, NotFoundError as `withdraw`.
        """
        owner = one_line(owner)
        if len(owner) > NAME_LIMIT:
            raise InputError(f"责任人不超过 {NAME_LIMIT} 字。")

        def anew() -> list[DocumentAdded]:
            known = self._standing(document)
            told = known.model_copy(update={"kind": kind, "owner": owner, "date": iso_date(dated)})
            return [] if told == known else [DocumentAdded(document=told)]

        self._journal.append(anew)

    def _standing(self, document: str) -> Document:
        if document not in self.state.documents or document in self.state.withdrawn:
            raise NotFoundError("没有这个文件，或者它已经撤回。")
        return self.state.documents[document]

    def withdraw(self, document: str, reason: str) -> tuple[str, ...]:
        """Take a document back by its id; the sub-items whose proposal changes with it.

        Its words stay on record, and adding the same file again brings it back. A decision already made stands, and is
        shown as overtaken (sign-off check). Raises InputError without a reason, or when the assessment takes no
        changes; NotFoundError for a document that is not there.
        """
        why = one_line(reason)
        if not why:
            raise InputError("请写明撤回的理由，例如：传错了企业的文件。")
        if len(why) > REASON_LIMIT:
            raise InputError(f"理由不超过 {REASON_LIMIT} 字。")

        def back() -> list[DocumentWithdrawn]:
            return [DocumentWithdrawn(document=self._standing(document).id, reason=why)]

        self._journal.append(back)
        changed: list[str] = []

        def follow() -> list[Event]:
            due = due_proposals(self.state, ledgers_of(self._standard, self.state))
            changed[:] = [event.proposal.subitem for event in due]
            return list(due)

        self._journal.append(follow)
        return tuple(changed)
