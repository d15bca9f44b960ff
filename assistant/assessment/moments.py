"""Moments as people read them. A record keeps UTC; wherever somebody looks, it is the time of China (one zone, UTC+8).

Not the machine's own zone: a report must come out the same on another machine, and the pages and the terminal must not
contradict the report.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def local(moment: datetime | str) -> datetime:
    """A moment of the record (UTC, or its ISO text) in Beijing time."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment.astimezone(BEIJING)


def when(moment: datetime | str) -> str:
    """`2026-03-09 14:05`: for lists and logs."""
    return f"{local(moment):%Y-%m-%d %H:%M}"


def to_the_second(moment: str) -> str:
    """`2026-03-09 14:05:33`: for a log, where rows follow each other closely; what is no moment stays as it stands."""
    try:
        return f"{local(moment):%Y-%m-%d %H:%M:%S}"
    except ValueError:  # a tampered row is shown, not hidden behind an error
        return moment
