"""Usage is added up from the record: by purpose and model, per answer, with prices, and why the model was not used."""

from __future__ import annotations

from decimal import Decimal

from assistant.assessment.answer import Purpose
from assistant.assessment.events import AnswerGiven, Event, QuestionAsked, ReadingMade, RespondentJoined
from assistant.assessment.reading import Intent, Reading
from assistant.assessment.record import chain
from assistant.assessment.state import Assessment, fold
from assistant.assessment.usage import NOTHING_SPENT, Call, CallPurpose, Spent
from assistant.reports.usage import Fallback, PerAnswer, Prices, UsageLine, cached_share, usage_view
from assistant.storage.memory import MemoryEventStore
from tests.fakes import StillClock, open_assessment

DOWN = "接口连不上，由规则引擎接着做。"


def call(purpose: CallPurpose, tokens_in: int, tokens_out: int, cached: int = 0, failure: str = "") -> Call:
    return Call(
        purpose=purpose,
        model="m",
        prompt="p",
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cached=cached,
        millis=500,
        failure=failure,
    )


def question(calls: tuple[Call, ...] = (), fallback: str = "") -> QuestionAsked:
    return QuestionAsked(
        subitem="1.1", requirement=None, purpose=Purpose.OPENING, text="？", calls=calls, fallback=fallback
    )


def answer(seq: int) -> AnswerGiven:
    return AnswerGiven(question=seq, subitem="1.1", respondent="r", text="有。")


def reading(seq: int, calls: tuple[Call, ...] = (), fallback: str = "") -> ReadingMade:
    return ReadingMade(reading=Reading(answer=seq, engine="e", intent=Intent.ANSWER, calls=calls, fallback=fallback))


def state(*events: Event) -> Assessment:
    store = MemoryEventStore()
    open_assessment(store)
    (first,) = store.read("a1")
    joined = RespondentJoined(respondent="r", name="王")
    return fold([first, *chain("a1", first, [joined, *events], StillClock().now().isoformat(), "测试员")])


def talk() -> Assessment:
    return state(
        question((call(CallPurpose.PHRASE, 1000, 50),)),  # row 3
        answer(3),
        reading(4, (call(CallPurpose.READ, 3000, 200), call(CallPurpose.REPAIR, 3500, 100, cached=3000))),
        question((call(CallPurpose.PHRASE, 0, 0, failure="超时"),), DOWN),  # row 6
        answer(6),
        reading(7, (call(CallPurpose.READ, 0, 0, failure="超时"),), DOWN),
    )


def test_lines_by_purpose_in_their_order():
    view = usage_view(talk())
    assert view.lines == (
        UsageLine(
            purpose=CallPurpose.READ,
            model="m",
            spent=Spent(calls=2, failed=1, tokens_in=3000, tokens_out=200, millis=1000),
            cost=None,
        ),
        UsageLine(
            purpose=CallPurpose.REPAIR,
            model="m",
            spent=Spent(calls=1, tokens_in=3500, tokens_out=100, cached=3000, millis=500),
            cost=None,
        ),
        UsageLine(
            purpose=CallPurpose.PHRASE,
            model="m",
            spent=Spent(calls=2, failed=1, tokens_in=1000, tokens_out=50, millis=1000),
            cost=None,
        ),
    )
    assert view.total == Spent(calls=5, failed=2, tokens_in=7500, tokens_out=350, cached=3000, millis=2500)


def test_a_pause_is_one_reason_however_long_it_was_still_to_last():
    pauses = [f"暂停使用（约 {rest} 秒后再试；上次：连不上）" for rest in (29, 12)]
    events = [question(fallback=pauses[0]), answer(3), reading(4, fallback=pauses[1])]
    assert usage_view(state(*events)).fallbacks == (
        Fallback(reason="暂停使用（上次：连不上）", readings=1, questions=1),
    )


def test_averages_failures_and_fallbacks():
    view = usage_view(talk())
    assert (view.answers, view.with_model, view.cached_share) == (2, 2, 0.4)
    assert view.per_answer == PerAnswer(calls=2.5, tokens_in=3750, tokens_out=175, seconds=1.25, cost=None)
    assert view.failures == {"超时": 2}
    assert view.fallbacks == (Fallback(reason=DOWN, readings=1, questions=1),)


def test_cached_tokens_have_their_own_price():
    prices = Prices(tokens_in=Decimal(2), tokens_out=Decimal(8), cached=Decimal("0.5"))
    view = usage_view(talk(), prices)
    assert view.cost == Decimal("0.0133")  # 4500 fresh at 2, 3000 cached at 0.5, 350 out at 8
    assert sum((line.cost for line in view.lines if line.cost is not None), Decimal(0)) == view.cost


def test_an_assessment_read_by_rules_alone_has_no_averages():
    view = usage_view(state(question(), answer(3), reading(4)))
    assert (view.answers, view.with_model, view.per_answer, view.lines, view.cached_share) == (1, 0, None, (), None)


def test_nothing_reported_is_no_share():
    assert cached_share(NOTHING_SPENT) is None
