"""What the review pages show."""

from __future__ import annotations

import pytest

from assistant.assessment.decision import Decision
from assistant.assessment.events import DecisionMade, DocumentAdded, RespondentJoined, TopicReturned, TopicSetAside
from assistant.assessment.level import Reason
from assistant.assessment.record import import_rows
from assistant.assessment.state import fold
from assistant.bootstrap.app import EXAMPLE
from assistant.review.confidence import Confidence
from assistant.review.flags import Flag
from assistant.web.views.quotes import marked
from assistant.web.views.review import Around, Query, Standing, board
from assistant.web.views.review_item import item
from assistant.web.views.transcript import Asked, Heard, transcript
from tests.fakes import STANDARD
from tests.review_case import FILE, MET, NOT, SAID, Case


@pytest.fixture(scope="module")
def example():
    return fold(import_rows(EXAMPLE.read_text(encoding="utf-8")))


@pytest.fixture
def case():
    case = Case()
    case.put(RespondentJoined(respondent="r1", name="张工", role="设备主任"))
    return case


@pytest.mark.parametrize(
    ("spans", "pieces"),
    [
        ([], (("abcdef", False),)),
        ([(1, 3), (2, 4)], (("a", False), ("bcd", True), ("ef", False))),
        ([(0, 6)], (("abcdef", True),)),
        ([(4, 5), (1, 2)], (("a", False), ("b", True), ("cd", False), ("e", True), ("f", False))),
    ],
)
def test_spans_are_marked_and_no_word_is_lost(spans, pieces):
    assert marked("abcdef", spans) == pieces


def test_the_board_has_every_sub_item_and_counts_the_reviewed(example):
    seen = board(example, STANDARD, Query())
    assert [line.code for line in seen.shown] == list(STANDARD.subitems)
    assert seen.done == len(example.decisions)
    assert seen.seen == example.tail.seq


def test_the_board_filters_by_flag_domain_and_state(example):
    query = Query(flag="边界", domain=STANDARD.domains[0].name, state="已复核")
    shown = board(example, STANDARD, query).shown
    assert shown
    assert all(Flag.BORDER in line.flags and line.state == Standing.DONE for line in shown)
    assert {line.domain for line in shown} == {STANDARD.domains[0].name}


def test_the_board_sorts_by_a_column_both_ways_and_keeps_the_codes_order_within(example):
    up = board(example, STANDARD, Query(sort="confidence")).all
    down = board(example, STANDARD, Query(sort="confidence", down=True)).all
    assert [line.confidence for line in up] == sorted(line.confidence for line in up)
    assert [line.confidence for line in down] == sorted((line.confidence for line in up), reverse=True)
    assert up[0].confidence == Confidence.NONE
    codes = [line.code for line in board(example, STANDARD, Query(down=True)).all]
    assert codes == list(reversed(STANDARD.subitems))
    sure = [line.code for line in down if line.confidence == Confidence.HIGH]
    assert sure == [code for code in STANDARD.subitems if code in sure]


@pytest.mark.parametrize(
    ("reason", "note", "why"),
    [
        (Reason.SKIPPED, "", "已跳过"),
        (Reason.NOT_APPLICABLE, "没有这项业务", "待复核不适用"),
        (Reason.DONT_KNOW, "转给王工（IT）", "已转给王工（IT）"),
        (Reason.DONT_KNOW, "不晓得", "受访人不了解"),
    ],
)
def test_a_topic_that_was_left_says_how(case, reason, note, why):
    case.put(TopicSetAside(subitem="4.4", reason=reason, note=note, respondent="r1"))
    line = next(line for line in board(case.state, STANDARD, Query()).shown if line.code == "4.4")
    assert line.proposed == item(case.state, STANDARD, "4.4").proposed == f"未定（{why}，L1–L5）"


def test_an_address_carries_the_query_and_nothing_unknown():
    query = Query(flag="仅口头", sort="level", down=True)
    assert query.text == "?flag=%E4%BB%85%E5%8F%A3%E5%A4%B4&sort=level&down=1"
    assert Query().text == ""
    assert Query.of({"flag": "<script>", "state": "x", "sort": "x", "down": "2"}) == Query()
    assert Query(sort="level").by("level") == query.where(flag="")
    assert query.by("code") == Query(flag="仅口头")


def test_the_next_open_one_is_found_past_the_end(example):
    opened = [line.code for line in board(example, STANDARD, Query()).all if line.state == Standing.OPEN]
    first, *_, last = STANDARD.subitems
    seen = board(example, STANDARD, Query(state="已复核"))
    assert seen.around(first) == Around("", "1.2", opened[0])
    assert seen.around(last).after == ""
    assert seen.around(last).next_open == next(code for code in opened if code != last)
    assert board(example, STANDARD, Query()).first_open == opened[0]


