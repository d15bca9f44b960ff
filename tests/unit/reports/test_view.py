"""What a report says: from the record, and from nothing else."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import pytest

from assistant.assessment.document import Document, SourceKind
from assistant.assessment.events import SignedOff
from assistant.errors import InputError
from assistant.reports.justified import Drafter
from assistant.reports.palette import LEVEL_COLOURS, NOT_APPLICABLE, UNDECIDED
from assistant.reports.view_build import report_view
from assistant.reports.words import days, percent
from assistant.review.justifications import justify_task
from tests.justify_cases import GUIDE, rules
from tests.unit.reports.cases import EQUAL, POLICIES, STANDARD, decided, example

FULL = dict.fromkeys(STANDARD.subitems, 2)


def signed(state, policy=EQUAL, **changes):
    view = report_view(state, STANDARD, policy)
    event = SignedOff(
        reviewer="陈工",
        record=state.tail.hash,
        rows=state.tail.seq,
        level=view.scoring.grade.level,
        score=view.scoring.grade.score,
        policy=policy.id,
        policy_version=policy.version,
        policy_digest=policy.digest,
        standard_digest=STANDARD.digest,
        warnings=("等级只凭口头陈述",),
    )
    return replace(state, signed=event.model_copy(update=changes))


def test_every_subitem_stands_once_in_the_standards_order():
    view = report_view(example(), STANDARD, EQUAL)
    assert [s.code for s in view.subitems] == list(STANDARD.subitems)
    assert [d.name for d in view.domains] == [d.name for d in STANDARD.domains]
    assert [i.name for i in view.items] == [i.name for i in STANDARD.items()]


def test_every_quote_is_an_exact_span_of_what_was_said_at_its_place():
    state = example()
    view = report_view(state, STANDARD, EQUAL)
    quotes = [q for s in view.subitems for q in s.quotes]
    assert len(quotes) > 100
    for quote in quotes:
        answer = state.answers[int(quote.source.removeprefix("访谈记录第").removesuffix("行"))]
        assert quote.text in answer.text
        person = state.respondents[answer.respondent]
        assert (quote.who, quote.kind) == (f"{person.name}（{person.role}）", "口头")


def test_clauses_refer_to_quotes_that_are_there():
    for subitem in report_view(example(), STANDARD, EQUAL).subitems:
        numbers = {q.number for q in subitem.quotes}
        cited = {n for line in (*subitem.basis, *subitem.gap, *subitem.ahead) for n in line.quotes}
        assert cited == numbers == set(range(1, len(numbers) + 1))


def test_words_are_quoted_as_the_justification_quotes_them():
    state, drafter = example(), Drafter(GUIDE, rules().justify)
    for subitem in report_view(state, STANDARD, EQUAL, drafter).subitems:
        task = justify_task(STANDARD, GUIDE, state, subitem.code)
        if task.proposal.level is not None:
            assert {q.text for q in subitem.quotes} == {q.text.strip() for q in task.quotes}


def test_a_question_is_printed_with_words_that_answer_it():
    by_code = {s.code: s for s in report_view(example(), STANDARD, EQUAL).subitems}
    asked = {q.text: q.question for q in by_code["3.2"].quotes}
    assert asked == {
        "没有": "软件能拿过去攒的数，算出哪台机器快要坏了或者往后的走向吗？",
        "月底自动出一张表，停机几回、各锅开了多少钟头": "",
        "报表样子改不了，想拆到班组得另掏三千": "",
    }


def test_higher_clauses_that_are_met_stand_beside_those_that_are_not():
    by_code = {s.code: s for s in report_view(example(), STANDARD, EQUAL).subitems}
    assert [(c.code, c.stand) for c in by_code["2.1"].ahead] == [("2.1-L3a", "满足")]
    assert {c.stand for c in by_code["12.1"].ahead} == {"未采信"}
    assert by_code["12.1"].gap == ()


def test_without_a_level_there_is_nothing_to_compare_with():
    drafter = Drafter(GUIDE, rules().justify)
    view = report_view(decided({"1.1": None}), STANDARD, EQUAL, drafter)
    out, open_ = view.subitems[:2]
    assert [part.title for part in out.sections] == ["判定依据", "佐证材料", "改进建议"]
    assert [part.title for part in open_.sections] == ["判定依据", "佐证材料"]
    assert (out.basis, open_.missing, open_.notes) == ((), (), ())


def test_what_counts_proposals_says_so():
    view = report_view(example(), STANDARD, EQUAL)
    assert view.highlights[0].title == "各能力域（含待复核的建议）"
    assert "现总分 32.82（含待复核的建议）。" in view.roadmap_note
    assert "但执行力度较弱" not in "".join(need for step in view.roadmap for need in step.needs)
    full = report_view(decided(FULL), STANDARD, EQUAL)
    assert "建议" not in full.highlights[0].title + full.roadmap_note


def test_shares_are_rounded_as_a_spreadsheet_does():
    assert percent(Fraction(1, 32)) == "3.13%"
    assert percent(Fraction(1, 60)) == "1.67%"


def test_the_states_of_a_level_and_of_the_grade():
    view = report_view(example(), STANDARD, EQUAL)
    by_code = {s.code: s for s in view.subitems}
    assert (by_code["5.3"].status, by_code["5.3"].level, by_code["5.3"].outcome) == ("undecided", None, "未定")
    assert by_code["5.3"].missing != ()
    assert (by_code["13.1"].status, by_code["13.1"].level) == ("proposed", 2)
    assert (by_code["12.1"].status, by_code["12.1"].level, by_code["12.1"].proposed) == ("decided", 3, 4)
    assert [(d.code, d.proposed, d.decided) for d in view.decisions] == [
        ("8.2", "L2", "L2，36 分"),
        ("12.1", "L4", "L3"),
    ]
    assert (view.grade.finality, view.estimate is not None, view.draft) == ("provisional", True, True)
    assert report_view(decided(FULL), STANDARD, EQUAL).grade.finality == "complete"
    assert report_view(decided({}), STANDARD, EQUAL).grade.finality == "empty"
    assert report_view(signed(decided(FULL)), STANDARD, EQUAL).grade.finality == "signed"


def test_a_report_on_nothing_has_no_empty_words():
    view = report_view(decided({}), STANDARD, EQUAL)
    assert (view.grade.shown, view.highlights, view.roadmap, view.people, view.variants) == ("—", (), (), (), ())
    assert view.roadmap_note == "还没有任何等级，暂不能排出提升路线。"


def test_a_signed_report_stands_only_on_the_grade_that_was_signed():
    state = signed(decided(FULL))
    assert report_view(state, STANDARD, EQUAL).seal.signed
    with pytest.raises(InputError, match="请用 --policy 给出签发时的政策"):
        report_view(state, STANDARD, POLICIES["floor"])
    with pytest.raises(InputError, match="等级与签发时不同"):
        report_view(signed(decided(FULL), level=3), STANDARD, EQUAL)


def test_another_standards_assessment_is_refused():
    with pytest.raises(InputError, match="不能出报告"):
        report_view(decided(FULL), STANDARD.model_copy(update={"id": "other"}), EQUAL)


def test_the_roadmap_goes_by_effect_on_the_total():
    view = report_view(decided(FULL | {"9.1": None, "1.1": 5}), STANDARD, EQUAL)
    gains = [float(step.gain) for step in view.roadmap]
    assert gains == sorted(gains, reverse=True)
    assert [step.rank for step in view.roadmap] == list(range(1, 35))
    assert {"9.1", "1.1"} & {step.code for step in view.roadmap} == set()
    assert all(step.needs for step in view.roadmap)
    assert view.roadmap[-1].reached == "50.50"


def test_documents_are_listed_with_their_hash():
    state = example()
    state.documents["ab" * 32] = Document(id="ab" * 32, name="设备台账.xlsx", kind=SourceKind.FILE, owner="设备科")
    assert report_view(state, STANDARD, EQUAL).documents[0].digest == "ab" * 32


def test_a_document_that_was_taken_back_is_not_listed():
    state = replace(example(), withdrawn={"ab" * 32: "传错了"})
    state.documents["ab" * 32] = Document(id="ab" * 32, name="设备台账.xlsx", kind=SourceKind.FILE, owner="设备科")
    assert report_view(state, STANDARD, EQUAL).documents == ()


def test_what_was_said_and_what_was_read_are_counted_apart():
    state = example()
    first = next(iter(state.answers))
    spoken = len(state.answers)
    state.documents["ab" * 32] = Document(id="ab" * 32, name="设备台账.xlsx", kind=SourceKind.FILE, owner="设备科")
    state.answers[first] = state.answers[first].model_copy(update={"document": "ab" * 32, "place": "A1"})
    told = {line.label: line.text for line in report_view(state, STANDARD, EQUAL).counts}
    assert told["访谈"].endswith(f"，{spoken - 1} 次回答")
    assert told["依据"].endswith("，1 份文件，采用其中 1 段")


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_level_colours_darken_in_order_and_carry_their_ink():
    lights = [luminance(s.fill) for s in LEVEL_COLOURS.values()]
    assert lights == sorted(lights, reverse=True)
    assert all(a / b > 1.3 for a, b in itertools.pairwise(lights))
    for swatch in (*LEVEL_COLOURS.values(), UNDECIDED, NOT_APPLICABLE):
        low, high = sorted((luminance(swatch.fill), luminance(swatch.ink)))
        assert (high + 0.05) / (low + 0.05) >= 4.5


def test_what_stands_in_a_document_was_said_when_the_document_is_of():
    state = example()
    (first, second, *_), text = state.answers.values(), "ab" * 32
    read = first.model_copy(update={"document": text, "place": "第1段"})
    state.documents[text] = Document(id=text, name="纪要.txt", kind=SourceKind.TALK, date="2026-03-05")
    assert days(state, []) == ""
    assert days(state, [read]) == "2026年3月5日"
    assert days(state, [second, read]) == "2026年3月5日至2026年3月10日"
    state.documents[text] = state.documents[text].model_copy(update={"date": ""})
    assert days(state, [read]) == days(state, [first]) == "2026年3月10日"
