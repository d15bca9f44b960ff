"""What can go wrong with the standard, its index and its search, each with a Chinese message for the user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a standard's folder.

    `file` is a name inside the folder, `line` counts from 1 (0: the file as a whole), `code` is the nearest clause,
    sub-item or passage code (may be empty), `message` is Chinese and says what to do.
    """

    file: str
    line: int
    code: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file} 第 {self.line} 行" if self.line else self.file
        return f"{place}{f'（{self.code}）' if self.code else ''}：{self.message}"


class KnowledgeError(Exception):
    """Base of every error of this package; `str()` of it can be shown to a user as it stands."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class InvalidStandardError(KnowledgeError):
    """A standard's folder does not hold what it must; `problems` lists every finding."""

    def __init__(self, folder: str, problems: Sequence[Problem]) -> None:
        more = [f"……另有 {len(problems) - SHOWN} 处，改好以上各处后再检查"] if len(problems) > SHOWN else []
        lines = [f"标准数据 {folder} 有 {len(problems)} 处问题：", *(f"- {p}" for p in problems[:SHOWN]), *more]
        super().__init__("\n".join(lines), problems)


class EmbeddingError(KnowledgeError):
    """The embedding endpoint cannot be reached or does not answer as it should."""


class IndexDamagedError(KnowledgeError):
    """A stored vector index cannot be read, or no longer holds what was put into it."""


class InvalidQueryError(KnowledgeError):
    """A search that cannot be carried out: nothing to search for, or a filter that names nothing of the standard."""