def test_only_lines_without_a_flag_may_be_chosen(case):
    case.put(DocumentAdded(document=FILE))
    case.says("4.4", ("2#1", MET, 0), ("3#1", NOT, 4), document=FILE.id)
    case.says("4.6", ("2#1", MET, 0), ("3#1", NOT, 4))
    case.proposed("4.4").proposed("4.6")
    assert [line.code for line in board(case.state, STANDARD, Query()).all if line.at_once] == ["4.4"]


def test_a_clause_is_cut_up_at_its_requirements_and_loses_nothing(example):
    for code, subitem in STANDARD.subitems.items():
        for column in item(example, STANDARD, code).columns:
            texts = ["".join(piece.text for piece in clause.pieces) for clause in column.clauses]
            assert texts == [clause.text for clause in subitem.at(column.level)]


def test_every_requirement_shows_where_it_stands_and_what_was_only_inferred(case):
    upper = next(r for r in STANDARD.requirements.values() if r.level == 3 and r.exceeds and not r.rate)
    case.says(upper.subitem, (upper.code.partition("-L")[2], MET, 0))
    columns = item(case.state, STANDARD, upper.subitem).columns
    stands = {p.requirement: (p.stand, p.inferred) for c in columns for cell in c.clauses for p in cell.pieces}
    assert stands[upper.code] == ("met", False)
    assert {stands[lower] for lower in upper.exceeds} == {("met", True)}
    level_1 = {r.code for r in STANDARD.subitems[upper.subitem].requirements if r.level == 1}
    assert not level_1 & set(stands)


def test_a_quote_is_shown_with_its_speaker_its_source_and_what_it_is_taken_to_mean(case):
    case.put(DocumentAdded(document=FILE))
    seq = case.says("4.4", ("2#1", MET, 0), ("3#1", NOT, 5), document=FILE.id)
    (card,) = item(case.proposed("4.4").state, STANDARD, "4.4").quotes
    assert (card.answer, card.who, card.role, card.source, card.documented) == (
        seq,
        "张工",
        "设备主任",
        "文件《台账.xlsx》",
        True,
    )
    assert "".join(text for text, _ in card.pieces) == SAID
    assert [(c.requirement, c.verdict, c.counts) for c in card.claims] == [
        ("4.4-L2#1", "met", True),
        ("4.4-L3#1", "not", True),
    ]


def test_words_that_a_number_outweighs_are_shown_as_not_counted(case):
    rate = next(r.code for r in STANDARD.subitems["1.1"].requirements if r.rate and r.level == 3)
    case.says("1.1", (rate.partition("-L")[2], NOT, 5), rate=("50", "50"))
    shown = item(case.proposed("1.1").state, STANDARD, "1.1")
    assert [(c.requirement, c.counts) for card in shown.quotes for c in card.claims if not c.counts] == [(rate, False)]
    assert shown.rate.endswith(" 50%")
    assert not any(c.requirement.startswith("1.1-L1") for card in shown.quotes for c in card.claims)


def test_decision_and_question_sent_back_are_shown(case):
    case.put(TopicReturned(subitem="4.4", question="真的没有？", reviewer="陈工"))
    assert item(case.state, STANDARD, "4.4").returned == "真的没有？"
    case.put(DecisionMade(decision=Decision(subitem="4.4", level=None, proposed=None, reason="没有这项业务")))
    shown = item(case.state, STANDARD, "4.4")
    assert (shown.decision, shown.reason, shown.returned) == ("不适用", "没有这项业务", "")
    assert shown.decided_by == "访谈，2026年11月23日 16:00"


def test_the_transcript_has_everything_in_order_and_names_corrections(case, example):
    first = case.says("4.4", ("2#1", MET, 0))
    second = case.says("4.4", corrects=first)
    told = transcript(case.state, STANDARD)
    assert [(e.seq, e.replaced, e.corrects, e.used) for e in told] == [
        (first, second, None, ("4.4",)),
        (second, None, first, ()),
    ]
    whole = transcript(example, STANDARD)
    assert [e.seq for e in whole] == sorted([*example.questions, *example.answers])
    assert {e.seq for e in whole if isinstance(e, Asked)} == set(example.questions)
    said = {e.seq: "".join(text for text, _ in e.pieces) for e in whole if isinstance(e, Heard)}
    assert said == {a.seq: a.text for a in example.answers.values()}
