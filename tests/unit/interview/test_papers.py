"""Documents that are in: what came of each, and taking one back."""

from __future__ import annotations

import pytest

from assistant.assessment.document import SourceKind
from assistant.assessment.events import Archived
from assistant.assessment.level import Reason
from assistant.assessment.reading import Verdict
from assistant.errors import InputError, NotFoundError
from assistant.interview.minutes import Minutes
from assistant.interview.papers import DocumentDesk, iso_date, named, papers
from assistant.interview.session import Interview, Workbench
from assistant.interview.turn import ledgers_of
from assistant.journal import Journal
from assistant.storage.files import FolderDocumentStore
from assistant.storage.memory import MemoryEventStore
from tests.fakes import STANDARD, ScriptedEngine, StillClock, open_assessment, plain_guide
from tests.unit.interview.test_minutes import CONTENT, SCRIPT, Words, document, spoken

OTHER = "别家的台账".encode()


@pytest.fixture
def bench():
    store = MemoryEventStore()
    open_assessment(store)
    return Workbench(store, ScriptedEngine(SCRIPT), STANDARD, plain_guide(), StillClock())


@pytest.fixture
def minutes(bench, tmp_path):
    return Minutes(bench, Words(), FolderDocumentStore(tmp_path / "documents"), "a1", "顾问")


@pytest.fixture
def withdrawal(bench, minutes):
    minutes.take(document(), CONTENT, spoken("网络全厂都有。"))
    return DocumentDesk(bench.store, bench.clock, STANDARD, "a1", "顾问")


def test_what_a_withdrawn_document_said_is_no_evidence_any_more(bench, withdrawal):
    assert withdrawal.state.proposals["1.2"].level == 3
    assert withdrawal.withdraw(document().id, " 传错了\n文件 ") == ("1.2",)
    state = withdrawal.state
    proposal = state.proposals["1.2"]
    assert (proposal.level, proposal.undecided.reason) == (None, Reason.OPEN)
    assert ledgers_of(STANDARD, state)["1.2"].evidence == ()
    assert (state.transcript("1.2"), state.unread, state.why_open("1.2")) == ((), (), Reason.NOT_ASKED)
    assert [a.text for a in state.answers.values()] == ["网络全厂都有。"]
    (paper,) = papers(state, STANDARD)
    assert (paper.passages, paper.subitems, paper.statements, paper.withdrawn) == (1, ("1.2",), None, "传错了 文件")
    assert bench.store.read("a1")[-1].actor == "顾问"


def test_the_same_file_added_again_counts_again(bench, minutes, withdrawal):
    withdrawal.withdraw(document().id, "先不用")
    again = Minutes(bench, Words(), minutes._files, "a1", "顾问")
    outcome = again.take(document(), CONTENT, spoken("网络全厂都有。"))
    assert (outcome.before, outcome.resumed, outcome.proposed) == (False, False, ("1.2",))
    assert len(again.state.answers) == 1
    assert again.state.withdrawn == {}
    assert again.state.proposals["1.2"].level == 3
    assert again.take(document(), CONTENT, spoken("网络全厂都有。")).before


def test_a_file_brought_back_is_what_it_was_described_as(bench, minutes, withdrawal):
    withdrawal.describe(document().id, SourceKind.FILE, "周工", "2026-03-06")
    withdrawal.withdraw(document().id, "先不用")
    again = Minutes(bench, Words(), minutes._files, "a1", "顾问")
    outcome = again.take(document(), CONTENT, spoken("网络全厂都有。"))
    assert (outcome.document.kind, outcome.document.owner, outcome.document.date) == ("文件", "周工", "2026-03-06")
    assert again.state.finished == {document().id: 1}


