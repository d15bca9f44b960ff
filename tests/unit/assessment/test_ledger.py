"""Level, from verdicts: DESIGN, and DECISIONS "How a level is placed"."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assessment.answer import Answer, Purpose, Question
from assistant.assessment.evidence import verify
from assistant.assessment.ledger import Stand, SubItemLedger, build_ledger, rate_verdict
from assistant.assessment.level import Reason, propose
from assistant.assessment.reading import Finding, Intent, Quote, RateFinding, Reading, Verdict
from knowledge.loader import load_standard

STANDARD = load_standard()
TEXT = "随便说的一段话，里面什么都有"
MET, PARTLY, NOT = Verdict.MET, Verdict.PARTLY, Verdict.NOT


def quote(answer: int) -> Quote:
    return Quote(answer=answer, start=0, end=4, text=TEXT[0:4])


def heard(subitem: str, *turns: dict[str, Verdict], **more: object) -> SubItemLedger:
    """The ledger after one answer a turn, each with the verdicts given by short code (`3a#1`)."""
    answers, readings = {}, {}
    for seq, verdicts in enumerate(turns, start=2):
        findings = tuple(
            Finding(requirement=f"{subitem}-L{code}", verdict=v, quote=quote(seq), rule="t")
            for code, v in verdicts.items()
        )
        answers[seq] = Answer(seq=seq, question=1, subitem=subitem, respondent="r1", text=TEXT, at="")
        readings[seq] = Reading(answer=seq, engine="t", intent=Intent.ANSWER, findings=findings)
    return build_ledger(STANDARD, answers, readings, {})[subitem]


def all_of(subitem: str, level: int, verdict: Verdict = MET) -> dict[str, Verdict]:
    return {r.code.partition("-L")[2]: verdict for c in STANDARD.subitems[subitem].at(level) for r in c.requirements}


def test_nothing_said_is_unknown_not_level_one():
    ledger = heard("7.1")
    assert ledger.settled is None
    assert (ledger.floor, ledger.ceiling) == (1, 5)
    assert set(ledger.requirements.values()) == {Stand.UNKNOWN}


def test_level_one_needs_level_two_to_fail():
    assert heard("7.1", {"2a#1": NOT}).settled == 1


def test_partly_met_is_not_met():
    ledger = heard("7.1", {"2a#1": PARTLY})
    assert ledger.settled == 1
    assert ledger.clause(STANDARD.clauses["7.1-L2a"]) == Stand.PARTLY


def test_a_met_at_three_and_b_only_at_two_is_level_two_with_a_ahead():
    ledger = heard("7.1", {"3a#1": MET, "3a#2": MET, "2b#1": MET, "3b#1": NOT})
    assert ledger.settled == 2
    assert propose(ledger, Reason.OPEN).ahead == ("7.1-L3a",)


@pytest.mark.parametrize("code", list(STANDARD.subitems))
@pytest.mark.parametrize("level", [2, 3, 4, 5])
def test_a_level_holds_when_all_its_clauses_are_met_and_the_next_fails(code: str, level: int):
    above = all_of(code, level + 1, NOT) if level < 5 else {}
    assert heard(code, all_of(code, level) | above).settled == level


def test_holding_passes_down_without_a_word_on_lower_levels():
    ledger = heard("4.5", {"4#1": MET})
    assert ledger.floor == 4
    assert propose(ledger, Reason.BUDGET).undecided.low == 4


def test_failing_passes_up():
    assert heard("4.5", {"3#1": NOT}).ceiling == 2


def test_exceeding_a_requirement_meets_it():
    assert heard("7.1", {"3a#1": MET}).requirements["7.1-L2a#1"] == Stand.MET
    assert heard("7.1", {"2b#1": NOT}).requirements["7.1-L3b#1"] == Stand.NOT


def test_met_and_not_met_by_different_quotes_is_a_conflict_and_no_level():
    ledger = heard("4.5", {"2#1": MET}, {"2#1": NOT})
    assert ledger.settled is None
    assert ledger.conflicts == ("4.5-L2#1",)
    assert propose(ledger, Reason.BUDGET).undecided.reason == Reason.CONFLICT


def test_a_level_that_holds_above_one_that_fails_is_a_conflict():
    ledger = heard("4.5", {"3#1": MET}, {"2#1": NOT})
    assert ledger.settled is None
    assert ledger.conflicts == ("4.5-L2#1",)


def test_the_answer_to_the_question_on_a_conflict_is_the_last_word():
    asked = Question(seq=9, subitem="4.5", requirement="4.5-L2#1", purpose=Purpose.CONFLICT, text="?")
    answers, readings = {}, {}
    for seq, verdict, question in ((2, MET, 1), (3, NOT, 1), (10, NOT, 9)):
        answers[seq] = Answer(seq=seq, question=question, subitem="4.5", respondent="r1", text=TEXT, at="")
        finding = Finding(requirement="4.5-L2#1", verdict=verdict, quote=quote(seq), rule="t")
        readings[seq] = Reading(answer=seq, engine="t", intent=Intent.ANSWER, findings=(finding,))
    ledger = build_ledger(STANDARD, answers, readings, {9: asked})["4.5"]
    assert ledger.settled == 1
    assert len(ledger.evidence) == 3


def test_a_corrected_answer_no_longer_speaks_but_stays():
    answers, readings = {}, {}
    for seq, verdict, corrects in ((2, MET, None), (3, NOT, 2)):
        answers[seq] = Answer(seq=seq, question=1, subitem="4.5", respondent="r1", text=TEXT, at="", corrects=corrects)
        finding = Finding(requirement="4.5-L2#1", verdict=verdict, quote=quote(seq), rule="t")
        readings[seq] = Reading(answer=seq, engine="t", intent=Intent.ANSWER, findings=(finding,))
    ledger = build_ledger(STANDARD, answers, readings, {})["4.5"]
    assert ledger.settled == 1
    assert [e.quote.answer for e in ledger.evidence] == [3]


def test_a_statement_taken_back_no_longer_speaks():
    answers, readings = {}, {}
    for seq, verdict, retracts in ((2, MET, ()), (3, NOT, (2,))):
        answers[seq] = Answer(seq=seq, question=1, subitem="4.5", respondent="r1", text=TEXT, at="")
        finding = Finding(requirement="4.5-L2#1", verdict=verdict, quote=quote(seq), rule="t")
        readings[seq] = Reading(answer=seq, engine="t", intent=Intent.CORRECT, findings=(finding,), retracts=retracts)
    assert build_ledger(STANDARD, answers, readings, {})["4.5"].settled == 1


def rate_ledger(low: str, high: str, **findings: Verdict) -> SubItemLedger:
    answer = Answer(seq=2, question=1, subitem="4.2", respondent="r1", text=TEXT, at="")
    rate = RateFinding(subitem="4.2", low=Decimal(low), high=Decimal(high), quote=quote(2), rule="比例")
    reading = Reading(answer=2, engine="t", intent=Intent.ANSWER, rates=(rate,))
    return build_ledger(STANDARD, {2: answer}, {2: reading}, {})["4.2"]


@pytest.mark.parametrize(
    ("value", "level"),
    [
        ("0", 1),
        ("19.99", 1),
        ("20", 2),
        ("39.99", 2),
        ("40", 3),
        ("59.99", 3),
        ("60", 4),
        ("79.8", 4),
        ("80", 5),
        ("100", 5),
    ],
)
def test_a_rate_at_the_end_of_a_band_belongs_to_the_higher_level(value: str, level: int):
    assert rate_ledger(value, value).settled == level


def test_a_range_that_straddles_a_bound_settles_nothing():
    ledger = rate_ledger("35", "45")
    assert ledger.settled is None
    assert (ledger.floor, ledger.ceiling) == (2, 3)


def test_a_number_outweighs_words_on_a_rate_requirement_and_on_nothing_else():
    answer = Answer(seq=2, question=1, subitem="1.1", respondent="r1", text=TEXT, at="")
    rate = RateFinding(subitem="1.1", low=Decimal(45), high=Decimal(45), quote=quote(2), rule="比例")
    said = {"1.1-L3#1": NOT, "1.1-L3#2": MET}
    findings = tuple(Finding(requirement=c, verdict=v, quote=quote(2), rule="t") for c, v in said.items())
    reading = Reading(answer=2, engine="t", intent=Intent.ANSWER, rates=(rate,), findings=findings)
    ledger = build_ledger(STANDARD, {2: answer}, {2: reading}, {})["1.1"]
    assert ledger.requirements["1.1-L3#1"] == Stand.MET
    assert ledger.requirements["1.1-L3#2"] == Stand.MET
    assert ledger.settled == 3


def test_a_requirement_without_a_rate_gets_no_verdict_from_one():
    rate = RateFinding(subitem="1.1", low=Decimal(45), high=Decimal(45), quote=quote(2), rule="比例")
    assert rate_verdict(STANDARD.requirements["1.1-L3#2"], rate) is None


def test_invented_codes_and_quotes_are_dropped_and_listed():
    answer = Answer(seq=2, question=1, subitem="4.5", respondent="r1", text=TEXT, at="")
    good = Finding(requirement="4.5-L2#1", verdict=MET, quote=quote(2), rule="t")
    claims = (
        good,
        good.model_copy(update={"requirement": "4.5-L9#1"}),
        good.model_copy(update={"quote": Quote(answer=2, start=0, end=4, text="我编的话")}),
        good.model_copy(update={"quote": Quote(answer=7, start=0, end=4, text=TEXT[0:4])}),
        good.model_copy(update={"quote": Quote(answer=2, start=3, end=3, text="")}),
    )
    rates = (
        RateFinding(subitem="4.5", low=Decimal(4), high=Decimal(4), quote=quote(2), rule="t"),
        RateFinding(subitem="4.2", low=Decimal(4), high=Decimal(400), quote=quote(2), rule="t"),
    )
    checked = verify(
        Reading(answer=2, engine="t", intent=Intent.ANSWER, findings=claims, rates=rates, retracts=(2, 5)),
        STANDARD,
        {2: answer},
    )
    assert checked.findings == (good,)
    assert checked.rates == ()
    assert checked.retracts == ()
    assert len(checked.dropped) == 6


VERDICTS = st.dictionaries(
    st.sampled_from([r.code.partition("-L")[2] for r in STANDARD.subitems["13.1"].requirements if r.level > 1]),
    st.sampled_from(list(Verdict)),
)


@given(VERDICTS)
def test_floor_holds_and_ceiling_is_below_what_fails(verdicts: dict[str, Verdict]):
    ledger = heard("13.1", verdicts)
    assert ledger.floor == 1 or ledger.level(ledger.floor) == Stand.MET
    assert ledger.ceiling == 5 or ledger.level(ledger.ceiling + 1) == Stand.NOT
    assert ledger.settled is None or ledger.settled == ledger.floor == ledger.ceiling


@given(VERDICTS, st.randoms())
def test_order_of_what_was_said_does_not_matter(verdicts: dict[str, Verdict], random):
    shuffled = list(verdicts.items())
    random.shuffle(shuffled)
    one = heard("13.1", verdicts)
    other = heard("13.1", *({code: v} for code, v in shuffled))
    assert (one.floor, one.ceiling, one.requirements) == (other.floor, other.ceiling, other.requirements)


@given(VERDICTS)
def test_one_more_met_requirement_never_lowers_the_floor(verdicts: dict[str, Verdict]):
    before = heard("13.1", verdicts)
    for code in verdicts:
        after = heard("13.1", verdicts | {code: MET})
        assert after.floor >= before.floor
