"""评估列表: all assessments in a table; begin one, load the example, put one away."""

from __future__ import annotations

from itertools import zip_longest
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from assistant.assessment.opening import SIZES, Opening
from assistant.errors import InputError, RecordError
from assistant.web.forms import back
from assistant.web.identity import Identity, parts_of
from assistant.web.render import page
from assistant.web.rights import Right, need
from assistant.web.shared import shared_of
from assistant.web.views.listing import FINALITY, SORTS, Query, listing

router = APIRouter()

Text = Annotated[str, Form()]
Texts = Annotated[list[str] | None, Form()]
UNPACKED_LIMIT = 256 * 1024 * 1024
"""Bytes that an imported bundle may have unpacked."""
ROWS = 4
"""Rows for people that the form begins with; a script adds more."""


@router.get("/", dependencies=[need(Right.LIST)])
def show(request: Request) -> Response:
    """The list."""
    return _list_page(request)


@router.get("/new", dependencies=[need(Right.NEW)])
def ask(request: Request) -> Response:
    """The form of a new assessment."""
    return _form(request)


@router.post("/new")
def begin(
    request: Request,
    who: Annotated[Identity, need(Right.NEW)],
    enterprise: Text = "",
    code: Text = "",
    industry: Text = "",
    size: Text = "",
    policy: Text = "",
    person: Texts = None,
    role: Texts = None,
) -> Response:
    """A new assessment; on to its interview."""
    people = list(zip_longest(person or [], role or [], fillvalue=""))
    parts = parts_of(request)
    try:
        opening = Opening.of(enterprise, industry, code, size, people)
        if policy and policy not in parts.policies:
            raise InputError("没有这个评分政策，请重新选择。", "policy")
    except InputError as error:
        typed = {"enterprise": enterprise, "code": code, "industry": industry, "size": size, "policy": policy}
        return _form(request, 400, error, typed, people)
    name = parts.begin(opening, parts.policies[policy] if policy else None, who.name)
    return back(f"/a/{name}/interview", f"已建立“{opening.enterprise}”的评估。")


@router.post("/example", dependencies=[need(Right.NEW)])
def example(request: Request) -> Response:
    """A complete example, to look around in; on to its result."""
    name = parts_of(request).load_example()
    return back(f"/a/{name}/result", "已载入示例。这是一家虚构企业的完整评估，可随意试用；上方可切换到访谈和复核。")


@router.post("/import")
def bring_in(
    request: Request,
    who: Annotated[Identity, need(Right.NEW)],
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """An exported record or bundle, from here or another machine; on to its result."""
    try:
        content = file.file.read() if file is not None else b""
        if not content:
            raise InputError("请先选择要导入的文件：由“评估记录”或 iiam export 导出的 .zip 或 .jsonl。")
        made = parts_of(request).bring_in(content, UNPACKED_LIMIT)
    except (InputError, RecordError) as error:
        return _list_page(request, 400, str(error))
    told = (
        f"已导入“{made.state.opened.enterprise}”：{made.rows} 行记录{f'、{made.files} 个文件' if made.files else ''}，"
    )
    return back(f"/a/{made.state.id}/result", f"{told}哈希链校验通过。")


@router.post("/a/{name}/archive")
def archive(request: Request, name: str, who: Annotated[Identity, need(Right.ARCHIVE)], query: Text = "") -> Response:
    """归档: out of the list, and only to be looked at."""
    state = parts_of(request).put_away(name, who.name)
    return back(_list(query), f"“{state.opened.enterprise}”已归档，可在“已归档”中找到。")


@router.post("/a/{name}/unarchive")
def unarchive(request: Request, name: str, who: Annotated[Identity, need(Right.ARCHIVE)], query: Text = "") -> Response:
    """恢复: back into the list."""
    state = parts_of(request).put_away(name, who.name, away=False)
    return back(_list(query), f"“{state.opened.enterprise}”已恢复，回到了列表。")


def _list(query: str) -> str:
    """The list as it was, and nothing else that may have been put into the form."""
    from urllib.parse import parse_qsl

    return "/" + Query.of(dict(parse_qsl(query.removeprefix("?")))).text


def _list_page(request: Request, status: int = 200, problem: str = "") -> Response:
    found = listing(shared_of(request).summaries.all(), Query.of(request.query_params))
    return page(request, "assessments", status, listing=found, sorts=SORTS, finality=FINALITY, problem=problem)


def _form(
    request: Request,
    status: int = 200,
    problem: InputError | None = None,
    typed: dict[str, str] | None = None,
    people: list[tuple[str, str]] | None = None,
) -> Response:
    parts = parts_of(request)
    empty = dict.fromkeys(("enterprise", "code", "industry", "size", "policy"), "")
    rows = [pair for pair in people or [] if any(pair)]
    roles = {role: None for subitem in parts.guide.subitems.values() for role in subitem.roles}
    return page(
        request,
        "new",
        status,
        problem=problem,
        wrong=problem.field if problem else "",
        typed=empty | (typed or {}),
        people=rows + [("", "")] * max(ROWS - len(rows), 1),
        sizes=SIZES,
        roles=tuple(roles),
        standard=parts.standard,
        policies=parts.policies,
    )
