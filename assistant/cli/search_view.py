"""Search results on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.search import Hit


def show_hits(hits: Sequence[Hit]) -> None:
    """Print hits with their codes, the matched words highlighted."""
    from rich.text import Text

    from assistant.cli.terminal import console

    out = console()
    if not hits:
        out.print("没有找到。换几个词试试，或去掉筛选条件。")
        return
    for hit in hits:
        out.print(Text.assemble((hit.chunk.code, "cyan"), "  ", (hit.chunk.path, "dim")))
        text = Text("  " + hit.chunk.text)
        for start, end in hit.spans:
            text.stylize("bold yellow", start + 2, end + 2)
        out.print(text)
