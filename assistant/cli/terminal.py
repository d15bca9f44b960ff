"""Reading from and writing to a terminal or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def console() -> Console:
    """Rich output that folds at the terminal's width, at 100 columns in a pipe."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 100
    return Console(highlight=False, width=width, soft_wrap=False)


def flow(text: str) -> str:
    """Text whose blanks do not break a line: Chinese folds anywhere, but Rich would start a long run on a new line."""
    return text.replace(" ", "\u00a0")


def listener() -> Callable[[str], str]:
    """A function that reads one answer after a prompt; raises EOFError at the end of input.

    On a terminal: line editing that knows wide characters, pasted text of any length and lines. In a pipe: one line, echoed so that the
    output reads as a conversation.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _read_line
    from prompt_toolkit import PromptSession

    session: PromptSession[str] = PromptSession()
    return session.prompt


def _read_line(prompt: str) -> str:
    sys.stdout.write(prompt)
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    sys.stdout.write(line.rstrip("\n") + "\n")
    return line.rstrip("\n")
