"""A question shown while it is being written; the words that count replace it in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.ports import Tell

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live


@contextmanager
def streaming(out: Console) -> Iterator[Tell | None]:
    """Yields what is to get the pieces, or None where nobody watches (a pipe): only the final text is printed there.

    What was shown is wiped at the end, because the engine may have put something else in its place.
    """
    if not out.is_terminal:
        yield None
        return
    shown: list[Live] = []
    pieces: list[str] = []

    def tell(piece: str) -> None:
        from rich.live import Live
        from rich.text import Text

        pieces.append(piece)
        if not shown:
            live = Live(console=out, transient=True, auto_refresh=False)
            live.start()
            shown.append(live)
        shown[0].update(Text.assemble(("\n问 ", "bold cyan"), "".join(pieces)), refresh=True)

    try:
        yield tell
    finally:
        for live in shown:
            live.stop()
