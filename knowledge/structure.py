"""structure.yaml -> Standard: the form of the file, nothing of its meaning (that is `knowledge.rules`)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from yaml.nodes import MappingNode, Node

from knowledge.model import (
    CLAUSE_CODE,
    LEVELS,
    Clause,
    Defect,
    Domain,
    Item,
    Level,
    Passage,
    Rate,
    Requirement,
    Standard,
    SubItem,
    Table,
    Term,
)
from knowledge.nodes import Sheet

SUBITEM_CODE = re.compile(r"[1-9]\d*\.[1-9]\d*")
STANDARD_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KEYS = ("id", "number", "title", "edition", "levels", "document", "tables", "domains")
CELLS = 1 + len(LEVELS)
OPTIONAL_KEYS = ("joining_words", "terms", "defects")


@dataclass
class Draft:
    """What could be read: all sub-items, those with parts that could not be, and the whole when nothing was wrong."""

    joining_words: tuple[str, ...] = ()
    subitems: list[SubItem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    standard: Standard | None = None


def read_structure(sheet: Sheet, root: Node) -> Draft:
    """Read the root node of structure.yaml; problems go to `sheet`, and with any the draft has no standard."""
    draft = Draft()
    top = sheet.fields(root, "", KEYS, OPTIONAL_KEYS)
    names = {key: sheet.text(top.get(key), "", key) for key in ("id", "number", "title", "edition")}
    for key in names:
        if key in top:
            sheet.mark(key, top[key])
    if "id" in top and not STANDARD_ID.fullmatch(names["id"]):
        sheet.report(top["id"], "", "“id”只能用小写字母、数字和连字符，例如 db37-iiam")
    draft.joining_words = sheet.texts(top.get("joining_words"), "", "joining_words")
    levels = tuple(_level(sheet, node) for node in sheet.sequence(top.get("levels"), "", "levels"))
    terms = tuple(_term(sheet, node) for node in sheet.sequence(top.get("terms"), "", "terms"))
    defects = tuple(_defect(sheet, node) for node in sheet.sequence(top.get("defects"), "", "defects"))
    document = tuple(
        _passage(sheet, node, n) for n, node in enumerate(sheet.sequence(top.get("document"), "", "document"))
    )
    tables = tuple(_table(sheet, node) for node in sheet.sequence(top.get("tables"), "", "tables"))
    domains = tuple(_domain(sheet, draft, node) for node in sheet.sequence(top.get("domains"), "", "domains"))
    for key, values in (("levels", levels), ("document", document), ("tables", tables), ("domains", domains)):
        if key in top:
            sheet.mark(key, top[key])
            if not values:
                sheet.report(top[key], "", f"“{key}”不能为空")
    _pointers(sheet, document, terms, levels, tables)
    if not sheet.problems:
        draft.standard = Standard(
            **names,
            digest="",
            joining_words=draft.joining_words,
            levels=levels,
            terms=terms,
            defects=defects,
            document=document,
            tables=tables,
            domains=domains,
        )
    return draft


def _level(sheet: Sheet, node: Node) -> Level:
    got = sheet.fields(node, "", ("level", "name", "band", "description"))
    level = sheet.integer(got.get("level"), "", "level")
    for key in ("name", "band", "description"):
        sheet.mark(f"level {level}/{key}", got.get(key, node))
    code = f"L{level}"
    return Level(
        level=level,
        name=sheet.text(got.get("name"), code, "name"),
        band=sheet.band(got.get("band"), code),
        description=sheet.text(got.get("description"), code, "description"),
    )


def _term(sheet: Sheet, node: Node) -> Term:
    got = sheet.fields(node, "", ("code", "name", "english", "definition"))
    code = sheet.text(got.get("code"), "", "code")
    texts = {key: sheet.text(got.get(key), code, key) for key in ("name", "english", "definition")}
    for key in ("code", *texts):
        sheet.mark(f"term {code}/{key}", got.get(key, node))
    return Term(code=code, **texts)


def _defect(sheet: Sheet, node: Node) -> Defect:
    got = sheet.fields(node, "", ("number", "where", "text", "decision"))
    number = sheet.integer(got.get("number"), "", "number")
    sheet.mark(f"defect {number}", node)
    sheet.mark(f"defect {number}/text", got.get("text", node))
    texts = {key: sheet.text(got.get(key), f"缺陷{number}", key) for key in ("where", "text", "decision")}
    return Defect(number=number, **texts)


def _passage(sheet: Sheet, node: Node, index: int) -> Passage:
    keys = {str(key.value) for key, _ in node.value} if isinstance(node, MappingNode) else set()
    pointer = next((key for key in ("term", "level", "table") if key in keys), "")
    sheet.mark(f"document {index}", node)
    if pointer:
        target = sheet.fields(node, "", (pointer,)).get(pointer)
        if pointer == "term":
            return Passage(term=sheet.text(target, "", pointer))
        return Passage.model_validate({pointer: sheet.integer(target, "", pointer)})
    got = sheet.fields(node, "", ("code", "title"), ("text",))
    code = sheet.text(got.get("code"), "", "code")
    sheet.mark(f"document {index}/text", got.get("text", node))
    sheet.mark(f"document {index}/title", got.get("title", node))
    return Passage(
        code=code, title=sheet.text(got.get("title"), code, "title"), text=sheet.text(got.get("text"), code, "text")
    )


def _pointers(
    sheet: Sheet,
    document: tuple[Passage, ...],
    terms: tuple[Term, ...],
    levels: tuple[Level, ...],
    tables: tuple[Table, ...],
) -> None:
    """What the document points to exists, so that it can be laid out."""
    known: dict[str, set[str] | set[int]] = {
        "术语 ": {term.code for term in terms},
        "等级 ": {level.level for level in levels},
        "表": {table.number for table in tables},
    }
    for index, passage in enumerate(document):
        pointers: tuple[tuple[str, str | int], ...] = (
            ("术语 ", passage.term),
            ("等级 ", passage.level),
            ("表", passage.table),
        )
        for kind, target in pointers:
            if target and target not in known[kind]:
                sheet.report(sheet.lines[f"document {index}"], "", f"document 引用的{kind}{target}没有定义")


def _table(sheet: Sheet, node: Node) -> Table:
    got = sheet.fields(node, "", ("number", "section", "caption"), ("corrected_caption", "level_names"))
    number = sheet.integer(got.get("number"), "", "number")
    code = f"表{number}"
    sheet.mark(f"table {number}", got.get("caption", node))
    for key in ("section", "level_names"):
        sheet.mark(f"table {number}/{key}", got.get(key, node))
    return Table(
        number=number,
        section=sheet.text(got.get("section"), code, "section"),
        caption=sheet.text(got.get("caption"), code, "caption"),
        corrected_caption=sheet.text(got.get("corrected_caption"), code, "corrected_caption"),
        level_names=sheet.texts(got.get("level_names"), code, "level_names"),
    )


def _domain(sheet: Sheet, draft: Draft, node: Node) -> Domain:
    got = sheet.fields(node, "", ("name", "items"))
    name = sheet.text(got.get("name"), "", "name")
    sheet.mark(f"domain {name}", got.get("name", node))
    items = tuple(_item(sheet, draft, child) for child in sheet.sequence(got.get("items"), name, "items"))
    return Domain(name=name, items=items)


def _item(sheet: Sheet, draft: Draft, node: Node) -> Item:
    got = sheet.fields(node, "", ("name", "section", "table", "subitems"))
    name = sheet.text(got.get("name"), "", "name")
    for key in ("name", "section", "table"):
        sheet.mark(f"item {name}/{key}", got.get(key, node))
    section = sheet.text(got.get("section"), name, "section")
    table = sheet.integer(got.get("table"), name, "table")
    subitems = tuple(_subitem(sheet, draft, child) for child in sheet.sequence(got.get("subitems"), name, "subitems"))
    return Item(name=name, section=section, table=table, subitems=subitems)


def _subitem(sheet: Sheet, draft: Draft, node: Node) -> SubItem:
    before = len(sheet.problems)
    got = sheet.fields(node, "", ("code", "name", "clauses"), ("aliases", "page_break"))
    code = sheet.text(got.get("code"), "", "code")
    if "code" in got and not SUBITEM_CODE.fullmatch(code):
        sheet.report(got["code"], code, "能力子项编码应为“表号.行号”，例如 '1.1'")
    _mark_once(sheet, f"{code}/code", got.get("code", node))
    for key in ("name", "aliases", "page_break"):
        sheet.mark(f"{code}/{key}", got.get(key, node))
    cuts = tuple(
        sheet.integer(cut, code, "page_break") for cut in sheet.sequence(got.get("page_break"), code, "page_break")
    )
    if "page_break" in got and len(cuts) != CELLS:
        sheet.report(got["page_break"], code, f"page_break 应有 {CELLS} 个数：名称和五格在分页处之前各有多少字")
    subitem = SubItem(
        code=code,
        name=sheet.text(got.get("name"), code, "name"),
        aliases=sheet.texts(got.get("aliases"), code, "aliases"),
        page_break=cuts,
        clauses=tuple(_clause(sheet, code, child) for child in sheet.sequence(got.get("clauses"), code, "clauses")),
    )
    draft.subitems.append(subitem)
    if len(sheet.problems) > before:
        draft.broken.add(code)
    return subitem


def _clause(sheet: Sheet, subitem: str, node: Node) -> Clause:
    got = sheet.fields(node, "", ("code", "text", "requirements"), ("marker",))
    code = sheet.text(got.get("code"), "", "code")
    if "code" in got and not CLAUSE_CODE.fullmatch(code):
        sheet.report(got["code"], code, "条款编码应为“子项-L等级”加可选的小写字母，等级为 1 到 5，例如 2.1-L3b")
    elif code and code.partition("-")[0] != subitem:
        sheet.report(got["code"], code, f"条款写在能力子项 {subitem} 里，编码却不是它的")
    _mark_once(sheet, code, got.get("code", node))
    sheet.mark(f"{code}/text", got.get("text", node))
    sheet.mark(f"{code}/marker", got.get("marker", got.get("code", node)))
    nodes = sheet.sequence(got.get("requirements"), code, "requirements")
    return Clause(
        code=code,
        text=sheet.text(got.get("text"), code, "text"),
        marker=sheet.text(got.get("marker"), code, "marker"),
        requirements=tuple(_requirement(sheet, child, f"{code}#{n}") for n, child in enumerate(nodes, 1)),
    )


def _mark_once(sheet: Sheet, key: str, node: Node) -> None:
    """Remember the line of a code that must not come twice."""
    if key in sheet.lines:
        sheet.report(node, key.partition("/")[0], f"编码重复，第 {sheet.lines[key]} 行已经有了")
    else:
        sheet.mark(key, node)


def _requirement(sheet: Sheet, node: Node, code: str) -> Requirement:
    if not isinstance(node, MappingNode):
        sheet.mark(code, node)
        return Requirement(code=code, text=sheet.text(node, code, "requirements"))
    got = sheet.fields(node, code, ("text",), ("rate", "exceeds"))
    sheet.mark(code, got.get("text", node))
    rate = None
    if "rate" in got:
        values = sheet.fields(got["rate"], code, ("of", "band"))
        for key in ("of", "band"):
            sheet.mark(f"{code}/{key}", values.get(key, got["rate"]))
        rate = Rate(of=sheet.text(values.get("of"), code, "of"), band=sheet.band(values.get("band"), code))
    sheet.mark(f"{code}/exceeds", got.get("exceeds", node))
    return Requirement(
        code=code,
        text=sheet.text(got.get("text"), code, "text"),
        rate=rate,
        exceeds=sheet.texts(got.get("exceeds"), code, "exceeds"),
    )
