"""The copilot's tools as langchain offers them to a model: names, Chinese descriptions, arguments, and what is told when
the arguments make no sense.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assistant.engines.llm import copilot_grade, copilot_tools
from assistant.engines.llm.copilot_desk import Desk

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

TITLES = {
    "search_standard": "查标准",
    "show_subitem": "看子项",
    "list_quotes": "列引文",
    "show_grade": "看评分",
    "what_if": "试算",
}
"""What each tool is called in front of people."""

WHICH = "能力子项的编号，如 7.1；也可写名称"


def _digit(value: object) -> object:
    """`L3`, `3级` and `3` all mean 3."""
    found = re.fullmatch(r"\s*[Ll]?\s*(\d)\s*级?\s*", value) if isinstance(value, str) else None
    return int(found[1]) if found else value


def _blank(value: object) -> object:
    """Models fill in what they do not mean with nothing, 0 or an empty text."""
    return None if value in ("", 0, "0") else _digit(value)


def _without_docstring(schema: dict[str, Any]) -> None:
    """What is said to programmers is no part of what the model is told."""
    schema.pop("description", None)


class _Args(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_docstring)


class Search(_Args):
    """Arguments of search_standard."""

    query: str = Field(description="要查的词句或编号，如 设备联网率、7.1-L3a")
    subitem: str = Field(default="", description=f"只在一个子项里查：{WHICH}")
    level: Annotated[int | None, BeforeValidator(_blank)] = Field(
        default=None, ge=1, le=5, description="只查这一级，1 到 5"
    )


class ShowSubItem(_Args):
    """Arguments of show_subitem."""

    subitem: str = Field(description=WHICH)


class ListQuotes(_Args):
    """Arguments of list_quotes."""

    subitem: str = Field(default="", description=f"列出一个子项的引文：{WHICH}")
    words: str = Field(default="", description="找说到这些词的回答，几个词用空格隔开，如 立体库 联网")


class ShowGrade(_Args):
    """Arguments of show_grade."""

    domain: str = Field(default="", description="能力域的名称；给出时列到这个域的每个子项，留空时列到各能力项")


class Change(_Args):
    """One supposed level."""

    subitem: str = Field(description=WHICH)
    level: Annotated[int, BeforeValidator(_digit)] = Field(ge=0, le=5, description="假设的等级 1 到 5；0 表示不适用")


class WhatIf(_Args):
    """Arguments of what_if."""

    changes: list[Change] = Field(min_length=1, max_length=36, description="一处或几处变动，每个子项一处")


def kit(desk: Desk) -> list[BaseTool]:
    """The five tools over a desk."""

    def what_if(changes: list[Change]) -> str:
        return copilot_grade.what_if(desk, {change.subitem: change.level for change in changes})

    def bound(tool: Callable[..., str]) -> Callable[..., str]:
        return lambda **args: tool(desk, **args)

    return [
        _tool(
            "search_standard",
            bound(copilot_tools.search_standard),
            "查标准的条文、术语和等级说明，返回编号与原文。不知道问题属于哪个子项，或问到标准怎么规定时用。",
            Search,
            '{"query": "设备联网率"}',
        ),
        _tool(
            "show_subitem",
            bound(copilot_tools.show_subitem),
            "看一个子项：各级条款的原文、每个要点满足没有和依据的引文、建议等级、复核决定、还缺什么。问某项为什么是这个等级、差在哪里时用。",
            ShowSubItem,
            '{"subitem": "7.1"}',
        ),
        _tool(
            "list_quotes",
            bound(copilot_tools.list_quotes),
            "列出企业人员的原话，带答的编号、说话人和职务：按子项列全部引文，或按词查谁说过。问谁说过什么、有没有人提到时用。",
            ListQuotes,
            '{"words": "立体库"} 或 {"subitem": "7.1"}',
        ),
        _tool(
            "show_grade",
            bound(copilot_grade.show_grade),
            "看评分：总等级与得分（没有全部复核时为暂定，带上下限），各能力域、能力项的得分与权重，离上一级差多少，哪些子项提高一级加分最多。",
            ShowGrade,
            '{} 或 {"domain": "能力域名称"}',
        ),
        _tool(
            "what_if",
            what_if,
            "试算：如果某个或某几个子项是另一等级，总等级和得分会怎样，与现在对照。只是试算，什么都不会改。",
            WhatIf,
            '{"changes": [{"subitem": "3.2", "level": 3}]}',
        ),
    ]


def _tool(name: str, run: Callable[..., str], about: str, args: type[_Args], example: str) -> BaseTool:
    from langchain_core.tools import StructuredTool

    def told(error: Any) -> str:
        return f"{_wrong(error)}正确的写法如：{example}。"

    return StructuredTool.from_function(
        func=run, name=name, description=about, args_schema=args, handle_validation_error=told
    )


def _wrong(error: Any) -> str:
    """Which arguments cannot be used; pydantic's own words are English."""
    if not isinstance(error, ValidationError):
        return "参数不合用，没有查。"
    names = {".".join(str(part) for part in e["loc"]) for e in error.errors(include_url=False)}
    return f"参数不合用，没有查：{'、'.join(sorted(n[:60] for n in names if n)) or '整个参数'}。"
