"""The JSON report: complete, by its schema, and graded anew from what is in it."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

from assistant.assessment.events import SignedOff
from assistant.assessment.record import chain, export_rows, import_rows
from assistant.assessment.renaming import renamed
from assistant.assessment.state import fold
from assistant.errors import InputError, RecordError
from assistant.reports.docx import render_docx
from assistant.reports.json import SCHEMA, read_json, render_json, schema
from assistant.reports.replay import replay
from assistant.reports.view_build import report_view
from assistant.reports.xlsx import render_xlsx
from tests.unit.reports.cases import EQUAL, EXAMPLE, POLICIES, STANDARD, decided, example

LEVELS = {c: 1 + i % 5 for i, c in enumerate(STANDARD.subitems)} | {"4.2": None}
RECORD = EXAMPLE.read_text(encoding="utf-8")


@pytest.mark.parametrize("policy", POLICIES.values(), ids=list(POLICIES))
def test_the_view_is_rebuilt_from_the_json_whole(policy):
    for state in (example(), decided(LEVELS, scores={"1.1": "9.99"}), decided({})):
        view = report_view(state, STANDARD, policy)
        assert read_json(render_json(view).decode()) == view


def test_the_shipped_schema_is_the_views_and_holds(tmp_path):
    jsonschema = pytest.importorskip("jsonschema")
    assert SCHEMA.read_text(encoding="utf-8") == schema()
    for state in (example(), decided(LEVELS), decided({})):
        data = json.loads(render_json(report_view(state, STANDARD, POLICIES["unequal"])))
        jsonschema.Draft202012Validator(json.loads(schema())).validate(data)


def test_export_import_report_is_the_same():
    again = fold(import_rows(export_rows(import_rows(RECORD))))
    first, second = (report_view(state, STANDARD, EQUAL) for state in (example(), again))
    assert render_json(first) == render_json(second)
    words = [Document(BytesIO(render_docx(view))).element.xml for view in (first, second)]
    assert words[0] == words[1]
    cells = []
    for view in (first, second):
        book = load_workbook(BytesIO(render_xlsx(view, STANDARD)))
        cells.append([[c.value for c in row] for page in book for row in page.iter_rows()])
        book.close()
    assert cells[0] == cells[1]


@pytest.mark.parametrize("policy", POLICIES.values(), ids=list(POLICIES))
def test_replay_of_a_report_is_equal_by_its_own_policy(policy):
    for state in (example(), decided(LEVELS), decided({})):
        view = report_view(state, STANDARD, policy)
        result = replay(render_json(view).decode(), STANDARD, EQUAL)
        assert (result.grade, result.differences) == (view.scoring.grade, ())


def changed(**changes):
    data = json.loads(render_json(report_view(decided(LEVELS), STANDARD, EQUAL)))
    for path, value in changes.items():
        *way, last = path.split("__")
        inner = data
        for key in way:
            inner = inner[key]
        inner[last] = value
    return json.dumps(data, ensure_ascii=False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"grade__level": 5, "grade__shown": "95.00"}, "报告封面写的是 L5"),
        (
            {"scoring__levels__levels": dict.fromkeys(STANDARD.subitems, 5), "scoring__levels__not_applicable": []},
            "重算为 L5",
        ),
        ({"scoring__grade__score": "99"}, "评分结果写的是"),
        ({"standard_digest": "x"}, "标准数据与出报告时不同"),
    ],
)
def test_replay_finds_a_grade_that_was_changed_by_hand(change, message):
    result = replay(changed(**change), STANDARD, EQUAL)
    assert [d for d in result.differences if message in d] != []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hello", "不是合法的 JSON"),
        ("[]", "缺少 scoring"),
        ('{"scoring": {}}', "版本是 None"),
        ('{"scoring": {}, "version": 1}', "缺失或不合用"),
    ],
)
def test_replay_refuses_what_is_no_report(text, message):
    with pytest.raises(InputError, match=message):
        replay(text, STANDARD, EQUAL)


def test_replay_of_a_record():
    result = replay(RECORD, STANDARD, EQUAL)
    assert (result.what, result.stated, result.differences) == ("评估记录", False, ())
    state = example()
    view = report_view(state, STANDARD, EQUAL)
    event = SignedOff(
        reviewer="陈卫东",
        record=state.tail.hash,
        rows=state.tail.seq,
        level=view.scoring.grade.level,
        score=view.scoring.grade.score,
        policy="equal",
        policy_version="1",
        policy_digest=EQUAL.digest,
        standard_digest=STANDARD.digest,
    )
    rows = import_rows(RECORD)

    def text(sealed):
        return export_rows([*rows, *chain("example", rows[-1], [sealed], rows[-1].at, "陈卫东")])

    sealed = replay(text(event), STANDARD, EQUAL)
    assert (sealed.stated, sealed.differences) == (True, ())
    forged = replay(text(event.model_copy(update={"level": 4})), STANDARD, EQUAL)
    assert "签发写的是 L4" in forged.differences[0]
    with pytest.raises(InputError, match="请用 --policy 给出当时的政策"):
        replay(text(event), STANDARD, POLICIES["floor"])
    with pytest.raises(RecordError, match="校验失败"):
        replay(RECORD.replace("周长河", "周长江", 1), STANDARD, EQUAL)


def test_the_example_fits_the_shipped_standard_and_policy():
    """When this fails, the standard's data changed: `python -m evals example --write`."""
    opened = example().opened
    assert (opened.standard_digest, opened.policy_digest) == (STANDARD.digest, EQUAL.digest)


def test_a_record_under_another_name_says_the_same():
    state = fold(renamed(import_rows(RECORD), "example-7"))
    plain = replace(state, id="example", tail=example().tail)
    assert plain == example()
    assert export_rows(renamed(import_rows(RECORD), "example")) == RECORD
