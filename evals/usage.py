"""What a model's work cost and what became of it: calls, tokens, seconds, dropped claims, fall-backs. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from assistant.assessment.evidence import NOT_A_SPAN, UNKNOWN_CODE
from assistant.assessment.reading import Reading
from assistant.assessment.usage import Call, CallPurpose, spent
from evals import metrics

P = 95


def usage(
    readings: Sequence[Reading],
    calls: Sequence[Call] | None = None,
    seconds: Sequence[float] | None = None,
    fallbacks: Iterable[str] = (),
) -> dict[str, Any]:
    """Cost and faults of some answered turns; empty for an engine that calls no model and did not mean to.

    `calls` are all calls where questions were worded too (default: those of the readings), `seconds` what each answer
    took (default: its calls' time), `fallbacks` the reasons of questions that the fall-back worded, empty where none.
    """
    made = [call for reading in readings for call in reading.calls] if calls is None else list(calls)
    reasons = Counter(reason for reason in (*(r.fallback for r in readings), *fallbacks) if reason)
    if not made and not reasons:
        return {}
    took = [sum(c.millis for c in r.calls) / 1000 for r in readings] if seconds is None else list(seconds)
    total, answers = spent(made), max(len(readings), 1)
    dropped = Counter(drop.reason for reading in readings for drop in reading.dropped)
    return {
        "calls": total.calls,
        "calls_failed": total.failed,
        "calls_per_answer": total.calls / answers,
        "repairs": sum(c.purpose == CallPurpose.REPAIR for c in made),
        "tokens_in": total.tokens_in,
        "tokens_out": total.tokens_out,
        "cached_share": total.cached / total.tokens_in if total.tokens_in else 0.0,
        "seconds_mean": sum(took) / max(len(took), 1),
        "seconds_p95": metrics.percentile(took, P),
        "dropped_quotes": dropped[NOT_A_SPAN],
        "dropped_codes": dropped[UNKNOWN_CODE],
        "dropped": dict(dropped.most_common()),
        "fallbacks": dict(reasons.most_common()),
        "failures": dict(Counter(c.failure for c in made if c.failure).most_common()),
    }
