"""Taking an assessment away and bringing one in: what `iiam export`, `iiam import` and the web pages do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.assessment.document import Document
from assistant.assessment.record import Row, export_rows, first_broken, import_rows
from assistant.assessment.state import Assessment, fold
from assistant.errors import ConflictError, InputError, NotFoundError, RecordError
from assistant.ports import DocumentStore, EventStore
from assistant.storage.bundle import is_bundle, pack, unpack


@dataclass(frozen=True)
class Export:
    """The bytes of a file, how many rows and files are in it, and which files of the assessment are not."""

    content: bytes
    state: Assessment
    rows: int
    files: int
    left: tuple[Document, ...]


@dataclass(frozen=True)
class Import:
    """What came in."""

    state: Assessment
    rows: int
    files: int


def take_away(store: EventStore, files: DocumentStore, name: str, *, bundled: bool) -> Export:
    """The record of an assessment, `bundled` with its files in a zip. Raises NotFoundError, InputError for a broken one."""
    rows = store.read(name)
    if not rows:
        raise NotFoundError(f"没有编号为“{name}”的评估。用 iiam list 查看全部评估。")
    if broken := first_broken(rows):
        raise InputError(f"记录第 {broken[0]} 行校验失败（{broken[1]}），不能导出。用 iiam log {name} --verify 查看。")
    state = fold(rows)
    found = {one: files.get(name, one) for one in state.documents} if bundled else {}
    kept = {one: content for one, content in found.items() if content is not None}
    return Export(
        content=pack(rows, kept) if bundled else export_rows(rows).encode(),
        state=state,
        rows=len(rows),
        files=len(kept),
        left=tuple(document for one, document in state.documents.items() if one not in kept),
    )


def bring_in(
    store: EventStore,
    files: DocumentStore,
    content: bytes,
    trial: Callable[[Assessment], object],
    limit: int | None = None,
) -> Import:
    """Take an exported record or bundle in, all of it or nothing.

    `trial` works out what the pages show of it: a record whose chain holds may still have been put together by hand, and
    must not break the list for everybody. `limit`: bytes of a bundle unpacked. Raises InputError, RecordError.
    """
    rows, documents = _unpacked(content, limit)
    name = rows[0].assessment
    if store.read(name):
        raise InputError(f"本机已有编号为 {name} 的评估，没有导入，已有的记录没有改动。")
    try:
        state = fold(rows)
        trial(state)
    except (LookupError, ValueError, TypeError) as error:
        raise RecordError("记录的内容前后对不上，不是由本程序写成的，没有导入任何内容。") from error
    for document in documents.values():
        files.put(name, document)
    try:
        store.append(rows)
    except ConflictError as error:
        raise InputError(f"编号为 {name} 的评估刚刚由别处导入，没有重复导入。") from error
    return Import(state=state, rows=len(rows), files=len(documents))


def _unpacked(content: bytes, limit: int | None) -> tuple[list[Row], dict[str, bytes]]:
    if is_bundle(content):
        return unpack(content, limit)
    try:
        return import_rows(content.decode()), {}
    except UnicodeDecodeError as error:
        raise InputError("文件不是 UTF-8 文本，不是由 iiam export 导出的记录。") from error
