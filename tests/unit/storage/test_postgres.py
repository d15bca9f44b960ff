"""The record on PostgreSQL beyond the contract: what cannot be used is told in Chinese, and what is set on connections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest

from assistant.assessment.record import Row, first_broken
from assistant.errors import StorageError
from assistant.storage.opening import begin_writing
from assistant.storage.sql import SqlEventStore
from tests.postgres import Server, database, serving

UNTOUCHED = "这次没有写入任何内容"


@pytest.fixture
def name(postgres: Server) -> Iterator[str]:
    """A fresh, empty database."""
    with database(postgres) as made:
        yield made


@pytest.fixture(scope="module")
def strict(postgres: Server) -> Iterator[Server]:
    """A server of its own, to be stopped and started, which asks everybody but `iiam` for a password."""
    with serving(postgres.programs) as server:
        rules = "local all iiam trust\nlocal all barred reject\nlocal all all scram-sha-256\n"
        (server.folder / "data" / "pg_hba.conf").write_text(rules)
        server.execute("postgres", "CREATE ROLE guest LOGIN PASSWORD 'right'")
        server.control("restart", "-m", "immediate")
        yield server


def refused(url: str, message: str) -> None:
    """The place cannot be opened, for that reason, and no password is told."""
    with pytest.raises(StorageError, match=message) as caught:
        SqlEventStore(url, wait=2)
    told = str(caught.value)
    assert "secret" not in told
    assert "\n" not in told
    assert "connection failed" not in told


def tables(server: Server, name: str) -> list[object]:
    found = server.execute(name, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [table for (table,) in found]


def test_places_that_cannot_be_reached() -> None:
    refused("postgresql://u:secret@127.0.0.1:1/x", r"^连不上数据库 postgresql://u:\*\*\*@127.0.0.1:1/x.*是否在运行")
    refused("postgresql://u@/x?host=/nowhere&password=secret", r"^连不上数据库 postgresql://u@/x\?host.*是否在运行")
    refused("postgresql://u:secret@no-such-host.invalid/x", r"^找不到数据库服务器 .*主机名")
    refused("postgresql://u:secret@127.0.0.1/x?sslmode=nosuch", r"^数据库地址无法使用.*问号后面的选项")
    refused("postgresql://u:secret@127.0.0.1/x?nosuch=1", r"^数据库地址无法使用.*问号后面的选项")
    refused("mysql://u:secret@127.0.0.1/x", r"^数据库地址无法使用（不支持 mysql，只支持 sqlite 和 postgresql）")


def test_people_who_may_not_come_in(strict: Server) -> None:
    refused(strict.url("postgres", "guest:secret"), r"^数据库 .* 不接受这个用户名或密码.*%40")
    refused(strict.url("postgres", "guest"), r"^数据库 .* 不接受这个用户名或密码")
    refused(strict.url("postgres", "stranger:secret"), r"^数据库 .* 不接受这个用户名或密码")
    refused(strict.url("postgres", "barred:secret"), r"^数据库服务器不允许从这里连接 .*pg_hba.conf 中放行")
    refused(strict.url("nosuch", "guest:right"), r"^数据库服务器上没有这个库：.*createdb")


def test_a_user_without_rights(strict: Server) -> None:
    with database(strict) as name:
        refused(strict.url(name, "guest:right"), f"^数据库 .*权限不够.*{UNTOUCHED}.*建表和读写")
        assert tables(strict, name) == []


def test_the_scheme_that_hosting_services_write(postgres: Server, name: str) -> None:
    with closing(SqlEventStore(postgres.url(name).replace("postgresql://", "postgres://"))) as store:
        assert store.assessments() == []


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE orders (id int)", "CREATE TABLE events (id int)", "CREATE TABLE meta (key text, value text)"],
)
def test_a_database_of_another_program_is_left_alone(postgres: Server, name: str, statement: str) -> None:
    postgres.execute(name, statement)
    before = tables(postgres, name)
    refused(postgres.url(name), r"是别的程序的数据库，没有改动它。请换一个空库。$")
    assert tables(postgres, name) == before


def test_a_newer_database_is_refused(postgres: Server, name: str) -> None:
    SqlEventStore(postgres.url(name)).close()
    postgres.execute(name, "UPDATE meta SET value = '2'")
    refused(postgres.url(name), r"由更新版本的程序写入（数据库版本 2，本程序只认到 1）.*升级")


def test_a_database_that_cannot_hold_chinese(postgres: Server) -> None:
    with database(postgres, "ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0") as name:
        refused(postgres.url(name), r"的编码是 LATIN1，存不下全部汉字.*UTF8 编码的空库")


def test_what_is_acknowledged_is_on_the_disk(postgres: Server, name: str) -> None:
    postgres.execute(name, f"ALTER DATABASE {name} SET synchronous_commit = off")
    with closing(SqlEventStore(postgres.url(name), wait=1.5)) as store, store.engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"SHOW {setting}").scalar()
            for setting in ("synchronous_commit", "lock_timeout", "idle_in_transaction_session_timeout")
        ]
    assert found == ["on", "1500ms", "1min"]


def test_a_table_locked_for_too_long(postgres: Server, name: str, rows: Sequence[Row]) -> None:
    with (
        closing(SqlEventStore(postgres.url(name))) as holder,
        closing(SqlEventStore(postgres.url(name), wait=0.1)) as store,
    ):
        with holder.engine.begin() as connection:
            connection.exec_driver_sql("LOCK TABLE events IN EXCLUSIVE MODE")
            with pytest.raises(StorageError, match=f"正被另一个程序占用.*{UNTOUCHED}"):
                store.append(rows)
            assert store.assessments() == []
        store.append(rows)
        assert store.read("a") == rows


def test_a_database_that_may_only_be_read(postgres: Server, name: str, rows: Sequence[Row]) -> None:
    with closing(SqlEventStore(postgres.url(name))) as store:
        store.append(rows[:5])
    postgres.execute(name, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with closing(SqlEventStore(postgres.url(name))) as store:
        assert store.read("a") == rows[:5]
        with pytest.raises(StorageError, match=f"现在只能读.*{UNTOUCHED}"):
            store.append(rows[5:])


def test_an_altered_row_breaks_the_chain_at_its_row(postgres: Server, name: str, rows: Sequence[Row]) -> None:
    with closing(SqlEventStore(postgres.url(name))) as store:
        store.append(rows)
        postgres.execute(name, "UPDATE events SET payload = '{}' WHERE seq = 7")
        assert first_broken(store.read("a")) == (7, "内容与其哈希不符，记录后被改动")
        postgres.execute(name, "DELETE FROM events WHERE seq = 1")
        assert store.assessments() == ["a"]


def test_a_value_of_another_type_is_told_with_its_row(postgres: Server, name: str, rows: Sequence[Row]) -> None:
    with closing(SqlEventStore(postgres.url(name))) as store:
        store.append(rows)
        postgres.execute(name, "ALTER TABLE events ALTER payload DROP NOT NULL")
        postgres.execute(name, "UPDATE events SET payload = NULL WHERE seq = 7")
        with pytest.raises(StorageError, match=r"评估 a 记录的第 7 行读不出来.*没有改动它"):
            store.read("a")


def test_tables_that_are_not_what_they_were(postgres: Server, name: str) -> None:
    with closing(SqlEventStore(postgres.url(name))) as store:
        postgres.execute(name, "ALTER TABLE events RENAME payload TO other")
        with pytest.raises(StorageError, match=r"的表与本程序的不符.*没有改动它"):
            store.read("a")


def test_a_connection_cut_between_two_calls_is_made_anew(postgres: Server, name: str, rows: Sequence[Row]) -> None:
    with closing(SqlEventStore(postgres.url(name))) as store:
        store.append(rows[:5])
        postgres.execute("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name)
        store.append(rows[5:])
        assert store.read("a") == rows


def interrupted(server: Server, store: SqlEventStore) -> None:
    """A transaction in the middle of which the server falls over."""
    with begin_writing(store.engine) as connection:
        server.control("stop", "-m", "immediate")
        connection.exec_driver_sql("SELECT 1")


def test_a_server_that_goes_away_in_the_middle(strict: Server, rows: Sequence[Row]) -> None:
    with database(strict) as name, closing(SqlEventStore(strict.url(name))) as store:
        store.append(rows[:5])
        with pytest.raises(StorageError, match=r"的连接中断.*可能存上了，也可能没有.*重新载入这份评估"):
            interrupted(strict, store)
        with pytest.raises(StorageError, match=r"^连不上数据库"):
            store.append(rows[5:])
        strict.control("start")
        assert store.read("a") == rows[:5]
        store.append(rows[5:])
        assert store.read("a") == rows


def test_programs_that_start_at_once_make_one_database(postgres: Server, name: str) -> None:
    start = Barrier(8)

    def open_once(_: int) -> list[str]:
        start.wait(timeout=60)
        with closing(SqlEventStore(postgres.url(name))) as store:
            return store.assessments()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(open_once, range(8))) == [[]] * 8
    assert tables(postgres, name) == ["events", "meta"]
    assert postgres.execute(name, "SELECT * FROM meta") == [("schema", "1")]
