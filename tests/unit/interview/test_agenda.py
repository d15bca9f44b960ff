"""What to ask next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.assessment.answer import Probe, Purpose, Question
from assistant.assessment.ledger import Stand, SubItemLedger
from assistant.interview.agenda import BUDGET, beliefs, next_probe, prior_from, questions_left, questions_left_after
from knowledge.loader import load_standard

STANDARD = load_standard()


def ledger(subitem: str, stands: dict[str, Stand] | None = None) -> SubItemLedger:
    own = {f"{subitem}-L{code}": stand for code, stand in (stands or {}).items()}
    return SubItemLedger(STANDARD.subitems[subitem], (), own)


def asked(subitem: str, *requirements: str | None) -> list[Question]:
    return [
        Question(
            seq=i,
            subitem=subitem,
            requirement=f"{subitem}-L{r}" if r else None,
            purpose=Purpose.PROBE if r else Purpose.OPENING,
            text="？",
        )
        for i, r in enumerate(requirements)
    ]


def test_a_topic_opens_with_one_open_question():
    assert next_probe(ledger("5.1"), []) == Probe(subitem="5.1", requirement=None, purpose=Purpose.OPENING)


def test_a_first_answer_that_says_nothing_is_followed_by_one_more_open_question():
    probe = next_probe(ledger("5.1"), asked("5.1", None))
    assert probe == Probe(subitem="5.1", requirement=None, purpose=Purpose.DEEPER)


def test_nothing_more_is_asked_once_settled():
    settled = ledger("4.4", {"3#1": Stand.MET, "4#1": Stand.NOT})
    assert next_probe(settled, asked("4.4", None)) is None


def test_who_has_said_much_is_not_asked_the_open_question_again():
    assert next_probe(ledger("5.1"), asked("5.1", None), said=200).purpose == Purpose.PROBE


def test_the_budget_ends_a_topic():
    assert next_probe(ledger("13.1"), asked("13.1", None, "2a#1", "2b#1")) is not None
    assert next_probe(ledger("13.1"), asked("13.1", None, *["2a#1"] * (BUDGET - 1))) is None


def test_probing_starts_in_the_middle_and_moves_with_the_answers():
    first = next_probe(ledger("4.4"), asked("4.4", None, None))
    assert first.requirement == "4.4-L3#1"
    up = next_probe(ledger("4.4", {"3#1": Stand.MET}), asked("4.4", None, None, "3#1"))
    assert up.requirement == "4.4-L4#1"
    down = next_probe(ledger("4.4", {"3#1": Stand.NOT}), asked("4.4", None, None, "3#1"))
    assert down.requirement == "4.4-L2#1"


def test_levels_settled_elsewhere_move_the_start_and_nothing_else():
    low = next_probe(ledger("4.4"), asked("4.4", None, None), prior_from([1, 1, 1, 1, 1, 1]))
    high = next_probe(ledger("4.4"), asked("4.4", None, None), prior_from([4, 5, 4, 5, 4, 5]))
    assert (low.requirement, high.requirement) == ("4.4-L2#1", "4.4-L5#1")
    assert ledger("4.4").settled is None


def test_a_conflict_is_asked_about_once_and_first():
    torn = ledger("4.4", {"2#1": Stand.CONFLICT})
    probe = next_probe(torn, asked("4.4", None))
    assert probe == Probe(subitem="4.4", requirement="4.4-L2#1", purpose=Purpose.CONFLICT)
    again = asked("4.4", None)
    again.append(Question(seq=8, subitem="4.4", requirement="4.4-L2#1", purpose=Purpose.CONFLICT, text="？"))
    assert next_probe(torn, again) is None or next_probe(torn, again).purpose == Purpose.PROBE


@given(st.sampled_from(sorted(STANDARD.subitems)), st.data())
def test_a_probe_asks_for_something_unknown_and_never_twice(subitem: str, data):
    codes = [r.code.partition("-L")[2] for r in STANDARD.subitems[subitem].requirements if r.level > 1]
    known = data.draw(st.dictionaries(st.sampled_from(codes), st.sampled_from([Stand.MET, Stand.NOT, Stand.PARTLY])))
    done = data.draw(st.lists(st.sampled_from(codes), max_size=2, unique=True))
    now = ledger(subitem, known)
    probe = next_probe(now, asked(subitem, None, *done))
    if probe is not None and probe.purpose == Purpose.PROBE:
        assert now.requirements[probe.requirement] == Stand.UNKNOWN
        assert probe.requirement not in {f"{subitem}-L{code}" for code in done}


def test_the_fewest_questions_are_left_after_the_question_that_is_chosen():
    now = ledger("7.1", {"3a#1": Stand.MET, "3a#2": Stand.MET, "2b#1": Stand.MET})
    chosen = next_probe(now, asked("7.1", None, None)).requirement
    belief = beliefs(now)
    left = {
        r.code: questions_left_after(now, r, belief)
        for r in STANDARD.subitems["7.1"].requirements
        if r.code in now.missing()
    }
    assert left[chosen] == min(left.values())
    assert questions_left(ledger("4.4", {"3#1": Stand.MET, "4#1": Stand.NOT}), belief) == 0


@given(st.sampled_from(sorted(STANDARD.subitems)), st.data())
def test_beliefs_are_probabilities_and_no_fewer_questions_than_none_are_left(subitem: str, data):
    codes = [r.code.partition("-L")[2] for r in STANDARD.subitems[subitem].requirements if r.level > 1]
    known = data.draw(st.dictionaries(st.sampled_from(codes), st.sampled_from([Stand.MET, Stand.NOT])))
    now = ledger(subitem, known)
    belief = beliefs(now)
    assert abs(sum(belief.values()) - 1) < 1e-9
    for requirement in STANDARD.subitems[subitem].requirements:
        if now.requirements.get(requirement.code) == Stand.UNKNOWN:
            assert questions_left_after(now, requirement, belief) >= 0
