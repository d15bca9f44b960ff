"""`iiam log`, `iiam export`, `iiam import`: the record itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.zh import command
from assistant.errors import InputError, NotFoundError, cause

if TYPE_CHECKING:
    from assistant.assessment.record import Row

KINDS = {
    "opened": "建立评估",
    "respondent_joined": "受访人加入",
    "question_asked": "提问",
    "answer_given": "回答",
    "reading_made": "解读",
    "level_proposed": "建议",
    "topic_set_aside": "话题搁置",
    "topic_resumed": "话题重启",
    "decision_made": "复核决定",
    "decision_withdrawn": "撤销决定",
    "signed_off": "签发",
    "reopened": "重新打开",
}


@command("log")
@click.argument("assessment", metavar="评估编号")
@click.option("--verify", is_flag=True, help="只校验哈希链，指出第一处不符的行")
@click.option("--json", "as_json", is_flag=True, help="逐行输出原始记录")
def log(assessment: str, verify: bool, as_json: bool) -> int:
    """查看一份评估的全部记录；--verify 校验记录是否被改动。"""
    from assistant.assessment.record import export_rows, first_broken
    from assistant.bootstrap import start

    app = start()
    rows = app.store.read(assessment)
    if not rows:
        raise NotFoundError(f"没有编号为“{assessment}”的评估。用 iiam list 查看全部评估。")
    if verify:
        broken = first_broken(rows)
        if broken:
            click.echo(f"校验失败：第 {broken[0]} 行，{broken[1]}。")
            return 1
        click.echo(f"校验通过：共 {len(rows)} 行，末行哈希 {rows[-1].hash}。")
        return 0
    if as_json:
        click.echo(export_rows(rows), nl=False)
        return 0
    for row in rows:
        text = _gist(row)
        click.echo(
            f"{row.seq:>5}  {row.at[:19].replace('T', ' ')}  {row.actor}  {KINDS.get(row.kind, row.kind)}  {text}"
        )
    return 0


def _gist(row: Row) -> str:
    """What a row says, in a few words; a tampered payload is said to be unreadable, not hidden."""
    try:
        event = json.loads(row.payload)
    except ValueError:
        return "（内容无法读取，请用 --verify 校验）"
    for key in ("text", "enterprise", "name", "reason"):
        if event.get(key):
            return f"{event.get('subitem', '')} {event[key]}".strip()[:120]
    for key in ("proposal", "decision"):
        inner = event.get(key)
        if isinstance(inner, dict):
            level = inner["level"]
            return f"{inner['subitem']} {'未定' if level is None and key == 'proposal' else '不适用' if level is None else f'L{level}'}"
    reading = event.get("reading")
    if isinstance(reading, dict):
        return f"第 {reading['answer']} 行的回答：{len(reading['findings'])} 处判断，{len(reading['rates'])} 个比例（{reading['engine']}）"
    return str(event.get("subitem", ""))


@command("export")
@click.argument("assessment", metavar="评估编号")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path, dir_okay=False))
def export(assessment: str, file: Path) -> None:
    """把一份评估的记录导出为文件，可在另一台电脑上导入。"""
    from assistant.assessment.record import export_rows, first_broken
    from assistant.bootstrap import start

    rows = start().store.read(assessment)
    if not rows:
        raise NotFoundError(f"没有编号为“{assessment}”的评估。用 iiam list 查看全部评估。")
    broken = first_broken(rows)
    if broken:
        raise InputError(
            f"记录第 {broken[0]} 行校验失败（{broken[1]}），不能导出。用 iiam log {assessment} --verify 查看。"
        )
    try:
        file.write_bytes(export_rows(rows).encode())
    except OSError as error:
        raise InputError(f"文件 {file} 写不进去（{cause(error)}）。请换一个位置。") from error
    click.echo(f"已导出 {len(rows)} 行到 {file}。")


@command("import")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path, dir_okay=False))
def import_(file: Path) -> None:
    """导入由 iiam export 导出的记录；哈希链不完整的一律拒绝。"""
    from assistant.assessment.record import import_rows
    from assistant.bootstrap import start

    try:
        text = file.read_bytes().decode()
    except OSError as error:
        raise InputError(f"文件 {file} 打不开（{cause(error)}）。请检查文件名。") from error
    except UnicodeDecodeError as error:
        raise InputError(f"文件 {file} 不是 UTF-8 文本，不是由 iiam export 导出的记录。") from error
    rows = import_rows(text)
    store = start().store
    if store.read(rows[0].assessment):
        raise InputError(f"本机已有编号为 {rows[0].assessment} 的评估，没有导入，已有的记录没有改动。")
    store.append(rows)
    click.echo(f"已导入 {rows[0].assessment}，共 {len(rows)} 行，哈希链校验通过。")
