"""`iiam draft`: minutes, transcripts, forms and evidence into an assessment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.assessment.document import SourceKind
from assistant.cli.zh import command
from assistant.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.bootstrap import App
    from assistant.documents.sandbox import Sandbox
    from assistant.interview.minutes import Minutes, Outcome

Tell = Callable[[int, int], None]
LISTED = 12


@command("draft")
@click.argument("assessment", metavar="评估编号")
@click.argument("files", metavar="文件", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--kind", type=click.Choice([k.value for k in SourceKind]), help="证据类型；不写时按内容判断（口头或文件）"
)
@click.option("--owner", default="", metavar="姓名", help="文件的责任人")
@click.option("--date", "dated", default="", metavar="日期", help="文件或访谈的日期，如 2026-03-01")
def draft(assessment: str, files: tuple[Path, ...], kind: str | None, owner: str, dated: str) -> int:
    """读入纪要、转写稿、问卷或证据文件：找出原话，给出建议等级，列出还要问的。可随时中断，再次运行接着读。"""
    from assistant.assessment.text import one_line
    from assistant.bootstrap import start
    from assistant.cli.terminal import console
    from assistant.documents.sandbox import Sandbox
    from assistant.interview.papers import iso_date

    told = iso_date(dated)
    app, out = start(), console()
    app.assessment(assessment)
    if app.endpoint_problem:
        click.echo(f"{app.endpoint_problem}这次由规则引擎解读。", err=True)
    with out.status("正在准备…"):
        minutes = app.minutes(assessment, lambda line: out.print(f"[dim]{line}[/]"))
        app.engine.warm()
    refused = 0
    with Sandbox() as sandbox:
        for file in files:
            try:
                _take(app, minutes, sandbox, file, (kind, one_line(owner), told), out)
            except InputError as error:
                refused += 1
                click.echo(str(error), err=True)
            except KeyboardInterrupt:
                click.echo("\n已停下。读过的部分都已保存；再次运行同一条命令，从停下的地方接着读。", err=True)
                return 130
    _summary(app, minutes, out)
    return 2 if refused else 0


def _take(
    app: App, minutes: Minutes, sandbox: Sandbox, file: Path, about: tuple[str | None, str, str], out: Console
) -> None:
    """Read one file and say what came of it. Raises InputError when it is refused."""
    from rich.markup import escape

    from assistant.assessment.document import Document, document_id
    from assistant.documents.limits import load
    from assistant.interview.minutes import kind_of

    content = load(file)
    read = sandbox.read(file.name, content)
    kind, owner, dated = about
    document = Document(
        id=document_id(content),
        name=file.name,
        kind=SourceKind(kind) if kind else kind_of(file.name, read.statements),
        owner=owner,
        date=dated or read.dated,
        size=len(content),
    )
    with _progress(file.name) as tell:
        outcome = minutes.take(document, content, read.statements, tell)
    out.print(escape(_told(outcome)))
    known = outcome.document
    if known != document and any(about):
        told = SourceKind(kind) if kind else known.kind, owner or known.owner, dated or known.date
        app.document_desk(minutes.state.id).describe(known.id, *told)
        out.print("  已按这次所写更新它的证据类型、责任人或日期。")
    for note in read.notes:
        out.print(f"  [yellow]{escape(note)}[/]")


def _told(outcome: Outcome) -> str:
    name, kind = outcome.document.name, outcome.document.kind
    if outcome.before:
        return f"《{name}》（{kind}）以前已读过，没有重复读取。"
    again = "接着上次读完，" if outcome.resumed else ""
    found = f"有新建议的子项 {len(outcome.proposed)} 个" if outcome.proposed else "没有新的建议等级"
    return f"《{name}》（{kind}）：{again}共 {outcome.statements} 段，{outcome.heard} 段与评估有关，{found}。"


@contextmanager
def _progress(name: str) -> Iterator[Tell]:
    """A bar on standard error that goes when it is done; nothing in a pipe."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"《{name}》", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _summary(app: App, minutes: Minutes, out: Console) -> None:
    """Levels that stand now, and what a following interview has to ask."""
    from rich.markup import escape

    from assistant.cli.terminal import flow, table
    from assistant.cli.words import outcome
    from assistant.interview.turn import standing_proposals

    state = minutes.state
    proposals = standing_proposals(app.standard, state)
    levelled = {code: p for code, p in proposals.items() if p.level is not None}
    if levelled:
        rows = table("编号", "能力子项", "建议", "原话")
        for code, proposal in levelled.items():
            quotes = {e.quote.text for c in (*proposal.citations, *proposal.gap) for e in c.evidence}
            rows.add_row(code, app.standard.subitems[code].name, outcome(app.standard, proposal), str(len(quotes)))
        out.print(rows)
    topics = minutes.still_open()
    out.print(f"已有建议 {len(levelled)} 项。细节：iiam show {state.id} 子项编号")
    if not topics:
        out.print("没有还要问的了，可以复核：iiam confirm")
        return
    out.print(f"还要问 {len(topics)} 个子项，估计 {sum(t.expected for t in topics)} 个问题：iiam interview {state.id}")
    for topic in topics[:LISTED]:
        name = app.standard.subitems[topic.subitem].name
        flow(out, escape(f"  {topic.subitem} {name}（{'、'.join(topic.roles)}）：{topic.question}"))
    if len(topics) > LISTED:
        out.print(f"  …… 其余 {len(topics) - LISTED} 个子项略")
