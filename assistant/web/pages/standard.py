"""标准: its tables, search with highlights, the defects of its text, the scoring policy."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from assistant.errors import NotFoundError
from assistant.reports.palette import LEVEL_COLOURS
from assistant.web.identity import parts_of
from assistant.web.render import page
from assistant.web.rights import Right, need
from assistant.web.shared import shared_of
from assistant.web.views.standard import band, found, policy_view, subitem_page
from knowledge.errors import KnowledgeError
from knowledge.model import LEVELS

router = APIRouter()
SHOWN = 20


@router.get("/standard", dependencies=[need(Right.STANDARD)])
def overview(
    request: Request, q: Annotated[str, Query(max_length=400)] = "", domain: str = "", level: str = ""
) -> Response:
    """The contents; with `q` the passages found, with `domain` or `level` only there."""
    parts = parts_of(request)
    hits, problem = None, ""
    if q.strip():
        at = int(level) if level in map(str, LEVELS) else None
        try:
            searched = shared_of(request).searcher.search(q, limit=SHOWN, domain=domain or None, level=at)
            hits = found(parts.standard, searched)
        except KnowledgeError as error:
            problem = str(error)
    return page(
        request,
        "standard",
        400 if problem else 200,
        standard=parts.standard,
        policy=policy_view(parts.policy, parts.standard),
        bands={level.level: band(level) for level in parts.standard.levels},
        palette=LEVEL_COLOURS,
        q=q,
        domain=domain,
        level=level,
        hits=hits,
        problem=problem,
    )


@router.get("/standard/{code}", dependencies=[need(Right.STANDARD)])
def one(request: Request, code: str) -> Response:
    """One sub-item, its five levels side by side."""
    standard = parts_of(request).standard
    if code not in standard.subitems:
        raise NotFoundError(f"没有能力子项“{code}”。请从标准的目录进入。")
    return page(request, "standard_item", seen=subitem_page(standard, code), standard=standard, palette=LEVEL_COLOURS)
