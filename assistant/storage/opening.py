"""Opening the database of the record, and what goes wrong with it said in Chinese.

Everything that only SQLite needs is here, what only PostgreSQL needs in `postgres`. Two rules guide it: a file that is
not surely ours and whole is never written to, and a new file appears under its name only when complete, so an empty one
is always a damaged one.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from assistant.errors import StorageError, cause
from assistant.storage import postgres

SCHEMA = 1
SMALLEST = 512  # bytes of the smallest page, so of the smallest file (sqlite.org/fileformat2.html)
METADATA = sa.MetaData()
META = sa.Table(
    "meta",
    METADATA,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("assessment", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("prev", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

DAMAGED = (
    "数据库文件 {place} 已损坏（{detail}），程序没有改动它。请先把它和同名的 -wal、-shm 文件一起复制到别处保存，"
    "再把它们移走，从备份或 iiam export 导出的文件恢复；急用时可设置环境变量 IIAM_HOME，换一个数据文件夹先工作。"
)
READ_ONLY = (
    "数据库 {place} 不能写入：文件或所在文件夹是只读的（{detail}）。这次没有写入任何内容。"
    "请放开它们的写权限，或设置环境变量 IIAM_HOME 指向可写的文件夹。"
)
UNREACHABLE = (
    "打不开数据库 {place}（{detail}）。请检查路径是否正确、所在文件夹能否读写，"
    "或设置环境变量 IIAM_HOME 换一个数据文件夹。"
)
MESSAGES = {
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    # Our statements are fixed: SQLite rejects one only when the file's header or schema is not what it was.
    sqlite3.SQLITE_ERROR: DAMAGED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: UNREACHABLE,
    sqlite3.SQLITE_BUSY: (
        "数据库 {place} 正被另一个程序占用，等候多时仍未放开（{detail}）。这次没有写入任何内容，已有记录不受影响。"
        "请关闭占用它的窗口或程序（包括数据库查看工具）后重试。"
    ),
    sqlite3.SQLITE_FULL: (
        "磁盘已满，数据库 {place} 写不进去（{detail}）。这次没有写入任何内容，已有记录完好。请腾出磁盘空间后重试。"
    ),
    sqlite3.SQLITE_IOERR: (
        "读写数据库 {place} 时磁盘出错（{detail}）。已确认的记录仍在文件里。"
        "请检查磁盘空间、磁盘状况和网络盘连接，然后重试。"
    ),
}
FAILED = (
    "数据库 {place} 操作失败（{detail}）。这次没有写入任何内容。请稍后重试；仍然不行时请先备份数据库，再联系维护人员。"
)


def open_engine(place: str | Path, wait: float) -> sa.Engine:
    """The engine for a path or URL, its schema made when there is nothing yet. Raises StorageError."""
    is_url = isinstance(place, str) and "://" in place
    try:
        url = sa.make_url(str(place)) if is_url else sa.URL.create("sqlite", database=str(place))
        if url.drivername == "postgres":  # as hosting services write it
            url = url.set(drivername="postgresql")
        sqlite = url.get_backend_name() == "sqlite"
        if sqlite:
            path = Path(url.database or "").absolute()
            _prepare(path, wait)
            engine = _sqlite_engine(path, wait)
        elif url.get_backend_name() == "postgresql":
            engine = postgres.postgres_engine(url, wait)
        else:
            raise ValueError(f"不支持 {url.get_backend_name()}，只支持 sqlite 和 postgresql")
    except (ArgumentError, ImportError, ValueError) as error:
        raise StorageError(
            f"数据库地址无法使用（{error}）。请检查地址的写法，并确认已安装这种数据库的驱动；不填地址则使用本机文件。"
        ) from error
    except OSError as error:
        raise StorageError(UNREACHABLE.format(place=place, detail=cause(error))) from error
    try:
        if not sqlite:
            _prepare_server(engine)
        with begin_reading(engine) as connection:
            _check_schema(connection)
    except StorageError:
        engine.dispose()
        raise
    return engine


@contextmanager
def begin_reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that sees one state of the database. Raises StorageError."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with _in_chinese(engine), engine.begin() as connection:
        yield connection


@contextmanager
def begin_writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that on SQLite holds the write lock from its start. Raises StorageError, IntegrityError."""
    with _in_chinese(engine), engine.execution_options(writing=True).begin() as connection:
        yield connection


@contextmanager
def _in_chinese(engine: sa.Engine) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        if engine.dialect.name == "postgresql":
            lost = isinstance(error, DBAPIError) and error.connection_invalidated
            told = postgres.message(cause, lost) or FAILED
            raise StorageError(told.format(place=_name(engine), detail=postgres.detail(cause))) from error
        raise _storage_error(_name(engine), cause) from error
    except UnicodeDecodeError as error:
        raise _storage_error(_name(engine), error) from error


def _storage_error(place: object, cause: BaseException) -> StorageError:
    if isinstance(cause, UnicodeDecodeError):
        # The driver fails to make its own message when that quotes damaged bytes of the schema.
        return StorageError(DAMAGED.format(place=place, detail=cause))
    # The low byte of an extended result code is the primary one (sqlite.org/rescode.html).
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    return StorageError(MESSAGES.get(code, FAILED).format(place=place, detail=cause))


