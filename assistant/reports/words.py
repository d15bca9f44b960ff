"""The report's words for the domain's terms, and how it prints numbers and days."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

from assistant.assessment.answer import Answer
from assistant.assessment.ledger import Stand
from assistant.assessment.level import Reason
from assistant.assessment.moments import local
from assistant.assessment.reading import Verdict
from assistant.assessment.state import Assessment

STAND = {
    Stand.MET: "满足",
    Stand.PARTLY: "部分满足",
    Stand.NOT: "不满足",
    Stand.CONFLICT: "说法不一",
    Stand.UNKNOWN: "未提及",
}
VERDICT = {Verdict.MET: "满足", Verdict.PARTLY: "部分满足", Verdict.NOT: "不满足"}
WHY_OPEN = {
    Reason.NOT_ASKED: "尚未问到",
    Reason.OPEN: "还没有问完",
    Reason.BUDGET: "提问达到规定次数仍不足以判定",
    Reason.DONT_KNOW: "受访人不了解",
    Reason.SKIPPED: "访谈中跳过",
    Reason.NOT_APPLICABLE: "受访人认为不适用、有待复核",
    Reason.CONFLICT: "前后说法不一",
}


def day(at: str) -> str:
    """`2026年3月9日` (Beijing time) from a row's time."""
    moment = local(at)
    return f"{moment.year}年{moment.month}月{moment.day}日"


def minute(at: str) -> str:
    """`2026年3月9日 14:05` (Beijing time) from a row's time."""
    return f"{day(at)} {local(at):%H:%M}"


def days(state: Assessment, answers: Sequence[Answer]) -> str:
    """The day, or the first and the last one, on which answers were given; empty for none.

    What stands in a document was said when the document is of, where that is known.
    """
    told = [state.documents[a.document].date if a.document in state.documents else "" for a in answers]
    when = [f"{date}T00:00:00+08:00" if date else a.at for a, date in zip(answers, told, strict=True)]
    if not when:
        return ""
    first, last = (day(found) for found in (min(when, key=local), max(when, key=local)))
    return first if first == last else f"{first}至{last}"


def two(score: str | None) -> str:
    """A score with two places, rounded down like every shown score; a dash for none."""
    if score is None:
        return "—"
    whole, _, places = score.partition(".")
    return f"{whole}.{places[:2]:0<2}"


def number(value: Decimal) -> str:
    """A rate or a score without idle zeros, at most two places, rounded down."""
    text = f"{value.quantize(Decimal('0.01'), rounding=ROUND_FLOOR):f}"
    return text.rstrip("0").rstrip(".")


def percent(share: Fraction) -> str:
    """A share of the total in percent, two places, rounded as a spreadsheet does."""
    exact = Decimal(share.numerator) * 100 / Decimal(share.denominator)
    return f"{exact.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):f}%"


def listed(parts: list[str]) -> str:
    """`甲、乙和丙`."""
    return "和".join(p for p in ("、".join(parts[:-1]), *parts[-1:]) if p)
