"""What only PostgreSQL needs: how its connections are set, one writer at a time where that matters, errors in Chinese."""

from __future__ import annotations

import math
import re
from typing import Any

import sqlalchemy as sa

LOCK = 0x6969616D
"""The advisory lock of this program ("iiam"); such locks are a database's own (postgresql.org/docs/15, 13.3.5)."""
BUSY, SILENCE = "55P03", 60

TELLS = "这次没有写入任何内容。"
WRONG_USER = (
    "数据库 {place} 不接受这个用户名或密码（{detail}）。请检查 IIAM_DATABASE_URL 里的用户名和密码；"
    "密码中的 @ : / ? # % 等符号须写成 %40 这样的形式。"
)
NO_DATABASE = (
    "数据库服务器上没有这个库：{place}（{detail}）。请检查 IIAM_DATABASE_URL 末尾的库名，"
    "或请管理员先建一个空库（createdb -E UTF8 -T template0 库名）。"
)
NO_ENTRY = "数据库服务器不允许从这里连接 {place}（{detail}）。请管理员在 pg_hba.conf 中放行这台电脑和这个用户，或检查地址里的 sslmode。"
NO_HOST = "找不到数据库服务器 {place}（{detail}）。请检查 IIAM_DATABASE_URL 里的主机名和本机的网络。"
NO_SERVER = "连不上数据库 {place}（{detail}）。请检查数据库服务是否在运行、IIAM_DATABASE_URL 里的主机名和端口是否正确、网络是否通畅。"
FULL_HOUSE = "数据库 {place} 的连接已满（{detail}）。" + TELLS + "请稍后重试；常常如此时请管理员放宽连接数。"
BAD_OPTION = "数据库地址无法使用（{detail}）。请检查 IIAM_DATABASE_URL 中问号后面的选项。"
LOST = (
    "与数据库 {place} 的连接中断（{detail}）。已确认的记录不受影响；正在保存的那一步可能存上了，也可能没有。"
    "请在数据库恢复后重新载入这份评估，核对最后一条再继续。"
)
# What a server says while letting somebody in carries no SQLSTATE; servers speak English or, set so, Chinese.
AT_THE_DOOR = (
    (r"password authentication failed|no password supplied|role .* does not exist|认证失败|角色.*不存在", WRONG_USER),
    (r"database .* does not exist|数据库.*不存在", NO_DATABASE),
    (r"pg_hba\.conf|permission denied for database", NO_ENTRY),
    (r"too many (clients|connections)|remaining connection slots|太多", FULL_HOUSE),
    (r"failed to resolve|could not translate host name", NO_HOST),
    (r"invalid \w+ value|invalid connection option|bad value for|invalid port", BAD_OPTION),
)
# Keys: an SQLSTATE or its class, the first two signs (postgresql.org/docs/15, appendix A).
STATES = {
    BUSY: (
        "数据库 {place} 正被另一个程序占用，等候多时仍未放开（{detail}）。"
        + TELLS
        + "请稍后重试，或请管理员查看谁占着它。"
    ),
    "40": "数据库 {place} 里有别的写入同时进行（{detail}）。" + TELLS + "请再试一次。",
    "53": "数据库服务器 {place} 的磁盘、内存或连接用完了（{detail}）。" + TELLS + "请管理员腾出空间后重试。",
    "42501": "数据库 {place} 的这个用户权限不够（{detail}）。" + TELLS + "请管理员授予它在库中建表和读写的权限。",
    "25006": "数据库 {place} 现在只能读（{detail}）。" + TELLS + "请检查连的是不是备机，或请管理员放开写入。",
    "57014": "数据库 {place} 取消了这次操作（{detail}）。" + TELLS + "请稍后重试。",
    # Our statements are fixed: they are rejected only when the tables are not what they were.
    "42": "数据库 {place} 的表与本程序的不符（{detail}），程序没有改动它。请检查库名，或请管理员从备份恢复。",
    "XX": "数据库 {place} 已损坏（{detail}），程序没有改动它。请管理员先备份，再从备份或 iiam export 导出的文件恢复。",
}


def postgres_engine(url: sa.URL, wait: float) -> sa.Engine:
    """An engine for a server. `wait`: seconds to wait for another writer, and for the server to answer the first call."""
    # A server that vanished without a word is given up after half a minute, not after the system's two hours.
    defaults: dict[str, int | str] = {
        "connect_timeout": max(2, math.ceil(wait)),
        "keepalives_idle": 10,
        "keepalives_interval": 5,
    }
    defaults |= {"keepalives_count": 4, "tcp_user_timeout": 30_000, "application_name": "iiam"}
    options = {key: value for key, value in defaults.items() if key not in url.query}
    engine = sa.create_engine(url, pool_pre_ping=True, pool_timeout=wait, connect_args=options)

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        settings = {
            "lock_timeout": f"{math.ceil(wait * 1000)}ms",
            # Who hangs in the middle of writing does not keep the others out.
            "idle_in_transaction_session_timeout": f"{SILENCE}s",
        }
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        # Promise 4: what is acknowledged is on the disk, however the server or the user is set.
        durable = (
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
        connection.execute(durable)
        connection.commit()

    return engine


def one_at_a_time(connection: sa.Connection) -> None:
    """From here to the end of the transaction, alone among those who ask for it. On SQLite every writer is alone."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def message(cause: BaseException, lost: bool) -> str | None:
    """What to tell of a driver's error, with `{place}` and `{detail}` to fill in; None for an error of no known kind.

    `lost`: a connection that stood is gone.
    """
    if lost:
        return LOST
    if state := getattr(cause, "sqlstate", None):
        return STATES.get(state) or STATES.get(state[:2])
    if type(cause).__name__ not in {"OperationalError", "ConnectionTimeout", "ProgrammingError"}:
        return None
    return next((told for pattern, told in AT_THE_DOOR if re.search(pattern, str(cause))), NO_SERVER)


def detail(cause: BaseException) -> str:
    """The driver's words on one line, without what it adds about addresses that are told already."""
    first = str(cause).strip().split("\n")[0]
    return first.rpartition(" failed: ")[2].removeprefix("connection is bad: ").strip() or type(cause).__name__
