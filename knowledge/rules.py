"""What a standard must keep beyond its form: codes, levels, requirements that cover their clause, rates, names.

Codes and levels: DECISIONS, "Codes"; requirements: DESIGN, "Words" (atomic, verbatim parts of a clause).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from knowledge.model import LEVELS, Clause, Item, Standard, SubItem
from knowledge.nodes import FULL, Sheet
from knowledge.structure import Draft

NUMBER = re.compile(r"\d+(?:\.\d+)?")
PUNCTUATION = "，。；：、！？,.;:!?"
QUOTED = re.compile("“([^”]+)”")


def check_rules(sheet: Sheet, draft: Draft, flat_source: str) -> None:
    """Report to `sheet` every broken rule. `flat_source`: the source text without white space.

    Rules that span the standard need all of it, so they wait until its form is right.
    """
    for subitem in draft.subitems:
        for clause in subitem.clauses:
            _clause(sheet, clause, draft.joining_words)
        if subitem.code not in draft.broken:
            _cells(sheet, subitem)
            _rates(sheet, subitem)
            _exceeds(sheet, subitem)
    if draft.standard is not None:
        _levels(sheet, draft.standard)
        _document(sheet, draft.standard)
        _tables(sheet, draft.standard)
        _names(sheet, draft.standard)
        _names_once(sheet, draft.standard)
        _source(sheet, draft.standard, flat_source)


def _clause(sheet: Sheet, clause: Clause, joining_words: Sequence[str]) -> None:
    """Requirements stand in the clause word for word, in order, apart from each other, and leave nothing of it over."""
    if not clause.text:
        return
    if not clause.requirements:
        sheet.report(sheet.lines[clause.code], clause.code, "没有要点（requirements），每个条款至少要有一个")
        return
    end, before = 0, f"{clause.code}/text"
    for requirement in clause.requirements:
        start = clause.text.find(requirement.text, end)
        if start < 0 or not requirement.text:
            why = "与前一要点重叠，或次序颠倒" if requirement.text in clause.text else "不是条款原文中的一段"
            sheet.report(sheet.lines[requirement.code], requirement.code, f"要点{why}：“{requirement.text}”")
            return
        gap = clause.text[end:start]
        if left := _beyond_joining(gap, joining_words):
            lost_by = before if end and gap.startswith(left) else requirement.code
            sheet.report(sheet.lines[lost_by], lost_by, f"条款中的“{left}”不属于任何要点")
        end, before = start + len(requirement.text), requirement.code
    if left := _beyond_joining(clause.text[end:], joining_words):
        sheet.report(sheet.lines[before], before, f"条款末尾的“{left}”不属于任何要点")


def _beyond_joining(gap: str, joining_words: Sequence[str]) -> str:
    """What of a gap between requirements is neither punctuation nor a joining word."""
    words = "|".join(re.escape(w) for w in sorted(joining_words, key=len, reverse=True))
    left = re.sub(words, "", gap) if words else gap
    return "".join(c for c in left if not c.isspace() and c not in PUNCTUATION)


def _cells(sheet: Sheet, subitem: SubItem) -> None:
    """Five cells, lowest level first; a cell is one clause without a letter or clauses a, b, c …"""
    levels = [clause.level for clause in subitem.clauses]
    if levels != sorted(levels):
        sheet.report(sheet.lines[f"{subitem.code}/code"], subitem.code, "条款应按等级从低到高排列")
    for level in LEVELS:
        letters = [clause.letter for clause in subitem.at(level)]
        if not letters:
            sheet.report(sheet.lines[f"{subitem.code}/code"], subitem.code, f"缺少第 {level} 级的条款，五个等级都要有")
        elif letters not in ([""], [chr(ord("a") + n) for n in range(len(letters))]):
            wrong = next(n for n, letter in enumerate(letters) if letter != chr(ord("a") + n))
            code = subitem.at(level)[wrong].code
            sheet.report(sheet.lines[code], code, "一格只有一个条款时不带字母，否则字母从 a 起依次排列")


def _rates(sheet: Sheet, subitem: SubItem) -> None:
    """Rates of a sub-item are of one thing, one a level; their bands tile 0 to 100 and their ends are in the text."""
    rated = [(r, r.rate) for r in subitem.requirements if r.rate]
    if not rated:
        return
    [(usual, _)] = Counter(rate.of for _, rate in rated).most_common(1)
    for requirement, rate in rated:
        if rate.of != usual:
            message = f"比率名称“{rate.of}”与同一能力子项的“{usual}”不同"
            sheet.report(sheet.lines[f"{requirement.code}/of"], requirement.code, message)
    if [r.level for r, _ in rated] != list(LEVELS):
        sheet.report(sheet.lines[rated[0][0].code], subitem.code, "有比率的能力子项，每个等级应恰有一个带 rate 的要点")
    below = Decimal(0)
    for requirement, rate in rated:
        line = sheet.lines[f"{requirement.code}/band"]
        if rate.band[0] != below:
            sheet.report(line, requirement.code, f"比率区间不连续：下限应为 {below}，实为 {rate.band[0]}")
        missing = {n for n in rate.band if 0 < n < FULL} - {Decimal(n) for n in NUMBER.findall(requirement.text)}
        for number in sorted(missing):
            sheet.report(line, requirement.code, f"区间端点 {number} 在要点原文中没有出现")
        below = rate.band[1]
    if below != FULL:
        sheet.report(sheet.lines[f"{rated[-1][0].code}/band"], subitem.code, f"比率区间应到 {FULL} 为止，实为 {below}")


def _exceeds(sheet: Sheet, subitem: SubItem) -> None:
    """A requirement exceeds only existing requirements of lower levels of its own sub-item."""
    levels = {r.code: r.level for r in subitem.requirements}
    for requirement in subitem.requirements:
        for code in requirement.exceeds:
            if levels.get(code, requirement.level) >= requirement.level:
                line = sheet.lines[f"{requirement.code}/exceeds"]
                sheet.report(line, requirement.code, f"exceeds 中的 {code} 不是本能力子项更低等级的要点")


def _levels(sheet: Sheet, standard: Standard) -> None:
    """Levels 1 to 5 in order; their bands tile the score scale (DECISIONS, defect 2)."""
    if [level.level for level in standard.levels] != list(LEVELS):
        sheet.report(sheet.lines["levels"], "", "levels 应恰为第 1 到第 5 级，从低到高")
        return
    below = Decimal(0)
    for level in standard.levels:
        if level.band[0] != below:
            line = sheet.lines[f"level {level.level}/band"]
            sheet.report(line, f"L{level.level}", f"分数段不连续：下限应为 {below}，实为 {level.band[0]}")
        below = level.band[1]
    if below != FULL:
        sheet.report(sheet.lines["level 5/band"], "L5", f"分数段应到 {FULL} 为止，实为 {below}")


def _document(sheet: Sheet, standard: Standard) -> None:
    """Terms, levels and tables stand in the document once each; passage codes are unique and begin their titles."""
    expected = Counter(
        [("term", t.code) for t in standard.terms]
        + [("level", level.level) for level in standard.levels]
        + [("table", t.number) for t in standard.tables]
        + [("passage", p.code) for p in standard.document if p.code]
    )
    for what, count in expected.items():
        if count > 1:
            sheet.report(sheet.lines["document"], str(what[1]), f"{_kind(what)}重复 {count} 次")
    seen: set[tuple[str, str | int]] = set()
    for index, passage in enumerate(standard.document):
        line = sheet.lines[f"document {index}"]
        pointers = (("term", passage.term), ("level", passage.level), ("table", passage.table))
        for pointer in (p for p in pointers if p[1]):
            if pointer in seen:
                sheet.report(line, "", f"document 重复引用{_kind(pointer)}")
            seen.add(pointer)
        numbered = passage.code[:1].isdigit() or passage.title[:1].isdigit()
        if numbered and passage.title.partition(" ")[0] != passage.code:
            sheet.report(line, passage.code, f"编号应与标题“{passage.title}”开头的编号相同，其后空一格")
    for what in expected:
        if what[0] != "passage" and what not in seen:
            sheet.report(sheet.lines["document"], "", f"document 没有引用{_kind(what)}")


def _kind(what: tuple[str, str | int]) -> str:
    names = {"term": "术语 {}", "level": "等级 {}", "table": "表{}", "passage": "段落 {}"}
    return names[what[0]].format(what[1])


def _tables(sheet: Sheet, standard: Standard) -> None:
    """Items stand in the order of their tables, in their table's section; sub-items are numbered by table and row."""
    tables = {table.number: table for table in standard.tables}
    sections = {passage.code for passage in standard.document}
    for table in standard.tables:
        if table.section not in sections:
            sheet.report(sheet.lines[f"table {table.number}/section"], f"表{table.number}", f"没有章节 {table.section}")
        if table.level_names and len(table.level_names) != len(LEVELS):
            sheet.report(sheet.lines[f"table {table.number}/level_names"], f"表{table.number}", "level_names 应有 5 个")
    rows: Counter[int] = Counter()
    for item in standard.items():
        if item.table not in tables:
            sheet.report(sheet.lines[f"item {item.name}/table"], item.name, f"表{item.table}没有定义")
        elif tables[item.table].section != item.section:
            message = f"章节 {item.section} 与表{item.table}的章节 {tables[item.table].section} 不同"
            sheet.report(sheet.lines[f"item {item.name}/section"], item.name, message)
        for subitem in item.subitems:
            rows[item.table] += 1
            wanted = f"{item.table}.{rows[item.table]}"
            if subitem.code != wanted:
                message = f"按表号和行号，此能力子项的编码应为 '{wanted}'"
                sheet.report(sheet.lines[f"{subitem.code}/code"], subitem.code, message)
    for number in tables.keys() - rows.keys():
        sheet.report(sheet.lines[f"table {number}"], f"表{number}", "表中没有能力子项")
    for number in tables.keys() - {n for n in tables if 0 < n <= len(tables)}:
        sheet.report(sheet.lines[f"table {number}"], f"表{number}", "表号应从 1 起连续编号")


