"""Sign-off: what stands in its way, and what it seals."""

from __future__ import annotations

import pytest

from assistant.assessment.decision import Decision
from assistant.assessment.events import DecisionMade, LevelProposed, SignedOff
from assistant.assessment.ledger import Evidence, Stand
from assistant.assessment.level import Citation, Proposal
from assistant.assessment.reading import Intent, Quote, Verdict
from assistant.assessment.record import chain, export_rows, import_rows
from assistant.assessment.state import fold
from assistant.errors import InputError
from assistant.interview.session import Interview, Workbench
from assistant.review.decisions import Review
from assistant.review.signoff import Severity, check_signoff
from assistant.storage.memory import MemoryEventStore
from knowledge.policy import DEFAULT_POLICY, load_policy
from tests.fakes import STANDARD, ScriptedEngine, StillClock, open_assessment, plain_guide

POLICY = load_policy(DEFAULT_POLICY, STANDARD)
FIRST, *OTHERS = STANDARD.subitems


@pytest.fixture
def store():
    store = MemoryEventStore()
    open_assessment(store)
    return store


def review(store):
    return Review(store, StillClock(), STANDARD, "a1", "陈工")


def rules(store):
    return {f.rule: (f.severity, f.subitems) for f in check_signoff(review(store).state, STANDARD, POLICY)}


def propose(store, code, level):
    put(store, LevelProposed(proposal=Proposal(subitem=code, level=level)))


def put(store, event):
    """An event as another program may have written it."""
    tail = store.read("a1")[-1]
    store.append(chain("a1", tail, [event], tail.at, "别处"))


def decide_all(store, level=2):
    reviewer = review(store)
    for code in STANDARD.subitems:
        reviewer.decide(code, level, "现场看过")
    return reviewer


def spoken(store, verdicts):
    """One answer on the first sub-item that says these things of its requirements."""
    engine = ScriptedEngine({"有的": (Intent.ANSWER, verdicts)})
    bench = Workbench(store=store, engine=engine, standard=STANDARD, guide=plain_guide(), clock=StillClock())
    talk = Interview(bench, "a1", "测试员")
    talk.speak_as("老周")
    talk.question()
    talk.answer("有的")


def test_an_open_subitem_blocks(store):
    reviewer = review(store)
    for code in OTHERS:
        reviewer.decide(code, 2, "现场看过")
    assert rules(store)["open"] == (Severity.BLOCK, (FIRST,))
    with pytest.raises(InputError, match=r"还没有复核.*1 项：1\.1"):
        reviewer.sign_off(POLICY, "陈工", accept=True)


def test_warnings_must_be_accepted_and_are_kept(store):
    reviewer = decide_all(store)
    assert rules(store) == {
        "policy_changed": (Severity.WARN, ()),  # the fake assessment was opened under a policy without a hash
        "reason_only": (Severity.WARN, tuple(STANDARD.subitems)),
    }
    with pytest.raises(InputError, match="--accept"):
        reviewer.sign_off(POLICY, "陈工")
    before = reviewer.state.tail
    made = reviewer.sign_off(POLICY, "陈工", accept=True)
    assert (made.level, made.score, made.record, made.rows, len(made.warnings)) == (2, "30", before.hash, before.seq, 2)
    assert reviewer.state.signed == made


def test_a_seal_refuses_every_change_until_reopened_with_a_reason(store):
    reviewer = decide_all(store)
    reviewer.sign_off(POLICY, "陈工", accept=True)
    rows = store.read("a1")
    for change in (
        lambda: reviewer.decide(FIRST, 3, "再想想"),
        lambda: reviewer.withdraw(FIRST),
        lambda: review(store).decide(FIRST, None, "没有"),
        lambda: spoken(store, {}),
    ):
        with pytest.raises(InputError, match=r"已由 陈工 签发，不能再改动.*iiam reopen a1"):
            change()
    assert store.read("a1") == rows
    with pytest.raises(InputError, match="必须写明理由"):
        reviewer.reopen("  ")
    with pytest.raises(InputError, match="不必再签"):
        reviewer.sign_off(POLICY, "陈工", accept=True)
    reviewer.reopen("企业补交了点检记录")
    assert reviewer.decide(FIRST, 3, "补看了记录").level == 3
    assert (reviewer.state.signed, reviewer.state.reopened) == (None, ("企业补交了点检记录",))
    assert [r.event.kind for r in store.read("a1")][-3:] == ["signed_off", "reopened", "decision_made"]
    with pytest.raises(InputError, match="还没有签发"):
        reviewer.reopen("再开一次")


