"""Minutes, transcripts and evidence handed in on the interview page: the same way in as `iiam draft`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from assistant.assessment.document import Document, document_id
from assistant.interview.minutes import Minutes, Outcome, kind_of
from assistant.web.chat.rooms import Visitor

if TYPE_CHECKING:
    from assistant.bootstrap import App
    from knowledge.search import Searcher


class Intake:
    """Reads files into assessments."""

    def __init__(self, parts: App) -> None:
        self._parts = parts
        self._lock = Lock()

    @cached_property
    def _opened(self) -> Searcher:
        return self._parts.router(lambda _: None)

    @property
    def _router(self) -> Searcher:
        """Opened once: its folder is locked while it is open."""
        with self._lock:
            return self._opened

    def take(self, visitor: Visitor, file: Path, tell: Callable[[int, int], None]) -> str:
        """Read a file to its end; what came of it, in one line. `tell` gets how many passages are done, and of how many.

        Stopped at any point, the same file goes on where it stopped. Raises InputError, StorageError.
        """
        from assistant.documents.limits import load
        from assistant.documents.sandbox import Sandbox

        content = load(file)
        with Sandbox() as sandbox:
            read = sandbox.read(file.name, content)
        minutes = Minutes(self._parts.bench, self._router, self._parts.files, visitor.assessment, visitor.actor)
        document = Document(
            id=document_id(content),
            name=file.name,
            kind=kind_of(file.name, read.statements),
            date=read.dated,
            size=len(content),
        )
        outcome = minutes.take(document, content, read.statements, tell)
        return " ".join([_told(outcome), *read.notes])


def _told(outcome: Outcome) -> str:
    name, kind = outcome.document.name, outcome.document.kind
    if outcome.before:
        return f"《{name}》（{kind}）以前已读过，没有重复读取。"
    again = "接着上次读完，" if outcome.resumed else ""
    found = f"有新建议的子项 {len(outcome.proposed)} 个" if outcome.proposed else "没有新的建议等级"
    return f"《{name}》（{kind}）：{again}共 {outcome.statements} 段，{outcome.heard} 段与评估有关，{found}。"
