"""用户: who may sign in, for administrators; the same accounts as `iiam user`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from assistant.accounts.accounts import Accounts
from assistant.accounts.model import Role, key_of
from assistant.errors import IiamError, InputError, NotFoundError
from assistant.web.forms import back
from assistant.web.identity import Identity, identity_of, parts_of
from assistant.web.render import page
from assistant.web.rights import Right, need
from assistant.web.views.users import MEANING, ROLES, user_lines

router = APIRouter()

Text = Annotated[str, Form()]
Admin = Annotated[Identity, need(Right.USERS)]
OWN = "这是您自己的账号：密码请在“我的账号”更改；停用或换角色请由另一位管理员来做。"


@router.get("/users", dependencies=[need(Right.USERS)])
def show(request: Request) -> Response:
    """All accounts, and the form for a new one."""
    return _page(request)


@router.post("/users", dependencies=[need(Right.USERS)])
def add(request: Request, name: Text = "", role: Text = "", password: Text = "") -> Response:
    """A new account."""

    def step(accounts: Accounts) -> str:
        made = accounts.add(name, _role(role), password)
        return f"已建立账号“{made.name}”（{ROLES[made.role]}）。请把密码当面告诉本人，登录后可自己更改。"

    return _done(request, "", step, {"name": name, "role": role})


@router.post("/users/role")
def change_role(request: Request, who: Admin, name: Text = "", role: Text = "") -> Response:
    """Another role, from the next request on."""

    def step(accounts: Accounts) -> str:
        changed = accounts.set_role(_other(who, name), _role(role))
        return f"“{changed.name}”现在是{ROLES[changed.role]}，立即生效。"

    return _done(request, name, step)


@router.post("/users/password")
def reset(request: Request, who: Admin, name: Text = "", password: Text = "") -> Response:
    """A new password for somebody who has forgotten theirs."""

    def step(accounts: Accounts) -> str:
        accounts.set_password(_other(who, name), password)
        return f"已重设“{accounts.find(name).name}”的密码，原来的登录都已退出。请当面告诉本人，登录后可自己更改。"

    return _done(request, name, step)


@router.post("/users/disable")
def disable(request: Request, who: Admin, name: Text = "") -> Response:
    """停用: signed out at once."""
    return _done(
        request,
        name,
        lambda accounts: f"已停用“{accounts.disable(_other(who, name)).name}”，其登录已退出，不能再登录。",
    )


@router.post("/users/enable")
def enable(request: Request, who: Admin, name: Text = "") -> Response:
    """启用."""
    return _done(
        request, name, lambda accounts: f"已启用“{accounts.disable(_other(who, name), False).name}”，可以登录。"
    )


def _done(
    request: Request, name: str, step: Callable[[Accounts], str], typed: dict[str, str] | None = None
) -> Response:
    """Do it and go back to the page; or show the page anew with why not, beside the account that it was about."""
    try:
        return back("/users", step(parts_of(request).accounts))
    except (InputError, NotFoundError) as error:
        return _page(request, error, name, typed)


def _page(
    request: Request, error: IiamError | None = None, about: str = "", typed: dict[str, str] | None = None
) -> Response:
    accounts, who = parts_of(request).accounts, identity_of(request)
    lines = user_lines(accounts.all(), accounts.last_sign_ins(), who.name if who else "")
    others = {key_of(line.name): line.name for line in lines if not line.own}
    return page(
        request,
        "users",
        200 if error is None else 404 if isinstance(error, NotFoundError) else 400,
        lines=lines,
        roles=ROLES,
        meaning=MEANING,
        problem=str(error) if error else "",
        about=others.get(key_of(about), ""),
        adding=typed is not None,
        typed={"name": "", "role": str(Role.ASSESSOR)} | (typed or {}),
    )


def _role(text: str) -> Role:
    if text not in set(Role):
        raise InputError("请选择角色。")
    return Role(text)


def _other(who: Identity, name: str) -> str:
    """The name, when it is somebody else's: nobody locks themselves out by mistake. Raises InputError."""
    if key_of(name) == key_of(who.name):
        raise InputError(OWN)
    return name
