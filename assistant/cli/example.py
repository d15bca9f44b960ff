"""`iiam example`: a complete assessment to look around in."""

from __future__ import annotations

import click

from assistant.cli.zh import command


@command("example")
def example() -> None:
    """载入示例：一家虚构企业的完整评估，含访谈、建议和大部分复核。每次载入都是新的一份。"""
    from assistant.bootstrap import start

    app = start()
    name = app.load_example()
    state = app.assessment(name)
    click.echo(name)
    click.echo(
        f"已载入示例“{state.opened.enterprise}”：{len(state.answers)} 次回答，已复核 {len(state.decisions)} 项。\n"
        f"可以试试：iiam show {name}　iiam grade {name}　iiam report {name} --out 示例报告.docx",
        err=True,
    )
