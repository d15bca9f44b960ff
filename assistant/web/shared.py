"""What all requests of the process share beyond the product's parts: the open search, and what it had to say."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, cast

from assistant.errors import IiamError
from assistant.web.invitations import Invitations
from assistant.web.summaries import Summaries
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from assistant.bootstrap import App
    from knowledge.search import Searcher


class Shared:
    """Made once per app. Parts are made when first used; `warm` uses them all."""

    def __init__(self, parts: App) -> None:
        self._parts = parts
        self._lock = Lock()
        self.notices: list[str] = []

    @cached_property
    def _searcher(self) -> Searcher:
        return self._parts.searcher(self.notices.append)

    @property
    def searcher(self) -> Searcher:
        """Search over the standard, opened once: its folder is locked while it is open."""
        with self._lock:
            return self._searcher

    @cached_property
    def invitations(self) -> Invitations:
        """The links by which respondents come in."""
        return Invitations(self._parts.store, self._parts.secret, self._parts.bench.clock)

    @cached_property
    def summaries(self) -> Summaries:
        """The lines of the list of assessments."""
        return Summaries(self._parts)

    def warm(self) -> None:
        """Load what the first page and the first answer need. Whatever fails here fails again, told, where it is used."""
        with suppress(IiamError, KnowledgeError):
            self.summaries.catch_up()
            self._parts.bench.engine.warm()
            _ = self._parts.policy, self.searcher
            import matplotlib.figure  # noqa: F401 - what a chart needs takes a second to load

            from assistant.reports.fonts import chinese_font

            chinese_font()


def shared_of(request: HTTPConnection) -> Shared:
    """What the requests share."""
    return cast(Shared, request.app.state.shared)
