"""The record: versioned events, hash-chained rows, canonical bytes. Everything else can be rebuilt from it.

Each row: assessment id, sequence from 1, time (UTC), actor, kind, canonical JSON of the event, previous hash, hash.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from assistant.assessment.answer import Purpose
from assistant.assessment.decision import Decision
from assistant.assessment.document import Document
from assistant.assessment.justification import Justification, Section
from assistant.assessment.level import Proposal, Reason
from assistant.assessment.reading import Reading
from assistant.assessment.usage import Call
from assistant.errors import RecordError
from knowledge.model import Frozen

GENESIS = "0" * 64
NAME = re.compile(r"\w[\w.-]{0,63}")


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


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no blanks, UTF-8 kept as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Row(Frozen):
    """One line of the record. `payload` is the event's canonical JSON as text, so bytes never change."""

    assessment: str
    seq: int
    at: str
    actor: str
    kind: str
    payload: str
    prev: str
    hash: str

    @property
    def event(self) -> Event:
        """The event in the payload. Raises RecordError for a kind or version this program does not know."""
        try:
            return EVENT.validate_json(self.payload)
        except ValidationError as error:
            raise RecordError(
                f"评估 {self.assessment} 记录第 {self.seq} 行（{self.kind}）无法识别，可能由更新版本的程序写入。请升级后再打开。"
            ) from error

    def expected_hash(self) -> str:
        """SHA-256 over all other fields."""
        fields = [self.assessment, self.seq, self.at, self.actor, self.kind, self.payload, self.prev]
        return hashlib.sha256(canonical(fields).encode()).hexdigest()


def chain(assessment: str, tail: Row | None, events: Sequence[Event], at: str, actor: str) -> list[Row]:
    """Rows for new events, linked to the last row of the assessment (None: the first events)."""
    rows: list[Row] = []
    for event in events:
        prev = rows[-1] if rows else tail
        row = Row(
            assessment=assessment,
            seq=prev.seq + 1 if prev else 1,
            at=at,
            actor=actor,
            kind=event.kind,
            payload=canonical(event.model_dump(mode="json")),
            prev=prev.hash if prev else GENESIS,
            hash="",
        )
        rows.append(row.model_copy(update={"hash": row.expected_hash()}))
    return rows


def first_broken(rows: Iterable[Row]) -> tuple[int, str] | None:
    """The position (from 1) and the reason of the first row that breaks the chain; None when all is well."""
    prev: Row | None = None
    for position, row in enumerate(rows, start=1):
        if row.seq != position:
            return position, f"序号应为 {position}，实为 {row.seq}，有行缺失、重复或次序颠倒"
        if prev is not None and row.assessment != prev.assessment:
            return position, "评估编号与前面各行不同"
        if row.prev != (prev.hash if prev else GENESIS):
            return position, "与上一行的哈希不衔接"
        if row.hash != row.expected_hash():
            return position, "内容与其哈希不符，记录后被改动"
        prev = row
    return None


def export_rows(rows: Iterable[Row]) -> str:
    """The record as text, one canonical JSON object a line: the form of `iiam export`."""
    return "".join(canonical(row.model_dump()) + "\n" for row in rows)


def import_rows(text: str) -> list[Row]:
    """Rows of an exported record. Raises RecordError naming the first line that cannot stand."""
    rows: list[Row] = []
    # Only "\n" ends a line: an answer may hold U+2028 or U+0085, at which splitlines() would cut it.
    lines = text.removesuffix("\n").split("\n") if text else []
    for number, line in enumerate(lines, start=1):
        try:
            rows.append(Row.model_validate_json(line))
        except ValidationError as error:
            raise RecordError(
                f"文件第 {number} 行不是评估记录，无法导入。请确认文件由 iiam export 导出且未被改动。"
            ) from error
    if not rows:
        raise RecordError("文件是空的，没有可导入的记录。")
    if NAME.fullmatch(rows[0].assessment) is None:
        raise RecordError(
            "记录中的评估编号不合规（只能有字母、数字、点、横线和下划线，不超过 64 个）。未导入任何内容。"
        )
    broken = first_broken(rows)
    if broken:
        raise RecordError(f"记录第 {broken[0]} 行校验失败：{broken[1]}。未导入任何内容。")
    for row in rows:
        if row.kind != row.event.kind:
            raise RecordError(f"记录第 {row.seq} 行的类型与内容不一致。未导入任何内容。")
    return rows
