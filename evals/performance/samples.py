"""Small files of each kind as people hand them in, made in memory, and ways to damage them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from random import Random

SAID = (
    "刘工：台账上二百一十二台套，真正连上网的九十七台。",
    "顾问：供应商那边的设备接了吗？",
    "刘工：供应商的机器一台都没接进来。",
    "孙伟：厂区里头没有死角，办公楼、车间、冷库全是光纤加无线。",
)
SHEET = (
    ("指标", "数值", "说明"),
    ("设备联网率", 0.46, "四月份盘点的数，包括冷藏车"),
    ("数字化设备占比", "44%", "能自己出数的"),
)


def docx(paragraphs: Sequence[str] = SAID, table: Sequence[Sequence[str]] = ()) -> bytes:
    """A Word document: a heading, paragraphs, and a table."""
    from docx import Document

    document = Document()
    document.add_heading("设备与网络", level=1)
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        grid = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def xlsx(rows: Sequence[Sequence[object]] = SHEET, title: str = "台账", hidden: str = "") -> bytes:
    """A workbook of one sheet, shares shown as percent; `hidden` names a second one that is hidden."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, float):
                cell.number_format = "0%"
    if hidden:
        book.create_sheet(hidden).sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def pdf(pages: Sequence[Sequence[str]] = (SAID,), trailer: bytes = b"") -> bytes:
    """A PDF whose font maps each code to the same Unicode letter, so that any text can be taken out again."""
    letters = sorted({letter for lines in pages for line in lines for letter in line})
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange %d beginbfchar "
        % len(letters)
        + b" ".join(b"<%04X> <%04X>" % (ord(letter), ord(letter)) for letter in letters)
        + b" endbfchar endcmap end"
    )
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (6 + 2 * n) for n in range(len(pages)))),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Any /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Any /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
        b" /Supplement 0 >> /DW 1000 >>",
        _stream(cmap),
    ]
    for number, lines in enumerate(pages):
        shown = b" ".join(b"<%s> Tj T*" % line.encode("utf-16-be").hex().encode() for line in lines)
        bodies.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (7 + 2 * number)
        )
        bodies.append(_stream(b"BT /F1 10 Tf 14 TL 40 800 Td " + shown + b" ET"))
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, trailer, start)
    return bytes(out)


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def samples() -> dict[str, bytes]:
    """One file of each kind that has an inner form to be damaged, by suffix."""
    return {
        ".docx": docx(table=[["问题", "回答"], ["有没有防火墙？", "有，分了三块。"]]),
        ".xlsx": xlsx(),
        ".pdf": pdf(),
    }


def damaged(content: bytes, suffix: str, count: int, seed: int) -> Iterator[bytes]:
    """Damaged copies: bytes changed, cut, doubled or swapped; in packed files half of the time inside one part."""
    random = Random(f"{suffix}{seed}")
    for _ in range(count):
        inside = suffix != ".pdf" and random.random() < 0.6
        yield _inside(content, random) if inside else _spoilt(content, random)


def _spoilt(content: bytes, random: Random) -> bytes:
    out = bytearray(content)
    for _ in range(random.choice((1, 1, 3, 20))):
        at = random.randrange(len(out)) if out else 0
        length = random.choice((1, 4, 64, 1024))
        match random.randrange(6):
            case 0:
                out[at : at + length] = random.randbytes(length)
            case 1:
                del out[at : at + length]
            case 2:
                out[at:at] = out[at : at + length] * random.choice((1, 2, 50))
            case 3:
                del out[at:]
            case 4:
                out[at : at + 1] = random.choice((b"<", b">", b"&", b"/", b"(", b"\0", b"\xff", b"9", b"-"))
            case _:
                out[at:at] = random.choice((b"99999999999", b"-1", b"<a>" * 500, b"[" * 3000, b"<<" * 2000, b"%"))
    return bytes(out)


def _inside(content: bytes, random: Random) -> bytes:
    """The package with one of its parts damaged, dropped or doubled, its directory in order."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        names = package.namelist()
        hit = random.choice(names)
        for name in names:
            part = package.read(name)
            if name == hit and random.random() < 0.1:
                continue
            out.writestr(name, _spoilt(part, random) if name == hit else part)
    return target.getvalue()
