"""What can be taken away from an assessment: its report in every format, its record, and the pictures on its page."""

from __future__ import annotations

import re
from collections import OrderedDict
from threading import Lock
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from assistant.errors import InputError, NotFoundError
from assistant.web.identity import parts_of
from assistant.web.rights import Right, need

router = APIRouter()

UNFIT = re.compile(r'[\\/:*?"<>|\s]+')
NAME_LIMIT = 60
RECORDS = {"jsonl": "application/x-ndjson", "zip": "application/zip"}
CHARTS = ("radar", "domains")
KEPT = 64
"""Pictures that are kept: drawing one takes a tenth of a second, and pages are looked at again."""

_drawn: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()
_drawing = Lock()
"""Matplotlib is not made for several threads."""


@router.get("/a/{name}/report.{form}", dependencies=[need(Right.RESULT)])
def report(request: Request, name: str, form: str) -> Response:
    """The report as docx, xlsx, pdf or json. A page tells what is missing where it cannot be made."""
    from assistant.reports.render import FORMATS, MEDIA, render

    if form not in FORMATS:
        raise NotFoundError(f"没有 {form[:10]} 格式的报告，可选：{'、'.join(FORMATS)}。")
    parts = parts_of(request)
    view = parts.report(name)
    with _drawing:
        content = render(view, form, parts.standard)
    kind = "报告-未签发" if view.draft else "报告"
    return _file(content, MEDIA[form], f"{name}-{view.enterprise}-{kind}", form)


@router.get("/a/{name}/record.{form}", dependencies=[need(Right.EXPORT)])
def record(request: Request, name: str, form: str) -> Response:
    """The record as `iiam export` writes it: `jsonl` alone, or `zip` with the files that were read in."""
    if form not in RECORDS:
        raise NotFoundError(f"没有 {form[:10]} 格式的记录，可选：{'、'.join(RECORDS)}。")
    made = parts_of(request).take_away(name, bundled=form == "zip")
    return _file(made.content, RECORDS[form], f"{name}-{made.state.opened.enterprise}-记录", form)


@router.get("/a/{name}/chart/{chart}.svg", dependencies=[need(Right.RESULT)])
def picture(request: Request, name: str, chart: str) -> Response:
    """A picture of the scores; where the machine has no Chinese font, a picture that says so."""
    if chart not in CHARTS:
        raise NotFoundError("没有这张图。")
    parts = parts_of(request)
    tail = parts.store.tails().get(name)
    if tail is None:
        raise NotFoundError(f"没有编号为“{name}”的评估。请从评估列表中进入。")
    key = (name, chart, tail.hash)
    with _drawing:
        if key not in _drawn:
            from assistant.reports.charts import domain_radar, radar
            from assistant.reports.view_build import report_view

            state = parts.assessment(name)
            view = report_view(state, parts.standard, parts.policy_of(state))
            try:
                _drawn[key] = (radar if chart == "radar" else domain_radar)(view, "svg")
            except InputError:
                return Response(_told(), media_type="image/svg+xml")
            while len(_drawn) > KEPT:
                _drawn.popitem(last=False)
        return Response(_drawn[key], media_type="image/svg+xml")


def _told() -> str:
    """Written by the browser's own fonts, which may have what this machine lacks."""
    lines = ("运行程序的这台机器没有中文字体，画不出图。", "请安装一种（如 fonts-noto-cjk）后刷新；得分见下表。")
    texts = "".join(f'<text x="20" y="{40 + 28 * n}">{line}</text>' for n, line in enumerate(lines))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 100" font-family="sans-serif" font-size="16" '
        f'fill="#8a5a00">{texts}</svg>'
    )


def _file(content: bytes, media: str, stem: str, suffix: str) -> Response:
    name = f"{UNFIT.sub('_', stem)[:NAME_LIMIT]}.{suffix}"
    disposition = f"attachment; filename=\"report.{suffix}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media, headers={"Content-Disposition": disposition})
