"""A record under another assessment id: the same payloads, times and actors, in a chain of its own."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.assessment.record import GENESIS, Row


def renamed(rows: Iterable[Row], name: str) -> list[Row]:
    """The rows anew under `name`, payloads untouched. The hashes differ: it is a copy, and says so by its id."""
    made: list[Row] = []
    for row in rows:
        prev = made[-1].hash if made else GENESIS
        moved = row.model_copy(update={"assessment": name, "prev": prev, "hash": ""})
        made.append(moved.model_copy(update={"hash": moved.expected_hash()}))
    return made
