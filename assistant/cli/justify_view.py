"""How justifications look on the screen, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from assistant.assessment.justification import Section
from assistant.cli.terminal import flow
from assistant.cli.words import SECTION, level_name

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.assessment.justification import Written
    from assistant.assessment.reading import Quote
    from assistant.bootstrap import App
    from assistant.review.justifications import Justifications

FROM = {"decided": "复核", "proposed": "建议", "open": "未定", "not_applicable": "复核：不适用"}
Stale = Mapping[str, tuple[Section, ...]]


def print_one(app: App, desk: Justifications, code: str, stale: Sequence[Section], out: Console) -> None:
    """One sub-item: its level, the four parts with numbered references, and where the words come from."""
    written = desk.written(code)
    if written is None:
        return
    task = desk.task(code)
    subitem = app.standard.subitems[code]
    level = f" {level_name(app.standard, code, task.level)}" if task.level else ""
    out.rule(f"{code} {subitem.name} · {FROM[task.level_from]}{level}")
    numbers: dict[Quote, int] = {}
    for section in Section:
        _part(written, section, section in stale, numbers, out)
    if numbers:
        out.print("\n[dim]原话出处[/]")
    for quote, number in numbers.items():
        said = task.said.get(quote.answer)
        who = f"{said.name or '受访人'}{f'（{said.role}）' if said.role else ''}" if said else ""
        where = f"{said.kind} {who}{said.where}" if said else ""
        flow(out, f"[dim]〔{number}〕{escape(where)}，记录第 {quote.answer} 条：“{escape(quote.text)}”[/]")
    if written.draft is not None and written.draft.fallback:
        flow(out, f"[yellow]{escape(written.draft.fallback)}[/]")
    out.print()


def _part(written: Written, section: Section, stale: bool, numbers: dict[Quote, int], out: Console) -> None:
    own = section in written.edits
    marks = [mark for mark, so in (("[green]已改写[/]", own), ("[yellow]等级或证据后来有变，请重看[/]", stale)) if so]
    out.print(f"\n[bold]{SECTION[section]}[/]{'  ' if marks else ''}{'  '.join(marks)}")
    if own:
        for line in written.edits[section].text.splitlines():
            flow(out, f"  {escape(line)}")
        return
    for sentence in written.draft.section(section) if written.draft else ():
        refs = [numbers.setdefault(quote, len(numbers) + 1) for quote in sentence.quotes]
        marked = "".join(f"〔{n}〕" for n in sorted(refs))
        flow(out, f"  {escape(sentence.text)}[cyan]{marked}[/]")


def print_summary(desk: Justifications, codes: Sequence[str], stale: Stale, out: Console) -> None:
    """One line: how many, how many rewritten, how many out of date and what to do."""
    known = [w for c in codes if (w := desk.written(c))]
    edited = sum(bool(w.edits) for w in known)
    old = [c for c in codes if c in stale]
    parts = [f"判定说明 {len(known)} 项", f"改写过 {edited} 项"]
    if len(codes) > 1 or old:
        out.print(
            "，".join(parts) + (f"，[yellow]{len(old)} 项已过时[/]（{'、'.join(old[:8])}）" if old else "") + "。"
        )
    if old:
        flow(out, f"重新起草：iiam justify {desk.state.id}{f' {old[0]}' if len(old) == 1 else ''} --renew")
    elif len(codes) == 1:
        flow(out, f"[dim]改写：iiam justify {desk.state.id} {codes[0]} --edit[/]")


def as_data(desk: Justifications, codes: Sequence[str], stale: Stale) -> dict[str, Any]:
    """By sub-item: level, the parts as they read, who wrote them, the draft with its references."""
    data: dict[str, Any] = {}
    for code in codes:
        written = desk.written(code)
        if written is None:
            continue
        task = desk.task(code)
        data[code] = {
            "level": task.level,
            "from": task.level_from,
            "texts": {s.value: written.text(s) for s in Section},
            "edited": [s.value for s in Section if s in written.edits],
            "stale": [s.value for s in stale.get(code, ())],
            "draft": written.draft.model_dump(mode="json") if written.draft else None,
        }
    return data
