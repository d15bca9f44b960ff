"""`iiam doctor`: is everything in place? First this machine, then the model endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from assistant.cli.zh import command
from assistant.errors import IiamError, InputError, cause

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.bootstrap import App
    from assistant.engines.llm.doctor import Check, Examined

MARK = {
    "ok": "[green]正常[/]",
    "warn": "[yellow]注意[/]",
    "bad": "[bold red]问题[/]",
    "skipped": "[dim]略过[/]",
}
HOW = """没有配置大模型接口：由规则引擎解读回答，不联网也能完成访谈。

要用大模型，把以下三行写进当前文件夹的 .env 文件，再运行一次 iiam doctor：

  IIAM_LLM_BASE_URL=https://接口地址/v1
  IIAM_LLM_API_KEY=密钥
  IIAM_LLM_MODEL=模型名称

例如本机的 Ollama（不需要密钥）：

  IIAM_LLM_BASE_URL=http://127.0.0.1:11434/v1
  IIAM_LLM_MODEL=qwen3:8b"""


@command("doctor")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def doctor(as_json: bool) -> int:
    """检查本机与大模型接口：哪些可用、选用了什么、其余怎么办。没有配置接口时不联网。"""
    from assistant.bootstrap import start
    from assistant.cli.terminal import console

    app, out = start(), console()
    found: list[Check] = []

    def tell(check: Check) -> None:
        found.append(check)
        if not as_json:
            _show(check, out)

    if not as_json:
        out.print("[bold]本机[/]")
    for check in _local(app):
        tell(check)
    if not as_json:
        _title(app, out)
    examined = examine_endpoint(app, tell)
    bad = sum(check.state == "bad" for check in found)
    if as_json:
        listed = [asdict(check) for check in found]
        chosen = {k: v for k, v in asdict(examined).items() if k != "checks"} if examined else None
        click.echo(json.dumps({"checks": listed, "chosen": chosen}, ensure_ascii=False, indent=1))
    else:
        _conclude(app, examined, bad, out)
    return 1 if bad else 0


def _local(app: App) -> Iterator[Check]:
    yield _tried("数据文件夹", lambda: _folder(app))
    yield _tried("数据库", lambda: f"可以读写，已有 {len(app.store.assessments())} 份评估")
    yield _tried("标准", lambda: f"{app.standard.title}，与原文逐字一致")
    yield _tried("访谈提纲", lambda: f"覆盖 {len(app.guide.subitems)} 个能力子项")
    yield _tried("评分政策", lambda: f"{app.policy.id} v{app.policy.version}")
    yield _tried("检索", lambda: _search(app))
    if app.settings.embed_base_url and app.settings.embed_model:
        yield _tried(
            "向量接口", lambda: f"{app.settings.embed_model} 可用，{len(app.embedder.embed(['联网'])[0])} 维", "warn"
        )


def _tried(name: str, look: Callable[[], str], otherwise: str = "bad") -> Check:
    """A check that is good when looking raises nothing."""
    from assistant.engines.llm.doctor import Check, State
    from knowledge.errors import KnowledgeError

    try:
        return Check(name, State.OK, look())
    except (IiamError, KnowledgeError) as error:
        return Check(name, State(otherwise), str(error))


def _folder(app: App) -> str:
    from tempfile import TemporaryFile

    home = app.settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=home) as trial:
            trial.write(b"iiam")
    except OSError as error:
        raise InputError(f"{home} 写不进去（{cause(error)}）。请用 IIAM_HOME 指定一个可写的文件夹。") from error
    return f"{home} 可写"


def _search(app: App) -> str:
    notes: list[str] = []
    with closing(app.searcher(notes.append)) as searcher:
        hits = searcher.search(next(iter(app.standard.subitems.values())).name)
    return "；".join((f"索引可用，试查得到 {len(hits)} 条", *notes))


def examine_endpoint(app: App, tell: Callable[[Check], None]) -> Examined | None:
    """What was found of the configured endpoint, each check told at once; None when there is none to examine."""
    from assistant.engines.llm.doctor import Check, State

    if app.endpoint_problem:
        tell(Check("设置", State.BAD, app.endpoint_problem, "改好之前由规则引擎解读，访谈照常"))
        return None
    if app.endpoint is None:
        return None
    if app.settings.llm_cassette == "replay":
        tell(Check("回放", State.SKIPPED, "IIAM_LLM_CASSETTE=replay，不联网，没有检查接口", "去掉这项设置后再检查"))
        return None
    from assistant.engines.llm.doctor import examine

    return examine(app.endpoint, tell)


def _title(app: App, out: Console) -> None:
    from rich.markup import escape

    where = f" {escape(app.endpoint.model)}（{escape(app.endpoint.host)}）" if app.endpoint else ""
    out.print(f"\n[bold]大模型接口[/]{where}")


def _show(check: Check, out: Console) -> None:
    from rich.markup import escape

    from assistant.cli.terminal import flow

    flow(out, f"  {MARK[check.state]}  [bold]{escape(check.name)}[/]  {escape(check.detail)}")
    if check.advice:
        flow(out, f"        → {escape(check.advice)}")


def _conclude(app: App, examined: Examined | None, bad: int, out: Console) -> None:
    from assistant.cli.terminal import flow

    if examined is not None:
        _verdict(examined, bad, out)
        return
    if app.endpoint is None and not app.endpoint_problem:
        flow(out, HOW)
    if bad:
        flow(out, f"\n有 {bad} 处问题。")


def _verdict(examined: Examined, bad: int, out: Console) -> None:
    from assistant.cli.terminal import flow
    from assistant.engines.llm.doctor import MODE_NAME

    out.print()
    if examined.mode is not None:
        mode = MODE_NAME[examined.mode]
        flow(out, f"选用：接口类型 {examined.provider}，结构化输出“{mode}”，长度参数 {examined.max_tokens_name}。")
    verdict = f"有 {bad} 处问题。" if bad else "可以用大模型访谈。"
    flow(out, verdict + ("解决之前访谈照常进行，大模型用不了时由规则引擎接着解读。" if examined.bad else ""))
