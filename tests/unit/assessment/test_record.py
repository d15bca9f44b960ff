"""The record: canonical bytes, the chain and what breaks it, export and import."""

from __future__ import annotations

import hashlib
import json
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assessment.answer import Purpose
from assistant.assessment.decision import Decision
from assistant.assessment.document import Document, SourceKind
from assistant.assessment.events import (
    EVENT,
    AnswerGiven,
    Archived,
    DecisionMade,
    DecisionWithdrawn,
    DocumentAdded,
    DocumentRead,
    DocumentWithdrawn,
    Event,
    InvitationMade,
    InvitationRevoked,
    JustificationDrafted,
    JustificationEdited,
    LevelProposed,
    Opened,
    QuestionAsked,
    ReadingMade,
    Reopened,
    RespondentJoined,
    SignedOff,
    TopicResumed,
    TopicReturned,
    TopicSetAside,
    Unarchived,
)
from assistant.assessment.justification import Justification, Section, Sentence
from assistant.assessment.ledger import Evidence, Stand
from assistant.assessment.level import Citation, Proposal, Reason, Undecided
from assistant.assessment.reading import (
    Dropped,
    Finding,
    Intent,
    Quote,
    RateFinding,
    Reading,
    Verdict,
)
from assistant.assessment.record import GENESIS, Row, canonical, chain, export_rows, first_broken, import_rows
from assistant.errors import RecordError

AT = "2025-03-01T08:00:00.000+00:00"
QUOTE = Quote(answer=4, start=0, end=4, text="联网四成")
OPENED = Opened(
    enterprise="齐鲁轴承", standard="s", standard_digest="sd", policy="p", policy_version="1", policy_digest="pd"
)
EVENTS: list[Event] = [
    OPENED,
    RespondentJoined(respondent="r1", name="王工", role="设备"),
    QuestionAsked(subitem="1.1", requirement=None, purpose=Purpose.OPENING, text="设备联网情况如何？"),
    AnswerGiven(question=3, subitem="1.1", respondent="r1", text="联网四成\n\u0000\u001f\"'\\ 𠮷\U0001f600"),
    ReadingMade(
        reading=Reading(
            answer=4,
            engine="rules/1",
            intent=Intent.ANSWER,
            findings=(Finding(requirement="1.1-L3#1", verdict=Verdict.MET, quote=QUOTE, rule="yes"),),
            rates=(RateFinding(subitem="1.1", low=Decimal("40.0"), high=Decimal("40.00"), quote=QUOTE, rule="rate"),),
            retracts=(2,),
            dropped=(Dropped(reason="标准中没有这个编号", code="9.9-L9#9", quote="x"),),
            notes=("注",),
        )
    ),
    LevelProposed(
        proposal=Proposal(
            subitem="1.1",
            level=3,
            citations=(
                Citation(
                    clause="1.1-L3",
                    stand=Stand.MET,
                    evidence=(
                        Evidence(
                            requirement="1.1-L3#1", verdict=Verdict.MET, quote=QUOTE, rule="rate", engine="rules/1"
                        ),
                    ),
                ),
            ),
            rate=Decimal("40.0"),
        )
    ),
    LevelProposed(
        proposal=Proposal(subitem="1.2", level=None, undecided=Undecided(reason=Reason.BUDGET, low=2, high=4))
    ),
    TopicSetAside(subitem="1.2", reason=Reason.SKIPPED, note="改日再谈"),
    TopicResumed(subitem="1.2"),
    TopicReturned(subitem="1.2", question="两个车间之间怎么传数据？", reviewer="陈工"),
    DecisionMade(decision=Decision(subitem="1.1", level=3, proposed=3, score=Decimal("45.50"), reason="现场看过")),
    DecisionWithdrawn(subitem="1.1"),
    DocumentAdded(
        document=Document(id="0" * 64, name="纪要.docx", kind=SourceKind.TALK, owner="王工", date="2026-03-01")
    ),
    DocumentRead(document="0" * 64, statements=12, heard=9),
    DocumentWithdrawn(document="0" * 64, reason="传错了文件"),
    SignedOff(
        reviewer="陈工",
        record="0" * 64,
        rows=11,
        level=3,
        score="46.25",
        policy="p",
        policy_version="1",
        policy_digest="pd",
        standard_digest="sd",
        warnings=("等级只凭口头陈述",),
    ),
    Reopened(reason="补交了材料"),
    Archived(),
    Unarchived(),
    JustificationDrafted(
        justification=Justification(
            subitem="1.1",
            level=2,
            engine="rules/1",
            basis=(
                Sentence(text="说“有”。", quotes=(Quote(answer=4, start=0, end=1, text="有"),), clauses=("1.1-L2",)),
            ),
        ),
        grounds="0" * 16,
        replaces=(Section.ADVICE,),
    ),
    JustificationEdited(subitem="1.1", section=Section.BASIS, text="有台账可查。", grounds="0" * 16),
    InvitationMade(invitation="k7q2", name="李工", role="设备主任", expires="2025-03-08T08:00:00.000+00:00"),
    InvitationRevoked(invitation="k7q2"),
]
RECORD = chain("20250301-abcd", None, EVENTS, AT, "顾问")


