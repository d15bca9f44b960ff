"""Click in Chinese: headings, usage and the errors of a mistyped command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from unicodedata import east_asian_width

import click

HELP_OPTION = click.Option(["-h", "--help"], is_flag=True, is_eager=True, expose_value=False, help="显示帮助")


def _show_help(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help())
        ctx.exit()


HELP_OPTION.callback = _show_help


class _Formatter(click.HelpFormatter):
    """Columns that stand straight: click counts characters, and a Chinese one is two columns wide."""

    def write_heading(self, heading: str) -> None:
        """A heading with a Chinese colon."""
        self.write(f"{heading}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Two columns; the second is left to the terminal to fold."""
        rows = list(rows)
        first = min(max(_columns(term) for term, _ in rows), col_max) + col_spacing
        for term, text in rows:
            gap = max(first - _columns(term), col_spacing)
            self.write(f"{'':{self.current_indent}}{term}{'':{gap}}{text}\n")


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


class _Context(click.Context):
    formatter_class = _Formatter


class _Chinese(click.Command):
    """Help in Chinese headings."""

    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The help option, with Chinese help."""
        return HELP_OPTION

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """`用法：iiam ...`."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Usage with the options' placeholder in Chinese."""
        return [
            p.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 …")
            for p in super().collect_usage_pieces(ctx)
        ]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options under a Chinese heading."""
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        rows = [record for p in options if (record := p.get_help_record(ctx))]
        if rows:
            with formatter.section("选项"):
                formatter.write_dl(rows)


class Command(_Chinese):
    """A command with Chinese help."""


class LazyGroup(_Chinese, click.Group):
    """A group whose commands are named with their one-line help and imported when used."""

    def __init__(self, *args: Any, lazy: dict[str, tuple[str, str]] | None = None, **kwargs: Any) -> None:
        """`lazy`: command name -> (`module:attribute`, one-line help)."""
        super().__init__(*args, **kwargs)
        self._lazy = lazy or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Commands in the order given."""
        return [*self._lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command when it is a lazy one."""
        if cmd_name not in self._lazy:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self._lazy[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands with their one-line help, without importing any."""
        rows = [(name, text) for name, (_, text) in self._lazy.items()]
        rows += [(name, c.get_short_help_str()) for name in super().list_commands(ctx) if (c := self.commands[name])]
        with formatter.section("命令"):
            formatter.write_dl(rows)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then commands."""
        _Chinese.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)


def command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Decorator: a command with Chinese help."""
    return click.command(name, cls=Command)


def usage_message(error: click.ClickException) -> str:
    """A click error in Chinese, with what to do."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    param = getattr(error, "param", None)
    name = param.opts[-1] if isinstance(param, click.Option) else getattr(param, "human_readable_name", "")
    match error:
        case click.NoSuchOption():
            text = f"没有选项 {error.option_name}。"
        case click.MissingParameter():
            text = f"缺少参数 {name}。"
        case click.BadParameter():
            text = f"参数 {name} 的值不合用{_wanted(param)}。"
        case click.BadOptionUsage():
            text = f"选项 {error.option_name} 用法有误，可能缺少它的值。"
        case click.FileError():
            text = f"文件 {error.ui_filename} 打不开。"
        case click.UsageError():
            text = _plain_usage(error)
        case _:
            text = error.format_message()
    ctx = getattr(error, "ctx", None)
    return f"{text}\n查看用法：{ctx.command_path} --help" if ctx is not None else text


def _wanted(param: click.Parameter | None) -> str:
    match getattr(param, "type", None):
        case click.IntRange(min=low, max=high):
            return f"，须是 {low} 到 {high} 的整数"
        case click.Path(dir_okay=False):
            return "，须是能读写的文件，不能是文件夹"
        case _:
            return ""


def _plain_usage(error: click.UsageError) -> str:
    text = error.message
    if "No such command" in text:
        return f"没有命令 {text.partition(chr(39))[2].partition(chr(39))[0]}。"
    if "unexpected extra argument" in text:
        return f"多出了参数：{text.rpartition('(')[2].rstrip(').')}。"
    return text if not text.isascii() else "命令用法有误。"


@contextmanager
def quiet_pipe() -> Iterator[None]:
    """A reader that closes the pipe early (`| head`) is no error; click and Rich both make it a SystemExit(1)."""
    try:
        yield
    except (BrokenPipeError, SystemExit):
        raise SystemExit(0) from None
