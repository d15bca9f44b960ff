"""The interview outline as a Word document, for printing and writing on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import StorageError
from assistant.reports.outline import Outline, Topic, labelled

if TYPE_CHECKING:
    from docx.document import Document

FONT = "Microsoft YaHei"
NOTE_LINES = 3


def write_docx(sheet: Outline, file: Path) -> None:
    """Write the sheet. Raises StorageError when the file cannot be written."""
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet"):
        style = document.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    document.styles["Normal"].font.size = Pt(10.5)
    document.add_heading(f"{sheet.title}：{sheet.audience}", level=0)
    document.add_paragraph(sheet.standard)
    document.add_paragraph("企业：＿＿＿＿＿＿＿＿　受访人：＿＿＿＿＿＿　岗位：＿＿＿＿＿＿　日期：＿＿＿＿＿＿")
    domain = ""
    for topic in sheet.topics:
        if topic.domain != domain:
            domain = topic.domain
            document.add_heading(domain, level=1)
        _topic(document, topic)
    section.footer.paragraphs[0].text = f"{sheet.title}　{sheet.audience}"
    try:
        document.save(str(file))
    except OSError as error:
        raise StorageError(f"文件 {file} 写不进去（{error.strerror}）。请换一个位置。") from error


def _topic(document: Document, topic: Topic) -> None:
    from docx.shared import RGBColor

    document.add_heading(f"{topic.code} {topic.name}　{topic.item}", level=2)
    opening = document.add_paragraph()
    opening.add_run("开场　").bold = True
    opening.add_run(topic.opening)
    opening.paragraph_format.keep_with_next = True
    for probe, follow in topic.probes:
        line = document.add_paragraph(style="List Bullet")
        line.add_run(probe)
        line.add_run(f"　{follow}").font.color.rgb = RGBColor(0x66, 0x66, 0x66)
    for label, texts in labelled(topic):
        part = document.add_paragraph()
        part.add_run(f"{label}　").bold = True
        part.add_run("；".join(texts))
    for _ in range(NOTE_LINES):
        document.add_paragraph("＿" * 38)
