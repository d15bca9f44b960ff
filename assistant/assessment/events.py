"""The events of the record: what happened to an assessment, each kind with its version. Nothing is ever changed in one.

A field added later has a default, so that records from before it can be read; a change that cannot be read so takes a new `v`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from assistant.assessment.answer import Purpose
from assistant.assessment.decision import Decision
from assistant.assessment.document import Document
from assistant.assessment.justification import Justification, Section
from assistant.assessment.level import Proposal, Reason
from assistant.assessment.reading import Reading
from assistant.assessment.usage import Call
from knowledge.model import Frozen


class Opened(Frozen):
    """评估建立: one enterprise, one version of the standard, one scoring policy (id, version and content hash each).

    `credit_code` 统一社会信用代码 and `size` 规模 may be empty; records from before they were asked for have neither.
    """

    kind: Literal["opened"] = "opened"
    v: Literal[1] = 1
    enterprise: str
    industry: str = ""
    credit_code: str = ""
    size: str = ""
    standard: str
    standard_digest: str
    policy: str
    policy_version: str
    policy_digest: str


class RespondentJoined(Frozen):
    """受访人加入."""

    kind: Literal["respondent_joined"] = "respondent_joined"
    v: Literal[1] = 1
    respondent: str
    name: str
    role: str = ""


class QuestionAsked(Frozen):
    """提问, in the words in which it was put.

    `also`: see Probe. `sources` are codes of the passages that an explanation was drawn from. `calls` and `fallback`
    are those of the wording (see Reading). `line`: see Question.
    """

    kind: Literal["question_asked"] = "question_asked"
    v: Literal[1] = 1
    subitem: str
    requirement: str | None
    purpose: Purpose
    text: str
    also: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    fallback: str = ""
    line: str = ""


class AnswerGiven(Frozen):
    """回答, verbatim. `corrects` is the sequence of the answer that this one replaces; see Answer for the rest."""

    kind: Literal["answer_given"] = "answer_given"
    v: Literal[1] = 1
    question: int | None
    subitem: str
    respondent: str
    text: str
    corrects: int | None = None
    document: str = ""
    place: str = ""


class DocumentAdded(Frozen):
    """文件加入: its bytes are kept beside the record, under its id."""

    kind: Literal["document_added"] = "document_added"
    v: Literal[1] = 1
    document: Document


class DocumentRead(Frozen):
    """文件读完: every statement was heard, so that it is not read again. `heard` of `statements` spoke of a sub-item."""

    kind: Literal["document_read"] = "document_read"
    v: Literal[1] = 1
    document: str
    statements: int
    heard: int


class DocumentWithdrawn(Frozen):
    """文件撤回: what was read in it is evidence no more; its words stay on record, and it may be added again."""

    kind: Literal["document_withdrawn"] = "document_withdrawn"
    v: Literal[1] = 1
    document: str
    reason: str


class ReadingMade(Frozen):
    """解读: what an engine found in one answer, already verified."""

    kind: Literal["reading_made"] = "reading_made"
    v: Literal[1] = 1
    reading: Reading


class LevelProposed(Frozen):
    """建议."""

    kind: Literal["level_proposed"] = "level_proposed"
    v: Literal[1] = 1
    proposal: Proposal


class TopicSetAside(Frozen):
    """话题搁置: not asked further for now, why, and by whom: what one does not know a colleague may."""

    kind: Literal["topic_set_aside"] = "topic_set_aside"
    v: Literal[1] = 1
    subitem: str
    reason: Reason
    note: str = ""
    respondent: str = ""


class TopicResumed(Frozen):
    """话题重启: back on the agenda, with a fresh budget of questions; taken up in one line (see Question)."""

    kind: Literal["topic_resumed"] = "topic_resumed"
    v: Literal[1] = 1
    subitem: str
    line: str = ""


class TopicReturned(Frozen):
    """退回补问: a reviewer's question goes to the top of the agenda and is put in their words."""

    kind: Literal["topic_returned"] = "topic_returned"
    v: Literal[1] = 1
    subitem: str
    question: str
    reviewer: str


class DecisionMade(Frozen):
    """复核决定."""

    kind: Literal["decision_made"] = "decision_made"
    v: Literal[1] = 1
    decision: Decision


class DecisionWithdrawn(Frozen):
    """撤销决定."""

    kind: Literal["decision_withdrawn"] = "decision_withdrawn"
    v: Literal[1] = 1
    subitem: str


class SignedOff(Frozen):
    """签发: the reviewer's final word on the whole; from here on nothing changes until it is reopened.

    `record` is the hash of the last row that was signed, `rows` its sequence: together they name the record as the
    reviewer saw it. `score` is exact (18 places), `warnings` are the findings that the reviewer signed in spite of.
    """

    kind: Literal["signed_off"] = "signed_off"
    v: Literal[1] = 1
    reviewer: str
    record: str
    rows: int
    level: int
    score: str
    policy: str
    policy_version: str
    policy_digest: str
    standard_digest: str
    warnings: tuple[str, ...] = ()


class Reopened(Frozen):
    """重新打开: a signed-off assessment may be changed again, and why."""

    kind: Literal["reopened"] = "reopened"
    v: Literal[1] = 1
    reason: str


class Archived(Frozen):
    """归档: out of the list, and only to be looked at; says nothing about the content, so that a sealed record takes it too."""

    kind: Literal["archived"] = "archived"
    v: Literal[1] = 1


class Unarchived(Frozen):
    """恢复: back in the list, to be worked on again."""

    kind: Literal["unarchived"] = "unarchived"
    v: Literal[1] = 1


class JustificationDrafted(Frozen):
    """判定说明起草, already verified. `grounds` is the hash of what it rests on (`JustifyTask.grounds`).

    `replaces` names the parts whose own words the assessor has agreed to give up for the new text.
    """

    kind: Literal["justification_drafted"] = "justification_drafted"
    v: Literal[1] = 1
    justification: Justification
    grounds: str
    replaces: tuple[Section, ...] = ()


class JustificationEdited(Frozen):
    """判定说明改写: one part in the assessor's own words; `grounds` as they stood before the assessor's eyes."""

    kind: Literal["justification_edited"] = "justification_edited"
    v: Literal[1] = 1
    subitem: str
    section: Section
    text: str
    grounds: str


class InvitationMade(Frozen):
    """邀请发出: one person may answer on this assessment by a link, until `expires` (UTC, ISO), on their role's topics.

    The link itself stands nowhere: who reads the record cannot come in by it.
    """

    kind: Literal["invitation_made"] = "invitation_made"
    v: Literal[1] = 1
    invitation: str
    name: str
    role: str
    expires: str


class InvitationRevoked(Frozen):
    """邀请停用: the link opens nothing any more."""

    kind: Literal["invitation_revoked"] = "invitation_revoked"
    v: Literal[1] = 1
    invitation: str


Event = Annotated[
    Opened
    | RespondentJoined
    | QuestionAsked
    | AnswerGiven
    | ReadingMade
    | LevelProposed
    | TopicSetAside
    | TopicResumed
    | TopicReturned
    | DecisionMade
    | DecisionWithdrawn
    | DocumentAdded
    | DocumentRead
    | DocumentWithdrawn
    | SignedOff
    | Reopened
    | Archived
    | Unarchived
    | JustificationDrafted
    | JustificationEdited
    | InvitationMade
    | InvitationRevoked,
    Field(discriminator="kind"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
