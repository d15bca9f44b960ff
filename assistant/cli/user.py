"""`iiam user`: who may sign in to the web app."""

from __future__ import annotations

import sys

import click

from assistant.cli.zh import LazyGroup, command
from assistant.errors import InputError

ROLES = {"assessor": "诊断顾问", "reviewer": "复核人", "admin": "管理员"}
STDIN = click.option("--password-stdin", "piped", is_flag=True, help="从标准输入读密码（第一行），供脚本用")

user = LazyGroup(
    "user",
    help="管理网页版的账号。有账号之后，网页版要求登录。",
    lazy={
        "add": ("assistant.cli.user:add", "建立账号"),
        "list": ("assistant.cli.user:list_all", "列出账号"),
        "passwd": ("assistant.cli.user:passwd", "更改密码"),
        "role": ("assistant.cli.user:change_role", "更改角色"),
        "disable": ("assistant.cli.user:disable", "停用账号，立即退出登录"),
        "enable": ("assistant.cli.user:enable", "重新启用账号"),
    },
)


@command("add")
@click.argument("name", metavar="姓名")
@click.option(
    "--role",
    type=click.Choice(list(ROLES)),
    required=True,
    metavar="角色",
    help="assessor 诊断顾问、reviewer 复核人、admin 管理员",
)
@STDIN
def add(name: str, role: str, piped: bool) -> None:
    """建立账号。姓名会写入评估记录，请用真实姓名；密码至少 10 位。"""
    from assistant.accounts.model import Role
    from assistant.bootstrap import start

    accounts = start().accounts
    first = not accounts.exist()
    made = accounts.add(name, Role(role), _password(piped))
    click.echo(f"已建立账号“{made.name}”（{ROLES[role]}）。")
    if first:
        click.echo("从现在起网页版要求登录。供同一网络使用：iiam serve --host 0.0.0.0", err=True)


@command("list")
def list_all() -> None:
    """列出全部账号。"""
    from assistant.bootstrap import start
    from assistant.cli.terminal import console, table

    found = start().accounts.all()
    if not found:
        click.echo("还没有账号。用 iiam user add 姓名 --role admin 建立第一个。")
        return
    from rich.markup import escape

    rows = table("姓名", "角色", "状态")
    for account in found:
        rows.add_row(escape(account.name), ROLES[account.role], "停用" if account.disabled else "启用")
    console().print(rows)


@command("passwd")
@click.argument("name", metavar="姓名")
@STDIN
def passwd(name: str, piped: bool) -> None:
    """更改密码；这个账号在各处的登录都会退出。"""
    from assistant.bootstrap import start

    accounts = start().accounts
    account = accounts.find(name)
    accounts.set_password(account.name, _password(piped))
    click.echo(f"已更改“{account.name}”的密码，请用新密码登录。")


@command("role")
@click.argument("name", metavar="姓名")
@click.argument("role", type=click.Choice(list(ROLES)), metavar="角色")
def change_role(name: str, role: str) -> None:
    """更改账号的角色：assessor 诊断顾问、reviewer 复核人、admin 管理员；立即生效。"""
    from assistant.accounts.model import Role
    from assistant.bootstrap import start

    changed = start().accounts.set_role(name, Role(role))
    click.echo(f"“{changed.name}”现在是{ROLES[changed.role]}。")


@command("disable")
@click.argument("name", metavar="姓名")
def disable(name: str) -> None:
    """停用账号：立即退出登录，不能再登录；记录中的姓名不变。"""
    from assistant.bootstrap import start

    click.echo(f"已停用账号“{start().accounts.disable(name).name}”。")


@command("enable")
@click.argument("name", metavar="姓名")
def enable(name: str) -> None:
    """重新启用停用的账号。"""
    from assistant.bootstrap import start

    click.echo(f"已启用账号“{start().accounts.disable(name, False).name}”，可以登录。")


def _password(piped: bool) -> str:
    """Asked twice without echo, or the first line of standard input. Raises InputError."""
    if piped:
        return sys.stdin.readline().removesuffix("\n").removesuffix("\r") if sys.stdin else ""
    if sys.stdin is None or not sys.stdin.isatty():
        raise InputError("这里不是终端，无法询问密码。请加上 --password-stdin，从标准输入给出密码。")
    first: str = click.prompt("密码（不显示）", hide_input=True, prompt_suffix="：")
    if first != click.prompt("再输一次", hide_input=True, prompt_suffix="："):
        raise InputError("两次输入的密码不一样，没有保存。请重新运行。")
    return first
