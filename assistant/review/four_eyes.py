"""Four eyes: who led an assessment's interviews does not sign it off. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.assessment.record import Row

LEADING = frozenset({"question_asked", "answer_given"})
"""Kinds of rows whose actor took part in an interview: as who led it, or as who answered by a link."""


def led(rows: Iterable[Row]) -> frozenset[str]:
    """Who took part in the interviews of a record, by the names in its rows."""
    return frozenset(row.actor for row in rows if row.kind in LEADING)


def hindrance(rows: Iterable[Row], reviewer: str) -> str:
    """Why a reviewer may not sign this record off, in Chinese; empty when they may.

    Ask only when the rule is on (`App.four_eyes`).
    """
    if reviewer not in led(rows):
        return ""
    return f"{reviewer}参与过这份评估的访谈，按四眼原则不能签发。请由没有参与访谈的复核人签发。"
