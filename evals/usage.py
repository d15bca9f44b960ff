"""What a model's work cost and what became of it: calls, tokens, seconds, dropped claims, fall-backs. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from assistant.assessment.evidence import NOT_A_SPAN, UNKNOWN_CODE
from assistant.assessment.reading import Reading
from assistant.assessment.usage import Call, CallPurpose, spent
from evals import metrics

P = 95
INVENTED = frozenset({NOT_A_SPAN, "没有引文", "引文是问题里的话，不是受访人说的", "引文不是受访人原话中连续的一段"})
"""Reasons of `evidence` and of the check of a model's claims that say: nobody said these words."""

STRANGE = frozenset({UNKNOWN_CODE, "这个要点不在列出的范围里"})
"""Reasons that say: the requirement does not exist, or the model was not shown it."""

NUMBERED = re.compile(r"(?<=答)\d+")


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
    dropped = Counter(NUMBERED.sub("…", drop.reason) for reading in readings for drop in reading.dropped)
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
        "dropped_quotes": sum(dropped[reason] for reason in INVENTED),
        "dropped_codes": sum(dropped[reason] for reason in STRANGE),
        "dropped": dict(dropped.most_common()),
        "fallbacks": dict(reasons.most_common()),
        "failures": dict(Counter(c.failure for c in made if c.failure).most_common()),
    }
