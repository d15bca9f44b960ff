"""A mark on disk that somebody is at work on an assessment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def presence(file: Path) -> Iterator[bool]:
    """Hold the mark; yields False when another process holds it.

    Only to tell people: the record itself keeps two writers from overwriting each other.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(file, timeout=0)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except (Timeout, OSError) as error:
        yield not isinstance(error, Timeout)
        return
    try:
        yield True
    finally:
        lock.release()
