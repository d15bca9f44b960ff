"""The record: hash-chained rows of events (see events.py), canonical bytes. Everything else can be rebuilt from it.

Each row: assessment id, sequence from 1, time (UTC), actor, kind, canonical JSON of the event, previous hash, hash.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError

from assistant.assessment.events import EVENT, Event
from assistant.errors import RecordError
from knowledge.model import Frozen

GENESIS = "0" * 64
NAME = re.compile(r"\w[\w.-]{0,63}")


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
