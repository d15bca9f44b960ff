"""Which other sub-items an answer may speak of in passing: the few requirements that a model is let judge there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.ports import ReadingTask
from knowledge.errors import KnowledgeError
from knowledge.model import Requirement, Standard, subitem_order

if TYPE_CHECKING:
    from knowledge.search import Searcher

OTHERS = 2
"""Sub-items beside the one asked about."""

PASSING = 25
"""Characters below which nobody speaks of another topic in passing."""


class Shortlist:
    """Finds, by search, the open requirements of other sub-items that an answer may speak of."""

    def __init__(self, standard: Standard, open_router: Callable[[], Searcher]) -> None:
        """`open_router` makes the search over standard and guide when it is first needed."""
        self._standard = standard
        self._open_router = open_router

    @cached_property
    def router(self) -> Searcher:
        """The search."""
        return self._open_router()

    def of(self, task: ReadingTask) -> Sequence[Requirement]:
        """Requirements of levels 2 to 5 still missing in at most OTHERS sub-items, in the standard's order."""
        if len(task.answer.text) < PASSING:
            return ()
        try:
            found = self.router.subitems(task.answer.text, OTHERS + 1)
        except KnowledgeError:
            return ()
        codes = [code for code, _ in found if code != task.subitem.code and not self._settled(task, code)][:OTHERS]
        return [
            requirement
            for code in sorted(codes, key=subitem_order)
            for requirement in self._standard.subitems[code].requirements
            if requirement.level > 1 and self._missing(task, code, requirement)
        ]

    @staticmethod
    def _settled(task: ReadingTask, code: str) -> bool:
        return code in task.ledger and task.ledger[code].settled is not None

    @staticmethod
    def _missing(task: ReadingTask, code: str, requirement: Requirement) -> bool:
        return code not in task.ledger or requirement.code in task.ledger[code].missing()
