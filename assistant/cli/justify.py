"""`iiam justify`: draft, read and rewrite the justifications."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import TYPE_CHECKING

import click

from assistant.cli.zh import command
from assistant.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.assessment.justification import Section
    from assistant.bootstrap import App
    from assistant.review.justifications import Justifications

SECTIONS = ("basis", "shortfall", "materials", "advice")


@command("justify")
@click.argument("assessment", metavar="评估编号")
@click.argument("code", metavar="[子项编号]", required=False)
@click.option("--edit", "editing", is_flag=True, help="改写一个子项：打开编辑器，或同时给出 --section 与 --text")
@click.option("--section", type=click.Choice(SECTIONS), metavar="部分", help=f"要改写的部分：{'、'.join(SECTIONS)}")
@click.option("--text", metavar="文字", help="改写成的文字")
@click.option("--renew", is_flag=True, help="重新起草；不写子项编号时只重写已过时的")
@click.option("--yes", is_flag=True, help="与 --renew 同用：覆盖改写过的文字，不再询问")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.option("--by", default="", metavar="姓名", help="诊断顾问姓名")
def justify(
    assessment: str,
    code: str | None,
    editing: bool,
    section: str | None,
    text: str | None,
    renew: bool,
    yes: bool,
    as_json: bool,
    by: str,
) -> None:
    """判定说明：起草还没有的，打印一个或全部子项的判定依据、未达上一级的原因、佐证材料和改进建议。"""
    from assistant.bootstrap import start

    app = start()
    desk = app.justifications(assessment, by)
    if code:
        desk.task(code)
    if app.endpoint_problem:
        click.echo(f"{app.endpoint_problem}这次由规则引擎起草。", err=True)
    if section is not None or text is not None:
        editing = True
    if editing:
        _edit(desk, code, section, text)
        return
    shown = [code] if code else list(app.standard.subitems)
    if renew:
        shown = _renew(desk, code, yes)
    else:
        _draft(desk, [c for c in desk.missing() if code in (None, c)])
    _show(app, desk, shown, as_json)


def _draft(desk: Justifications, codes: Sequence[str], give_up: frozenset[str] = frozenset()) -> None:
    """Draft some, with progress when there are several; say what was dropped and who wrote instead of the model."""
    if not codes:
        return
    dropped = 0
    fallbacks: Counter[str] = Counter()
    with click.progressbar(
        codes,
        label="起草判定说明",
        file=sys.stderr,
        item_show_func=lambda c: c or "",
        hidden=len(codes) == 1 or not sys.stderr.isatty(),
        show_eta=False,
    ) as listed:
        for code in listed:
            made = desk.draft(code, give_up_edits=code in give_up)
            dropped += made.dropped
            if made.fallback:
                fallbacks[made.fallback] += 1
    click.echo(f"已起草 {len(codes)} 项。", err=True)
    if dropped:
        click.echo(f"有 {dropped} 句查无出处，没有采用。", err=True)
    for why, times in fallbacks.items():
        click.echo(f"{times} 项改由规则引擎起草：{why}。", err=True)


def _renew(desk: Justifications, code: str | None, yes: bool) -> list[str]:
    """Draft one anew, or all that are out of date or missing; which."""
    stale = desk.stale()
    codes = [code] if code else [*stale, *desk.missing()]
    if not codes:
        click.echo("判定说明都与现在的等级和证据一致，没有需要重写的。", err=True)
        return []
    edited = [c for c in codes if (known := desk.written(c)) and known.edits]
    give_up = frozenset(edited) if yes else frozenset(c for c in edited if _asks(desk, c))
    _draft(desk, codes, give_up)
    return codes


def _asks(desk: Justifications, code: str) -> bool:
    """Ask before an assessor's own words give way; without a terminal to answer they stay."""
    from assistant.cli.words import SECTION

    known = desk.written(code)
    parts = "、".join(SECTION[s] for s in known.edits) if known else ""
    if not sys.stdin.isatty():
        click.echo(f"{code} 的{parts}是改写过的，予以保留；要覆盖请加 --yes。", err=True)
        return False
    return click.confirm(f"{code} 的{parts}是改写过的，用新的草稿覆盖吗？（否则保留改写）", default=False, err=True)


def _edit(desk: Justifications, code: str | None, section: str | None, text: str | None) -> None:
    from assistant.assessment.justification import Section
    from assistant.cli.words import SECTION

    if code is None:
        raise InputError("请写明要改写哪个子项，如：iiam justify 编号 1.1 --edit")
    if text is not None and section is None:
        raise InputError(f"用 --text 改写时请同时用 --section 指定部分：{'、'.join(SECTIONS)}。")
    known = desk.written(code)
    if known is None or known.draft is None:
        _draft(desk, [code])
    parts = [Section(section)] if section else list(Section)
    changes = _in_editor(desk, code, parts) if text is None else dict.fromkeys(parts, text)
    for part, words in changes.items():
        desk.edit(code, part, words)
        click.echo(f"{code} 的{SECTION[part]}已改写。")
    if not changes:
        click.echo("没有改动。")


def _in_editor(desk: Justifications, code: str, parts: Sequence[Section]) -> dict[Section, str]:
    """The parts that were changed in the user's editor, each below its heading."""
    from assistant.cli.words import SECTION

    known = desk.written(code)
    before = {part: known.text(part) if known else "" for part in parts}
    page = "\n\n".join(f"# {SECTION[part]}\n{before[part]}" for part in parts)
    try:
        after = click.edit(f"{page}\n", extension=".md")
    except click.ClickException as error:
        raise InputError("编辑器打不开。请设置环境变量 EDITOR，或用 --section 与 --text 改写。") from error
    if after is None:
        return {}
    headings = {f"# {SECTION[part]}": part for part in parts}
    found: dict[Section, list[str]] = {}
    current: list[str] | None = None
    for line in after.splitlines():
        if line.strip() in headings:
            current = found.setdefault(headings[line.strip()], [])
        elif current is not None:
            current.append(line)
    if not found:
        raise InputError("找不到“# 判定依据”这样的标题行，没有保存。请保留标题行，只改标题下面的文字。")
    texts = {part: "\n".join(lines).strip() for part, lines in found.items()}
    return {part: text for part, text in texts.items() if text and text != before[part].strip()}


def _show(app: App, desk: Justifications, codes: Sequence[str], as_json: bool) -> None:
    from assistant.cli.justify_view import as_data, print_one, print_summary
    from assistant.cli.terminal import console

    stale = desk.stale()
    if as_json:
        click.echo(json.dumps(as_data(desk, codes, stale), ensure_ascii=False, indent=1))
        return
    out = console()
    for code in codes:
        print_one(app, desk, code, stale.get(code, ()), out)
    print_summary(desk, codes, stale, out)
