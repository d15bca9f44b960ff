"""An assessment with its files in one zip, and what is refused on the way back."""

from __future__ import annotations

import io
import zipfile

import pytest

from assistant.assessment.document import Document, SourceKind, document_id
from assistant.assessment.events import DocumentAdded
from assistant.assessment.record import Row, chain, export_rows
from assistant.errors import RecordError
from assistant.storage.bundle import is_bundle, pack, unpack
from assistant.storage.memory import MemoryEventStore
from tests.fakes import StillClock, open_assessment

CONTENT = "纪要".encode()
NAME = document_id(CONTENT)


@pytest.fixture
def rows() -> list[Row]:
    store = MemoryEventStore()
    open_assessment(store)
    added = DocumentAdded(document=Document(id=NAME, name="纪要.docx", kind=SourceKind.TALK))
    store.append(chain("a1", store.read("a1")[-1], [added], StillClock().now().isoformat(), "顾问"))
    return store.read("a1")


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, part in parts.items():
            package.writestr(name.replace("__", "/").replace("_jsonl", ".jsonl"), part)
    return target.getvalue()


def test_there_and_back_the_same_bytes_each_time(rows):
    bundle = pack(rows, {NAME: CONTENT})
    assert (unpack(bundle), pack(rows, {NAME: CONTENT}), is_bundle(bundle)) == ((rows, {NAME: CONTENT}), bundle, True)
    assert not is_bundle(export_rows(rows).encode())


def test_a_forged_file_is_refused_by_name(rows):
    with pytest.raises(RecordError, match=r"纪要\.docx"):
        unpack(pack(rows, {NAME: b"forged"}))


def test_files_that_the_record_does_not_know_are_left_behind(rows):
    bundle = pack(rows, {NAME: CONTENT, document_id(b"other"): b"other"})
    assert unpack(bundle)[1] == {NAME: CONTENT}


def test_a_broken_chain_is_refused(rows):
    forged = [rows[0], rows[1].model_copy(update={"actor": "别人"})]
    with pytest.raises(RecordError, match="校验失败"):
        unpack(pack(forged, {}))


@pytest.mark.parametrize("content", [b"PK\x03\x04rubbish", zipped(other=b"x"), zipped(record_jsonl=b"\xff\xfe")])
def test_what_is_no_bundle_is_refused(content):
    with pytest.raises(RecordError, match="导出包已损坏"):
        unpack(content)
