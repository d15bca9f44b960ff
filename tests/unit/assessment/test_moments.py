"""Moments as people read them: one zone everywhere, whatever zone the machine keeps."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from assistant.assessment.moments import to_the_second, when
from assistant.reports.words import day, minute
from assistant.web.render import environment

LATE = "2026-11-23T21:53:07.120+00:00"


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York"])
def zone(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_pages_reports_and_the_terminal_agree_on_every_machine(zone) -> None:
    assert when(LATE) == when(datetime(2026, 11, 23, 21, 53, tzinfo=UTC)) == "2026-11-24 05:53"
    assert environment().from_string("{{ at|when }}").render(at=LATE) == "2026-11-24 05:53"
    assert (day(LATE), minute(LATE)) == ("2026年11月24日", "2026年11月24日 05:53")
    assert to_the_second(LATE) == "2026-11-24 05:53:07"


def test_a_log_shows_a_tampered_time_as_it_stands() -> None:
    assert to_the_second("昨天") == "昨天"
