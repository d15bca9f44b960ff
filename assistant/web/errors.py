"""Errors as pages: what happened and what to do, in Chinese; a traceback goes to a file, never to a reader.

A request that asks for JSON (a script of a page) gets `{"told": ...}` instead.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from assistant.errors import ConflictError, IiamError, NotFoundError, StorageError
from assistant.web.guard import SAFE, SAFE_HEADERS
from assistant.web.identity import Identity, Role, entrance_of, identity_of, parts_of
from assistant.web.render import page
from assistant.web.rights import RefusedError
from knowledge.errors import KnowledgeError

STATUS: dict[type[IiamError], int] = {NotFoundError: 404, ConflictError: 409, StorageError: 503}
TOLD = {
    401: "请先登录。",
    403: "您没有权限做这件事。请用有权限的账号登录，或请管理员代办。",
    404: "没有这个页面。请从上方的导航进入。",
    405: "这个地址不能这样访问。请从上方的导航进入。",
    413: "提交的内容太大。",
    422: "提交的内容不完整或不合要求，请返回检查后再试。",
}
UNINVITED = "请用诊断顾问发给您的链接进入访谈。链接可能已经过期或停用，可请顾问重新发一个。"


def install(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(IiamError)
    @app.exception_handler(KnowledgeError)
    async def told(request: Request, error: Exception) -> Response:
        return explained(request, error)

    @app.exception_handler(RefusedError)
    async def without_right(request: Request, _: RefusedError) -> Response:
        return turned_away(request)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        told = error.detail if not str(error.detail).isascii() else TOLD.get(error.status_code, "这次访问没有成功。")
        return answer(request, error.status_code, told)

    @app.exception_handler(RequestValidationError)
    async def incomplete(request: Request, _: RequestValidationError) -> Response:
        return answer(request, 422, TOLD[422])

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> Response:
        response = answer(request, 500, keep(request, error))
        response.headers.update(SAFE_HEADERS)  # this handler stands outside the guard
        return response


def answer(request: Request, status: int, told: str) -> Response:
    """The error as a page, or as JSON where that is what was asked for."""
    if request.headers.get("accept", "").startswith("application/json"):
        return JSONResponse({"told": told}, status_code=status)
    return page(request, "error", status, told=told)


def explained(request: Request, error: Exception) -> Response:
    """An error that has a message for the user."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    return answer(request, status, str(error))


def turned_away(request: Request) -> Response:
    """Nobody is shown the way in and comes back after it; somebody without the right is told so."""
    path = request.url.path
    if path.startswith("/talk"):
        return answer(request, 403, UNINVITED)
    if identity_of(request) is not None:
        return answer(request, 403, TOLD[403])
    if request.method not in SAFE or not _wants_page(request):
        return answer(request, 401, TOLD[401])
    back = path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{entrance_of(request)}?next={quote(back, safe='')}", status_code=303)


def _wants_page(request: Request) -> bool:
    accepted = request.headers.get("accept", "*/*")
    return "text/html" in accepted or accepted == "*/*"


def keep(request: Request, error: Exception) -> str:
    """Put the traceback into errors.log of the data folder; what to tell the reader."""
    return kept(parts_of(request).settings.home, request.url.path, identity_of(request), error)


def kept(home: Path, path: str, who: Identity | None, error: Exception) -> str:
    """`keep` for what is no request of our own pages."""
    from datetime import UTC, datetime
    from traceback import format_exception

    told = "程序遇到意料之外的问题，已保存的内容没有丢失。"
    file = home / "errors.log"
    try:
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat()} {path}\n{''.join(format_exception(error))}\n")
    except OSError:
        return f"{told}（{type(error).__name__}）"
    if who is None or who.role not in (Role.LOCAL, Role.ADMIN):  # where the folder is, is no business of others
        return f"{told}请稍后再试；仍然不行时请告诉管理员。"
    return f"{told}请把这个文件发给维护人员：{file}"
