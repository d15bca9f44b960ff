"""How much of a file is taken, and what the refusals say. Beyond these a file is no piece of evidence but a mistake."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import InputError, cause

MEGABYTE = 1024 * 1024
FILE_LIMIT = 50 * MEGABYTE
"""Bytes of a file; looked up before anything is read."""

UNPACKED_LIMIT = 100 * MEGABYTE
"""Bytes of all parts of a packed file (docx, xlsx) together."""

RATIO_LIMIT = 150
"""How much smaller than its content a large part may be packed; office files reach some 30."""

RATIO_FROM = MEGABYTE
PARTS_LIMIT = 2_000
PAGES_LIMIT = 1_000
CELLS_LIMIT = 200_000
STATEMENTS_LIMIT = 10_000
TEXT_LIMIT = 1_000_000
"""Characters of all statements: some fifty hours of talk."""

SUFFIXES = (".docx", ".pdf", ".xlsx", ".txt", ".md", ".srt", ".vtt")
READABLE = "docx、pdf（有文字的）、xlsx、txt、md，以及语音转写的 txt、srt、vtt"
OLD = {".doc": "docx", ".xls": "xlsx", ".wps": "docx", ".et": "xlsx", ".rtf": "docx", ".odt": "docx", ".ods": "xlsx"}
MACROS = {".docm": "docx", ".dotm": "docx", ".xlsm": "xlsx", ".xltm": "xlsx", ".xlsb": "xlsx"}
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".heic")
SOUNDS = (".mp3", ".wav", ".m4a", ".aac", ".mp4", ".mov", ".amr", ".flac")


def suffix_of(name: str) -> str:
    """The suffix of a file that can be read, in small letters. Raises InputError saying what to do with another one."""
    suffix = Path(name).suffix.lower()
    if suffix in SUFFIXES:
        return suffix
    if suffix in MACROS:
        raise InputError(
            f"《{name}》是带宏的文件，宏可能改动电脑，没有打开。请在 Office 中另存为 {MACROS[suffix]} 后再试。"
        )
    if suffix in OLD:
        raise InputError(f"《{name}》是旧格式或其他格式（{suffix}），读不了。请另存为 {OLD[suffix]} 后再试。")
    if suffix in PICTURES:
        raise InputError(f"《{name}》是图片，没有可读的文字。请先做文字识别（OCR），把文字存成 txt 或 docx 后再试。")
    if suffix in SOUNDS:
        raise InputError(f"《{name}》是录音或录像。请先转写成文字（带时间和说话人更好），存成 txt 后再试。")
    raise InputError(f"《{name}》不是能读的文件类型。能读的有：{READABLE}。")


def load(path: Path) -> bytes:
    """The bytes of a file; its kind and size are looked at first, so that a huge one is not read at all.

    Raises InputError.
    """
    suffix_of(path.name)
    try:
        if not path.is_file():
            raise InputError(f"没有这个文件：{path}。请检查文件名和所在的文件夹。")
        size = path.stat().st_size
        check_size(path.name, size)
        with path.open("rb") as file:
            content = file.read(FILE_LIMIT + 1)
    except OSError as error:
        raise InputError(f"文件 {path} 打不开（{cause(error)}）。请检查文件名和权限。") from error
    check_size(path.name, len(content))
    return content


def check_size(name: str, size: int) -> None:
    """Raises InputError for an empty file, and for one that is too large."""
    if size == 0:
        raise InputError(f"《{name}》是空文件，没有内容可读。")
    if size > FILE_LIMIT:
        raise InputError(
            f"《{name}》有 {size / MEGABYTE:.0f} MB，最大 {FILE_LIMIT // MEGABYTE} MB，没有读取。"
            "请删去图片或拆成几个文件后再试。"
        )
