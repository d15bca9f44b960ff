"""Reading from and writing to a terminal or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def console() -> Console:
    """Rich output that folds at the terminal's width, at 100 columns in a pipe."""
    from rich.console import Console

    width = None if _is_terminal(sys.stdout) else 100
    return Console(highlight=False, width=width, soft_wrap=False)


def table(*titles: str, show_lines: bool = False) -> Table:
    """A table that folds what is too wide for its column: Rich would cut a run of Chinese off."""
    from rich.table import Column, Table

    return Table(*(Column(title, overflow="fold") for title in titles), show_lines=show_lines)


def flow(out: Console, text: str) -> None:
    """Print a long text for the terminal to fold: Rich would start a run of Chinese, which has no blanks, on a new line."""
    out.print(text, soft_wrap=True)


def listener() -> Callable[[str], str]:
    """A function that reads one answer after a prompt; raises EOFError at the end of input.

    On a terminal: line editing that knows wide characters, pasted text of any length and lines. In a pipe: one line,
    echoed so that the output reads as a conversation.
    """
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stdout)):
        return _read_line
    from prompt_toolkit import PromptSession

    session: PromptSession[str] = PromptSession()
    return session.prompt


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()  # None: the stream was closed before the program began


def _read_line(prompt: str) -> str:
    click.echo(prompt, nl=False)
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line:
        raise EOFError
    text = line.removesuffix("\n")
    click.echo(text)
    return text