def test_other_documents_and_what_was_said_stay(bench, minutes, withdrawal):
    other = document(content=OTHER).model_copy(update={"name": "台账.xlsx"})
    minutes.take(other, OTHER, spoken("网络全厂都有。"))
    withdrawal.withdraw(document().id, "传错了")
    assert withdrawal.state.proposals["1.2"].level == 3
    assert {e.verdict for e in ledgers_of(STANDARD, withdrawal.state)["1.2"].evidence} >= {Verdict.MET}
    assert [p.withdrawn for p in papers(withdrawal.state, STANDARD)] == ["传错了", ""]


def test_a_session_that_is_open_sees_it(bench, withdrawal):
    session = Interview(bench, "a1", "顾问")
    assert session.ledgers["1.2"].evidence
    withdrawal.withdraw(document().id, "传错了")
    session.refresh()
    assert session.ledgers["1.2"].evidence == ()


@pytest.mark.parametrize("reason", ["", " \n", "长" * 501])
def test_a_reason_is_needed(bench, withdrawal, reason):
    rows = len(bench.store.read("a1"))
    with pytest.raises(InputError, match="理由"):
        withdrawal.withdraw(document().id, reason)
    assert len(bench.store.read("a1")) == rows


def test_only_what_is_there_can_be_withdrawn_and_only_once(withdrawal):
    with pytest.raises(NotFoundError, match="没有这个文件，或者它已经撤回"):
        withdrawal.withdraw("f" * 64, "传错了")
    withdrawal.withdraw(document().id, "传错了")
    with pytest.raises(NotFoundError, match="没有这个文件，或者它已经撤回"):
        withdrawal.withdraw(document().id, "传错了")


def test_nothing_is_withdrawn_from_what_is_put_away(bench, withdrawal):
    Journal(bench.store, bench.clock, "a1", "顾问").append(lambda: [Archived()], shelving=True)
    rows = len(bench.store.read("a1"))
    with pytest.raises(InputError, match="已归档"):
        withdrawal.withdraw(document().id, "传错了")
    assert len(bench.store.read("a1")) == rows


def test_a_document_goes_by_its_name_or_the_beginning_of_its_id(minutes, withdrawal):
    minutes.take(document(content=OTHER), OTHER, spoken("质量都在看。"))
    first, second = minutes.state.documents.values()
    assert named(minutes.state, second.id[:12]) == second
    with pytest.raises(InputError, match=f"有 2 个文件叫“纪要.docx”，请改写编号：{first.id[:12]}、{second.id[:12]}。"):
        named(minutes.state, "纪要.docx")
    with pytest.raises(NotFoundError, match=r"没有读入过名为“别的\.txt”的文件。现有：《纪要\.docx》、《纪要\.docx》。"):
        named(minutes.state, "别的.txt")
    withdrawal.withdraw(first.id, "传错了")
    assert named(withdrawal.state, "纪要.docx") == second


def test_what_kind_of_evidence_a_document_is_can_be_put_right(bench, withdrawal):
    withdrawal.describe(document().id, SourceKind.SCREENSHOT, " 周工 ", "2026-03-05")
    (known,) = withdrawal.state.documents.values()
    assert (known.kind, known.owner, known.date) == (SourceKind.SCREENSHOT, "周工", "2026-03-05")
    assert known.id in withdrawal.state.finished
    rows = len(bench.store.read("a1"))
    withdrawal.describe(document().id, SourceKind.SCREENSHOT, "周工", "2026-03-05")
    assert len(bench.store.read("a1")) == rows
    with pytest.raises(InputError, match="责任人不超过 100 字"):
        withdrawal.describe(document().id, SourceKind.FILE, "长" * 101, "")
    withdrawal.withdraw(document().id, "传错了")
    with pytest.raises(NotFoundError):
        withdrawal.describe(document().id, SourceKind.FILE, "", "")


def test_a_day_is_a_day():
    assert (iso_date(" 2026-03-05 "), iso_date("")) == ("2026-03-05", "")
    with pytest.raises(InputError, match="日期“三月五日”读不懂"):
        iso_date("三月五日")
