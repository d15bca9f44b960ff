"""A record under another assessment id: the same events, times and actors, in a chain of its own."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.assessment.record import Row, chain


def renamed(rows: Iterable[Row], name: str) -> list[Row]:
    """The rows anew under `name`. The hashes differ: it is a copy, and says so by its id."""
    made: list[Row] = []
    for row in rows:
        made += chain(name, made[-1] if made else None, [row.event], row.at, row.actor)
    return made
