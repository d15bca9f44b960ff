"""`iiam report`, `iiam replay`: documents to hand in, and a grade computed anew from one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.zh import command
from assistant.errors import IiamError, InputError, cause

if TYPE_CHECKING:
    from assistant.bootstrap import App
    from knowledge.policy import ScoringPolicy

FORMATS = ("docx", "xlsx", "pdf", "json")
FILE = click.Path(path_type=Path, dir_okay=False)
UNFIT = re.compile(r'[\\/:*?"<>|\s]+')
NAME_LIMIT = 60


@command("report")
@click.argument("assessment", metavar="[评估编号]", required=False)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), metavar="格式", help="docx、xlsx、pdf 或 json；不写时按文件名判断"
)
@click.option("--out", type=click.Path(path_type=Path), metavar="文件", help="写到哪个文件；与 --all 一起用时是文件夹")
@click.option("--all", "everything", is_flag=True, help="为全部评估各出一份")
@click.option("--template", type=FILE, metavar="模板", help="用自己的 Word 模板")
@click.option("--policy", default="", metavar="政策", help="评分政策：自带政策的编号或 YAML 文件")
@click.option("--write-template", "template_to", type=FILE, metavar="文件", help="取出自带的 Word 模板，供修改")
def report(
    assessment: str | None,
    form: str | None,
    out: Path | None,
    everything: bool,
    template: Path | None,
    policy: str,
    template_to: Path | None,
) -> int:
    """出报告：Word、Excel、PDF 或 JSON。没有签发的评估也能出，注明待确认。"""
    if template_to is not None:
        from assistant.reports.docx import TEMPLATE

        _write(template_to, TEMPLATE.read_bytes())
        click.echo(f"自带模板已写到 {template_to}。改好后用 --template 指定它。")
        return 0
    if (assessment is None) is not everything:
        raise InputError("请给出一个评估编号，或用 --all 为全部评估出报告，两者选一。")
    if out is None:
        raise InputError("请用 --out 指定写到哪里，如 --out 报告.docx；与 --all 一起用时是文件夹。")
    form = form or ("docx" if everything else out.suffix.lstrip(".").lower())
    if form not in FORMATS:
        raise InputError(f"认不出 {out.name} 是哪种格式，请用 --format 指定 {'、'.join(FORMATS)} 之一。")
    if template is not None and form != "docx":
        raise InputError("--template 只用于 docx 格式。")
    from assistant.bootstrap import start
    from knowledge.policy import load_policy

    app = start()
    chosen = load_policy(policy, app.standard, app.folder) if policy else None
    if assessment is not None:
        _write(out, _made(app, assessment, form, chosen, template))
        click.echo(f"已写到 {out}。")
        return 0
    return _all(app, app.store.assessments(), form, chosen, template, out)


def _made(app: App, name: str, form: str, policy: ScoringPolicy | None, template: Path | None) -> bytes:
    from assistant.reports.render import render

    return render(app.report(name, policy), form, app.standard, template)


def _all(
    app: App, names: Sequence[str], form: str, policy: ScoringPolicy | None, template: Path | None, out: Path
) -> int:
    """One report for each assessment, with progress; what fails is named, and the others go on."""
    if not names:
        click.echo("还没有评估，没有报告可出。")
        return 0
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"文件夹 {out} 无法建立（{cause(error)}）。请换一个位置。") from error
    failed = []
    for number, name in enumerate(names, start=1):
        try:
            made = _made(app, name, form, policy, template)
            enterprise = UNFIT.sub("_", app.assessment(name).opened.enterprise)[:NAME_LIMIT]
            file = out / f"{name}-{enterprise}.{form}"
            _write(file, made)
            click.echo(f"[{number}/{len(names)}] {file.name}", err=True)
        except IiamError as error:
            failed.append(name)
            click.echo(f"[{number}/{len(names)}] {name} 没有出成：{error}", err=True)
    click.echo(f"共 {len(names)} 份评估，写出 {len(names) - len(failed)} 份到 {out}。")
    if failed:
        click.echo(f"没有出成的：{'、'.join(failed)}")
    return int(bool(failed))


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InputError(f"文件 {file} 写不进去（{cause(error)}）。请换一个位置，或关闭正在打开它的程序。") from error


@command("replay")
@click.argument("file", metavar="文件", type=FILE)
@click.option("--policy", default="", metavar="政策", help="重算评估记录时的评分政策；JSON 报告用它自带的")
def replay(file: Path, policy: str) -> int:
    """离线重算：由 JSON 报告或导出的评估记录重新计算等级，说明与原来是否一致。"""
    from assistant.bootstrap import start
    from assistant.reports.replay import replay as compute
    from knowledge.policy import load_policy

    try:
        text = file.read_bytes().decode()
    except OSError as error:
        raise InputError(f"文件 {file} 打不开（{cause(error)}）。请检查文件名。") from error
    except UnicodeDecodeError as error:
        raise InputError(f"文件 {file} 不是 UTF-8 文本，不是 JSON 报告，也不是评估记录。") from error
    app = start()
    chosen = load_policy(policy, app.standard, app.folder) if policy else app.policy
    result = compute(text, app.standard, chosen)
    level = (
        f"L{result.grade.level} {app.standard.levels[result.grade.level - 1].name}"
        if result.grade.level
        else "尚无等级"
    )
    click.echo(
        f"{result.what}，重算结果：{level}，得分 {result.grade.shown or '—'}（精确值 {result.grade.score or '—'}）"
    )
    for difference in result.differences:
        click.echo(f"不一致：{difference}。")
    if result.differences:
        return 1
    click.echo("一致。" if result.stated else "记录的哈希链完整；它还没有签发，没有可比对的等级。")
    return 0
