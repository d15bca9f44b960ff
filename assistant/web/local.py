"""The one user of a machine without accounts: asked for a name once, which then stands in the record."""

from __future__ import annotations

import os
from pathlib import Path

from assistant.assessment.text import one_line
from assistant.errors import InputError, StorageError, cause

FILE = "local-user"
LONGEST = 50


class LocalUser:
    """The name, kept in a file of the data folder. `given` (IIAM_ACTOR) comes before it."""

    def __init__(self, home: Path, given: str = "") -> None:
        self._file = home / FILE
        self.given = one_line(given)

    @property
    def name(self) -> str:
        """The name, or nothing while it has not been asked. Raises StorageError."""
        if self.given:
            return self.given
        try:
            return one_line(self._file.read_text(encoding="utf-8"))[:LONGEST]
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise StorageError(f"{self._file} 读不出来。请检查它的读取权限，或删除它后重新填写姓名。") from error

    def rename(self, name: str) -> None:
        """Keep a name. Raises InputError for an empty or an overlong one, StorageError."""
        name = one_line(name)
        if not name:
            raise InputError("请填写您的姓名，它会写入评估记录。")
        if len(name) > LONGEST:
            raise InputError(f"姓名有 {len(name)} 字，最多 {LONGEST} 字。")
        draft = self._file.with_suffix(".new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(name + "\n", encoding="utf-8")
            os.replace(draft, self._file)
        except OSError as error:
            raise StorageError(f"姓名没有存下来（{cause(error)}）。请检查数据文件夹 {self._file.parent}。") from error
