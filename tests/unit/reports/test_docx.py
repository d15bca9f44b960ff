"""The Word report: everything of the view is in it, it opens again, and a template of one's own fails clearly."""

from __future__ import annotations

import re
import subprocess
import zipfile
from io import BytesIO

import pytest
from docx import Document

from assistant.errors import InputError
from assistant.reports.docx import TEMPLATE, render_docx
from assistant.reports.docx_template import build_template
from assistant.reports.view_build import report_view
from tests.unit.reports.cases import EQUAL, STANDARD, decided, example
from tests.unit.reports.office import converted, needs_office

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def view():
    return report_view(example(), STANDARD, EQUAL)


@pytest.fixture(scope="module")
def rendered(view):
    return render_docx(view)


def text_of(content):
    document = Document(BytesIO(content))
    return "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in document.element.body.iter(f"{W}p"))


def test_everything_of_the_view_is_printed(view, rendered):
    text = text_of(rendered)
    assert [p for p in ("{{", "{%", "None", "StrictUndefined") if p in text] == []
    for subitem in view.subitems:
        assert f"{subitem.code} {subitem.name}" in text
        for quote in subitem.quotes:
            assert f"“{quote.text}”——{quote.who}" in text
        for part in subitem.sections:
            assert [p for p in part.paragraphs if p not in text] == []
    for line in (*view.counts, *view.policy):
        assert line.text in text
    for value in (view.enterprise, view.grade.sentence, view.seal.hash, *(d.decision for d in view.defects)):
        assert value in text


def test_real_styles_contents_header_and_rows_that_hold_together(view, rendered):
    document = Document(BytesIO(rendered))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 3"]
    assert headings == [f"{s.code} {s.name}" for s in view.subitems]
    xml = document.element.xml
    assert 'TOC \\o "1-3"' in xml
    marks = set(re.findall(r'w:bookmarkStart [^>]*w:name="([^"]+)"', xml))
    assert set(re.findall(r'w:hyperlink [^>]*w:anchor="([^"]+)"', xml)) == marks
    assert document.settings.element.find(f"{W}updateFields") is not None
    assert view.enterprise in document.sections[0].header.paragraphs[0].text
    rows = [r for t in document.tables for r in t._tbl.tr_lst]
    assert [r for r in rows if r.trPr is None or r.trPr.find(f"{W}cantSplit") is None] == []
    assert sum(r.trPr.find(f"{W}tblHeader") is not None for r in rows) >= len(view.subitems) - 1
    assert len(document.inline_shapes) == 2


def test_python_docx_round_trip(rendered, tmp_path):
    file = tmp_path / "again.docx"
    Document(BytesIO(rendered)).save(str(file))
    assert text_of(file.read_bytes()) == text_of(rendered)


def test_libreoffice_round_trip(view, rendered, tmp_path):
    needs_office()
    file = tmp_path / "report.docx"
    file.write_bytes(rendered)
    again = text_of(converted(file, "docx", tmp_path / "out").read_bytes())
    assert [s.code for s in view.subitems if f"{s.code} {s.name}" not in again] == []
    assert [q.text for s in view.subitems for q in s.quotes if q.text not in again] == []
    pdf = converted(file, "pdf", tmp_path / "out")
    printed = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    assert "附录 E" in printed
    assert "错误" not in printed.replace("错误率", "")


def test_the_shipped_template_is_the_one_that_the_program_builds():
    buffer = BytesIO()
    build_template().save(buffer)
    built, shipped = zipfile.ZipFile(buffer), zipfile.ZipFile(TEMPLATE)
    for part in ("word/document.xml", "word/styles.xml", "word/header1.xml", "word/footer1.xml"):
        assert built.read(part) == shipped.read(part)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ enterprize }}", "用了字段“enterprize”，报告里没有"),
        ("{{ grade.points }}", "用了字段“points”，报告里没有"),
        ("{% for s in domains %}{{ s.nam }}{% endfor %}", "用了字段“nam”"),
        ("{{ enterprise", "写法有误"),
        ("{% if draft %}", "写法有误"),
        ("{{ enterprise | shout }}", "写法有误"),
        ("{{ enterprise.__class__.__mro__ }}", "不允许的写法"),
    ],
)
def test_a_mistake_in_a_template_is_named_in_chinese(view, tmp_path, text, message):
    document = Document()
    document.add_paragraph(text)
    file = tmp_path / "mine.docx"
    document.save(str(file))
    with pytest.raises(InputError, match=f"模板 .*mine.docx.*{message}"):
        render_docx(view, file)


def test_a_template_of_ones_own_is_used(view, tmp_path):
    document = Document()
    document.add_paragraph("{{ enterprise }}的等级是 L{{ grade.level }}")
    file = tmp_path / "mine.docx"
    document.save(str(file))
    assert text_of(render_docx(view, file)) == f"{view.enterprise}的等级是 L2"


def test_files_that_are_no_templates(view, tmp_path):
    with pytest.raises(InputError, match="打不开"):
        render_docx(view, tmp_path / "none.docx")
    wrong = tmp_path / "wrong.docx"
    wrong.write_bytes(b"hello")
    with pytest.raises(InputError, match="不是 Word 文档"):
        render_docx(view, wrong)


def test_what_people_said_is_text_and_not_markup():
    state = decided(dict.fromkeys(STANDARD.subitems, 2))
    state.decisions["1.1"] = state.decisions["1.1"].model_copy(update={"reason": "<w:p>&amp; {{ 7*7 }} “引号”"})
    assert "<w:p>&amp; {{ 7*7 }} “引号”" in text_of(render_docx(report_view(state, STANDARD, EQUAL)))


def test_a_report_on_nothing_prints():
    text = text_of(render_docx(report_view(decided({}), STANDARD, EQUAL)))
    assert text.count("尚无等级") == 2  # the cover, the seal
    assert "得分 —" not in text
    assert "没有访谈记录" in text
