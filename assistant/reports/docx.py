"""The report as a Word document, from a template that an agency can replace with its own."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from assistant.errors import InputError, cause
from assistant.reports import charts, layout
from assistant.reports.view import DomainView, ReportView

if TYPE_CHECKING:
    from docxtpl import DocxTemplate
    from jinja2 import Environment

TEMPLATE = Path(__file__).parent / "templates" / "report.docx"
RADAR_WIDTH, STRIP_WIDTH = 128, 160
"""Millimetres."""
SECTIONS = (
    (1, "一、摘要", "1"),
    (1, "二、评估方法与评分政策", "2"),
    (2, "（一）定级方法", "21"),
    (2, "（二）评分政策", "22"),
    (2, "（三）标准文本的疑点与处理", "23"),
    (1, "三、总体结果", "3"),
    (1, "四、分项评估", "4"),
)
ANNEXES = (
    (1, "五、提升路线", "5"),
    (1, "附录 A　得分计算过程", "6"),
    (1, "附录 B　复核中的改动", "7"),
    (1, "附录 C　受访人员", "8"),
    (1, "附录 D　查阅的文件", "9"),
    (1, "附录 E　签发", "10"),
)
MARKS = 100
"""Bookmarks of domains count from here, of sub-items from ten times this."""


def render_docx(view: ReportView, template: Path | None = None) -> bytes:
    """The document's bytes. Raises InputError for a template that cannot be read or asks for a field there is not."""
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError
    from jinja2.exceptions import SecurityError

    file = template or TEMPLATE
    try:
        document = DocxTemplate(BytesIO(file.read_bytes()))
        document.render(context(view, document), _environment(), autoescape=True)
    except OSError as error:
        raise InputError(f"模板 {file} 打不开（{cause(error)}）。请检查文件名。") from error
    except (BadZipFile, KeyError) as error:
        raise InputError(
            f"模板 {file} 不是 Word 文档（.docx），或已损坏。请用 Word 打开并另存为 .docx 后再试。"
        ) from error
    except SecurityError as error:
        raise InputError(
            f"模板 {file.name} 里有不允许的写法，没有生成报告。模板只能取报告的字段，不能调用程序内部的东西。"
        ) from error
    except TemplateError as error:
        raise InputError(_explained(error, file)) from error
    except (TypeError, ValueError) as error:
        raise InputError(f"模板 {file.name} 里有一处用法不对（{error}）。请对照自带模板检查。") from error
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _environment() -> Environment:
    """Strict: a misspelt field is an error, not a blank. Sandboxed: a template comes from elsewhere."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


MISSING = re.compile(r"'(?P<bare>[^']+)' is undefined|has no (?:attribute|element) '?(?P<inner>[^']+)'?")


def _explained(error: Exception, file: Path) -> str:
    """What is wrong in a template, with the field's name."""
    text = str(error)
    match = MISSING.search(text)
    if match:
        name = match["bare"] or match["inner"]
        return (
            f"模板 {file.name} 用了字段“{name}”，报告里没有这个字段。"
            "请对照自带模板改正（iiam report --write-template 文件）。"
        )
    line = getattr(error, "lineno", None)
    where = f"第 {line} 行附近" if line else "有一处"
    return f"模板 {file.name} {where}写法有误（{text}）。请检查花括号和 if、for 是否成对。"


def context(view: ReportView, document: DocxTemplate) -> dict[str, Any]:
    """What a template can name: the fields of the view as they are, and these helpers beside them.

    `cover_level`, `score_line`, `grade_line`; `cover` and `seal_rows` (rows of two columns); `radar` and
    `strip` (pictures); `contents`; `scores` (domains and items in rows);
    `domains` with `heading`, `mark`, `shown`, `note` and flat `subitems`, each with `fill` and `ink`
    (colours of its level), `facts`, `score_text`, `who`, `clauses` and `remarks`; `steps`, `more_steps`; `nodes` (the derivation).
    """
    plain = {name: getattr(view, name) for name in type(view).model_fields}
    domains = [_domain(index, domain) for index, domain in enumerate(view.domains)]
    return plain | {
        "cover_level": view.grade.headline,
        "score_line": layout.score_line(view),
        "grade_line": layout.grade_line(view),
        "radar": _picture(view, document, charts.radar, RADAR_WIDTH),
        "strip": _picture(view, document, charts.heat_strip, STRIP_WIDTH),
        "cover": layout.cover_rows(view),
        "seal_rows": layout.seal_rows(view),
        "contents": _contents(view, domains),
        "scores": layout.score_rows(view),
        "domains": domains,
        "steps": view.roadmap[: layout.STEPS],
        "more_steps": max(0, len(view.roadmap) - layout.STEPS),
        "nodes": [n.model_copy(update={"label": "　" * n.depth + n.label}) for n in view.derivation],
    }


def _contents(view: ReportView, domains: list[dict[str, Any]]) -> list[dict[str, Any]]:
    middle = []
    for domain in domains:
        middle.append((2, domain["heading"], domain["mark"]))
        middle += [(3, f"{s['code']} {s['name']}", s["mark"]) for s in domain["subitems"]]
    head = [s for s in SECTIONS if view.defects or s[2] != "23"]
    return [{"level": level, "text": text, "mark": mark} for level, text, mark in (*head, *middle, *ANNEXES)]


def _picture(view: ReportView, document: DocxTemplate, draw: Any, width: int) -> Any:
    """A chart, or the sentence that says why there is none."""
    from docx.shared import Mm
    from docxtpl import InlineImage

    try:
        return InlineImage(document, BytesIO(draw(view)), width=Mm(width))
    except InputError as error:
        return f"（{error}）"


def _domain(index: int, domain: DomainView) -> dict[str, Any]:
    part = layout.domain_part(index, domain)
    start = MARKS * 10 * (index + 1)
    for position, subitem in enumerate(part["subitems"]):
        subitem |= {
            "mark": str(start + position),
            "fill": subitem["fill"].lstrip("#"),
            "ink": subitem["ink"].lstrip("#"),
        }
    return part | {"mark": str(MARKS + index)}
