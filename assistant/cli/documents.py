"""`iiam documents`: the files that were read in, and taking one back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.zh import command
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.bootstrap import App


@command("documents")
@click.argument("assessment", metavar="评估编号")
@click.option("--withdraw", default="", metavar="文件", help="撤回一个文件（文件名，或编号的开头）")
@click.option("--reason", default="", metavar="理由", help="撤回的理由，写入记录")
@click.option("--by", default="", metavar="姓名", help="诊断顾问姓名")
def documents(assessment: str, withdraw: str, reason: str, by: str) -> None:
    """列出读入的文件；--withdraw 撤回读错的，其中的话不再作为证据，建议等级随之更新。"""
    from assistant.bootstrap import start
    from assistant.interview.papers import named

    app = start()
    state = app.assessment(assessment)
    if withdraw:
        chosen = named(state, withdraw)
        changed = app.document_desk(assessment, by).withdraw(chosen.id, reason)
        told = f"，建议等级随之更新：{'、'.join(changed)}" if changed else ""
        click.echo(f"已撤回《{chosen.name}》{told}。原文仍在记录中；再次读入同一文件即恢复。")
        return
    if reason:
        raise InputError("--reason 是撤回的理由，请同时用 --withdraw 写明哪个文件。")
    _list(app, assessment)


def _list(app: App, assessment: str) -> None:
    from rich.markup import escape
    from rich.table import Table

    from assistant.cli.terminal import console
    from assistant.interview.papers import papers

    found = papers(app.assessment(assessment), app.standard)
    if not found:
        click.echo(f"这份评估还没有读入过文件。读入：iiam draft {assessment} 文件")
        return
    listing = Table(title="读入的文件")
    for column in ("编号", "文件", "类型", "责任人", "日期", "采用", "涉及子项", "状态"):
        listing.add_column(column)
    for paper in found:
        known = paper.document
        status = f"已撤回：{paper.withdrawn}" if paper.withdrawn else "没有读完" if paper.statements is None else "读完"
        about = "、".join(paper.subitems)
        cells = (known.id[:12], known.name, known.kind.value, known.owner, known.date, f"{paper.passages} 段", about)
        listing.add_row(*(escape(cell) for cell in (*cells, status)))
    console().print(listing)
