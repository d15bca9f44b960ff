"""What is looked at before a file is parsed: is it what its name says, is it safe to unpack, is it locked?

Runs in the child. Every refusal is an InputError that says why and what to do.
"""

from __future__ import annotations

import io
import zipfile
from zlib import error as ZlibError

from assistant.documents.limits import PARTS_LIMIT, RATIO_FROM, RATIO_LIMIT, UNPACKED_LIMIT
from assistant.errors import InputError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIP = b"PK\x03\x04"
PDF = b"%PDF-"
MAIN = {".docx": "wordprocessingml.document.main+xml", ".xlsx": "spreadsheetml.sheet.main+xml"}
NAMES = {".docx": "Word 文档（docx）", ".xlsx": "Excel 工作簿（xlsx）", ".pdf": "PDF"}
BLOCK = 65536
DAMAGED = "文件已损坏，或不完整，读不出来。请用原来的软件打开并另存一份，再试一次；仍不行请换一份。"


def looks_like(content: bytes) -> str:
    """`.pdf`, `zip`, `ole` or nothing known, by the first bytes."""
    if PDF in content[:1024]:
        return ".pdf"
    if content.startswith(ZIP) or content.startswith(b"PK\x05\x06"):
        return "zip"
    return "ole" if content.startswith(OLE) else ""


def check_kind(content: bytes, suffix: str) -> None:
    """Raises InputError when the bytes are plainly not what the suffix says, or the file is locked."""
    found = looks_like(content)
    if found == "ole":
        if ENCRYPTED in content:
            raise InputError("文件有打开密码，读不了。请在 Office 中取消密码后另存一份，再试一次。")
        raise InputError("文件是旧版 Office 格式（doc、xls）。请在 Office 中另存为 docx 或 xlsx 后再试。")
    if suffix in MAIN and found != "zip":
        raise InputError(f"文件扩展名是 {suffix}，内容{_really(found)}。" + ("" if found else DAMAGED))
    if suffix == ".pdf" and found != ".pdf":
        raise InputError(f"文件扩展名是 .pdf，内容{_really(found)}。" + ("" if found else DAMAGED))
    if suffix not in MAIN and suffix != ".pdf" and found:
        raise InputError(f"文件扩展名是 {suffix}，内容{_really(found)}。")


def _really(found: str) -> str:
    if found == ".pdf":
        return "其实是 PDF。请把扩展名改成 .pdf 后再试"
    if found == "zip":
        return "其实是 Office 文档或压缩包。请把扩展名改成 docx 或 xlsx；压缩包请先解压"
    return "却不是这种格式"


def check_package(content: bytes, suffix: str) -> None:
    """Look through a docx or xlsx without unpacking it. Raises InputError for macros, bombs, locks and damage."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            _check_parts(parts)
            types = package.read("[Content_Types].xml").decode("utf-8", "replace")
            names = {part.filename.lower() for part in parts}
            if "macroEnabled" in types or any(name.endswith("vbaproject.bin") for name in names):
                raise InputError(
                    "文件带有宏，宏可能改动电脑，没有打开。请在 Office 中另存为不带宏的 docx 或 xlsx 后再试。"
                )
            if MAIN[suffix] not in types:
                other = next((s for s, kind in MAIN.items() if kind in types), "")
                what = f"其实是 {NAMES[other]}。请把扩展名改成 {other} 后再试。" if other else "却不是这种格式。"
                raise InputError(f"文件扩展名是 {suffix}，内容{what}")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    _check_xml(package, part)
    except (zipfile.BadZipFile, KeyError, ZlibError, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(DAMAGED) from error


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > PARTS_LIMIT:
        raise InputError(f"文件里有 {len(parts)} 个部件，不是正常的 Office 文档，没有打开。请换一份文件。")
    total = sum(part.file_size for part in parts)
    if total > UNPACKED_LIMIT:
        raise InputError(
            f"文件展开后有 {total / 1024 / 1024:.0f} MB，远大于正常文档，可能是压缩炸弹，没有打开。请换一份文件。"
        )
    for part in parts:
        if part.flag_bits & 1:
            raise InputError("文件有密码，读不了。请取消密码后另存一份，再试一次。")
        if part.file_size > RATIO_FROM and part.file_size > RATIO_LIMIT * max(1, part.compress_size):
            raise InputError("文件的压缩比高得不正常，可能是压缩炸弹，没有打开。请换一份文件。")


class _Nothing:
    """What is made of XML that is only checked."""


def _check_xml(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No document type, no entities: with them a small file can grow without end or reach for other files."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    parser = DefusedXMLParser(target=_Nothing(), forbid_dtd=True)
    try:
        with package.open(part) as stream:
            while block := stream.read(BLOCK):
                parser.feed(block)
        parser.close()
    except DefusedXmlException as error:
        raise InputError("文件里有不该出现的 XML 实体声明，可能是恶意文件，没有打开。请换一份文件。") from error
    except (ParseError, UnicodeError, ValueError, LookupError) as error:
        raise InputError(DAMAGED) from error
