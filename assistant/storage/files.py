"""The files of assessments on disk, each under the SHA-256 of its bytes: the name that a file was given is never used."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from assistant.assessment.document import document_id
from assistant.assessment.record import NAME
from assistant.errors import StorageError, cause

ID = re.compile(r"[0-9a-f]{64}")


class FolderDocumentStore:
    """A DocumentStore in a folder: `<folder>/<assessment>/<sha256>`. Safe for several processes."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when the first file is put."""
        self._folder = folder

    def put(self, assessment: str, content: bytes) -> str:
        """Keep a file; returns its id. Raises StorageError when the folder cannot be used."""
        name = document_id(content)
        place = self._place(assessment, name)
        if self.get(assessment, name) is not None:
            return name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(prefix="new-", dir=place.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(draft, place)
            except OSError:
                Path(draft).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise StorageError(
                f"文件存不进 {place.parent}（{cause(error)}）。请检查数据文件夹的权限和磁盘空间。"
            ) from error
        return name

    def get(self, assessment: str, document: str) -> bytes | None:
        """The bytes of a file; None when it is not there or was altered. Raises StorageError when it cannot be read."""
        place = self._place(assessment, document)
        try:
            content = place.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageError(f"文件 {place} 读不出来（{cause(error)}）。请检查数据文件夹的权限。") from error
        return content if document_id(content) == document else None

    def _place(self, assessment: str, document: str) -> Path:
        """Where a file stands; names that could lead elsewhere are a mistake of the caller: ValueError."""
        if NAME.fullmatch(assessment) is None or ID.fullmatch(document) is None:
            raise ValueError(f"{assessment}/{document}")
        return self._folder / assessment / document
