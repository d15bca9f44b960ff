"""An assessment kept on PostgreSQL through the commands, and taken from there into a file on another machine."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from assistant.assessment.events import AnswerGiven
from assistant.assessment.record import export_rows, first_broken
from assistant.storage.sql import SqlEventStore
from tests.journey.warm import iiam

SAID = ["一共一百五十台，连上的六十台。机床有，外头协作厂的机器一台没接。", "车间铺了光纤，办公楼有无线。"]


def test_a_record_on_a_server_is_the_same_in_a_file(tmp_path: Path, pg_url: str) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    server = {"IIAM_DATABASE_URL": pg_url}

    name = iiam(home, "new", "齐鲁轴承", **server).stdout.strip()
    for text in SAID:  # a process each: the second goes on where the first left
        talk = iiam(home, "interview", name, given=f"{text}\n/退出\n", **server)
        assert talk.returncode == 0, talk.stderr
    shown = iiam(home, "show", name, **server)
    assert shown.returncode == 0, shown.stderr
    assert iiam(home, "export", name, str(first), **server).returncode == 0
    assert not (home / "iiam.sqlite3").exists()

    with closing(SqlEventStore(pg_url)) as store:
        rows = store.read(name)
    assert first.read_bytes() == export_rows(rows).encode()
    assert first_broken(rows) is None
    assert [row.event.text for row in rows if isinstance(row.event, AnswerGiven)] == SAID

    assert iiam(other, "import", str(first)).returncode == 0
    assert iiam(other, "export", name, str(second)).returncode == 0
    assert second.read_bytes() == first.read_bytes()
    assert iiam(other, "show", name).stdout == shown.stdout
    assert iiam(other, "log", name, "--verify").returncode == 0


def test_a_server_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    done = iiam(tmp_path, "list", IIAM_DATABASE_URL="postgresql://iiam:secret@127.0.0.1:1/iiam")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("连不上数据库 postgresql://iiam:***@127.0.0.1:1/iiam（")
    assert done.stderr.count("\n") == 1
