"""How `iiam show` puts proposals on the screen: all of them in a table, or one with its clauses and quotes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.markup import escape

from assistant.assessment.document import rests_on_talk_alone, source_of
from assistant.cli.terminal import flow, table
from assistant.cli.words import STAND, VERDICT, outcome
from assistant.review.doubts import Doubts, doubts, together

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.assessment.ledger import Evidence
    from assistant.assessment.level import Citation, Proposal
    from assistant.assessment.state import Assessment
    from assistant.bootstrap import App

ALONE = "[magenta]仅模型判断[/]"
LIST_AT_MOST = 8
"""Sub-items named in the line below the overview; the table shows the rest."""


def overview(app: App, state: Assessment, proposals: Mapping[str, Proposal], out: Console) -> None:
    """Every sub-item with its proposal and decision; a column for the model's own judgements where there are any."""
    found = {code: doubts(state, proposals[code]) for code in app.standard.subitems}
    total = together(found.values())
    out.rule(f"{escape(state.opened.enterprise)} · 建议等级")
    extra = ("仅模型",) if total.alone else ()
    rows = table("编号", "能力子项", "建议", "复核", "依据条款", "原话", *extra)
    for code, subitem in app.standard.subitems.items():
        proposal = proposals[code]
        evidence = [e for c in (*proposal.citations, *proposal.gap) for e in c.evidence]
        clauses = [c.clause.partition("-")[2] for c in proposal.citations]
        alone = (f"[magenta]{len(found[code].alone) or ''}[/]",) if extra else ()
        rows.add_row(
            code,
            subitem.name,
            outcome(app.standard, proposal),
            decided(state, code),
            " ".join(clauses),
            str(len({e.quote.text for e in evidence}) or ""),
            *alone,
        )
    out.print(rows)
    _doubtful(found, total, out)
    levelled = sum(p.level is not None for p in proposals.values())
    out.print(f"已有建议 {levelled} 项，已确认 {len(state.decisions)} 项。细节：iiam show {state.id} 子项编号")


def _doubtful(found: Mapping[str, Doubts], total: Doubts, out: Console) -> None:
    if total.alone:
        codes = [code for code, doubt in found.items() if doubt.alone]
        flow(out, f"{ALONE} {len(total.alone)} 处（{_some(codes)}）：提纲的判断规则没有印证，请对照原话与要点。")
    if total.notes:
        codes = [code for code, doubt in found.items() if doubt.notes]
        flow(out, f"[yellow]解读备注[/] {len(total.notes)} 条（{_some(codes)}）：前后矛盾、数字与说法不一等。")
    if total.dropped_claims:
        flow(out, f"核对后舍弃的判断 {total.dropped_claims} 处，没有计入：{_reasons(total)}。")


def _some(codes: list[str]) -> str:
    return "、".join(codes[:LIST_AT_MOST]) + (f" 等 {len(codes)} 项" if len(codes) > LIST_AT_MOST else "")


def _reasons(doubt: Doubts) -> str:
    return "，".join(f"{escape(reason)} {count}" for reason, count in doubt.dropped.items())


def decided(state: Assessment, code: str) -> str:
    """The reviewer's decision in a word."""
    decision = state.decisions.get(code)
    if decision is None:
        return "[dim]待复核[/]"
    return "不适用" if decision.level is None else f"L{decision.level}"


def detail(app: App, state: Assessment, proposal: Proposal, out: Console) -> None:
    """One sub-item: the clauses that carry the proposal with the words behind them, what is missing, what is doubtful."""
    code = proposal.subitem
    subitem = app.standard.subitems[code]
    domain, item = app.standard.places[code]
    out.rule(f"{code} {subitem.name}")
    out.print(f"[dim]{domain.name} / {item.name}[/]")
    _citations(app, state, "判定依据", proposal.citations, out)
    _citations(app, state, "未达上一级的原因", proposal.gap, out)
    if proposal.undecided:
        for missing in proposal.undecided.missing:
            flow(out, f"  还缺：[dim]{missing}[/] {app.standard.requirements[missing].text}")
    _notes(app, state, proposal, doubts(state, proposal), out)
    out.print(f"\n建议：[bold]{outcome(app.standard, proposal)}[/]")
    decision = state.decisions.get(code)
    if decision:
        reason = f"（理由：{decision.reason}）" if decision.reason else ""
        out.print(f"复核：[bold]{decided(state, code)}[/]{escape(reason)}")


def _citations(app: App, state: Assessment, title: str, citations: tuple[Citation, ...], out: Console) -> None:
    if citations:
        out.print(f"\n[bold]{title}[/]")
    for citation in citations:
        clause = app.standard.clauses[citation.clause]
        flow(out, f"  [cyan]{clause.code}[/] {STAND[citation.stand]}  [dim]{clause.text}[/]")
        for evidence in citation.evidence:
            if not evidence.alone:
                said = f"“{escape(evidence.quote.text)}” [dim]—— {_source(state, evidence)}[/]"
                flow(out, f"    {VERDICT[evidence.verdict]} {said}")
        _side_by_side(app, state, [e for e in citation.evidence if e.alone], out)


def _side_by_side(app: App, state: Assessment, evidence: list[Evidence], out: Console) -> None:
    """Quote and requirement next to each other: does the one speak of the other? No sign of the guide says so."""
    from rich.padding import Padding

    if not evidence:
        return
    rows = table("判断", "受访人原话", "标准要点", show_lines=True)
    rows.title, rows.title_justify = f"{ALONE}：原话真的说到这个要点吗？", "left"
    for one in evidence:
        requirement = app.standard.requirements[one.requirement]
        rows.add_row(
            VERDICT[one.verdict],
            f"“{escape(one.quote.text)}”\n[dim]—— {_source(state, one)}[/]",
            f"{escape(requirement.text)}\n[dim]{requirement.code}[/]",
        )
    out.print(Padding(rows, (0, 0, 0, 4)))


def _source(state: Assessment, evidence: Evidence) -> str:
    who = source_of(state.answers[evidence.quote.answer], state.respondents, state.documents).text
    return f"{escape(who)}；{escape(evidence.rule)}"


def _notes(app: App, state: Assessment, proposal: Proposal, doubt: Doubts, out: Console) -> None:
    if proposal.rate is not None:
        out.print(f"  比例：{app.standard.subitems[proposal.subitem].rate_of} {proposal.rate:.4g}%")
    if rests_on_talk_alone(proposal, state.answers, state.documents):
        flow(out, "  [yellow]依据全是口头陈述，还没有文件、系统截图或现场查看佐证；请复核人留意[/]")
    if proposal.ahead:
        out.print(f"  更高等级中已满足的条款：{'、'.join(proposal.ahead)}")
    if proposal.conflicts:
        out.print(f"  [yellow]前后说法矛盾的要点：{'、'.join(proposal.conflicts)}，请复核时判断[/]")
    for note in doubt.notes:
        flow(out, f"  [yellow]备注：{escape(note)}[/]")
    if doubt.dropped_claims:
        flow(out, f"  [dim]核对后舍弃的判断 {doubt.dropped_claims} 处，没有计入：{_reasons(doubt)}[/]")
