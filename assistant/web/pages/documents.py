"""资料: the files that were read in, what was heard in them, and putting right what is on record of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from assistant.assessment.document import SourceKind
from assistant.errors import InputError, NotFoundError
from assistant.web.forms import back
from assistant.web.identity import Identity, parts_of
from assistant.web.render import page
from assistant.web.rights import Right, need
from assistant.web.views.documents import document_lines

router = APIRouter()
Staff = Annotated[Identity, need(Right.INTERVIEW)]


@router.get("/a/{id}/documents")
def show(request: Request, id: str, who: Staff) -> Response:
    """The files, the newest first."""
    return _page(request, id)


@router.post("/a/{id}/documents/{document}")
def describe(
    request: Request,
    id: str,
    document: str,
    who: Staff,
    kind: Annotated[SourceKind, Form()],
    owner: Annotated[str, Form()] = "",
    dated: Annotated[str, Form()] = "",
) -> Response:
    """What kind of evidence it is, who answers for it, and of when it is."""
    try:
        parts_of(request).document_desk(id, who.name).describe(document, kind, owner, dated)
    except (InputError, NotFoundError) as error:
        return _page(request, id, 400, at=document, problem=str(error))
    return back(f"/a/{id}/documents", "已更新。")


@router.post("/a/{id}/documents/{document}/withdraw")
def withdraw(request: Request, id: str, document: str, who: Staff, reason: Annotated[str, Form()] = "") -> Response:
    """It counts as evidence no more."""
    try:
        changed = parts_of(request).document_desk(id, who.name).withdraw(document, reason)
    except (InputError, NotFoundError) as error:
        return _page(request, id, 400, at=document, problem=str(error))
    told = f"，{len(changed)} 个子项的建议随之更新：{'、'.join(changed)}" if changed else ""
    return back(f"/a/{id}/documents", f"已撤回{told}。")


def _page(request: Request, id: str, status: int = 200, at: str = "", problem: str = "") -> Response:
    parts = parts_of(request)
    state = parts.assessment(id)
    lines = document_lines(state, parts.standard)
    return page(request, "documents", status, state=state, lines=lines, kinds=list(SourceKind), at=at, problem=problem)
