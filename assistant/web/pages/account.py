"""One's own account: change the password; the local user's name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from assistant.accounts.accounts import LASTS
from assistant.errors import InputError
from assistant.web.doorman import SESSION, doorman_of, set_cookie
from assistant.web.forms import back
from assistant.web.identity import Identity, parts_of
from assistant.web.render import page
from assistant.web.rights import Right, need

router = APIRouter()
Owner = Annotated[Identity, need(Right.ACCOUNT)]


@router.get("/account")
def show(request: Request, who: Owner) -> Response:
    """Who is signed in, and the form to change the password; without accounts, the name."""
    local = doorman_of(request).local_user()
    if local is not None and not local.given:
        return RedirectResponse("/name", status_code=303)
    return page(request, "account", given=local is not None, problem="")


@router.post("/account")
def change(
    request: Request,
    who: Owner,
    old: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """A new password, after the old one; every other session of the account ends."""
    if doorman_of(request).local_user() is not None:
        raise InputError("本机使用没有账号，也没有密码。")
    accounts = parts_of(request).accounts
    address = request.client.host if request.client else ""
    try:
        if new != again:
            raise InputError("两次输入的新密码不一样，没有更改。")
        account = accounts.check(who.name, old, address)
        accounts.set_password(account.name, new)
    except InputError as error:
        return page(request, "account", 400, given=False, problem=str(error))
    response = back("/account", "密码已更改，在其他地方的登录已退出。")
    set_cookie(request, response, SESSION, accounts.begin(account), path="/", lasts=LASTS)
    return response
