"""`iiam standard`, `iiam standard check`, `iiam search`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.zh import Command, command
from assistant.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from rich.console import Console

    from knowledge.model import Standard


@click.command("standard", cls=Command)
@click.argument("code", metavar="[子项编号 | check]", required=False)
@click.argument("folder", metavar="[文件夹]", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出全部子项与条款的 JSON")
@click.option("--defects", is_flag=True, help="列出标准文本的缺陷与处理方式")
def standard(code: str | None, folder: Path | None, as_json: bool, defects: bool) -> int:
    """查看标准：不带参数看目录；给子项编号看它的五级条款；check 文件夹 校验一份标准。"""
    if code == "check":
        return _check(folder)
    if folder is not None:
        raise InputError(f"多出了参数：{folder}。文件夹只用于 iiam standard check 文件夹。")
    from assistant.bootstrap import start
    from assistant.cli.terminal import console
    from knowledge.export import standard_json

    loaded = start().standard
    if as_json:
        click.echo(json.dumps(standard_json(loaded), ensure_ascii=False, indent=1))
    elif defects:
        for defect in loaded.defects:
            click.echo(f"{defect.number}. {defect.where}：{defect.text}\n   处理：{defect.decision}")
    elif code is None:
        _tree(loaded, console())
    elif code in loaded.subitems:
        _table(loaded, code, console())
    else:
        raise NotFoundError(f"没有能力子项“{code}”。不带编号运行 iiam standard 可看全部编号。")
    return 0


def _check(folder: Path | None) -> int:
    from knowledge.loader import SHIPPED, check_standard, load_standard

    place = folder or SHIPPED
    problems = check_standard(place)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        click.echo(f"共 {len(problems)} 处问题。")
        return 1
    sound = load_standard(place)
    click.echo(
        f"校验通过：{sound.title}，{len(sound.domains)} 个能力域、{sum(1 for _ in sound.items())} 个能力项、"
        f"{len(sound.subitems)} 个能力子项、{len(sound.clauses)} 条条款、{len(sound.requirements)} 个要点，与原文逐字一致。"
    )
    return 0


def _tree(loaded: Standard, out: Console) -> None:
    from rich.tree import Tree

    tree = Tree(f"[bold]{loaded.title}[/]  [dim]{loaded.number} {loaded.edition}[/]")
    for domain in loaded.domains:
        branch = tree.add(f"[bold]{domain.name}[/]")
        for item in domain.items:
            twig = branch.add(f"{item.name}  [dim]{item.section} 表{item.table}[/]")
            for subitem in item.subitems:
                alias = f"  [dim]又名 {'、'.join(subitem.aliases)}[/]" if subitem.aliases else ""
                twig.add(f"[cyan]{subitem.code}[/] {subitem.name}{alias}")
    out.print(tree)


def _table(loaded: Standard, code: str, out: Console) -> None:
    from assistant.cli.terminal import table

    subitem = loaded.subitems[code]
    domain, item = loaded.places[code]
    printed = loaded.table(item.table)
    out.print(f"[bold]{code} {subitem.name}[/]  [dim]{domain.name} / {item.name}，{item.section}[/]")
    corrected = f"（原文如此，应为“{printed.corrected_caption}”）" if printed.corrected_caption else ""
    out.print(f"[dim]表{printed.number} {printed.caption}{corrected}[/]")
    rows = table("等级", "条款", "原文与要点", show_lines=True)
    names = loaded.level_names(code)
    for clause in subitem.clauses:
        points = "\n".join(f"[dim]#{r.code.partition('#')[2]} {r.text}[/]" for r in clause.requirements)
        rows.add_row(f"L{clause.level} {names[clause.level - 1]}", clause.code, f"{clause.text}\n{points}")
    out.print(rows)


@command("search")
@click.argument("query", metavar="词句")
@click.option("--domain", default=None, metavar="能力域", help="只在这个能力域中找")
@click.option("--subitem", default=None, metavar="编号", help="只在这个能力子项中找")
@click.option("--level", default=None, type=click.IntRange(1, 5), metavar="1-5", help="只找这一级的条款")
@click.option("-n", "limit", default=8, type=click.IntRange(1, 50), metavar="条数", help="最多几条，默认 8")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def search(query: str, domain: str | None, subitem: str | None, level: int | None, limit: int, as_json: bool) -> None:
    """检索标准条文：按字词与相似度合并排序，命中的词高亮。"""
    from assistant.bootstrap import start
    from assistant.cli.search_view import show_hits

    app = start()
    searcher = app.searcher(lambda line: click.echo(line, err=True))
    hits = searcher.search(query, limit=limit, domain=domain, subitem=subitem, level=level)
    if as_json:
        click.echo(json.dumps([hit.to_json() for hit in hits], ensure_ascii=False, indent=1))
    else:
        show_hits(hits)
