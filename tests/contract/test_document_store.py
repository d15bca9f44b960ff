"""What every DocumentStore does, run over the folder and the one that the evals keep in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.assessment.document import document_id
from assistant.errors import StorageError
from assistant.ports import DocumentStore
from assistant.storage.files import FolderDocumentStore
from evals.run_minutes import KeptFiles


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> DocumentStore:
    return KeptFiles() if request.param == "memory" else FolderDocumentStore(tmp_path / "documents")


def test_what_is_put_is_got_under_its_hash(store):
    name = store.put("a1", b"minutes")
    assert (name, store.get("a1", name)) == (document_id(b"minutes"), b"minutes")


def test_putting_twice_is_putting_once(store):
    assert store.put("a1", b"minutes") == store.put("a1", b"minutes")


def test_what_was_never_put_is_not_there(store):
    assert store.get("a1", document_id(b"else")) is None


def test_a_file_that_was_altered_is_not_given_out_and_can_be_put_anew(tmp_path):
    store = FolderDocumentStore(tmp_path)
    name = store.put("a1", b"minutes")
    (tmp_path / "a1" / name).write_bytes(b"forged")
    assert store.get("a1", name) is None
    store.put("a1", b"minutes")
    assert store.get("a1", name) == b"minutes"
    assert [p.name for p in (tmp_path / "a1").iterdir()] == [name]


@pytest.mark.parametrize("names", [("../up", "0" * 64), ("a1", "../../x"), ("a1", "名称.docx")])
def test_names_that_lead_elsewhere_are_a_mistake(tmp_path, names):
    with pytest.raises(ValueError, match="/"):
        FolderDocumentStore(tmp_path).get(*names)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "documents").write_text("a file")
    with pytest.raises(StorageError, match="那里是一个文件"):
        FolderDocumentStore(tmp_path / "documents" / "x").put("a1", b"minutes")
