"""`iiam log`, `iiam export`, `iiam import`: the record itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    "topic_returned": "退回补问",
    "decision_made": "复核决定",
    "decision_withdrawn": "撤销决定",
    "document_added": "文件加入",
    "document_read": "文件读完",
    "document_withdrawn": "文件撤回",
    "signed_off": "签发",
    "reopened": "重新打开",
    "archived": "归档",
    "unarchived": "恢复",
    "justification_drafted": "判定说明起草",
    "justification_edited": "判定说明改写",
    "invitation_made": "邀请发出",
    "invitation_revoked": "邀请停用",
}


@command("log")
@click.argument("assessment", metavar="评估编号")
@click.option("--verify", is_flag=True, help="只校验哈希链，指出第一处不符的行")
@click.option("--json", "as_json", is_flag=True, help="逐行输出原始记录")
def log(assessment: str, verify: bool, as_json: bool) -> int:
    """查看一份评估的全部记录；--verify 校验记录是否被改动。"""
    from assistant.assessment.moments import to_the_second
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
    documents: dict[str, str] = {}
    for row in rows:
        text = _gist(row, documents)
        click.echo(f"{row.seq:>5}  {to_the_second(row.at)}  {row.actor}  {KINDS.get(row.kind, row.kind)}  {text}")
    return 0


def _gist(row: Row, documents: dict[str, str]) -> str:
    """What a row says, in a few words; a tampered payload is said to be unreadable, not hidden.

    `documents` (id -> name) is added to as files come up, so that an answer from one can name it.
    """
    try:
        event = json.loads(row.payload)
    except ValueError:
        return "（内容无法读取，请用 --verify 校验）"
    for key in ("text", "enterprise", "name", "reason"):
        if event.get(key):
            document = event.get("document")
            source = documents.get(document, "") if isinstance(document, str) else ""
            told = f"［《{source}》{event.get('place', '')}］" if source else ""
            return f"{event.get('subitem', '')} {told}{event[key]}".strip()[:120]
    if event.get("document"):
        return _document_gist(event, documents)
    for key in ("proposal", "decision"):
        inner = event.get(key)
        if isinstance(inner, dict):
            level = inner["level"]
            return f"{inner['subitem']} {'未定' if level is None and key == 'proposal' else '不适用' if level is None else f'L{level}'}"
    reading = event.get("reading")
    if isinstance(reading, dict):
        return f"第 {reading['answer']} 行的回答：{len(reading['findings'])} 处判断，{len(reading['rates'])} 个比例（{reading['engine']}）"
    return str(event.get("subitem", ""))


def _document_gist(event: dict[str, Any], documents: dict[str, str]) -> str:
    """A file added, or read to its end."""
    document = event["document"]
    if isinstance(document, dict):
        documents[document["id"]] = document["name"]
        return f"《{document['name']}》（{document['kind']}）{document['owner']} {document['date']}".strip()
    return f"《{documents.get(document, '')}》{event['statements']} 段，{event['heard']} 段与评估有关"


@command("export")
@click.argument("assessment", metavar="评估编号")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path, dir_okay=False))
def export(assessment: str, file: Path) -> None:
    """把一份评估导出为文件，可在另一台电脑上导入。文件名以 .zip 结尾时连同读入的文件一起导出，否则只有记录。"""
    from assistant.bootstrap import start

    bundled = file.suffix.lower() == ".zip"
    made = start().take_away(assessment, bundled=bundled)
    try:
        file.write_bytes(made.content)
    except OSError as error:
        raise InputError(f"文件 {file} 写不进去（{cause(error)}）。请换一个位置。") from error
    told = f"已导出 {made.rows} 行" + (f"和 {made.files} 个文件" if bundled else "")
    click.echo(f"{told}到 {file}。")
    for document in made.left if bundled else ():
        click.echo(f"《{document.name}》在数据文件夹中找不到或已被改动，没有导出；记录中的引文不受影响。", err=True)
    if made.left and not bundled:
        click.echo(
            f"另有读入的文件 {len(made.left)} 个没有包含。要一起带走：iiam export {assessment} {file.stem}.zip",
            err=True,
        )


@command("import")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path, dir_okay=False))
def import_(file: Path) -> None:
    """导入由 iiam export 导出的记录或 .zip；哈希链不完整的一律拒绝。"""
    from assistant.bootstrap import start

    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"文件 {file} 打不开（{cause(error)}）。请检查文件名。") from error
    made = start().bring_in(content)
    told = f"和 {made.files} 个文件" if made.files else ""
    click.echo(f"已导入 {made.state.id}，共 {made.rows} 行{told}，哈希链校验通过。")
