"""Rates in spoken forms: 46%, 百分之六十一点五, 四成四, 七八成, 三分之一, 十个里头八个半, 二百一十二台里有九十七台.

A rate comes as a range in percent; low equals high when one number was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assistant.engines.rules.numerals import ARABIC, CHINESE, DIGITS, NUMERAL, value_of

TO = r"(?:到|至|-|~|—|–)"
ONE = "[一二两三四五六七八九]"
COUNTER = r"(?:台套|台|套|个|种|项|道|条|人|家|样|件|处|环节|工序|点|只|辆|口)"
HUNDRED = Decimal(100)
PINCH = Decimal("0.01")

PERCENT = re.compile(
    rf"百分之(?P<p1>{NUMERAL})(?:{TO}(?:百分之)?(?P<p2>{NUMERAL}))?"
    rf"|(?P<q1>{ARABIC})%?{TO}(?P<q2>{ARABIC})%|(?P<r1>{ARABIC})%"
)
TENTHS = re.compile(
    rf"(?P<a>{ONE}|\d)成(?P<a2>半|{ONE})?{TO}(?P<b>{ONE}|\d)成(?P<b2>半|{ONE})?"
    rf"|(?P<c>{ONE})(?P<d>{ONE})成"
    rf"|(?P<e>{ONE}|十|\d(?:\.\d)?)成(?P<e2>半|\d|{ONE}(?!{ONE}?成))?"
    rf"(?![本品套立型交效熟长员分]|不变|天)"
)
FRACTION = re.compile(rf"(?P<low>{CHINESE}|\d+)分之(?P<up>{NUMERAL})")
OF_TEN = re.compile(
    rf"(?P<all>{NUMERAL})(?P<u>{COUNTER})?(?:里头|里面|里边|之中|当中|中间|里)(?:[^,。;]{{0,8}}?)(?P<part>{NUMERAL})(?:{COUNTER})?(?P<half>半)?"
)
HALF = re.compile(r"(?<![一二三四五六七八九十\d个])(?:一半|半数)(?!以[上下]|多)")
LESS = re.compile(r"(?:不到|不足|没到|没有到|将近|接近|快到?|差点|少于|低于|差一点)$")
MORE = re.compile(r"^(?:多|几|出头|来|挂零|以上|往上|有余|冒头)")
SHORT = re.compile(r"^(?:不到|不足|不满|以下|都不到|还不到)")


@dataclass(frozen=True)
class Rate:
    """A rate in percent as a range, and where it stands in the normalised text."""

    low: Decimal
    high: Decimal
    start: int
    end: int
    form: str


def rates_in(text: str) -> list[Rate]:
    """All rates in a stretch of normalised text, in order, none overlapping."""
    found: list[Rate] = []
    for rate in sorted(_all(text), key=lambda r: (r.start, -(r.end - r.start))):
        sane = 0 <= rate.low <= rate.high <= HUNDRED
        if sane and (not found or rate.start >= found[-1].end):
            found.append(rate)
    return found


def _all(text: str) -> Iterator[Rate]:
    for match in PERCENT.finditer(text):
        if text[match.end() : match.end() + 1] == "点" or text[match.start() - 1 : match.start()] == ".":
            continue
        low, high = _pair(match, ("p1", "p2"), ("q1", "q2"), ("r1", "r1"))
        yield from _qualified(text, match, low, high, "百分比", step=Decimal(10))
    for match in TENTHS.finditer(text):
        if match["a"]:
            low, high = _tenths(match["a"], match["a2"]), _tenths(match["b"], match["b2"])
        elif match["c"]:
            low, high = Decimal(DIGITS[match["c"]] * 10), Decimal(DIGITS[match["d"]] * 10)
            if high - low != 10:  # noqa: PLR2004 - 七八成 is a range, 三一成 is not said
                continue
        else:
            low = high = _tenths(match["e"], match["e2"])
        yield from _qualified(text, match, low, high, "成数", step=Decimal(5 if match["e2"] else 10))
    for match in FRACTION.finditer(text):
        whole, part = value_of(match["low"]), value_of(match["up"])
        if match["low"] != "百" and whole and part is not None and part <= whole:
            yield from _qualified(text, match, part / whole * 100, part / whole * 100, "几分之几", step=Decimal(5))
    for match in OF_TEN.finditer(text):
        whole, part = value_of(match["all"]), value_of(match["part"])
        if whole and part is not None and part + (1 if match["half"] else 0) <= whole and whole > 1:
            part += Decimal("0.5") if match["half"] else 0
            yield Rate(part / whole * 100, part / whole * 100, match.start(), match.end(), "总数里的个数")
    for match in HALF.finditer(text):
        yield from _qualified(text, match, Decimal(50), Decimal(50), "一半", step=Decimal(10))


def _pair(match: re.Match[str], *names: tuple[str, str]) -> tuple[Decimal, Decimal]:
    for first, second in names:
        if match[first]:
            low = value_of(match[first])
            high = value_of(match[second]) if match[second] else low
            return (low if low is not None else Decimal(-1), high if high is not None else Decimal(-1))
    raise AssertionError("one alternative always matches")


def _tenths(digit: str, rest: str | None) -> Decimal:
    whole = value_of(digit) or Decimal(0)
    part = Decimal(5) if rest == "半" else (value_of(rest) or Decimal(0)) if rest else Decimal(0)
    return whole * 10 + part


def _qualified(
    text: str, match: re.Match[str], low: Decimal, high: Decimal, form: str, step: Decimal
) -> Iterator[Rate]:
    """Widen by what stands around: 将近四成 is below 40, 五成出头 at or above 50."""
    start, end = match.span()
    before, after = text[max(0, start - 4) : start], text[end : end + 4]
    less, short, more = LESS.search(before), SHORT.match(after), MORE.match(after)
    if less:
        low, high, start = max(Decimal(0), low - step), high - PINCH, start - len(less[0])
    elif short:
        low, high, end = max(Decimal(0), low - step), high - PINCH, end + len(short[0])
    elif more:
        high, end = min(HUNDRED, high + step - PINCH), end + len(more[0])
    yield Rate(low, high, start, end, form)
