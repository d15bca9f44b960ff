"""Promise 1, nothing invented: a claim stands only if its code exists and its quote is an exact span of an answer."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.assessment.answer import Answer
from assistant.assessment.reading import Dropped, Finding, Quote, RateFinding, Reading
from knowledge.model import Standard

UNKNOWN_CODE = "标准中没有这个编号"
NOT_A_SPAN = "引文不是原话中的一段"
NO_RATE = "该子项没有比例要求"
BAD_RATE = "比例不在0到100之间"
PERCENT = 100


def is_span(quote: Quote, answers: Mapping[int, Answer]) -> bool:
    """True when the quote is a non-empty exact span of the answer it names."""
    answer = answers.get(quote.answer)
    return answer is not None and 0 <= quote.start < quote.end and answer.text[quote.start : quote.end] == quote.text


def verify(reading: Reading, standard: Standard, answers: Mapping[int, Answer]) -> Reading:
    """The reading without the claims that fail the check; each of those is listed in `dropped`, none is repaired."""
    findings: list[Finding] = []
    rates: list[RateFinding] = []
    dropped = list(reading.dropped)

    def drop(reason: str, code: str, quote: Quote) -> None:
        dropped.append(Dropped(reason=reason, code=code, quote=quote.text))

    for finding in reading.findings:
        if finding.requirement not in standard.requirements:
            drop(UNKNOWN_CODE, finding.requirement, finding.quote)
        elif not is_span(finding.quote, answers):
            drop(NOT_A_SPAN, finding.requirement, finding.quote)
        else:
            findings.append(finding)
    for rate in reading.rates:
        subitem = standard.subitems.get(rate.subitem)
        if subitem is None:
            drop(UNKNOWN_CODE, rate.subitem, rate.quote)
        elif subitem.rate_of is None:
            drop(NO_RATE, rate.subitem, rate.quote)
        elif not is_span(rate.quote, answers):
            drop(NOT_A_SPAN, rate.subitem, rate.quote)
        elif not 0 <= rate.low <= rate.high <= PERCENT:
            drop(BAD_RATE, rate.subitem, rate.quote)
        else:
            rates.append(rate)
    retracts = tuple(seq for seq in reading.retracts if seq in answers and seq != reading.answer)
    return reading.model_copy(
        update={"findings": tuple(findings), "rates": tuple(rates), "retracts": retracts, "dropped": tuple(dropped)}
    )
