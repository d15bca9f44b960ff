"""The report as JSON: the whole view, with its shipped schema. Enough to lay the report out again, and to grade it anew."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from assistant.errors import InputError
from assistant.reports.view import VIEW_VERSION, ReportView

SCHEMA = Path(__file__).parent / "templates" / "report.schema.json"


def render_json(view: ReportView) -> bytes:
    """The view's bytes: the same record gives the same bytes on every machine."""
    return (json.dumps(view.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n").encode()


def read_json(text: str) -> ReportView:
    """The view in a JSON report. Raises InputError naming the first field that cannot stand."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError("这不是 JSON 报告：不是合法的 JSON。请用 iiam report --format json 导出。") from error
    if not isinstance(data, dict) or "scoring" not in data:
        raise InputError("这不是 JSON 报告：缺少 scoring。请用 iiam report --format json 导出。")
    if data.get("version") != VIEW_VERSION:
        raise InputError(
            f"这份 JSON 报告的版本是 {data.get('version')}，本程序只认版本 {VIEW_VERSION}。请用相应版本的程序。"
        )
    try:
        return ReportView.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"这份 JSON 报告的字段 {where} 缺失或不合用（共 {error.error_count()} 处）。") from error


def schema() -> str:
    """The JSON schema of the report, as it is shipped."""
    made = ReportView.model_json_schema(mode="serialization")
    return (
        json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema"} | made, ensure_ascii=False, indent=1)
        + "\n"
    )