def _names(sheet: Sheet, standard: Standard) -> None:
    """Domains and items are called as their sections are (an item may be called as its one sub-item)."""
    titles = {p.code: p.title.removeprefix(p.code).strip() for p in standard.document if p.code}
    for domain in standard.domains:
        if not domain.items:
            sheet.report(sheet.lines[f"domain {domain.name}"], domain.name, "能力域里没有能力项")
        for item in domain.items:
            line = sheet.lines[f"item {item.name}/name"]
            title = titles.get(item.section, "")
            if not item.subitems:
                sheet.report(line, item.name, "能力项里没有能力子项")
            if title != item.name and [s.name for s in item.subitems] != [item.name]:
                sheet.report(line, item.name, f"名称应同章节 {item.section} 的标题“{title}”或其唯一子项的名称")
            if not any(titles.get(section) == domain.name for section in _sections(item)):
                message = f"名称与章节 {item.section} 及其上级章节的标题都不同"
                sheet.report(sheet.lines[f"domain {domain.name}"], domain.name, message)


def _names_once(sheet: Sheet, standard: Standard) -> None:
    """No two domains, items or sub-items share a name; an alias is nobody else's name or alias."""
    domains = [(f"domain {d.name}", d.name) for d in standard.domains]
    items = [(f"item {i.name}/name", i.name) for i in standard.items()]
    for key, name in (pair for pairs in (domains, items) for pair, count in Counter(pairs).items() if count > 1):
        sheet.report(sheet.lines[key], name, "名称重复")
    subitems = [s for i in standard.items() for s in i.subitems]
    names = [(s, "name", s.name) for s in subitems] + [(s, "aliases", a) for s in subitems for a in s.aliases]
    owners: dict[str, str] = {}
    for subitem, field, name in names:
        if name in owners:
            message = f"{'名称' if field == 'name' else '别名'}“{name}”与 {owners[name]} 的名称或别名相同"
            sheet.report(sheet.lines[f"{subitem.code}/{field}"], subitem.code, message)
        owners.setdefault(name, subitem.code)


def _sections(item: Item) -> Iterator[str]:
    """The item's section and those above it: 5.1.1, 5.1, 5."""
    parts = item.section.split(".")
    return (".".join(parts[:n]) for n in range(len(parts), 0, -1))


def _source(sheet: Sheet, standard: Standard, flat_source: str) -> None:
    """What stands outside the document's flow but is taken from it: title, number, aliases, quotations of defects."""
    quotes = [("title", "", standard.title), ("number", "", standard.number)]
    quotes += [(f"{s.code}/aliases", s.code, a) for s in standard.subitems.values() for a in s.aliases]
    for defect in standard.defects:
        quotes += [(f"defect {defect.number}/text", f"缺陷{defect.number}", q) for q in QUOTED.findall(defect.text)]
    for key, code, text in quotes:
        if "".join(text.split()) not in flat_source:
            sheet.report(sheet.lines[key], code, f"“{text}”在 source.txt 中找不到")
    for number in (n for n, count in Counter(d.number for d in standard.defects).items() if count > 1):
        sheet.report(sheet.lines[f"defect {number}"], f"缺陷{number}", "编号重复")
