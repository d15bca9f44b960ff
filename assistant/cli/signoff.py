"""`iiam signoff`, `iiam reopen`: sealing an assessment, and breaking the seal for a reason."""

from __future__ import annotations

import click

from assistant.assessment.text import one_line
from assistant.cli.zh import command
from assistant.errors import InputError


@command("signoff")
@click.argument("assessment", metavar="评估编号")
@click.option("--by", "reviewer", default="", metavar="姓名", help="复核人姓名；不写时用当前操作人")
@click.option("--policy", default="", metavar="政策", help="评分政策：自带政策的编号或 YAML 文件")
@click.option("--check", is_flag=True, help="只检查，不签发")
@click.option("--accept", is_flag=True, help="已看过提醒，仍然签发")
def signoff(assessment: str, reviewer: str, policy: str, check: bool, accept: bool) -> int:
    """签发：逐条检查后封存评估。此后任何改动都会被拒绝，除非写明理由重新打开。"""
    from assistant.bootstrap import start
    from assistant.review.signoff import Severity, check_signoff
    from knowledge.policy import load_policy

    app = start()
    review = app.review(assessment, reviewer)
    chosen = load_policy(policy, app.standard, app.folder) if policy else app.policy_of(review.state)
    if check:
        findings = check_signoff(review.state, app.standard, chosen)
        for finding in findings:
            click.echo(f"{'必须处理' if finding.severity == Severity.BLOCK else '提醒'}：{finding}")
        if not findings:
            click.echo("没有问题，可以签发。")
        return int(any(f.severity == Severity.BLOCK for f in findings))
    signer = one_line(reviewer) or app.actor
    if why := app.hindrance(assessment, signer):
        raise InputError(why)
    made = review.sign_off(chosen, signer, accept=accept)
    name = app.standard.levels[made.level - 1].name
    click.echo(f"已签发：L{made.level} {name}，复核人 {made.reviewer}，封存记录 {review.state.tail.hash}。")
    click.echo(f"出正式报告：iiam report {assessment} --format pdf --out 报告.pdf", err=True)
    return 0


@command("reopen")
@click.argument("assessment", metavar="评估编号")
@click.option("--reason", default="", metavar="理由", help="为什么要改动（必填）")
@click.option("--by", "reviewer", default="", metavar="姓名", help="复核人姓名")
def reopen(assessment: str, reason: str, reviewer: str) -> None:
    """重新打开已签发的评估；理由写入记录，原来的签发保留在记录中。"""
    from assistant.bootstrap import start

    start().review(assessment, reviewer).reopen(reason)
    click.echo("已重新打开，可以继续访谈和复核。改完后请再次签发。")
