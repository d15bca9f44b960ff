"""`iiam guide`: the interview outline on screen, as Markdown or as a Word document."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.zh import command
from assistant.errors import InputError


@command("guide")
@click.option("--role", default="", metavar="岗位", help="只列这个岗位能回答的话题，如 设备主任")
@click.option("--domain", default="", metavar="能力域", help="只列这个能力域")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="文件",
    help="写入文件：.md 或 .docx；不给则打印到屏幕",
)
def guide(role: str, domain: str, out: Path | None) -> None:
    """打印访谈提纲：开场、追问、可要的材料、用语解释、不算数的与易错之处。"""
    from assistant.bootstrap import start
    from assistant.reports.outline import outline, to_markdown

    app = start()
    sheet = outline(app.standard, app.guide, role=role, domain=domain)
    if out is None:
        click.echo(to_markdown(sheet))
        return
    if out.suffix == ".docx":
        from assistant.reports.outline_docx import write_docx

        write_docx(sheet, out)
    elif out.suffix in (".md", ".markdown"):
        try:
            out.write_text(to_markdown(sheet), encoding="utf-8")
        except OSError as error:
            raise InputError(f"文件 {out} 写不进去（{error.strerror}）。请换一个位置。") from error
    else:
        raise InputError("只能写成 .md 或 .docx 文件。")
    click.echo(f"已写入 {out}，共 {len(sheet.topics)} 个话题。")
