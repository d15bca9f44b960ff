"""Promise 4, nothing lost: what `append` has returned from is there after kill -9."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

import assistant
from assistant.assessment.events import AnswerGiven
from assistant.assessment.record import first_broken
from assistant.storage.sql import SqlEventStore

WRITER = """
import sys
from assistant.assessment.events import AnswerGiven, Opened
from assistant.assessment.record import chain
from assistant.storage.sql import SqlEventStore

store = SqlEventStore(sys.argv[1])
rows = store.read("a")
number = len(rows)
while True:
    event = Opened(
        enterprise="e", standard="s", standard_digest="d", policy="p", policy_version="1", policy_digest="d"
    ) if number == 0 else AnswerGiven(question=None, subitem="1.1", respondent="r", text=f"{number}" * 500)
    rows = chain("a", rows[-1] if rows else None, [event], "2025-03-01T08:00:00+00:00", "x")
    store.append(rows)
    number += 1
    print(number, flush=True)
"""


def write_until_killed(path: Path, lines: int) -> int:
    """Let another process write, kill it after it told of that many rows; the last sequence that it told of."""
    root = Path(assistant.__file__).parents[1]
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline() for _ in range(lines)]
        writer.kill()
        told += writer.stdout.readlines()
    return int([line for line in told if line.endswith("\n")][-1])


@pytest.mark.parametrize("lines", [1, 2, 30, 400])
def test_a_row_that_was_acknowledged_survives_kill_9(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "iiam.db"
    for _ in range(2):
        acknowledged = write_until_killed(path, lines)
        with closing(SqlEventStore(path)) as store:
            rows = store.read("a")
        assert acknowledged <= len(rows) <= acknowledged + 1
        assert first_broken(rows) is None
        assert [row.event.text for row in rows if isinstance(row.event, AnswerGiven)] == [
            str(number) * 500 for number in range(1, len(rows))
        ]


def test_a_process_killed_at_any_moment_leaves_a_database_that_opens(tmp_path: Path) -> None:
    root = Path(assistant.__file__).parents[1]
    moments = random.Random(1)
    for number in range(5):
        path = tmp_path / str(number) / "iiam.db"
        command = [sys.executable, "-c", WRITER, str(path)]
        with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL) as writer:
            while not path.parent.exists():
                assert writer.poll() is None
                time.sleep(0.001)
            try:
                writer.wait(timeout=moments.uniform(0, 0.06))
            except subprocess.TimeoutExpired:
                writer.kill()
        with closing(SqlEventStore(path)) as store:
            assert first_broken(store.read("a")) is None
