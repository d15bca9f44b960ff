"""`iiam interview`: an interview in the terminal, resumed at the exact question after any interruption."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from unicodedata import normalize

import click

from assistant.cli import zh
from assistant.errors import InputError, RecordError, StorageError
from assistant.interview.commands import Word, command

if TYPE_CHECKING:
    from assistant.bootstrap import App

PROMPT = "› "


@zh.command("interview")
@click.argument("assessment", metavar="[评估编号]", required=False)
@click.option("--role", default="", metavar="岗位", help="受访人岗位，如 设备主任；只问这个岗位能回答的话题")
@click.option("--name", default="", metavar="姓名", help="受访人姓名")
@click.option("--topic", default="", metavar="编号", help="从指定的能力子项开始，如 5.1")
def interview(assessment: str | None, role: str, name: str, topic: str) -> None:
    """访谈：不给编号时可新建评估，或接着上次的继续。随时输入 /退出 离开，下次从原来的问题接着问。"""
    from rich.markup import escape

    from assistant.bootstrap import start
    from assistant.cli.dialogue import Dialogue
    from assistant.cli.terminal import console, listener

    app, out, hear = start(), console(), listener()
    try:
        chosen = assessment or _choose(app, out.print, hear)
        session = app.interview(chosen)
        session.check_live()
        with app.presence(chosen) as alone:
            if not alone:
                out.print(
                    "[yellow]另一个终端正在进行这份评估的访谈。两边都可以继续，每个回答都会保存，不会互相覆盖。[/]"
                )
            if app.endpoint_problem:
                out.print(f"[yellow]{escape(app.endpoint_problem)}这次访谈先用规则引擎。[/]")
            if session.standard_changed:
                out.print("[yellow]标准数据自建立评估以来有修订，建议等级按现在的数据给出。[/]")
            if role and not app.guide.roles_of(role):
                listed = "、".join(app.guide.roles)
                out.print(f"[yellow]提纲里没有与“{escape(role)}”对应的岗位，全部话题都会问。可用的岗位：{listed}。[/]")
            if name or role or session.respondent is None:
                session.speak_as(name or "受访人", role)
            if topic:
                session.resume(topic)
            Dialogue(app, session, out, hear).run()
    except EOFError:
        out.print("\n已退出。回答都已保存，再次运行 iiam interview 即可接着问。")


def _choose(app: App, say: Callable[..., None], hear: Callable[[str], str]) -> str:
    from rich.markup import escape

    known = app.store.assessments()
    if known:
        say("已有的评估：")
        numbered = {str(number): name for number, name in enumerate(known, start=1)}
        for number, name in numbered.items():
            say(f"  {number}. {escape(_enterprise(app, name))}  [dim]{escape(name)}[/]")
        say("输入序号接着访谈，直接回车新建一份，/退出 离开。")
        while reply := normalize("NFKC", hear(PROMPT)).strip():
            if reply in known:
                return reply
            if reply in numbered:
                return numbered[reply]
            _may_leave(reply)
            say(f"没有“{escape(reply)}”。请输入 1 到 {len(known)} 的序号，或直接回车新建。")
    while True:
        say("新建评估。企业名称？")
        try:
            enterprise = hear(PROMPT)
            _may_leave(enterprise)
            return app.open_assessment(enterprise)
        except InputError as error:
            say(str(error))


def _may_leave(reply: str) -> None:
    """Raises EOFError for `/退出`; other words are no commands here."""
    try:
        typed = command(reply)
    except InputError:
        return
    if typed is not None and typed.word == Word.LEAVE:
        raise EOFError


def _enterprise(app: App, name: str) -> str:
    """Whose assessment it is; one that cannot be read does not close the others."""
    try:
        return app.assessment(name).opened.enterprise
    except (RecordError, StorageError):
        return "（记录读不出来，用 iiam log 查看）"
