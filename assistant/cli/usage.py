"""`iiam usage`: what the model has cost an assessment, from its record."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from assistant.cli.zh import command
from assistant.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.assessment.usage import Spent
    from assistant.reports.usage import Prices, UsageView

PURPOSE = {
    "read": "解读回答",
    "repair": "改正解读",
    "phrase": "措辞提问",
    "explain": "解释问题",
    "justify": "起草依据",
}


class _Price(click.ParamType[Decimal]):
    """A price of a million tokens: a decimal number, not below zero."""

    name = "价格"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The price as typed."""
        try:
            price = Decimal(value)
        except InvalidOperation:
            self.fail("", param, ctx)
        if not price.is_finite() or price < 0:
            self.fail("", param, ctx)
        return price


PRICE = _Price()


@command("usage")
@click.argument("assessment", metavar="评估编号")
@click.option("--price-in", type=PRICE, metavar="价格", help="每百万输入 token 的价格；给出后算费用")
@click.option("--price-out", type=PRICE, metavar="价格", help="每百万输出 token 的价格")
@click.option("--price-cached", type=PRICE, metavar="价格", help="每百万命中缓存的输入 token 的价格；不填按输入价")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def usage(
    assessment: str, price_in: Decimal | None, price_out: Decimal | None, price_cached: Decimal | None, as_json: bool
) -> None:
    """查看一份评估调用模型的次数、token、耗时与费用；只依据记录，不联网。"""
    from assistant.bootstrap import start
    from assistant.cli.terminal import console
    from assistant.reports.usage import usage_view

    prices = _prices(price_in, price_out, price_cached)
    view = usage_view(start().assessment(assessment), prices)
    if as_json:
        click.echo(view.model_dump_json(indent=1))
    else:
        _show(view, console())


def _prices(price_in: Decimal | None, price_out: Decimal | None, price_cached: Decimal | None) -> Prices | None:
    from assistant.reports.usage import Prices

    if price_in is None and price_out is None and price_cached is None:
        return None
    if price_in is None or price_out is None:
        raise InputError("算费用要同时给出 --price-in 和 --price-out（每百万 token 的价格）。")
    return Prices(tokens_in=price_in, tokens_out=price_out, cached=price_in if price_cached is None else price_cached)


def _show(view: UsageView, out: Console) -> None:
    from rich.markup import escape

    from assistant.cli.terminal import flow

    out.rule(f"{escape(view.enterprise)} · 模型用量")
    if view.lines:
        _table(view, out)
        if not view.total.tokens:
            flow(out, "[yellow]接口没有报告 token 用量，只有次数和耗时。运行 iiam doctor 可查看原因。[/]")
    if view.per_answer is not None:
        each = view.per_answer
        cost = f"，费用 {_money(each.cost)}" if each.cost is not None else ""
        flow(
            out,
            f"平均每个回答（共 {view.with_model} 个经过模型）：调用 {each.calls:.2f} 次，输入 {each.tokens_in:,.0f}、"
            f"输出 {each.tokens_out:,.0f} token，{each.seconds:.1f} 秒{cost}。",
        )
    else:
        flow(out, f"这份评估的 {view.answers} 个回答都由规则引擎解读，没有用到模型。")
    if view.failures:
        out.print("\n[bold]失败的调用[/]")
        for reason, times in view.failures.items():
            flow(out, f"  {times:>4} 次  {escape(reason)}")
    if view.fallbacks:
        out.print("\n[bold]改由规则引擎完成[/]")
        for fallback in view.fallbacks:
            flow(out, f"  解读 {fallback.readings} 个回答，提问 {fallback.questions} 次  {escape(fallback.reason)}")


def _table(view: UsageView, out: Console) -> None:
    from rich.markup import escape
    from rich.table import Column, Table

    titles = ("调用", "失败", "输入", "缓存", "输出", "秒", *(("费用",) if view.cost is not None else ()))
    numbers = (Column(title, justify="right", no_wrap=True) for title in titles)
    rows = Table(Column("用途", no_wrap=True), Column("模型", overflow="fold"), *numbers, show_footer=False)
    for line in view.lines:
        rows.add_row(PURPOSE[line.purpose], escape(line.model), *_cells(line.spent, line.cost))
    rows.add_section()
    rows.add_row("合计", "", *_cells(view.total, view.cost), style="bold")
    out.print(rows)


def _cells(used: Spent, cost: Decimal | None) -> tuple[str, ...]:
    from assistant.reports.usage import cached_share

    share = cached_share(used)
    cells = (
        f"{used.calls:,}",
        f"{used.failed:,}" if used.failed else "",
        f"{used.tokens_in:,}",
        "—" if share is None else f"{share:.0%}",
        f"{used.tokens_out:,}",
        f"{used.millis / 1000:,.1f}",
    )
    return cells if cost is None else (*cells, _money(cost))


def _money(amount: Decimal) -> str:
    return f"{amount:,.4f}"
