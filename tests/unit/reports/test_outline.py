"""The interview outline."""

from __future__ import annotations

import pytest

from assistant.errors import InputError, NotFoundError
from assistant.reports.outline import outline, to_markdown
from assistant.reports.outline_docx import write_docx
from knowledge.guide import load_guide
from knowledge.loader import SHIPPED, load_standard

STANDARD = load_standard()
GUIDE = load_guide(SHIPPED, STANDARD)


def test_everything_without_a_filter():
    sheet = outline(STANDARD, GUIDE)
    assert [t.code for t in sheet.topics] == list(STANDARD.subitems)
    assert sheet.audience == "全部岗位"


def test_a_job_title_gets_the_topics_of_its_role():
    sheet = outline(STANDARD, GUIDE, role="采购经理")
    assert [t.code for t in sheet.topics] == [c for c, g in GUIDE.subitems.items() if "采购供应" in g.roles]


def test_a_domain_gets_its_own_topics_and_each_question_stands_once():
    sheet = outline(STANDARD, GUIDE, domain="数据管理层")
    assert [t.code for t in sheet.topics] == ["6.1", "6.2", "6.3", "6.4", "6.5"]
    for topic in outline(STANDARD, GUIDE).topics:
        questions = [probe for probe, _ in topic.probes]
        assert len(questions) == len(set(questions))
        assert set(questions) == {r.probe for r in GUIDE.subitems[topic.code].requirements.values()}


def test_unknown_names_are_clear_errors():
    with pytest.raises(NotFoundError, match="没有能力域“云层”。可选：基础设施层"):
        outline(STANDARD, GUIDE, domain="云层")
    with pytest.raises(InputError, match="没有与“宇航员”对应的岗位"):
        outline(STANDARD, GUIDE, role="宇航员")


def test_markdown_and_word_hold_the_same_questions(tmp_path):
    from docx import Document

    sheet = outline(STANDARD, GUIDE, domain="业务创新层")
    file = tmp_path / "outline.docx"
    write_docx(sheet, file)
    word = "\n".join(p.text for p in Document(str(file)).paragraphs)
    markdown = to_markdown(sheet)
    for topic in sheet.topics:
        for text in (topic.opening, *(probe for probe, _ in topic.probes), *topic.records):
            assert text in word
            assert text in markdown
