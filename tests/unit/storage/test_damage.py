"""Damaged database files: told in Chinese, never written to, never deleted."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.assessment.record import Row, first_broken
from assistant.errors import StorageError
from assistant.storage.sql import SqlEventStore

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "one byte": lambda data: data[:1],
    "part of the header": lambda data: data[:50],
    "one page": lambda data: data[:4096],
    "one byte short of a page": lambda data: data[:4095],
    "half": lambda data: data[: len(data) // 2],
    "the last page cut": lambda data: data[:-4096],
    "zeros": lambda data: bytes(len(data)),
    "garbage": lambda data: bytes(range(1, 256)) * 300,
    "garbled header": lambda data: b"\xff" * 100 + data[100:],
    "garbled pages": lambda data: data[:4096] + b"\xa5" * (len(data) - 4096),
    "a text file": lambda data: "不是数据库\n".encode(),
}


MENDED_BY_WAL = ("the last page cut", "garbled header")


def contents(path: Path) -> dict[str, bytes]:
    """What is in the folder, without the -shm file, which holds nothing of its own."""
    return {p.name: p.read_bytes() for p in sorted(path.parent.iterdir()) if not p.name.endswith("-shm")}


def read_all(path: Path) -> list[Row]:
    with closing(SqlEventStore(path)) as store:
        assert store.assessments() == ["a"]
        return store.read("a")


def damage_is_told_and_left_alone(path: Path) -> None:
    before = contents(path)
    for _ in range(2):
        with pytest.raises(StorageError, match=f"^数据库文件 {re.escape(str(path))} 已损坏.*没有改动它。.*复制.*恢复"):
            read_all(path)
        assert contents(path) == before


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file(closed: Path, damage: str) -> None:
    closed.write_bytes(DAMAGES[damage](closed.read_bytes()))
    damage_is_told_and_left_alone(closed)


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name not in MENDED_BY_WAL])
def test_a_damaged_file_beside_its_wal(interrupted: Path, damage: str) -> None:
    interrupted.write_bytes(DAMAGES[damage](interrupted.read_bytes()))
    damage_is_told_and_left_alone(interrupted)


@pytest.mark.parametrize("damage", MENDED_BY_WAL)
def test_a_page_that_the_wal_holds_too_is_mended(interrupted: Path, rows: Sequence[Row], damage: str) -> None:
    interrupted.write_bytes(DAMAGES[damage](interrupted.read_bytes()))
    assert read_all(interrupted) == rows


def test_a_lost_file_beside_its_wal(interrupted: Path) -> None:
    interrupted.unlink()
    damage_is_told_and_left_alone(interrupted)


def test_the_message_for_an_emptied_file_names_the_wal(interrupted: Path) -> None:
    interrupted.write_bytes(b"")
    with pytest.raises(StorageError, match=r"文件是空的，但 iiam.db-wal 还在"):
        SqlEventStore(interrupted)


def test_an_interrupted_file_is_whole(interrupted: Path, rows: Sequence[Row]) -> None:
    assert read_all(interrupted) == rows
    assert sorted(contents(interrupted)) == ["iiam.db"]


def test_a_damaged_file_can_be_moved_away_and_work_goes_on(closed: Path, rows: Sequence[Row]) -> None:
    closed.write_bytes(b"")
    closed.rename(closed.with_name("damaged.db"))
    with closing(SqlEventStore(closed)) as store:
        assert store.assessments() == []
        store.append(rows)
    assert read_all(closed) == rows


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wal=st.booleans(),
    place=st.integers(0, 2**24),
    patch=st.none() | st.binary(min_size=1, max_size=300),
)
def test_any_damage_is_told_or_harmless(
    closed: Path, interrupted: Path, rows: Sequence[Row], wal: bool, place: int, patch: bytes | None
) -> None:
    """Cut or overwrite the file anywhere: an error that leaves it alone, or all rows, or a chain that shows it.

    Only the loss of the newest rows cannot be seen: what is left is a whole, shorter record.
    """
    source = interrupted if wal else closed
    whole = source.read_bytes()
    at = place % len(whole)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "iiam.db"
        path.write_bytes(whole[:at] if patch is None else (whole[:at] + patch + whole[at + len(patch) :])[: len(whole)])
        if wal:
            shutil.copyfile(f"{source}-wal", f"{path}-wal")
        before = contents(path)
        opened, found, told = False, None, ""
        try:
            with closing(SqlEventStore(path)) as store:
                opened = True
                store.assessments()
                found = store.read("a")
        except StorageError as error:
            told = str(error)
        if found is None:
            assert "没有改动" in told
            # Damage that shows only in a row's own page is met after the -wal file was folded in, which loses nothing.
            assert contents(path) == before or (opened and wal)
        else:
            assert first_broken(found) or found == rows[: len(found)]
