"""What a claimed rate comes to: worked out from the respondent's numbers, or as said; never as a model would have it."""

from __future__ import annotations

from collections.abc import Collection
from decimal import ROUND_DOWN, Decimal
from itertools import chain

from assistant.assessment.reading import Quote
from assistant.engines.llm.calc import HUNDRED, CalcError, evaluate, is_calculation, numbers_in
from assistant.engines.llm.claims import RateClaim
from assistant.engines.llm.said import Said, Unfit
from assistant.engines.rules.lexicon import WHOLE
from assistant.engines.rules.measure import Candidate, measured
from assistant.engines.rules.normalise import normalise
from assistant.engines.rules.rates import rates_in
from assistant.engines.rules.statements import denies

TOLERANCE = Decimal(1)
"""Points by which a model and the words may differ: rounding, and `39.9` for what is just below 40."""

PLACES = Decimal("0.000001")
FREE = frozenset({Decimal(1), HUNDRED})
"""Numbers that a calculation with rates may use although nobody said them: the whole."""


def shown(low: Decimal, high: Decimal) -> str:
    """A rate for people: `40%`, `30%到39.99%`."""
    first, last = (f"{value.quantize(PLACES, rounding=ROUND_DOWN).normalize():f}" for value in (low, high))
    return f"{first}%" if first == last else f"{first}%到{last}%"


def measure(claim: RateClaim, quote: Quote, said: Said, of: str) -> tuple[Decimal, Decimal]:
    """Low and high of the claimed rate of `of` in percent. Raises Unfit when the words do not bear it out."""
    read = measured(normalise(quote.text), of, said.texts())
    if is_calculation(claim.calc):
        low = high = _calculated(claim.calc, quote, said)
        _inside(low, high)
    else:
        if claim.low is None or claim.high is None:
            raise Unfit("没有给出数", "直接说了数就写 low 和 high，要算就在 calc 写算式，没有数就去掉这一条")
        _inside(claim.low, claim.high)
        low, high = _as_said(claim.low, claim.high, quote, said, read)
    if read is not None and read.low == read.high:
        if not low - TOLERANCE <= read.low <= high + TOLERANCE:
            told = f"从引文读出的是{shown(read.low, read.low)}，不是{shown(low, high)}"
            raise Unfit(told, "核对是谁占谁、有没有说反，再改数、改算式或改引文", f"模型报的比例未采用：{told}")
        if low == high:
            # DECISIONS: where two readings differ, the lower one.
            low = high = min(low, read.low)
    return _short(low), _short(high)


def _inside(low: Decimal, high: Decimal) -> None:
    if not 0 <= low <= high <= HUNDRED:
        raise Unfit("比例不在0到100之间，或者 low 大于 high", "按百分数重写，low 不大于 high")


def _short(percent: Decimal) -> Decimal:
    """Six places, rounded down so that a rate never climbs into the next band."""
    return percent.quantize(PLACES, rounding=ROUND_DOWN).normalize() + 0


def _rate_numbers(texts: Collection[str]) -> frozenset[Decimal]:
    found = chain.from_iterable((r.low, r.high) for text in texts for r in rates_in(normalise(text).text))
    return frozenset(n for value in found for n in (value, value / HUNDRED))


def _calculated(calc: str, quote: Quote, said: Said) -> Decimal:
    try:
        result = evaluate(calc)
    except CalcError as error:
        raise Unfit(str(error), "只用原话里的数重写算式") from error
    texts = [said.new.answer.text, *said.texts()]
    spoken = frozenset(chain.from_iterable(map(numbers_in, texts)))
    rates = _rate_numbers(texts)
    numbers = frozenset(result.numbers)
    of_rates = bool(numbers & rates)
    # Two counts make a share. One count and a made-up whole (80/100 for 八十台) would be a rate that nobody spoke of.
    free = FREE if of_rates else frozenset({Decimal(1)}) if len((numbers & spoken) - FREE) > 1 else frozenset()
    unsaid = [n for n in result.numbers if n not in spoken and n not in free]
    if unsaid:
        raise Unfit(f"算式里的{unsaid[0]:f}没有人说过", "算式只用原话里的数；算不出就去掉这一条")
    if not numbers & numbers_in(quote.text):
        raise Unfit("引文里没有算式用到的数", "引带着这些数的那段原话")
    if not of_rates and not result.ratio:
        raise Unfit("算式得出的不是占比", "写成部分/全部")
    if result.percent == HUNDRED and HUNDRED not in rates and not WHOLE.search(normalise(quote.text).text):
        raise Unfit("引文没有说是全部", "没有说全部就去掉这一条")
    return result.percent


def _as_said(low: Decimal, high: Decimal, quote: Quote, said: Said, read: Candidate | None) -> tuple[Decimal, Decimal]:
    """The rate as the words have it when the claim fits it; the claim itself when it is the wider of the two."""
    norm = said.words(quote).norm
    # Read from the whole answer: `将近四成` stays below 40 although only `四成` is quoted.
    spoken = [
        (r.low, r.high)
        for r in rates_in(norm.text)
        if (span := norm.span(r.start, r.end))[0] < quote.end and quote.start < span[1]
    ]
    if read is not None:
        spoken.append((read.low, read.high))
    for least, most in sorted(spoken, key=lambda r: r[1] - r[0]):
        if least - TOLERANCE <= low and high <= most + TOLERANCE:
            return least, most
    if any(low <= least and most <= high for least, most in spoken):
        return low, high
    if high == 0 and denies(normalise(quote.text).text):
        return low, high
    if spoken:
        told = "、".join(shown(*r) for r in dict.fromkeys(spoken))
        raise Unfit(f"引文里说的是{told}，不是{shown(low, high)}", "照原话写数；要换算就在 calc 里写算式")
    raise Unfit("引文里没有这个数", "引带数的那句原话；要换算就在 calc 里写算式，没有说数就去掉这一条")
