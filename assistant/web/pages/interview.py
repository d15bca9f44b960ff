"""The way from an assessment's navigation to its interview, which is a page of the chat's own."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from assistant.web.identity import parts_of
from assistant.web.rights import Right, need

router = APIRouter()


@router.get("/a/{id}/interview", dependencies=[need(Right.INTERVIEW)])
def show(request: Request, id: str) -> RedirectResponse:
    """On to the chat, when there is such an assessment."""
    parts_of(request).assessment(id)
    return RedirectResponse(f"/interview/?a={quote(id)}", status_code=303)
