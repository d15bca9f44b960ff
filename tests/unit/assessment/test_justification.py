"""What a justification may say: sentences that name their words and clauses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assessment.justification import (
    CLAIMS,
    WITHOUT_QUOTE,
    Justification,
    Section,
    Sentence,
    verify_justification,
)
from assistant.assessment.reading import Quote
from assistant.review.justifications import justify_task
from tests.fakes import STANDARD
from tests.justify_cases import GUIDE, rules, state_of

TASK = justify_task(STANDARD, GUIDE, state_of("condiments", "1.1"), "1.1")
SAID = TASK.quotes[0]


def kept(sentence: Sentence, section: Section = Section.BASIS) -> int:
    made = Justification(subitem="1.1", level=3, engine="x", **{section.value: (sentence,)})
    checked = verify_justification(made, TASK)
    assert checked.dropped == 1 - len(checked.section(section))
    return len(checked.section(section))


def test_a_sentence_with_an_exact_quote_of_the_task_stands():
    assert kept(Sentence(text=f"说“{SAID.text}”。", quotes=(SAID,), clauses=("1.1-L3",))) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        Sentence(text="企业建了全厂的网。", clauses=("1.1-L3",)),
        Sentence(text="企业建了全厂的网。", quotes=(SAID,), clauses=("1.1-L9",)),
        Sentence(text="达到2.1-L3a。", quotes=(SAID,)),
        Sentence(text="说“我们全厂都联网了”。", quotes=(SAID,)),
        Sentence(text="说过。", quotes=(SAID.model_copy(update={"text": "别的话"}),)),
        Sentence(text="说过。", quotes=(Quote(answer=999, start=0, end=2, text="说过"),)),
        Sentence(text="说过。", quotes=(Quote(answer=SAID.answer, start=0, end=0, text=""),)),
        Sentence(text="综上定为L3，但企业已联网。", clauses=("1.1-L3",)),
        Sentence(text="综上定为L3。"),
        Sentence(text="  ", quotes=(SAID,)),
    ],
)
def test_what_nothing_carries_is_dropped_and_counted(sentence):
    assert kept(sentence) == 0


def test_a_ruling_an_omission_and_a_request_need_a_clause_only():
    codes = ("1.1-L4",)
    assert kept(Sentence(text="建议定为L3 集成级。", clauses=codes)) == 1
    assert kept(Sentence(text="这一点访谈中没有谈到。", clauses=codes), Section.SHORTFALL) == 1
    assert kept(Sentence(text="请调取“设备台账”核对。", clauses=codes), Section.MATERIALS) == 1
    assert kept(Sentence(text="先接入仓储设备。", clauses=codes), Section.ADVICE) == 1


@pytest.mark.parametrize(
    ("text", "reason", "stands"),
    [
        ("复核人认为“台账太旧，只在一个车间用”。", "台账太旧，只在一个车间用。", 1),
        ("复核人认为台账太旧。", "台账太旧，只在一个车间用。", 0),
        ("复核人认为“台账太旧，只在一个车间用”，企业已全部换新。", "台账太旧，只在一个车间用。", 0),
        ("复核人认为“台账太旧，只在一个车间用”。", "", 0),
        ("企业的“台账太旧，只在一个车间用”。", "台账太旧，只在一个车间用。", 0),
    ],
)
def test_a_reviewers_reason_is_given_word_for_word_and_as_the_reviewers(text, reason, stands):
    made = Justification(subitem="1.1", level=2, engine="x", basis=(Sentence(text=text, clauses=("1.1-L2",)),))
    assert len(verify_justification(made, replace(TASK, reason=reason)).basis) == stands


quotes = st.one_of(
    st.sampled_from(TASK.quotes),
    st.builds(
        Quote, answer=st.integers(0, 60), start=st.integers(0, 30), end=st.integers(0, 60), text=st.text(max_size=9)
    ),
)
sentences = st.builds(
    Sentence,
    text=st.text(alphabet="企业联网“”设备台账已没有谈到定为L31.-a请。", max_size=40),
    quotes=st.lists(quotes, max_size=2).map(tuple),
    clauses=st.lists(st.sampled_from(["1.1-L3", "1.1-L4", "2.1-L3a", "", "x"]), max_size=2).map(tuple),
)
drafts = st.fixed_dictionaries({section.value: st.lists(sentences, max_size=4).map(tuple) for section in Section})


@given(drafts)
def test_no_sentence_of_a_verified_justification_lacks_a_reference(parts):
    made = Justification(subitem="1.1", level=3, engine="x", **parts)
    checked = verify_justification(made, TASK)
    total = sum(len(made.section(s)) for s in Section)
    assert checked.dropped == total - sum(len(checked.section(s)) for s in Section)
    for section in Section:
        for sentence in checked.section(section):
            assert sentence.quotes or sentence.clauses
            assert sentence.quotes or (
                WITHOUT_QUOTE[section].search(sentence.text) and not CLAIMS.search(sentence.text)
            )
            for quote in sentence.quotes:
                said = TASK.said[quote.answer].text
                assert said[quote.start : quote.end] == quote.text
            assert set(sentence.clauses) <= {c.code for c in TASK.subitem.clauses}
    assert verify_justification(checked, TASK) == checked


@pytest.mark.parametrize("profile", ["condiments", "finechem", "appliances"])
def test_every_sentence_of_the_rules_engine_stands_the_check(profile):
    state = state_of(profile)
    for code in STANDARD.subitems:
        task = justify_task(STANDARD, GUIDE, state, code)
        made = rules().justify(task)
        assert verify_justification(made, task) == made, code
        assert made == rules().justify(task)
        assert all(made.section(section) for section in Section), code
