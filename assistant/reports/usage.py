"""What a model has cost an assessment, from its record alone. Pure: the command line and the web only lay it out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from assistant.assessment.state import Assessment
from assistant.assessment.usage import Call, CallPurpose, Spent, spent
from knowledge.model import Frozen

MILLION = Decimal(1_000_000)
WAIT = re.compile(r"约 \d+ 秒后再试；")
"""How long a pause was still to last, which is another at every turn; the reason is the same."""


class Prices(Frozen):
    """Prices of a million tokens, in whatever currency; `cached` is that of input tokens the provider had in its cache."""

    tokens_in: Decimal
    tokens_out: Decimal
    cached: Decimal

    def cost(self, used: Spent) -> Decimal:
        """The price of some calls; `cached` is part of `tokens_in`."""
        fresh = max(used.tokens_in - used.cached, 0)
        return (fresh * self.tokens_in + used.cached * self.cached + used.tokens_out * self.tokens_out) / MILLION


class UsageLine(Frozen):
    """The calls of one model for one purpose."""

    purpose: CallPurpose
    model: str
    spent: Spent
    cost: Decimal | None


class PerAnswer(Frozen):
    """Averages over the answers that the model read or was to read, with the wording of the questions between them."""

    calls: float
    tokens_in: float
    tokens_out: float
    seconds: float
    cost: Decimal | None


class Fallback(Frozen):
    """How often the rules engine stood in for one reason: in reading answers, and in wording questions."""

    reason: str
    readings: int
    questions: int


class UsageView(Frozen):
    """What `iiam usage` shows. `answers`: those in the record; `with_model`: those a model was called for (or failed)."""

    assessment: str
    enterprise: str
    answers: int
    with_model: int
    total: Spent
    cached_share: float | None
    cost: Decimal | None
    lines: tuple[UsageLine, ...]
    per_answer: PerAnswer | None
    failures: dict[str, int]
    fallbacks: tuple[Fallback, ...]


def cached_share(used: Spent) -> float | None:
    """Part of the input tokens that came from the provider's cache, 0 to 1; None when no tokens were reported."""
    return used.cached / used.tokens_in if used.tokens_in else None


def usage_view(state: Assessment, prices: Prices | None = None) -> UsageView:
    """Calls and tokens of an assessment, added up; with prices also what they cost."""
    total = state.spent
    with_model = sum(bool(r.calls or r.fallback) for r in state.readings.values())
    return UsageView(
        assessment=state.id,
        enterprise=state.opened.enterprise,
        answers=len(state.answers),
        with_model=with_model,
        total=total,
        cached_share=cached_share(total),
        cost=prices.cost(total) if prices else None,
        lines=tuple(_lines(state.calls, prices)),
        per_answer=_per_answer(total, with_model, prices) if with_model else None,
        failures=dict(Counter(c.failure for c in state.calls if c.failure).most_common()),
        fallbacks=_fallbacks(state),
    )


def _lines(calls: Iterable[Call], prices: Prices | None) -> Iterable[UsageLine]:
    grouped: dict[tuple[str, CallPurpose], list[Call]] = {}
    for call in calls:
        grouped.setdefault((call.model, call.purpose), []).append(call)
    order = list(CallPurpose)
    for model, purpose in sorted(grouped, key=lambda key: (key[0], order.index(key[1]))):
        used = spent(grouped[model, purpose])
        yield UsageLine(purpose=purpose, model=model, spent=used, cost=prices.cost(used) if prices else None)


def _per_answer(total: Spent, answers: int, prices: Prices | None) -> PerAnswer:
    return PerAnswer(
        calls=total.calls / answers,
        tokens_in=total.tokens_in / answers,
        tokens_out=total.tokens_out / answers,
        seconds=total.millis / 1000 / answers,
        cost=prices.cost(total) / answers if prices else None,
    )


def _fallbacks(state: Assessment) -> tuple[Fallback, ...]:
    read = Counter(WAIT.sub("", r.fallback) for r in state.readings.values() if r.fallback)
    asked = Counter(WAIT.sub("", q.fallback) for q in state.questions.values() if q.fallback)
    return tuple(
        Fallback(reason=reason, readings=read[reason], questions=asked[reason])
        for reason, _ in (read + asked).most_common()
    )
