"""A PostgreSQL server of the tests' own: a cluster in a temporary folder, reached through a socket, trusting everybody.

The server refuses to run as root: then it runs as `postgres`, or as `nobody` where there is no such user.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypedDict

import psycopg
from psycopg import sql

DEBIAN = Path("/usr/lib/postgresql")
# Not safe against a power cut, and four times as fast.
QUICK = "-c fsync=off -c full_page_writes=off -c listen_addresses= -c max_connections=60"
# ICU orders text otherwise than Python does: what relies on the server's order shows.
INIT = ["--username=iiam", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
ICU = ["--locale-provider=icu", "--icu-locale=zh"]


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`; None when PostgreSQL is not installed. Debian keeps it off the PATH."""
    if found := shutil.which("pg_ctl"):
        return Path(found).parent
    versions = [path for path in DEBIAN.glob("*/bin") if (path / "pg_ctl").exists()]
    return max(versions, key=lambda path: float(path.parent.name), default=None)


class Identity(TypedDict, total=False):
    """Arguments of subprocess.Popen: whom a process runs as."""

    user: str
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Server:
    """A cluster: its programs, its folder, and the user (None: our own) that it runs as."""

    programs: Path
    folder: Path
    user: str | None

    @property
    def identity(self) -> Identity:
        """What makes a process run as its user."""
        if self.user is None:
            return {}
        return {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}

    def control(self, *words: str) -> None:
        """Run pg_ctl on it: start, stop, restart."""
        options = [
            "-D",
            str(self.folder / "data"),
            "-w",
            "-l",
            str(self.folder / "log"),
            "-o",
            f"-k {self.folder} {QUICK}",
        ]
        self.run("pg_ctl", *words, *options)

    def run(self, program: str, *args: str) -> None:
        """Run one of its programs, as its user."""
        # What starts a server must not wait for the server's end of a pipe to close.
        with (self.folder / "out").open("ab") as out:
            done = subprocess.run(
                [str(self.programs / program), *args],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self.folder,
                **self.identity,
                timeout=60,
                check=False,
            )
        assert done.returncode == 0, (self.folder / "out").read_text(errors="replace")

    def url(self, database: str, user: str = "iiam") -> str:
        """The address of one of its databases, as a user would set it."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def execute(self, database: str, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Run one statement, as another program would."""
        with psycopg.connect(host=str(self.folder), user="iiam", dbname=database, autocommit=True) as connection:
            cursor = connection.execute(sql.SQL(statement), values or None)
            return cursor.fetchall() if cursor.description else []


# Waits for the end of its input, which also comes when the tests are killed: no server outlives them.
END = 'read -r _; "$1/pg_ctl" stop -D "$2/data" -m immediate; rm -rf "$2"'


@contextmanager
def serving(programs: Path) -> Iterator[Server]:
    """A fresh server, stopped and removed afterwards, even if this process is killed."""
    user = _unprivileged()
    # Not pytest's folder: nobody else may enter that, and a socket's path has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="iiam-pg-"))
    if user is not None:
        shutil.chown(folder, user)
    server = Server(programs, folder, user)
    with subprocess.Popen(
        ["sh", "-c", END, "sh", str(programs), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,  # what kills the tests' group must not kill it
        **server.identity,
    ):
        server.run("initdb", "-D", str(folder / "data"), *INIT, *ICU)
        server.control("start")
        yield server


def _unprivileged() -> str | None:
    """Who the server runs as when we are root."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return "nobody"


NAMES = (f"db{number}" for number in count(1))


@contextmanager
def database(server: Server, more: str = "") -> Iterator[str]:
    """A fresh, empty database; its name. `more`: further words of CREATE DATABASE."""
    name = next(NAMES)
    server.execute("postgres", f"CREATE DATABASE {name} {more}")
    try:
        yield name
    finally:
        server.execute("postgres", f"DROP DATABASE {name} WITH (FORCE)")