def rehashed(row: Row, **changes: object) -> Row:
    """The row changed, with a hash that fits: what a careful forger writes."""
    changed = row.model_copy(update=changes)
    return changed.model_copy(update={"hash": changed.expected_hash()})


def with_payload(row: Row, **changes: object) -> Row:
    """The row with keys of its event changed, and a hash that fits."""
    return rehashed(row, payload=canonical(json.loads(row.payload) | changes))


# Canonical JSON


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), json_values, max_size=6), st.randoms(use_true_random=False))
def test_a_value_has_one_canonical_text(value: dict[str, Any], shuffle: random.Random) -> None:
    keys = list(value)
    shuffle.shuffle(keys)
    text = canonical({key: value[key] for key in keys})
    assert text == canonical(value)
    assert json.loads(text) == value
    assert not set(map(chr, range(0x20))) & set(text)


def test_canonical_text_is_sorted_unspaced_and_not_escaped() -> None:
    assert canonical({"b": [1, None, True], "a": "中文\n"}) == '{"a":"中文\\n","b":[1,null,true]}'


# The chain


WRITTEN_BEFORE = (
    '{"corrects":null,"kind":"answer_given","question":3,"respondent":"r1","subitem":"1.1","text":"有","v":1}'
)
"""An answer as the first version wrote it."""


def test_the_form_of_a_row_never_changes() -> None:
    """Worked out by hand: rows written so far must stay readable, so a field may only be added, with a default."""
    assert EVENT.validate_json(WRITTEN_BEFORE) == AnswerGiven(question=3, subitem="1.1", respondent="r1", text="有")
    payload = (
        '{"corrects":null,"document":"","kind":"answer_given","place":"","question":3,"respondent":"r1","subitem":"1.1",'
        '"text":"有","v":1}'
    )
    listed = f'["a",1,"{AT}","顾问","answer_given",{json.dumps(payload, ensure_ascii=False)},"{"0" * 64}"]'
    digest = hashlib.sha256(listed.encode()).hexdigest()
    event = AnswerGiven(question=3, subitem="1.1", respondent="r1", text="有")
    expected = Row(
        assessment="a", seq=1, at=AT, actor="顾问", kind="answer_given", payload=payload, prev="0" * 64, hash=digest
    )
    assert chain("a", None, [event], AT, "顾问") == [expected]
    assert digest == "eb6c9576dd4ebfd8577cf5a1a7317f6a6e369b90c7a7e5d00a0a8fbdb9c63801"


def test_rows_are_numbered_and_linked() -> None:
    assert [row.seq for row in RECORD] == list(range(1, len(EVENTS) + 1))
    assert [row.prev for row in RECORD] == [GENESIS, *(row.hash for row in RECORD[:-1])]
    assert [row.kind for row in RECORD] == [event.kind for event in EVENTS]
    assert [row.hash for row in RECORD] == [row.expected_hash() for row in RECORD]


def test_a_chain_made_in_steps_is_the_same() -> None:
    rows: list[Row] = []
    for event in EVENTS:
        rows += chain("20250301-abcd", rows[-1] if rows else None, [event], AT, "顾问")
    assert rows == RECORD
    assert chain("20250301-abcd", RECORD[-1], [], AT, "顾问") == []


def test_events_come_back_as_they_were() -> None:
    assert [row.event for row in RECORD] == EVENTS


def test_every_kind_of_event_is_tried_here() -> None:
    kinds = EVENT.json_schema()["discriminator"]["mapping"]
    assert {event.kind for event in EVENTS} == set(kinds)


def test_text_that_is_not_unicode_never_gets_into_a_row() -> None:
    event = AnswerGiven(question=None, subitem="1.1", respondent="r1", text="\ud800")
    with pytest.raises(UnicodeEncodeError):
        chain("a", None, [event], AT, "顾问")


# Tampering


positions = st.integers(0, len(RECORD) - 1)
other_text = st.text(max_size=20) | st.sampled_from([row.hash for row in RECORD])


