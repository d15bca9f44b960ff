"""A standard's folder -> Standard, proven against its source text; or every problem with file, line and code."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from knowledge.errors import InvalidStandardError, Problem
from knowledge.model import Standard
from knowledge.nodes import Sheet, read_text
from knowledge.proof import Source, prove
from knowledge.rules import check_rules
from knowledge.structure import read_structure

SHIPPED = Path(__file__).parent / "standards" / "db37-iiam"
STRUCTURE = "structure.yaml"
SOURCE = "source.txt"


def load_standard(folder: Path | None = None) -> Standard:
    """The standard in a folder (default: the shipped one), with its digest. Nothing is cached here.

    Raises InvalidStandardError with all problems when the folder does not hold a sound standard.
    """
    place = folder or SHIPPED
    standard, problems = _read(place)
    if standard is None or problems:
        raise InvalidStandardError(str(place), problems)
    return standard


def check_standard(folder: Path) -> list[Problem]:
    """Everything wrong with a standard's folder, by file and line; an empty list is a sound standard."""
    return _read(folder)[1]


def content_digest(standard: Standard) -> str:
    """SHA-256 (hex) over the standard's canonical JSON: the same for any layout of the same content."""
    content = standard.model_dump(mode="json", exclude={"digest"})
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _read(folder: Path) -> tuple[Standard | None, list[Problem]]:
    if not folder.is_dir():
        message = f"文件夹不存在：{folder}，请给出含有 {STRUCTURE} 和 {SOURCE} 的文件夹"
        return None, [Problem(folder.name, 0, "", message)]
    sheet = Sheet(STRUCTURE)
    source_text = read_text(folder / SOURCE, sheet.problems)
    root = sheet.compose(folder / STRUCTURE)
    if root is None or source_text is None:
        return None, sheet.problems
    source = Source.of(source_text)
    draft = read_structure(sheet, root)
    check_rules(sheet, draft, source.text)
    standard = draft.standard
    if standard is not None:
        sheet.problems += prove(standard, source, sheet.lines, STRUCTURE, SOURCE)
    problems = sorted(dict.fromkeys(sheet.problems), key=lambda p: (p.file, p.line))
    if standard is None or problems:
        return None, problems
    return standard.model_copy(update={"digest": content_digest(standard)}), []
