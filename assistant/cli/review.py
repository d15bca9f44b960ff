"""`iiam confirm`: a human decides."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

from assistant.cli.zh import command
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.bootstrap import App
    from assistant.review.decisions import Review


@command("confirm")
@click.argument("assessment", metavar="评估编号")
@click.argument("subitems", metavar="[子项编号]…", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="确认全部已有建议等级且尚未复核的子项，并列出其中带标记的")
@click.option("--level", type=click.IntRange(1, 5), metavar="1-5", help="改为这个等级（与建议不同时要写理由）")
@click.option("--na", "not_applicable", is_flag=True, help="定为不适用（要写理由）")
@click.option("--score", metavar="分数", help="在等级分数段内另定得分（要写理由）")
@click.option("--reason", default="", metavar="理由", help="理由")
@click.option("--withdraw", is_flag=True, help="撤销已作的决定")
@click.option("--by", "reviewer", default="", metavar="姓名", help="复核人姓名")
def confirm(
    assessment: str,
    subitems: tuple[str, ...],
    everything: bool,
    level: int | None,
    not_applicable: bool,
    score: str | None,
    reason: str,
    withdraw: bool,
    reviewer: str,
) -> None:
    """复核：确认建议等级；--level 改等级，--na 定为不适用，--withdraw 撤销。没有复核就不是最终结果。"""
    from assistant.bootstrap import start
    from assistant.cli.words import level_name

    app = start()
    review = app.review(assessment, reviewer)
    if everything:
        if subitems or level or not_applicable or withdraw or score is not None:
            raise InputError("--all 只用于确认全部建议，不能与子项编号或其他更改一起用。")
        subitems = _ready(app, review)
    if not subitems:
        raise InputError("请给出要复核的子项编号，如 iiam confirm 编号 1.1；或用 --all 确认全部建议。")
    unknown = [code for code in subitems if code not in app.standard.subitems]
    if unknown:
        raise InputError(f"没有能力子项“{'、'.join(unknown)}”。用 iiam standard 查看全部编号。")
    if level is not None and not_applicable:
        raise InputError("--level 与 --na 不能同时使用。")
    if not_applicable and score is not None:
        raise InputError("定为不适用的子项没有得分，--na 与 --score 不能同时使用。")
    if withdraw and (missing := [code for code in subitems if code not in review.state.decisions]):
        raise InputError(f"{'、'.join(missing)} 没有可撤销的决定，什么都没有撤销。")
    marked = _flagged(app, review, subitems) if not (withdraw or not_applicable) else {}
    for code in subitems:
        if withdraw:
            review.withdraw(code)
            click.echo(f"{code} 已撤销决定。")
            continue
        if not_applicable:
            decision = review.decide(code, None, reason)
        elif level is not None or score is not None:
            proposal = review.state.proposals.get(code)
            chosen = level if level is not None else proposal.level if proposal else None
            if chosen is None:
                raise InputError(f"{code} 还没有建议等级，另定得分时请同时用 --level 指定等级。")
            decision = review.decide(code, chosen, reason, _score(score))
        else:
            decision = review.confirm(code)
        what = "不适用" if decision.level is None else level_name(app.standard, code, decision.level)
        marks = f"　标记：{marked[code]}" if code in marked else ""
        click.echo(f"{code} {app.standard.subitems[code].name}：{what}{marks}")
    if everything and marked:
        click.echo(
            f"已确认的 {len(subitems)} 项中，有 {len(marked)} 项带标记：{'、'.join(marked)}。"
            f"请逐项核对（iiam show {assessment} {next(iter(marked))}），"
            f"要撤销：iiam confirm {assessment} {next(iter(marked))} --withdraw"
        )


def _ready(app: App, review: Review) -> tuple[str, ...]:
    """Sub-items with a proposed level that nobody has decided. Raises InputError when there is none."""
    levelled = [c for c in app.standard.subitems if (p := review.state.proposals.get(c)) and p.level is not None]
    ready = tuple(code for code in levelled if code not in review.state.decisions)
    if not ready:
        raise InputError("没有待确认的建议等级。用 iiam show 查看，或继续访谈。")
    return ready


def _flagged(app: App, review: Review, codes: tuple[str, ...]) -> Mapping[str, str]:
    """What a reviewer should look at with their own eyes before deciding, of those sub-items where there is something."""
    from assistant.interview.turn import ledgers_of
    from assistant.review.flags import look

    state = review.state
    ledgers = ledgers_of(app.standard, state)
    flags = {code: look(state, app.standard, ledgers[code]).flags for code in codes}
    return {code: "、".join(found) for code, found in flags.items() if found}


def _score(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        score = Decimal(text)
    except InvalidOperation:
        score = Decimal("NaN")
    if not score.is_finite():
        raise InputError(f"得分“{text}”不是数字。")
    return score