def test_a_proposal_that_changes_after_the_decision_makes_it_stale(store):
    propose(store, FIRST, 2)
    decide_all(store)
    propose(store, FIRST, 2)
    assert "stale" not in rules(store)
    propose(store, FIRST, 3)
    assert rules(store)["stale"] == (Severity.BLOCK, (FIRST,))
    review(store).decide(FIRST, 3)
    assert "stale" not in rules(store)


def test_a_confirmed_level_without_a_quote_blocks(store):
    decide_all(store)
    propose(store, FIRST, 2)
    reviewer = review(store)
    reviewer.confirm(FIRST)
    assert rules(store)["no_quote"] == (Severity.BLOCK, (FIRST,))


def test_a_level_on_talk_alone_is_a_warning(store):
    requirement = STANDARD.subitems[FIRST].at(2)[0].requirements[0].code
    spoken(store, {requirement: Verdict.MET})
    seq = next(iter(review(store).state.answers))
    quote = Quote(answer=seq, start=0, end=2, text="有的")
    evidence = Evidence(requirement=requirement, verdict=Verdict.MET, quote=quote, rule="剧本", engine="scripted/1")
    citation = Citation(clause="1.1-L2", stand=Stand.MET, evidence=(evidence,))
    put(store, LevelProposed(proposal=Proposal(subitem=FIRST, level=2, citations=(citation,))))
    decide_all(store)
    assert rules(store)["talk_only"] == (Severity.WARN, (FIRST,))


def test_a_level_set_on_talk_alone_is_a_warning_though_none_was_proposed(store):
    requirement = STANDARD.subitems[FIRST].at(2)[0].requirements[0].code
    spoken(store, {requirement: Verdict.MET})
    decide_all(store)
    assert FIRST not in review(store).state.proposals
    assert rules(store)["talk_only"] == (Severity.WARN, (FIRST,))


def test_a_conflict_blocks_until_the_reviewer_gives_a_reason(store):
    two, four = (STANDARD.subitems[FIRST].at(level)[0].requirements for level in (2, 4))
    spoken(store, {two[0].code: Verdict.NOT, **{r.code: Verdict.MET for r in four}})
    put(store, DecisionMade(decision=Decision(subitem=FIRST, level=2, proposed=2)))
    assert rules(store)["conflict"] == (Severity.BLOCK, (FIRST,))
    review(store).decide(FIRST, 2, "以设备主任的说法为准")
    assert "conflict" not in rules(store)


def test_an_imported_override_without_a_reason_blocks(store):
    decide_all(store)
    put(store, DecisionMade(decision=Decision(subitem=FIRST, level=4, proposed=2)))
    assert rules(store)["no_reason"] == (Severity.BLOCK, (FIRST,))


def test_nothing_that_applies_blocks(store):
    reviewer = review(store)
    for code in STANDARD.subitems:
        reviewer.decide(code, None, "没有这类业务")
    assert rules(store)["nothing_applies"] == (Severity.BLOCK, ())


def test_the_state_knows_who_decided_when(store):
    decide_all(store)
    state = review(store).state
    row = next(r for r in store.read("a1") if r.kind == "decision_made")
    assert (state.decided[FIRST].seq, state.decided[FIRST].actor) == (row.seq, "陈工")
    review(store).withdraw(FIRST)
    assert FIRST not in fold(store.read("a1")).decided


def test_the_events_survive_export_and_import(store):
    reviewer = decide_all(store)
    reviewer.sign_off(POLICY, "陈工", accept=True)
    rows = import_rows(export_rows(store.read("a1")))
    assert isinstance(rows[-1].event, SignedOff)
    assert fold(rows) == reviewer.state
