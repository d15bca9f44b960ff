"""What a reader of one format hands on: pieces of text with their place, before speakers are told apart."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from assistant.assessment.document import Statement
from knowledge.model import Frozen


@dataclass(frozen=True)
class Piece:
    """A paragraph, a line or a cell. `title`: it is a heading itself; `heading`: what stands above or before it.

    `cell`: it stands in a table, where nobody goes on speaking.
    """

    place: str
    text: str
    heading: str = ""
    title: bool = False
    cell: bool = False


@dataclass
class Pieces:
    """All pieces of a file in order, and remarks on what was left out."""

    pieces: list[Piece] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Contents(Frozen):
    """What a file says. `notes` tell the user what of it was not read; `dated`: the day it gives for itself (ISO)."""

    statements: tuple[Statement, ...]
    notes: tuple[str, ...] = ()
    dated: str = ""


def tidy(text: str) -> str:
    """Text without characters that cannot be kept (see `assessment.text.clean`), blanks at the ends cut."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\u3000", " ")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cf")).strip()
