"""Errors as pages: what happened and what to do, in Chinese; a traceback goes to a file, never to a reader."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from assistant.errors import ConflictError, IiamError, NotFoundError, StorageError
from assistant.web.identity import parts_of
from assistant.web.render import page
from knowledge.errors import KnowledgeError

STATUS: dict[type[IiamError], int] = {NotFoundError: 404, ConflictError: 409, StorageError: 503}
TOLD = {
    403: "您没有权限做这件事。请用有权限的账号登录，或请管理员代办。",
    404: "没有这个页面。请从上方的导航进入。",
    405: "这个地址不能这样访问。请从上方的导航进入。",
    413: "提交的内容太大。",
    422: "提交的内容不完整或不合要求，请返回检查后再试。",
}


def install(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(IiamError)
    @app.exception_handler(KnowledgeError)
    async def told(request: Request, error: Exception) -> HTMLResponse:
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
        return page(request, "error", status, told=str(error))

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> HTMLResponse:
        told = error.detail if not str(error.detail).isascii() else TOLD.get(error.status_code, "这次访问没有成功。")
        return page(request, "error", error.status_code, told=told)

    @app.exception_handler(RequestValidationError)
    async def incomplete(request: Request, _: RequestValidationError) -> HTMLResponse:
        return page(request, "error", 422, told=TOLD[422])

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> HTMLResponse:
        return page(request, "error", 500, told=keep(request, error))


def keep(request: Request, error: Exception) -> str:
    """Put the traceback into errors.log of the data folder; what to tell the reader."""
    from datetime import UTC, datetime
    from traceback import format_exception

    told = "程序遇到意料之外的问题，已保存的内容没有丢失。"
    file = parts_of(request).settings.home / "errors.log"
    try:
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat()} {request.url.path}\n{''.join(format_exception(error))}\n")
    except OSError:
        return f"{told}（{type(error).__name__}）"
    return f"{told}请把这个文件发给维护人员：{file}"
