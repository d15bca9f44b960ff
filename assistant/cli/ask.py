"""`iiam ask`: questions about one assessment, answered by a model that can look but not touch."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from assistant.cli.zh import command
from assistant.errors import IiamError, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.assessment.usage import Spent
    from assistant.bootstrap import App
    from assistant.engines.llm.copilot import Answered, Copilot

PROMPT = "\n问 › "
LEAVE = frozenset({"", "退出", "结束", "q", "quit", "exit"})


@command("ask")
@click.argument("assessment", metavar="评估编号")
@click.argument("question", metavar="[问题]", required=False)
def ask(assessment: str, question: str | None) -> None:
    """就一份评估提问，如“7.1 为什么是 L2，差在哪里？”。不写问题就连续问答。只读：不改等级，不写记录。"""
    from assistant.bootstrap import start
    from assistant.cli.terminal import console

    app, out = start(), console()
    app.assessment(assessment)
    copilot = app.copilot(assessment, lambda line: click.echo(line, err=True))
    if copilot is None:
        raise InputError(_without_endpoint(app, assessment))
    with closing(copilot):
        if question is None:
            _converse(copilot, out)
        else:
            try:
                _show(_answered(copilot, question, out), out)
            finally:
                _cost(copilot.spent)


def _converse(copilot: Copilot, out: Console) -> None:
    """Questions one after the other, until an empty line; one that comes to nothing does not end the talk."""
    from assistant.cli.terminal import listener

    out.print("[dim]可以连续提问；直接回车结束。只读：什么都不会改。[/]")
    listen = listener()
    while True:
        try:
            question = listen(PROMPT).strip()
        except EOFError:
            return
        if question.lower() in LEAVE:
            return
        try:
            _show(_answered(copilot, question, out), out)
        except IiamError as error:
            click.echo(str(error), err=True)
        _cost(copilot.spent)


def _answered(copilot: Copilot, question: str, out: Console) -> Answered:
    """The answer, shown while it is written where somebody watches."""
    if not out.is_terminal:
        return copilot.ask(question)
    from rich.live import Live
    from rich.text import Text

    pieces: list[str] = []
    with Live(Text("正在查…", "dim"), console=out, transient=True, auto_refresh=False) as live:

        def tell(piece: str) -> None:
            pieces.append(piece)
            live.update(Text("".join(pieces)), refresh=True)

        def doing(line: str) -> None:
            pieces.clear()
            live.update(Text(f"正在{line}…", "dim"), refresh=True)

        return copilot.ask(question, tell, doing)


def _show(answered: Answered, out: Console) -> None:
    from rich.markup import escape

    from assistant.cli.terminal import flow

    out.print()
    flow(out, escape(answered.text))
    for line in answered.check.lines:
        flow(out, f"[yellow]核对：{escape(line)}[/]")
    if answered.looked:
        flow(out, f"[dim]查阅：{escape('；'.join(answered.looked))}[/]")
    else:
        flow(out, "[yellow]核对：这个回答没有查阅任何资料。[/]")


def _cost(spent: Spent) -> None:
    """What the question cost; it stands in no record, so it is said here."""
    if spent.calls:
        failed = f"（失败 {spent.failed} 次）" if spent.failed else ""
        cached = f"（缓存 {spent.cached:,}）" if spent.cached else ""
        tokens = f"，输入 {spent.tokens_in:,}{cached}、输出 {spent.tokens_out:,} token" if spent.tokens else ""
        line = f"调用模型 {spent.calls} 次{failed}{tokens}，{spent.millis / 1000:.1f} 秒；不计入 iiam usage。"
        click.secho(line, dim=True, err=True)


def _without_endpoint(app: App, assessment: str) -> str:
    problem = app.endpoint_problem or "还没有设置大模型接口。"
    return (
        f"iiam ask 要用大模型。{problem}\n"
        "请在环境变量或当前文件夹的 .env 文件中设置 IIAM_LLM_BASE_URL（接口地址，多以 /v1 结尾）、"
        "IIAM_LLM_MODEL（模型名称）和 IIAM_LLM_API_KEY（密钥，本机服务多不需要），再用 iiam doctor 检查。\n"
        f"不用模型也可以查：iiam search 词句（查标准），iiam show {assessment} 子项编号（看依据与原话），"
        f"iiam grade {assessment}（看评分）。"
    )