def _name(engine: sa.Engine) -> str | None:
    """The place as a user knows it: a path, or a URL without its password, which may also stand among the options."""
    if engine.dialect.name == "sqlite":
        return engine.url.database
    return engine.url.difference_update_query(["password", "sslpassword"]).render_as_string()


def _check_schema(connection: sa.Connection) -> None:
    place = _name(connection.engine)
    known = sa.inspect(connection).has_table(META.name)
    version = connection.scalar(sa.select(META.c.value).where(META.c.key == "schema")) if known else None
    if not (isinstance(version, str) and version.isdecimal()):
        other = "请换一个路径，或把它移走后重试" if connection.dialect.name == "sqlite" else "请换一个空库"
        raise StorageError(f"{place} 是别的程序的数据库，没有改动它。{other}。")
    if int(version) > SCHEMA:
        raise StorageError(
            f"{place} 由更新版本的程序写入（数据库版本 {version}，本程序只认到 {SCHEMA}），没有改动它。"
            "请升级程序后再打开。"
        )


def make_tables(connection: sa.Connection, metadata: sa.MetaData) -> None:
    """Make the tables that are missing, in a writing transaction; of several processes at once only one makes them."""
    postgres.one_at_a_time(connection)
    metadata.create_all(connection)


def _create(connection: sa.Connection) -> None:
    make_tables(connection, METADATA)
    connection.execute(sa.insert(META), {"key": "schema", "value": str(SCHEMA)})


def _prepare_server(engine: sa.Engine) -> None:
    """Make the tables in a database that holds nothing; leave any other as it is. Raises StorageError."""
    with begin_reading(engine) as connection:
        encoding = connection.scalar(sa.text("SELECT current_setting('server_encoding')"))
        empty = not sa.inspect(connection).get_table_names()
    if encoding != "UTF8":
        raise StorageError(
            f"数据库 {_name(engine)} 的编码是 {encoding}，存不下全部汉字。请管理员另建一个 UTF8 编码的空库"
            "（createdb -E UTF8 -T template0 库名），并把库名写进 IIAM_DATABASE_URL。"
        )
    if empty:
        with begin_writing(engine) as connection:
            postgres.one_at_a_time(connection)
            if not sa.inspect(connection).get_table_names():  # nobody was quicker
                _create(connection)


def _sqlite_engine(path: Path, wait: float) -> sa.Engine:
    # isolation_level None: the driver begins nothing by itself, so that `begin` below decides how.
    options = {"timeout": wait, "isolation_level": None}
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), connect_args=options, pool_timeout=wait)
    opened = _identity(path)

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        # Text that is no longer UTF-8 can still be read, so that the chain can name its row.
        connection.text_factory = lambda raw: raw.decode(errors="replace")
        # fullfsync: on macOS a plain fsync does not reach the disk.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "fullfsync=ON", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {pragma}").close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        if writing and _identity(path) != opened:
            # SQLite would go on writing into the file that nobody can find any more.
            raise StorageError(
                f"数据库文件 {path} 在使用中被移走、删除或替换。为免丢失，这次没有写入任何内容。"
                "请恢复原文件后重新打开程序。"
            )
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _identity(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        stat = path.stat()
        return stat.st_dev, stat.st_ino
    return None


def _prepare(path: Path, wait: float) -> None:
    """Refuse a damaged file before SQLite could touch it; create the file when there is nothing.

    Raises StorageError, OSError.
    """
    if path.is_dir():
        raise StorageError(f"{path} 是一个文件夹，不是数据库文件。请在设置里写明文件名，例如 {path / 'iiam.db'}。")
    path.parent.mkdir(parents=True, exist_ok=True)
    leftover = next((p for p in (_beside(path, "-wal"), _beside(path, "-journal")) if _size(p)), None)
    size = _size(path)
    if size is None and leftover is None:
        _place_new(path, wait)
    elif size is None or size < SMALLEST:
        # SQLite takes such a file for a new database and deletes the -wal file, with the answers in it.
        detail = "文件不见了" if size is None else "文件是空的" if size == 0 else f"文件只剩 {size} 字节"
        detail += f"，但 {leftover.name} 还在" if leftover else ""
        raise StorageError(DAMAGED.format(place=path, detail=detail))
    elif leftover is not None:
        _check_whole(path, wait)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _size(path: Path) -> int | None:
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return None


def _check_whole(path: Path, wait: float) -> None:
    """Check a file that was not closed properly, read-only: SQLite would fold the -wal file into a damaged one."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=wait)) as connection:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise _storage_error(path, error) from error
    if verdict != "ok":
        raise StorageError(DAMAGED.format(place=path, detail=" ".join(verdict.split())))


def _place_new(path: Path, wait: float) -> None:
    """Build the database under another name and give it its own when complete, unless another process was first."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".new")
    os.close(handle)
    draft = Path(name)
    engine = _sqlite_engine(draft, wait)
    try:
        try:
            with begin_writing(engine) as connection:
                _create(connection)
        finally:
            engine.dispose()
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        except OSError:  # no links on this file system, a memory stick for example
            if not path.exists():
                draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
