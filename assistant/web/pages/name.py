"""The page that asks the local user's name, once; and the address that says whether the app answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from assistant.errors import InputError, NotFoundError
from assistant.web.doorman import doorman_of
from assistant.web.forms import inside
from assistant.web.render import page
from assistant.web.rights import Right, need

router = APIRouter()


@router.get("/name", dependencies=[need(Right.PUBLIC)])
def ask(request: Request, next: str = "/") -> Response:
    """The question."""
    local = doorman_of(request).local_user()
    if local is None:
        raise NotFoundError("本机已有账号，请登录。")
    return page(request, "name", name=local.name, next=inside(next), problem="")


@router.post("/name", dependencies=[need(Right.PUBLIC)])
def take(request: Request, name: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "/") -> Response:
    """The answer."""
    local = doorman_of(request).local_user()
    if local is None:
        raise NotFoundError("本机已有账号，请登录。")
    try:
        local.rename(name)
    except InputError as error:
        return page(request, "name", 400, name=name, next=inside(next), problem=str(error))
    return RedirectResponse(inside(next), status_code=303)


@router.get("/health", dependencies=[need(Right.PUBLIC)])
def health() -> PlainTextResponse:
    """For whoever watches the service; says nothing about what is in it."""
    return PlainTextResponse("ok")
