"""An assessment in one zip file: its record (`record.jsonl`) and its files (`documents/<sha256>`).

The same assessment always makes the same bytes. What is imported is believed only as far as its hashes bear it out.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from zlib import error as ZlibError

from assistant.assessment.document import document_id
from assistant.assessment.record import Row, export_rows, import_rows
from assistant.assessment.state import fold
from assistant.errors import RecordError

RECORD = "record.jsonl"
FOLDER = "documents/"
ENTRY_LIMIT = 256 * 1024 * 1024
BROKEN = "导出包已损坏，或不是由 iiam export 导出的，没有导入任何内容。请重新导出或重新传送。"
TOO_LARGE = "导出包展开后太大，不能从网页导入，没有导入任何内容。请在运行程序的电脑上用 iiam import 导入。"


def is_bundle(content: bytes) -> bool:
    """True for a zip file, False for a plain record."""
    return content.startswith(b"PK\x03\x04")


def pack(rows: Sequence[Row], files: Mapping[str, bytes]) -> bytes:
    """A record and its files (id -> bytes) as one zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        entries = {RECORD: export_rows(rows).encode()} | {FOLDER + name: files[name] for name in sorted(files)}
        for name, content in entries.items():
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def unpack(content: bytes, limit: int | None = None) -> tuple[list[Row], dict[str, bytes]]:
    """Rows and files of a bundle. Raises RecordError when anything in it is not what its hash says.

    `limit`: bytes that all of it may have unpacked, where whoever hands it in is not whose machine it is.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if any(part.file_size > ENTRY_LIMIT for part in package.infolist()):
                raise RecordError(BROKEN)
            if limit is not None and sum(part.file_size for part in package.infolist()) > limit:
                raise RecordError(TOO_LARGE)
            rows = import_rows(package.read(RECORD).decode())
            known = fold(rows).documents
            names = {part.filename for part in package.infolist()}
            files = {name: package.read(FOLDER + name) for name in known if FOLDER + name in names}
    except (
        zipfile.BadZipFile,
        KeyError,
        ZlibError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        UnicodeError,
    ) as error:
        raise RecordError(BROKEN) from error
    for name, file in files.items():
        if document_id(file) != name:
            raise RecordError(f"导出包中的文件《{known[name].name}》被改动或损坏，没有导入任何内容。请重新导出。")
    return rows, files
