"""Small parts of a Word template made with python-docx: styles, fields, bookmarks, tables that break well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.reports.palette import ACCENT, PALE, QUIET, RULE

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

BODY, HEAD, LATIN = "宋体", "黑体", "Times New Roman"
TOC_LINE = 12
"""Points: the fifty-odd lines of contents go on one page."""
QUOTE, NOTE, LABEL, CELL, COVER = "报告引文", "报告注", "报告小标题", "报告表文", "报告封面"


def make_styles(document: Document) -> None:
    """The template's styles: Word's own headings, contents and title, and five of the report's."""
    from docx.enum.style import WD_STYLE_TYPE

    _chinese(document)
    _style(document, "Normal", BODY, 10.5, after=6, line=1.35)
    _style(document, "Title", HEAD, 26, bold=True, colour=ACCENT.fill, after=12, border=False)
    _style(document, "Heading 1", HEAD, 16, bold=True, colour=ACCENT.fill, before=18, after=8, keep=True)
    _style(document, "Heading 2", HEAD, 13.5, bold=True, colour=ACCENT.fill, before=14, after=6, keep=True)
    _style(document, "Heading 3", HEAD, 11.5, bold=True, colour="#1f2933", before=12, after=4, keep=True)
    _style(document, "Header", BODY, 9, colour=QUIET, after=0)
    _style(document, "Footer", BODY, 8, colour=QUIET, after=0)
    for name, base in ((QUOTE, "Normal"), (NOTE, "Normal"), (LABEL, "Normal"), (CELL, "Normal"), (COVER, "Normal")):
        style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles[base]
    _style(document, QUOTE, BODY, 9.5, colour="#323f4b", after=2, line=1.2, indent=0.5)
    _style(document, NOTE, BODY, 9.5, colour=QUIET, before=4, after=4, line=1.25)
    _style(document, LABEL, HEAD, 10.5, bold=True, colour="#1f2933", before=6, after=2, keep=True)
    _style(document, CELL, BODY, 9.5, after=0, line=1.15)
    _style(document, COVER, BODY, 12, after=4)
    for level, (font, size) in enumerate(((HEAD, 10), (BODY, 9.5), (BODY, 9)), start=1):
        name = f"TOC {level}"
        toc: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        toc.base_style = document.styles["Normal"]
        _style(document, name, font, size, after=0, indent=0.6 * (level - 1))
        exactly(toc, TOC_LINE)
        _right_tab(toc)
    for name in ("Header", "Footer"):
        _right_tab(document.styles[name], dots=False)


def _chinese(document: Document) -> None:
    """East Asian text is Chinese as written in China: that decides where a comma stands in its square."""
    from docx.oxml.ns import qn

    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:eastAsia"), "zh-CN")


def hint(document: Document) -> None:
    """Quotation marks and dashes of every run are East Asian ones, as wide as a character."""
    from docx.oxml.ns import qn

    section = document.sections[0]
    for part in (document.element, section.header._element, section.footer._element):
        for run in part.iter(qn("w:r")):
            run.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def exactly(styled: Any, points: float) -> None:
    """Lines of a fixed height, whatever the font that is found."""
    from docx.shared import Pt

    styled.paragraph_format.line_spacing = Pt(points)


def update_fields(document: Document) -> None:
    """Have Word offer to fill in the page numbers when it opens the file."""
    from docx.oxml.ns import qn

    settings = document.settings.element
    later = ("w:hdrShapeDefaults", "w:footnotePr", "w:endnotePr", "w:compat")
    place = next(position for position, child in enumerate(settings) if child.tag in {qn(tag) for tag in later})
    settings.insert(place, element("updateFields", val="true"))


def _style(
    document: Document,
    name: str,
    font: str,
    size: float,
    *,
    bold: bool = False,
    colour: str = "#1f2933",
    before: float = 0,
    after: float = 0,
    line: float = 1.0,
    indent: float = 0,
    keep: bool = False,
    border: bool = True,
) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    style: Any = document.styles[name]
    style.font.name, style.font.size, style.font.bold, style.font.italic = LATIN, Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in [k for k in fonts.attrib if k.endswith("Theme")]:
        del fonts.attrib[key]
    fonts.set(qn("w:eastAsia"), font)
    form = style.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), line
    form.left_indent, form.keep_with_next, form.widow_control = Cm(indent), keep, True
    if not border:
        properties = style.element.get_or_add_pPr()
        for found in properties.findall(qn("w:pBdr")):
            properties.remove(found)


