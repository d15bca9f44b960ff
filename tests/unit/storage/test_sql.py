"""The SQL store beyond the contract: places that cannot be used, each told in Chinese, and what is set on SQLite."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from multiprocessing import get_context
from pathlib import Path

import pytest

import assistant
from assistant.assessment.record import Row, first_broken
from assistant.errors import StorageError
from assistant.storage.sql import SqlEventStore

Unprivileged = tuple[Path, Callable[[], AbstractContextManager[None]]]


def execute(path: Path, statement: str, *values: object) -> None:
    """Run one statement on the file, as another program would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement, values)


def test_importing_the_store_does_not_load_sqlalchemy() -> None:
    code = "import sys, assistant.storage.sql; print('sqlalchemy' in sys.modules)"
    root = Path(assistant.__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_sqlite_runs_in_wal_and_syncs_each_commit(tmp_path: Path) -> None:
    with closing(SqlEventStore(tmp_path / "iiam.db", wait=1.5)) as store, store.engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout")
        ]
    full = 2
    assert found == ["wal", full, 1500]


@pytest.mark.parametrize("form", ["path", "string", "url"])
def test_a_path_or_a_url_names_the_same_file(tmp_path: Path, rows: Sequence[Row], form: str) -> None:
    path = tmp_path / "数据 #1?%20" / "iiam.db"
    if form == "url":
        path = tmp_path / "data" / "iiam.db"
    places: dict[str, str | Path] = {"path": path, "string": str(path), "url": f"sqlite:///{path}"}
    with closing(SqlEventStore(places[form])) as store:
        store.append(rows)
    assert [p.name for p in path.parent.iterdir()] == ["iiam.db"]
    with closing(SqlEventStore(path)) as store:
        assert store.read("a") == rows


def test_a_newer_database_is_refused(closed: Path) -> None:
    execute(closed, "UPDATE meta SET value = '2'")
    before = closed.read_bytes()
    with pytest.raises(
        StorageError, match=f"^{re.escape(str(closed))} 由更新版本的程序写入（数据库版本 2，本程序只认到 1）.*升级"
    ):
        SqlEventStore(closed)
    assert closed.read_bytes() == before


@pytest.mark.parametrize("statement", ["DROP TABLE meta", "DELETE FROM meta", "UPDATE meta SET value = 'x'"])
def test_a_database_of_another_program_is_left_alone(closed: Path, statement: str) -> None:
    execute(closed, statement)
    before = closed.read_bytes()
    with pytest.raises(StorageError, match=r"是别的程序的数据库，没有改动它。请换一个路径"):
        SqlEventStore(closed)
    assert closed.read_bytes() == before


def test_a_folder_is_not_a_database(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=f"^{re.escape(str(tmp_path))} 是一个文件夹.*例如 .*iiam.db"):
        SqlEventStore(tmp_path)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match=r"打不开数据库 .*请检查路径是否正确"):
        SqlEventStore(tmp_path / "file" / "iiam.db")


def test_a_name_too_long_for_the_file_system(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"打不开数据库 .*请检查路径是否正确"):
        SqlEventStore(tmp_path / ("x" * 300))


def test_no_database_can_be_made_in_a_read_only_folder(unprivileged: Unprivileged) -> None:
    home, step_down = unprivileged
    home.chmod(0o555)
    with step_down(), pytest.raises(StorageError, match=r"打不开数据库 .*能否读写，或设置环境变量 IIAM_HOME"):
        SqlEventStore(home / "iiam.db")
    assert list(home.iterdir()) == []


def test_a_database_in_a_read_only_folder(unprivileged: Unprivileged, closed: Path) -> None:
    home, step_down = unprivileged
    path = home / "iiam.db"
    shutil.copyfile(closed, path)
    path.chmod(0o444)
    home.chmod(0o555)
    with step_down(), pytest.raises(StorageError, match=r"(打不开数据库|不能写入).*设置环境变量 IIAM_HOME"):
        SqlEventStore(path)
    assert [p.name for p in home.iterdir()] == ["iiam.db"]
    assert path.read_bytes() == closed.read_bytes()


