"""Put away: to be looked at, until it is brought back."""

from __future__ import annotations

import pytest

from assistant.assessment.justification import Section
from assistant.errors import InputError, NotFoundError
from assistant.interview.session import Interview, Workbench
from assistant.review.decisions import Review
from assistant.review.justifications import Justifications
from assistant.review.shelf import put_away
from assistant.storage.memory import MemoryEventStore
from knowledge.policy import DEFAULT_POLICY, load_policy
from tests.fakes import STANDARD, ScriptedEngine, StillClock, open_assessment, plain_guide

CODE = next(iter(STANDARD.subitems))
SHELVED = r"已归档，只能查看，本次内容没有保存。要改动请先恢复.*iiam unarchive a1"
CLOCK, GUIDE = StillClock(), plain_guide()


@pytest.fixture
def store():
    store = MemoryEventStore()
    open_assessment(store)
    return store


@pytest.fixture
def bench(store):
    return Workbench(store=store, engine=ScriptedEngine({}), standard=STANDARD, guide=GUIDE, clock=CLOCK)


def away(store, *, away=True):
    return put_away(store, CLOCK, "a1", "王敏", away=away)


def test_what_is_away_takes_nothing_until_it_is_back(store, bench):
    talk, reviewer = Interview(bench, "a1", "王敏"), Review(store, CLOCK, STANDARD, "a1", "陈工")
    written = Justifications(store, CLOCK, STANDARD, GUIDE, bench.engine, "a1", "王敏")
    talk.speak_as("老周")
    talk.question()
    policy = load_policy(DEFAULT_POLICY, STANDARD)
    for code in STANDARD.subitems:
        reviewer.decide(code, 2, "现场看过")
    assert away(store).archived
    rows = store.read("a1")
    for change in (
        lambda: talk.answer("有的"),
        lambda: talk.resume(CODE),
        lambda: reviewer.withdraw(CODE),
        lambda: reviewer.decide(CODE, 3, "再想想"),
        lambda: reviewer.send_back(CODE, "台账呢？"),
        lambda: reviewer.sign_off(policy, "陈工", accept=True),
        lambda: written.draft(CODE),
        lambda: written.edit(CODE, Section.BASIS, "看过台账"),
        lambda: Interview(bench, "a1", "王敏").check_live(),
    ):
        with pytest.raises(InputError, match=SHELVED):
            change()
    assert store.read("a1") == rows
    assert not away(store, away=False).archived
    talk.answer("有的")
    reviewer.decide(CODE, 3, "再想想")
    assert [row.kind for row in store.read("a1")[len(rows) :]] == [
        "unarchived",
        "answer_given",
        "reading_made",
        "level_proposed",
        "decision_made",
    ]


def test_a_sealed_one_is_brought_back_before_it_is_reopened(store):
    reviewer = Review(store, CLOCK, STANDARD, "a1", "陈工")
    for code in STANDARD.subitems:
        reviewer.decide(code, 2, "现场看过")
    reviewer.sign_off(load_policy(DEFAULT_POLICY, STANDARD), "陈工", accept=True)
    away(store)
    with pytest.raises(InputError, match=SHELVED):
        reviewer.reopen("补交了记录")
    away(store, away=False)
    reviewer.reopen("补交了记录")
    assert reviewer.state.live


def test_putting_away_twice_is_putting_away_once(store):
    for _ in range(2):
        away(store)
    for _ in range(2):
        state = away(store, away=False)
    assert [row.kind for row in store.read("a1")] == ["opened", "archived", "unarchived"]
    assert (state.archived, state.tail.actor) == (False, "王敏")
    with pytest.raises(NotFoundError):
        put_away(store, CLOCK, "a2", "王敏")
