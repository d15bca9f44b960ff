"""The PDF: fonts embedded, grade and hash on every page, the watermark until it is signed off; the charts in it."""

from __future__ import annotations

import shutil
import struct
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from assistant.errors import InputError
from assistant.reports import charts, fonts
from assistant.reports.docx import render_docx
from assistant.reports.pdf import render_pdf
from assistant.reports.view_build import report_view
from tests.unit.reports.cases import EQUAL, STANDARD, decided, example
from tests.unit.reports.test_view import signed

FULL = dict.fromkeys(STANDARD.subitems, 4)


@pytest.fixture
def font():
    try:
        return fonts.chinese_font()
    except InputError:
        pytest.skip("no Chinese font (apt-get install fonts-noto-cjk)")


@pytest.fixture
def fontless(monkeypatch, tmp_path):
    """No Chinese font to be had: the folder named for fonts holds none."""
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    monkeypatch.setenv("IIAM_FONT_FOLDER", str(tmp_path))


def pages(content):
    """The text of each page; pypdf takes seconds for it."""
    if shutil.which("pdftotext") is None:
        return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def test_grade_and_hash_stand_on_every_page_and_everything_is_in_it(font):
    view = report_view(example(), STANDARD, EQUAL)
    texts = pages(render_pdf(view))
    assert len(texts) > 20
    for text in texts:
        assert view.seal.hash in text
        assert "L2 发展级" in text
        assert "待确认" in text
    whole = "".join("".join(texts).split())
    assert [s.code for s in view.subitems if f"{s.code}{s.name}" not in whole] == []


def test_the_watermark_goes_with_the_signature(font):
    sealed = report_view(signed(decided(FULL)), STANDARD, EQUAL)
    texts = pages(render_pdf(sealed))
    assert [t for t in texts if "待确认" in t] == []
    assert "最终等级（已签发）" in texts[0]
    assert "复核人签字" in texts[-1]


def test_fonts_are_embedded(font):
    reader = PdfReader(BytesIO(render_pdf(report_view(decided(FULL), STANDARD, EQUAL))))
    kinds = set()
    for page in reader.pages:
        for entry in page["/Resources"].get("/Font", {}).values():
            descendant = entry.get_object()["/DescendantFonts"][0].get_object()
            kinds |= {k for k in descendant["/FontDescriptor"].get_object() if str(k).startswith("/FontFile")}
    assert kinds == {"/FontFile3"}


def test_the_same_record_gives_the_same_pdf(font):
    view = report_view(decided(FULL), STANDARD, EQUAL)
    assert render_pdf(view) == render_pdf(view)


def test_a_report_on_nothing_and_odd_words_can_be_typeset(font):
    render_pdf(report_view(decided({}), STANDARD, EQUAL))
    state = decided(FULL)
    state.decisions["1.1"] = state.decisions["1.1"].model_copy(
        update={"reason": '#panic("x") $1 @a <b> \\ *c* _d_ // e'}
    )
    text = "".join("".join(pages(render_pdf(report_view(state, STANDARD, EQUAL)))).split())
    assert '#panic("x")$1@a<b>\\*c*_d_//e' in text


@pytest.mark.parametrize("draw", [charts.radar, charts.domain_radar, charts.heat_strip])
def test_charts_are_pictures_for_full_partial_and_empty_assessments(font, draw):
    for state in (example(), decided(FULL | {"9.1": None}), decided({"1.1": 5}), decided({})):
        view = report_view(state, STANDARD, EQUAL)
        png, svg = draw(view, "png"), draw(view, "svg")
        assert png.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", png[16:24])
        assert width > 600
        assert height > 300
        assert b"<svg" in svg[:400]
        assert b"<text" not in svg
    assert svg == draw(view, "svg")


def test_without_a_chinese_font_the_fix_is_named_and_word_still_works(fontless):
    view = report_view(decided(FULL), STANDARD, EQUAL)
    for make in (render_pdf, charts.radar, charts.heat_strip):
        with pytest.raises(InputError, match="fonts-noto-cjk"):
            make(view)
    from docx import Document

    paragraphs = [p.text for p in Document(BytesIO(render_docx(view))).paragraphs]
    assert sum("fonts-noto-cjk" in text for text in paragraphs) == 2


def test_a_folder_of_ones_own_gives_the_font(font, monkeypatch, tmp_path):
    from matplotlib.font_manager import fontManager

    source = next(Path(f.fname) for f in fontManager.ttflist if f.name == font.family)
    (tmp_path / source.name).symlink_to(source)
    monkeypatch.setenv("IIAM_FONT_FOLDER", str(tmp_path))
    assert fonts.chinese_font() == fonts.ChineseFont(font.family, (tmp_path,))
    render_pdf(report_view(decided(FULL), STANDARD, EQUAL))


def test_the_preferred_chinese_font_is_chosen():
    from matplotlib.font_manager import FontEntry

    some = [FontEntry(name=n, fname=f"/f/{n}.ttf") for n in ("DejaVu Sans", "SimHei", "Noto Sans CJK SC")]
    assert fonts.choose(some).family == "Noto Sans CJK SC"
    assert fonts.choose(some[:2]).family == "SimHei"
    assert fonts.choose(some[:1]) is None
