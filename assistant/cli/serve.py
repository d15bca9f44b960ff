"""`iiam serve`: the web app."""

from __future__ import annotations

import click

from assistant.cli.zh import command


@command("serve")
@click.option(
    "--host", default="127.0.0.1", metavar="地址", help="默认 127.0.0.1，只供本机；0.0.0.0 供同一网络（先建账号）"
)
@click.option(
    "--port", default=None, type=click.IntRange(1, 65535), metavar="端口", help="默认 7860，被占用时用下一个空闲的"
)
def serve(host: str, port: int | None) -> None:
    """打开网页版：访谈、复核、结果。准备好后打印地址，按 Ctrl-C 停止。"""
    from assistant.bootstrap import start
    from assistant.web.serve import run

    run(start(), host, port, click.echo)
