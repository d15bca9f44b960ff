"""Databases to open, damage and lock."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from assistant.assessment.events import AnswerGiven, Opened
from assistant.assessment.record import Row, chain
from assistant.storage.sql import SqlEventStore

AT = "2025-03-01T08:00:00+00:00"
NOBODY = 65534


class Rows(list[Row]):
    """Rows whose repr is short: hypothesis warns of long ones."""

    def __repr__(self) -> str:
        return f"<{len(self)} rows>"


@pytest.fixture
def rows() -> list[Row]:
    """The rows of one assessment, enough to fill several pages of the file."""
    opened = Opened(
        enterprise="齐鲁轴承", standard="s", standard_digest="d", policy="p", policy_version="1", policy_digest="d"
    )
    answers = [
        AnswerGiven(question=None, subitem="1.1", respondent="r1", text=f"第{n}问：" + "设备" * 200)
        for n in range(1, 40)
    ]
    return Rows(chain("a", None, [opened, *answers], AT, "顾问"))


@pytest.fixture
def closed(tmp_path: Path, rows: Sequence[Row]) -> Path:
    """A database with the rows, closed properly: everything is in the one file."""
    path = tmp_path / "closed" / "iiam.db"
    with closing(SqlEventStore(path)) as store:
        store.append(rows)
    return path


@pytest.fixture
def interrupted(tmp_path: Path, rows: Sequence[Row]) -> Path:
    """A database as a killed process leaves it: the first half of the rows in the file, the rest in its -wal."""
    path = tmp_path / "interrupted" / "iiam.db"
    path.parent.mkdir()
    live = tmp_path / "live.db"
    with closing(SqlEventStore(live)) as store:
        store.append(rows[:20])
    with closing(SqlEventStore(live)) as store:
        store.append(rows[20:])
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{live}{suffix}", f"{path}{suffix}")
    return path


@pytest.fixture
def unprivileged() -> Iterator[tuple[Path, Callable[[], AbstractContextManager[None]]]]:
    """A folder that anybody can reach, and a context in which permissions count even for root."""
    as_root = os.geteuid() == 0

    @contextmanager
    def step_down() -> Iterator[None]:
        if as_root:
            os.seteuid(NOBODY)
        try:
            yield
        finally:
            if as_root:
                os.seteuid(0)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        home = folder / "home"
        home.mkdir()
        if as_root:
            os.chown(home, NOBODY, NOBODY)
        yield home, step_down
        home.chmod(0o755)