def _right_tab(style: Any, *, dots: bool = True) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Cm

    style.paragraph_format.tab_stops.clear_all()
    leader = WD_TAB_LEADER.DOTS if dots else WD_TAB_LEADER.SPACES
    style.paragraph_format.tab_stops.add_tab_stop(Cm(16.5), WD_TAB_ALIGNMENT.RIGHT, leader)


def element(tag: str, **attributes: str) -> Any:
    """An XML element of WordprocessingML with attributes of the same namespace."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def field(paragraph: Paragraph, code: str, shown: str = "1") -> None:
    """A field such as PAGE, with the text shown until Word works it out."""
    for kind in ("begin", "code", "separate", "text", "end"):
        run = paragraph.add_run(shown if kind == "text" else "")
        if kind == "code":
            instruction = element("instrText")
            instruction.text = f" {code} "
            run._r.append(instruction)
        elif kind != "text":
            run._r.append(element("fldChar", fldCharType=kind))


def heading(document: Document, text: str, level: int, mark: str) -> Paragraph:
    """A heading with a bookmark that the table of contents points at; `mark` may hold template fields."""
    paragraph = document.add_paragraph(style=f"Heading {level}")
    paragraph._p.append(element("bookmarkStart", id=f"{mark}", name=f"_Toc{mark}"))
    paragraph.add_run(text)
    paragraph._p.append(element("bookmarkEnd", id=f"{mark}"))
    return paragraph


def loop(document: Document, statement: str) -> None:
    """A template statement on paragraphs: it leaves nothing behind."""
    document.add_paragraph(f"{{%p {statement} %}}")


def grid(document: Document, widths: Sequence[float], head: Sequence[str] = ()) -> Table:
    """A table of fixed widths in cm; a head is shaded and repeated on every page."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Cm

    table: Any = document.add_table(rows=0, cols=len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    properties = table._tbl.tblPr
    borders = element("tblBorders")
    for side in ("top", "bottom", "insideH", "left", "right", "insideV"):
        borders.append(element(side, val="single", sz="4", space="0", color=RULE.lstrip("#")))
    properties.append(borders)
    margins = element("tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        margins.append(element(side, w="60" if side in ("top", "bottom") else "90", type="dxa"))
    properties.append(margins)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    if head:
        row = fill(table, head, widths)
        row._tr.get_or_add_trPr().append(element("tblHeader"))
        for cell in row.cells:
            shade(cell, ACCENT.fill)
            for run in cell.paragraphs[0].runs:
                _white(run)
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    made: Table = table
    return made


def fill(table: Any, texts: Sequence[str], widths: Sequence[float], *, label: bool = False) -> Any:
    """A row that never breaks across pages; with `label` its first cell is a shaded label."""
    from docx.shared import Cm

    row = table.add_row()
    row._tr.get_or_add_trPr().append(element("cantSplit"))
    for position, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        cell.width = Cm(width)
        cell.paragraphs[0].style = table.part.document.styles[CELL]
        run = cell.paragraphs[0].add_run(text)
        if label and position == 0:
            shade(cell, PALE)
            run.bold = True
    return row


def repeat(
    table: Any,
    statement: str,
    texts: Sequence[str],
    widths: Sequence[float],
    *,
    label: bool = False,
    together: bool = False,
) -> Any:
    """Rows made from a loop: the statement, the row, the end of the loop; `together` with all that follows on a page."""
    fill(table, [f"{{%tr {statement} %}}", *[""] * (len(widths) - 1)], widths)
    row = fill(table, texts, widths, label=label)
    for cell in row.cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = together or None
    fill(table, ["{%tr endfor %}", *[""] * (len(widths) - 1)], widths)
    return row


def tinted(paragraph: Paragraph, text: str, fill: str, ink: str) -> None:
    """Words on a coloured ground; the colours may be template fields."""
    run = paragraph.add_run(text)
    run.bold = True
    properties = run._r.get_or_add_rPr()
    properties.append(element("color", val=ink))
    properties.append(element("shd", val="clear", color="auto", fill=fill))


def shade(cell: _Cell, colour: str) -> None:
    """A cell's fill, #rrggbb."""
    cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=colour.lstrip("#")))


def _white(run: Any) -> None:
    from docx.shared import RGBColor

    run.bold = True
    run.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
