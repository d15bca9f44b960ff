"""The justifications that a report prints: never a draft that contradicts the level, always an assessor's own words."""

from __future__ import annotations

import pytest

from assistant.assessment.justification import Section
from assistant.reports.justified import STALE, Drafter
from assistant.reports.view import SubItemView
from assistant.reports.view_build import report_view
from assistant.review.decisions import Review
from assistant.review.justifications import Justifications
from assistant.storage.memory import MemoryEventStore
from tests.fakes import STANDARD, StillClock
from tests.justify_cases import GUIDE, rules, store_of
from tests.unit.reports.cases import EQUAL

CODE = "1.1"


@pytest.fixture
def store() -> MemoryEventStore:
    return store_of("condiments")


@pytest.fixture
def desk(store) -> Justifications:
    desk = Justifications(store, StillClock(), STANDARD, GUIDE, rules(), "a1", "顾问")
    desk.draft(CODE)
    return desk


def printed(store) -> SubItemView:
    state = Review(store, StillClock(), STANDARD, "a1", "复核人").state
    view = report_view(state, STANDARD, EQUAL, Drafter(GUIDE, rules().justify))
    return next(s for s in view.subitems if s.code == CODE)


def text(subitem: SubItemView) -> str:
    return "\n".join(line for part in subitem.sections for line in part.paragraphs)


def decide(store, level: int, reason: str) -> None:
    Review(store, StillClock(), STANDARD, "a1", "复核人").decide(CODE, level, reason)


def test_a_draft_that_still_holds_is_printed_as_it_stands(store, desk):
    written = desk.written(CODE)
    assert text(printed(store)) == "\n".join(written.text(section) for section in Section)


def test_a_draft_written_for_another_level_is_drafted_anew(store, desk):
    assert "建议定为L3 集成级" in text(printed(store))
    decide(store, 2, "台账太旧")
    shown = printed(store)
    assert "建议定为" not in text(shown)
    assert "复核定为L2 发展级，理由是：“台账太旧”" in text(shown)
    assert STALE not in shown.notes


def test_own_words_stay_with_a_note_and_the_rest_is_drafted_anew(store, desk):
    desk.edit(CODE, Section.ADVICE, "先接仓储。")
    decide(store, 2, "台账太旧")
    shown = printed(store)
    assert shown.sections[-1].paragraphs == ("先接仓储。",)
    assert "台账太旧" in text(shown)
    assert STALE in shown.notes


def test_own_words_alone_leave_the_other_parts_to_a_draft(store):
    desk = Justifications(store, StillClock(), STANDARD, GUIDE, rules(), "a1", "顾问")
    desk.edit(CODE, Section.BASIS, "现场看过台账，二百台里连了九十台。")
    shown = printed(store)
    assert [part.title for part in shown.sections] == ["判定依据", "未达上一级的原因", "佐证材料", "改进建议"]
    assert shown.sections[0].paragraphs == ("现场看过台账，二百台里连了九十台。",)
    assert STALE not in shown.notes
