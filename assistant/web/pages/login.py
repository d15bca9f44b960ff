"""Signing in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from assistant.accounts.accounts import LASTS
from assistant.errors import InputError
from assistant.web.doorman import SESSION, doorman_of, set_cookie
from assistant.web.forms import inside
from assistant.web.identity import identity_of, parts_of
from assistant.web.render import page
from assistant.web.rights import Right, need

router = APIRouter()


@router.get("/login", dependencies=[need(Right.PUBLIC)])
def ask(request: Request, next: str = "/") -> Response:
    """The form; who is in already goes on."""
    if identity_of(request) is not None or doorman_of(request).local_user() is not None:
        return RedirectResponse(inside(next), status_code=303)
    return page(request, "login", name="", next=inside(next), problem="")


@router.post("/login", dependencies=[need(Right.PUBLIC)])
def sign_in(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Name and password in, a session out."""
    accounts = parts_of(request).accounts
    address = request.client.host if request.client else ""
    try:
        account = accounts.check(name, password, address)
    except InputError as error:
        return page(request, "login", 400, name=name, next=inside(next), problem=str(error))
    response = RedirectResponse(inside(next), status_code=303)
    set_cookie(request, response, SESSION, accounts.begin(account), path="/", lasts=LASTS)
    return response


@router.post("/logout", dependencies=[need(Right.ACCOUNT)])
def sign_out(request: Request) -> Response:
    """End the session, here and for every copy of its cookie."""
    parts_of(request).accounts.end(request.cookies.get(SESSION, ""))
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(SESSION, path="/")
    return response
