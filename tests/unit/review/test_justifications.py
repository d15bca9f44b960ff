"""Drafts and own words: an edit is kept, a new draft does not overwrite it, and what is out of date says so."""

from __future__ import annotations

import pytest

from assistant.assessment.events import JustificationDrafted, JustificationEdited
from assistant.assessment.justification import Section
from assistant.assessment.ledger import build_ledger
from assistant.assessment.record import first_broken
from assistant.assessment.state import fold
from assistant.errors import InputError, NotFoundError
from assistant.review.changes import OvertakenError
from assistant.review.decisions import Review
from assistant.review.footing import outdated
from assistant.review.justifications import Justifications, untouched_renewed
from assistant.review.signoff import check_signoff
from assistant.storage.memory import MemoryEventStore
from knowledge.policy import DEFAULT_POLICY, load_policy
from tests.fakes import STANDARD, StillClock
from tests.justify_cases import GUIDE, rules, store_of

POLICY = load_policy(DEFAULT_POLICY, STANDARD)
BASIS, ADVICE = Section.BASIS, Section.ADVICE


@pytest.fixture
def store() -> MemoryEventStore:
    return store_of("condiments")


@pytest.fixture
def desk(store) -> Justifications:
    return Justifications(store, StillClock(), STANDARD, GUIDE, rules(), "a1", "顾问")


def test_all_are_missing_at_first_and_none_once_drafted(desk, store):
    assert desk.missing() == tuple(STANDARD.subitems)
    for code in desk.missing():
        assert desk.draft(code).dropped == 0
    assert (desk.missing(), desk.stale()) == ((), {})
    rows = store.read("a1")
    assert first_broken(rows) is None
    assert fold(rows).justifications == desk.state.justifications


def test_own_words_stand_before_the_draft(desk):
    desk.draft("1.1")
    draft = desk.written("1.1").text(BASIS)
    desk.edit("1.1", ADVICE, "先接仓储。\r\n再接上游。")
    written = desk.written("1.1")
    assert written.text(ADVICE) == "先接仓储。\n再接上游。"
    assert written.text(BASIS) == draft


def test_a_new_draft_keeps_own_words_until_they_are_given_up(desk, store):
    desk.draft("1.1")
    desk.edit("1.1", ADVICE, "先接仓储。")
    desk.draft("1.1")
    assert desk.written("1.1").text(ADVICE) == "先接仓储。"
    desk.draft("1.1", give_up_edits=True)
    assert desk.written("1.1").edits == {}
    events = [row.event for row in store.read("a1")]
    assert [e.text for e in events if isinstance(e, JustificationEdited)] == ["先接仓储。"]
    assert [e.replaces for e in events if isinstance(e, JustificationDrafted)] == [(), (), (ADVICE,)]


def test_another_level_makes_every_part_stale_and_an_edit_afterwards_is_not(desk, store):
    desk.draft("1.1")
    desk.draft("1.2")
    desk.edit("1.1", ADVICE, "先接仓储。")
    Review(store, StillClock(), STANDARD, "a1", "复核人").decide("1.1", 2, "台账太旧")
    again = Justifications(store, StillClock(), STANDARD, GUIDE, rules(), "a1", "顾问")
    assert again.stale() == {"1.1": tuple(Section)}
    again.edit("1.1", ADVICE, "先更新台账。")
    assert again.stale() == {"1.1": tuple(s for s in Section if s != ADVICE)}
    again.draft("1.1")
    assert again.stale() == {}


def test_what_cannot_be_kept_is_refused(desk):
    with pytest.raises(NotFoundError, match="没有能力子项"):
        desk.draft("9.9")
    with pytest.raises(InputError, match="没有收到内容"):
        desk.edit("1.1", BASIS, " \n ")
    with pytest.raises(InputError, match="最多 5000 字"):
        desk.edit("1.1", BASIS, "长" * 5001)
    assert desk.written("1.1") is None


def test_only_the_parts_that_were_changed_are_recorded(desk, store):
    desk.draft("1.1")
    texts = {section: desk.written("1.1").text(section) for section in Section}
    assert desk.rewrite("1.1", texts | {ADVICE: "先接仓储。\r\n"}) == (ADVICE,)
    assert desk.rewrite("1.1", texts | {ADVICE: "先接仓储。"}) == ()
    assert list(desk.written("1.1").edits) == [ADVICE]


def test_a_second_writer_is_told_and_keeps_what_was_typed(desk, store):
    desk.draft("1.1")
    seen, before = desk.state.tail.seq, desk.written("1.1")
    typed = {section: before.text(section) for section in Section} | {ADVICE: "我的建议"}
    desk.edit("1.1", BASIS, "别人改过的依据")
    second = Justifications(store, StillClock(), STANDARD, GUIDE, rules(), "a1", "后来人")
    with pytest.raises(OvertakenError, match=r"顾问 把判定说明从“.*”改为“别人改过的依据”"):
        second.rewrite("1.1", typed, seen)
    renewed = untouched_renewed(before, second.written("1.1"), typed)
    assert renewed == typed | {BASIS: "别人改过的依据"}
    assert second.rewrite("1.1", renewed, second.state.tail.seq) == (ADVICE,)


def test_own_words_looked_at_again_hold_for_the_level_as_it_is_now(desk, store):
    desk.draft("1.1")
    desk.edit("1.1", ADVICE, "先接仓储。")
    Review(store, StillClock(), STANDARD, "a1", "复核人").decide("1.1", 2, "台账太旧")
    again = Justifications(store, StillClock(), STANDARD, GUIDE, rules(), "a1", "顾问")
    again.draft("1.1")
    texts = {section: again.written("1.1").text(section) for section in Section}
    assert (again.stale(), again.rewrite("1.1", texts)) == ({"1.1": (ADVICE,)}, ())
    assert again.rewrite("1.1", texts, checked=True) == (ADVICE,)
    assert (again.stale(), again.rewrite("1.1", texts, checked=True)) == ({}, ())


@pytest.mark.parametrize(
    ("level", "reason", "parts"), [(None, "", ()), (3, "看过现场", tuple(Section)), (2, "台账太旧", tuple(Section))]
)
def test_only_another_level_or_other_grounds_make_what_was_written_out_of_date(desk, store, level, reason, parts):
    """`None`: the proposed level is confirmed without a word."""
    desk.draft("1.1")
    review = Review(store, StillClock(), STANDARD, "a1", "复核人")
    assert review.state.proposals["1.1"].level == 3
    _ = review.decide("1.1", level, reason) if level else review.confirm("1.1")
    state = review.state
    ledgers = build_ledger(STANDARD, state.answers, state.readings, state.questions)
    assert outdated(state, ledgers["1.1"]) == parts
    found = {f.rule: f.subitems for f in check_signoff(state, STANDARD, POLICY)}
    assert found.get("justification", ()) == (("1.1",) if parts else ())


def test_nothing_written_is_not_out_of_date(desk):
    state = desk.state
    ledgers = build_ledger(STANDARD, state.answers, state.readings, state.questions)
    assert outdated(state, ledgers["1.1"]) == ()
    desk.edit("1.1", ADVICE, "先接仓储。")
    assert outdated(desk.state, ledgers["1.1"]) == ()
