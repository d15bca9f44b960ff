"""How long to wait after failed sign-ins. Pure."""

from __future__ import annotations

from dataclasses import dataclass

FORGOTTEN = 3600.0
"""Seconds after which a failure no longer counts."""


@dataclass(frozen=True)
class Limit:
    """`free` failures cost nothing; the next waits `first` seconds, each further one twice as long, up to `longest`."""

    free: int
    first: float
    longest: float


NAME = Limit(free=5, first=30.0, longest=900.0)
ADDRESS = Limit(free=20, first=30.0, longest=900.0)
"""A whole workshop may share one address."""


def wait(limit: Limit, failures: int, since: float) -> float:
    """Seconds to wait until the next attempt; `since`: seconds gone by since the last of the failures."""
    if failures < limit.free or since >= FORGOTTEN:
        return 0.0
    pause = min(limit.longest, limit.first * 2.0 ** min(failures - limit.free, 32))
    return max(0.0, pause - since)


def told(seconds: float) -> str:
    """The wait in words."""
    minutes = int(-(-seconds // 60))
    return f"{minutes} 分钟" if seconds > 60 else f"{max(1, int(-(-seconds // 1)))} 秒"  # noqa: PLR2004 - a minute
