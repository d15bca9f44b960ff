"""运行状态: is everything in place? Looks only at this machine; asks no endpoint."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from assistant.errors import IiamError
from assistant.web.identity import parts_of
from assistant.web.render import page
from assistant.web.rights import Right, need
from assistant.web.shared import Shared, shared_of
from assistant.web.views.status import Health, Licence, Line, engine_line, index_line, licence_of
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from assistant.bootstrap import App

router = APIRouter()
LIBRARIES = (
    "argon2-cffi",
    "bm25s",
    "chromadb",
    "docxtpl",
    "fastapi",
    "gradio",
    "itsdangerous",
    "Jinja2",
    "langchain",
    "langchain-openai",
    "langgraph",
    "matplotlib",
    "numpy",
    "openai",
    "openpyxl",
    "pydantic",
    "pypdf",
    "python-docx",
    "scikit-learn",
    "SQLAlchemy",
    "typst",
    "uvicorn",
    "XlsxWriter",
)


@router.get("/status", dependencies=[need(Right.STATUS)])
def show(request: Request) -> Response:
    """The parts, the version and the licences."""
    parts = parts_of(request)
    lines = [
        _tried("解读引擎", lambda: _engine(parts)),
        _tried("检索索引", lambda: _index(parts, shared_of(request))),
        _tried("数据文件夹", lambda: _folder(parts)),
        _tried("评估记录", lambda: f"{len(parts.store.assessments())} 份评估，数据库：{_database(parts)}"),
        _tried("标准", lambda: f"{parts.standard.title}（{parts.standard.number}），与原文逐字一致"),
        _tried("评分政策", lambda: f"{parts.policy.title}（{parts.policy.id} v{parts.policy.version}）"),
        _tried("账号", lambda: _accounts(parts)),
    ]
    return page(request, "status", lines=lines, version=_version(), licences=_licences())


def _tried(name: str, look: Callable[[], str | Line]) -> Line:
    """What looking found; an error that has a message is the finding."""
    try:
        seen = look()
    except (IiamError, KnowledgeError) as error:
        return Line(name, Health.BAD, str(error))
    return seen if isinstance(seen, Line) else Line(name, Health.GOOD, seen)


def _engine(parts: App) -> Line:
    endpoint, client = parts.endpoint, parts.client
    waiting = client.breaker.waiting if client else None
    model, host = (endpoint.model, endpoint.host) if endpoint else ("", "")
    return engine_line(parts.rules.id, model, host, parts.endpoint_problem, waiting)


def _index(parts: App, shared: Shared) -> Line:
    _ = shared.searcher
    return index_line(parts.embedder.id, bool(parts.settings.embed_base_url), shared.notices)


def _folder(parts: App) -> Line:
    import os
    import shutil

    home = parts.settings.home
    free = shutil.disk_usage(home).free / 2**30 if home.is_dir() else 0.0
    if not os.access(home, os.W_OK):
        return Line("数据文件夹", Health.BAD, f"{home} 写不进去", "请放开写权限，或用 IIAM_HOME 另指定一个。")
    low = free < 1
    advice = "磁盘快满了，请腾出空间。" if low else ""
    return Line("数据文件夹", Health.NOTICE if low else Health.GOOD, f"{home}，所在磁盘剩余 {free:.1f} GB", advice)


def _database(parts: App) -> str:
    """Which one, without the password that an address may hold."""
    if not parts.settings.database_url:
        return "数据文件夹中的 SQLite"
    from urllib.parse import urlsplit

    address = urlsplit(parts.settings.database_url)
    return f"{address.scheme}://{address.hostname or ''}{address.path}"


def _accounts(parts: App) -> str:
    accounts = parts.accounts.all()
    if not accounts:
        return "没有账号：只供本机一人使用，不用登录。"
    active = sum(not account.disabled for account in accounts)
    four_eyes = "不能签发" if parts.four_eyes else "也可以签发"
    return f"{len(accounts)} 个账号，其中 {active} 个启用；参与访谈的人{four_eyes}这份评估。"


@cache
def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("iiam")
    except PackageNotFoundError:
        return "开发版"


@cache
def _licences() -> tuple[Licence, ...]:
    """The main libraries; those that are not there (an installation that was cut down) are left out."""
    from importlib.metadata import PackageNotFoundError, metadata

    found = []
    for name in LIBRARIES:
        try:
            told = metadata(name)
        except PackageNotFoundError:
            continue
        terms = licence_of(lambda field, told=told: told.get(field), told.get_all("Classifier") or [])  # type: ignore[misc]
        found.append(Licence(told["Name"], told["Version"], terms))
    return tuple(found)
