"""Inviting respondents: links made, listed and revoked; and the address that a link leads to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from assistant.errors import InputError
from assistant.web.doorman import set_cookie
from assistant.web.forms import back
from assistant.web.guard import LOOPBACK
from assistant.web.identity import Identity, parts_of
from assistant.web.invitations import COOKIE, DAYS, PATH, USUAL, ClosedError
from assistant.web.render import page
from assistant.web.rights import Right, need
from assistant.web.shared import shared_of
from assistant.web.views.invitations import invitation_lines

router = APIRouter()
Inviter = Annotated[Identity, need(Right.INVITE)]


@router.get("/a/{id}/invitations")
def show(request: Request, id: str, who: Inviter, made: str = "") -> Response:
    """The form and the links; `made` is the one just made."""
    return _page(request, id, made=made)


@router.post("/a/{id}/invitations")
def invite(
    request: Request,
    id: str,
    who: Inviter,
    name: Annotated[str, Form()] = "",
    position: Annotated[str, Form()] = "",
    days: Annotated[int, Form()] = USUAL,
) -> Response:
    """A new link."""
    try:
        made = shared_of(request).invitations.make(id, name, position, days, who.name)
    except InputError as error:
        return _page(request, id, 400, name=name, position=position, days=days, problem=str(error))
    return RedirectResponse(f"/a/{id}/invitations?made={made}#links", status_code=303)


@router.post("/a/{id}/invitations/{invitation}/revoke")
def revoke(request: Request, id: str, invitation: str, who: Inviter) -> Response:
    """The link opens nothing any more."""
    shared_of(request).invitations.revoke(id, invitation, who.name)
    return back(f"/a/{id}/invitations", "链接已停用。")


@router.get("/talk/in/{token}", dependencies=[need(Right.PUBLIC)])
def come_in(request: Request, token: str) -> Response:
    """A respondent's way in: on to the chat, or a calm page that says why not."""
    try:
        _, rest = shared_of(request).invitations.admit(token)
    except ClosedError as error:
        return page(request, "closed", 403, told=str(error))
    response = RedirectResponse(f"{PATH}/", status_code=303)
    set_cookie(request, response, COOKIE, token, path=PATH, lasts=rest)
    return response


def _page(request: Request, id: str, status: int = 200, **values: object) -> Response:
    parts, invitations = parts_of(request), shared_of(request).invitations
    state = parts.assessment(id)
    lines = invitation_lines(state, parts.guide, parts.bench.clock.now())
    start = f"{request.url.scheme}://{request.url.netloc}{PATH}/in/"
    shown = {"name": "", "position": "", "days": USUAL, "problem": "", "made": ""} | values
    return page(
        request,
        "invitations",
        status,
        state=state,
        lines=lines,
        links={line.id: start + invitations.token(id, line.id) for line in lines if line.is_open},
        roles=parts.guide.roles,
        total=len(parts.standard.subitems),
        choices=DAYS,
        only_here=request.url.hostname in LOOPBACK,
        **shown,
    )
