"""What a data folder holds, seen without the command line: quicker than a process for each look."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from assistant.assessment.record import Row, first_broken
from assistant.assessment.state import Assessment, fold
from assistant.bootstrap import App
from assistant.settings import load_settings
from assistant.storage.sql import SqlEventStore


def opened(home: Path, enterprise: str = "齐鲁轴承") -> str:
    """A new assessment; its id."""
    app = App(load_settings(home=home))
    with closing(app.store):
        return app.open_assessment(enterprise)


def rows(home: Path, name: str) -> list[Row]:
    """Its record, the chain verified."""
    with closing(SqlEventStore(home / "iiam.sqlite3")) as store:
        found = store.read(name)
    assert first_broken(found) is None
    return found


def state(home: Path, name: str) -> Assessment:
    return fold(rows(home, name))


def answers(home: Path, name: str) -> list[str]:
    """Every answer in the record, in order."""
    return [answer.text for answer in state(home, name).answers.values()]


def questions(screen: str) -> list[str]:
    """The questions on a screen."""
    return [line.removeprefix("问 ") for line in screen.splitlines() if line.startswith("问 ")]
