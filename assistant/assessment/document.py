"""Documents: what kind of evidence they are, their statements, and where a quoted word comes from. Pure.

A document is named by the SHA-256 of its bytes, so that the same file is always the same document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum

from assistant.assessment.answer import Answer, Respondent
from assistant.assessment.level import Proposal
from knowledge.model import Frozen

UNSIGNED = "未署名"
"""Who speaks in a document that names neither a speaker nor an owner."""


class SourceKind(StrEnum):
    """What an auditor would call a piece of evidence. Minutes and transcripts are talk, written down."""

    TALK = "口头"
    FILE = "文件"
    SCREENSHOT = "系统截图"
    ON_SITE = "现场查看"


class Document(Frozen):
    """A file that was read. `id`: SHA-256 of its bytes in hex; `owner`: who answers for it; `date`: ISO, or empty."""

    id: str
    name: str
    kind: SourceKind
    owner: str = ""
    date: str = ""
    size: int = 0


class Statement(Frozen):
    """One piece of a document, verbatim: a paragraph, a speaker's turn, a cell.

    `number` counts from 1; `place` is unique in its document (第3段, 第2页第4段, 工作表“台账”B7, 00:12:31). `heading` is what
    stands above or before it (a section's title, a column's head, the question of a form): it helps to tell what is
    spoken of, and is never quoted.
    """

    number: int
    place: str
    text: str
    speaker: str = ""
    role: str = ""
    heading: str = ""


class Source(Frozen):
    """Where an answer comes from. `document` is the file's name, empty for what was said in an interview."""

    kind: SourceKind
    who: str = ""
    document: str = ""
    place: str = ""

    @property
    def text(self) -> str:
        """In one line: `口头 张工（设备主任）`, `口头 张工，《纪要》00:12:31`, `文件《台账》第3段`."""
        if not self.document:
            return f"{self.kind} {self.who}".strip()
        where = f"《{self.document}》{self.place}"
        if self.kind == SourceKind.TALK:
            return f"{self.kind} {self.who}，{where}" if self.who else f"{self.kind} {where}"
        return f"{self.kind}{where}" + (f"（{self.who}）" if self.who else "")


def document_id(content: bytes) -> str:
    """The name of a file by its content."""
    return hashlib.sha256(content).hexdigest()


def source_of(answer: Answer, respondents: Mapping[str, Respondent], documents: Mapping[str, Document]) -> Source:
    """Where an answer comes from; what was said in an interview is talk."""
    speaker = respondents.get(answer.respondent)
    name = speaker.name if speaker and speaker.name != UNSIGNED else ""
    who = f"{name}（{speaker.role}）" if name and speaker and speaker.role else name
    document = documents.get(answer.document)
    if document is None:
        return Source(kind=SourceKind.TALK, who=who)
    return Source(kind=document.kind, who=who, document=document.name, place=answer.place)


def kinds_behind(
    proposal: Proposal, answers: Mapping[int, Answer], documents: Mapping[str, Document]
) -> frozenset[SourceKind]:
    """The kinds of evidence that carry a proposed level; empty when nothing had to be shown for it (level 1)."""
    quoted: Iterable[int] = {e.quote.answer for c in proposal.citations for e in c.evidence}
    return frozenset(source_of(answers[seq], {}, documents).kind for seq in quoted)


def rests_on_talk_alone(proposal: Proposal, answers: Mapping[int, Answer], documents: Mapping[str, Document]) -> bool:
    """True when a level is proposed for which nobody has shown anything: a reviewer should ask for proof."""
    return proposal.level is not None and kinds_behind(proposal, answers, documents) == {SourceKind.TALK}