def first_difference(rows: list[Row]) -> int | None:
    """Position from 1 of the first row that is not the record's; None when the rows are its beginning."""
    for position, row in enumerate(rows, start=1):
        if position > len(RECORD) or row != RECORD[position - 1]:
            return position
    return None


def position_of_break(rows: list[Row]) -> int | None:
    broken = first_broken(rows)
    return broken[0] if broken else None


def test_an_untouched_record_is_whole() -> None:
    assert first_broken(RECORD) is None
    assert first_broken(iter(RECORD)) is None
    assert first_broken([]) is None


@settings(max_examples=300)
@given(positions, st.sampled_from(sorted(Row.model_fields)), st.data())
def test_a_changed_field_is_found_at_its_row(at: int, field: str, data: st.DataObject) -> None:
    old = getattr(RECORD[at], field)
    new = data.draw((st.integers() if field == "seq" else other_text).filter(lambda value: value != old))
    rows = [*RECORD[:at], RECORD[at].model_copy(update={field: new}), *RECORD[at + 1 :]]
    assert position_of_break(rows) == at + 1


@pytest.mark.parametrize("at", range(len(RECORD)))
def test_one_changed_character_is_found(at: int) -> None:
    payload = RECORD[at].payload
    for place in (0, len(payload) // 2, len(payload) - 1):
        other = "甲" if payload[place] != "甲" else "乙"
        changed = RECORD[at].model_copy(update={"payload": payload[:place] + other + payload[place + 1 :]})
        assert position_of_break([*RECORD[:at], changed, *RECORD[at + 1 :]]) == at + 1


@given(st.sets(positions, min_size=1))
def test_deleted_rows_are_found(gone: set[int]) -> None:
    """Except at the end: what is left then is a whole, shorter record, and only its last hash told elsewhere shows it."""
    rows = [row for at, row in enumerate(RECORD) if at not in gone]
    assert position_of_break(rows) == first_difference(rows)


@given(st.permutations(RECORD))
def test_rows_in_another_order_are_found(rows: list[Row]) -> None:
    assert position_of_break(rows) == first_difference(rows)


@given(st.integers(0, len(RECORD)), positions, st.booleans())
def test_an_inserted_row_is_found(at: int, copied: int, fitted: bool) -> None:
    row = RECORD[copied]
    if fitted:
        row = rehashed(row, seq=at + 1, prev=RECORD[at - 1].hash if at else GENESIS, actor="别人")
    rows = [*RECORD[:at], row, *RECORD[at:]]
    if not fitted:
        assert position_of_break(rows) == first_difference(rows)
    else:
        # A forged row that fits what precedes it is betrayed by the row after it, unless it is the last.
        assert position_of_break(rows) == (at + 2 if at < len(RECORD) else None)


@given(positions, st.sampled_from(["at", "actor", "kind", "payload"]))
def test_a_changed_row_with_a_hash_that_fits_is_betrayed_by_the_next(at: int, field: str) -> None:
    rows = [*RECORD[:at], rehashed(RECORD[at], **{field: "别的"}), *RECORD[at + 1 :]]
    assert position_of_break(rows) == (at + 2 if at + 1 < len(RECORD) else None)


def test_a_row_of_another_assessment_is_found() -> None:
    stranger = rehashed(RECORD[1], assessment="b")
    assert first_broken([RECORD[0], stranger]) == (2, "评估编号与前面各行不同")


def test_the_reason_is_told() -> None:
    row = RECORD[1]
    assert [
        first_broken([RECORD[0], changed])
        for changed in (
            row.model_copy(update={"seq": 3}),
            row.model_copy(update={"prev": GENESIS}),
            row.model_copy(update={"actor": "别人"}),
        )
    ] == [
        (2, "序号应为 2，实为 3，有行缺失、重复或次序颠倒"),
        (2, "与上一行的哈希不衔接"),
        (2, "内容与其哈希不符，记录后被改动"),
    ]


# Export and import


@given(st.lists(st.text(), max_size=5))
def test_export_and_import_round_trip_byte_for_byte(texts: list[str]) -> None:
    events = [AnswerGiven(question=None, subitem="1.1", respondent="r1", text=text) for text in texts]
    rows = chain("a", None, [OPENED, *events], AT, "顾问")
    exported = export_rows(rows)
    assert exported.count("\n") == len(rows)
    assert import_rows(exported) == rows
    assert export_rows(import_rows(exported)).encode() == exported.encode()


def test_a_record_of_every_kind_of_event_round_trips() -> None:
    exported = export_rows(RECORD)
    assert import_rows(exported) == RECORD
    assert export_rows(import_rows(exported)).encode() == exported.encode()


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_a_line_separator_in_an_answer_does_not_cut_its_line(separator: str) -> None:
    event = AnswerGiven(question=None, subitem="1.1", respondent="r1", text=f"一{separator}二")
    rows = chain("a", None, [OPENED, event], AT, "顾问")
    assert import_rows(export_rows(rows)) == rows


def test_an_answer_of_50000_characters_round_trips() -> None:
    event = AnswerGiven(question=None, subitem="1.1", respondent="r1", text="设备" * 25_000)
    rows = chain("a", None, [OPENED, event], AT, "顾问")
    assert import_rows(export_rows(rows)) == rows


@pytest.mark.parametrize("text", ["", "\n", "\r\n", "\n\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    with pytest.raises(RecordError, match=r"文件是空的，没有可导入的记录|文件第 1 行不是评估记录，无法导入"):
        import_rows(text)


@pytest.mark.parametrize(
    "line",
    [
        "不是记录",
        "{}",
        "[]",
        "null",
        '{"levels": {"1.1": 3}}',
        export_rows(RECORD[1:2]).rstrip("\n")[:-5],
        export_rows(RECORD[1:2]).replace('"seq"', '"sequence"'),
        export_rows(RECORD[1:2]).replace('"seq":2', '"seq":"二"'),
        export_rows(RECORD[1:2]).replace("}\n", ',"extra":1}'),
        "",
    ],
)
def test_a_line_that_is_no_row_is_named(line: str) -> None:
    text = export_rows(RECORD[:1]) + line.rstrip("\n") + "\n" + export_rows(RECORD[2:])
    with pytest.raises(
        RecordError, match=r"^文件第 2 行不是评估记录，无法导入。请确认文件由 iiam export 导出且未被改动。$"
    ):
        import_rows(text)


@pytest.mark.parametrize("gone", [0, 3, len(RECORD) - 2])
def test_a_broken_chain_is_refused(gone: int) -> None:
    text = export_rows([*RECORD[:gone], *RECORD[gone + 1 :]])
    with pytest.raises(RecordError, match=f"^记录第 {gone + 1} 行校验失败：序号应为 {gone + 1}.*未导入任何内容。$"):
        import_rows(text)


def test_changed_words_are_refused() -> None:
    text = export_rows(RECORD).replace("联网四成", "联网八成", 1)
    with pytest.raises(RecordError, match=r"^记录第 4 行校验失败：内容与其哈希不符，记录后被改动。未导入任何内容。$"):
        import_rows(text)


def test_two_assessments_in_one_file_are_refused() -> None:
    text = export_rows([*RECORD[:1], rehashed(RECORD[1], assessment="b")])
    with pytest.raises(RecordError, match=r"^记录第 2 行校验失败：评估编号与前面各行不同。未导入任何内容。$"):
        import_rows(text)


@pytest.mark.parametrize(
    "future",
    [
        pytest.param(with_payload(RECORD[1], v=2), id="version"),
        pytest.param(rehashed(with_payload(RECORD[1], kind="photo_taken"), kind="photo_taken"), id="kind"),
        pytest.param(with_payload(RECORD[1], mood="good"), id="field"),
        pytest.param(rehashed(RECORD[1], payload="不是 JSON"), id="no JSON"),
    ],
)
def test_an_event_of_a_newer_program_is_refused(future: Row) -> None:
    message = f"^评估 20250301-abcd 记录第 2 行（{future.kind}）无法识别，可能由更新版本的程序写入。请升级后再打开。$"
    assert first_broken([RECORD[0], future]) is None
    with pytest.raises(RecordError, match=message):
        _ = future.event
    with pytest.raises(RecordError, match=message):
        import_rows(export_rows([RECORD[0], future]))


def test_a_kind_that_does_not_fit_its_event_is_refused() -> None:
    wrong = rehashed(RECORD[1], kind="topic_resumed")
    with pytest.raises(RecordError, match=r"^记录第 2 行的类型与内容不一致。未导入任何内容。$"):
        import_rows(export_rows([RECORD[0], wrong]))


def test_windows_line_ends_are_tolerated() -> None:
    """A mail program may change line ends on the way; the chain proves that nothing else was changed."""
    assert import_rows(export_rows(RECORD).replace("\n", "\r\n")) == RECORD
    assert import_rows(export_rows(RECORD).removesuffix("\n")) == RECORD


def test_a_byte_order_mark_is_refused() -> None:
    """It means that an editor saved the file anew; the message says whence to take an untouched one."""
    with pytest.raises(
        RecordError, match=r"^文件第 1 行不是评估记录，无法导入。请确认文件由 iiam export 导出且未被改动。$"
    ):
        import_rows("\ufeff" + export_rows(RECORD))