def test_a_read_only_file_can_be_read_but_not_written(
    unprivileged: Unprivileged, closed: Path, rows: Sequence[Row]
) -> None:
    home, step_down = unprivileged
    path = home / "iiam.db"
    shutil.copyfile(closed, path)
    path.chmod(0o444)
    with step_down(), closing(SqlEventStore(path)) as store:
        assert store.read("a") == rows
        with pytest.raises(StorageError, match=r"不能写入：文件或所在文件夹是只读的.*没有写入任何内容"):
            store.append([rows[0].model_copy(update={"assessment": "b"})])
        assert store.assessments() == ["a"]


def test_a_full_disk_loses_nothing(tmp_path: Path, rows: Sequence[Row]) -> None:
    with closing(SqlEventStore(tmp_path / "iiam.db")) as store:
        store.append(rows[:5])
        with store.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageError, match=r"^磁盘已满.*没有写入任何内容，已有记录完好。请腾出磁盘空间后重试"):
            store.append(rows[5:])
        assert store.read("a") == rows[:5]
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 100000")
        store.append(rows[5:])
        assert store.read("a") == rows


def test_a_database_locked_for_too_long(closed: Path, rows: Sequence[Row]) -> None:
    other = [row.model_copy(update={"assessment": "b"}) for row in rows]
    with (
        closing(sqlite3.connect(closed, isolation_level=None)) as holder,
        closing(SqlEventStore(closed, wait=0.1)) as store,
    ):
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match=r"正被另一个程序占用.*没有写入任何内容.*关闭占用它的窗口或程序"):
            store.append(other)
        assert store.read("a") == rows
        holder.execute("COMMIT")
        store.append(other)
        assert store.assessments() == ["a", "b"]


def test_a_file_replaced_while_open_takes_no_more_writing(closed: Path, rows: Sequence[Row]) -> None:
    more = [row.model_copy(update={"assessment": "b"}) for row in rows]
    away = closed.with_name("away.db")
    with closing(SqlEventStore(closed)) as store:
        closed.rename(away)
        for _ in range(2):
            with pytest.raises(StorageError, match=r"在使用中被移走、删除或替换.*没有写入任何内容"):
                store.append(more)
        away.rename(closed)
        store.append(more)
        assert store.read("b") == more


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql+nosuch://u:secret@host/db", "数据库地址无法使用.*驱动"),
        ("nosuch://u:secret@host/db", "数据库地址无法使用.*驱动"),
        ("://", "数据库地址无法使用.*写法"),
        ("sqlite://", "是一个文件夹"),
    ],
)
def test_a_url_that_cannot_be_used(url: str, message: str) -> None:
    with pytest.raises(StorageError, match=message) as caught:
        SqlEventStore(url)
    assert "secret" not in str(caught.value)


def test_text_that_is_no_longer_utf8_breaks_the_chain_at_its_row(closed: Path, rows: Sequence[Row]) -> None:
    execute(closed, "UPDATE events SET payload = CAST(x'7bff7d' AS TEXT) WHERE seq = 7")
    with closing(SqlEventStore(closed)) as store:
        assert first_broken(store.read("a")) == (7, "内容与其哈希不符，记录后被改动")


def test_a_value_of_another_type_is_told_with_its_row(closed: Path) -> None:
    execute(closed, "UPDATE events SET payload = ? WHERE seq = 7", b"\x00\x01")
    message = "评估 a 记录的第 7 行读不出来.*没有改动它"
    with closing(SqlEventStore(closed)) as store, pytest.raises(StorageError, match=message):
        store.read("a")


def test_a_record_without_its_first_row_is_still_listed(closed: Path, rows: Sequence[Row]) -> None:
    execute(closed, "DELETE FROM events WHERE seq = 1")
    with closing(SqlEventStore(closed)) as store:
        assert store.assessments() == ["a"]
        assert store.read("a") == rows[1:]


def open_once(path: Path) -> int:
    """Open the database in this process and count its assessments."""
    with closing(SqlEventStore(path)) as store:
        return len(store.assessments())


def test_processes_that_start_at_once_make_one_database(tmp_path: Path) -> None:
    path = tmp_path / "iiam.db"
    with get_context("spawn").Pool(4) as pool:
        assert pool.map(open_once, [path] * 16, chunksize=1) == [0] * 16
    assert [p.name for p in tmp_path.iterdir()] == ["iiam.db"]
