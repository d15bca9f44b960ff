"""`iiam new`, `iiam list`, `iiam show`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from assistant.cli.zh import command
from assistant.errors import NotFoundError, RecordError, StorageError

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.assessment.level import Citation, Proposal
    from assistant.assessment.state import Assessment
    from assistant.bootstrap import App


@command("new")
@click.argument("enterprise", metavar="企业名称")
@click.option("--industry", default="", metavar="行业", help="所属行业")
def new(enterprise: str, industry: str) -> None:
    """新建一份评估，打印它的编号。"""
    from assistant.bootstrap import start

    name = start().open_assessment(enterprise, industry)
    click.echo(name)
    click.echo(f"已建立。开始访谈：iiam interview {name}", err=True)


@command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def list_all(as_json: bool) -> None:
    """列出全部评估：企业、进度、已确认数、最近活动。"""
    from assistant.bootstrap import start
    from assistant.interview.topics import progress
    from assistant.interview.turn import ledgers_of

    app = start()
    rows: list[dict[str, object]] = []
    broken: list[str] = []
    for name in app.store.assessments():
        try:
            state = app.assessment(name)
        except (RecordError, StorageError) as error:
            broken.append(f"{name}：{error}")
            continue
        standing = progress(state, ledgers_of(app.standard, state))
        rows.append(
            {
                "id": name,
                "enterprise": state.opened.enterprise,
                "industry": state.opened.industry,
                "covered": standing.covered,
                "total": standing.total,
                "questions": standing.questions,
                "confirmed": len(state.decisions),
                "last": state.tail.at,
            }
        )
    for problem in broken:
        click.echo(problem, err=True)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    if not rows and not broken:
        click.echo("还没有评估。用 iiam new 企业名称 新建，或运行 iiam interview。")
        return
    from rich.markup import escape

    from assistant.cli.terminal import console, table

    listing = table("编号", "企业", "行业", "已覆盖", "已问", "已确认", "最近活动（UTC）")
    for row in rows:
        covered = f"{row['covered']}/{row['total']}"
        last = str(row["last"])[:16].replace("T", " ")
        cells = [row["id"], row["enterprise"], row["industry"], covered, row["questions"], row["confirmed"], last]
        listing.add_row(*(escape(str(c)) for c in cells))
    console().print(listing)


@command("show")
@click.argument("assessment", metavar="评估编号")
@click.argument("subitem", metavar="[子项编号]", required=False)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def show(assessment: str, subitem: str | None, as_json: bool) -> None:
    """查看建议等级、条款依据与受访人原话；给出子项编号时看全部细节。"""
    from assistant.bootstrap import start
    from assistant.cli.terminal import console
    from assistant.interview.turn import standing_proposals

    app = start()
    state = app.assessment(assessment)
    proposals = standing_proposals(app.standard, state)
    if subitem and subitem not in app.standard.subitems:
        raise NotFoundError(f"没有能力子项“{subitem}”。用 iiam standard 查看全部编号。")
    if as_json:
        chosen = [subitem] if subitem else list(app.standard.subitems)
        data = {
            code: {
                "proposal": proposals[code].model_dump(mode="json"),
                "decision": d.model_dump(mode="json") if (d := state.decisions.get(code)) else None,
            }
            for code in chosen
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    elif subitem:
        _detail(app, state, proposals[subitem], console())
    else:
        _overview(app, state, proposals, console())


def _overview(app: App, state: Assessment, proposals: Mapping[str, Proposal], out: Console) -> None:
    from rich.markup import escape

    from assistant.cli.terminal import table
    from assistant.cli.words import outcome

    out.rule(f"{escape(state.opened.enterprise)} · 建议等级")
    rows = table("编号", "能力子项", "建议", "复核", "依据条款", "原话")
    for code, subitem in app.standard.subitems.items():
        proposal = proposals[code]
        evidence = [e for c in (*proposal.citations, *proposal.gap) for e in c.evidence]
        clauses = [c.clause.partition("-")[2] for c in proposal.citations]
        rows.add_row(
            code,
            subitem.name,
            outcome(app.standard, proposal),
            _decided(state, code),
            " ".join(clauses),
            str(len({e.quote.text for e in evidence}) or ""),
        )
    out.print(rows)
    levelled = sum(p.level is not None for p in proposals.values())
    out.print(f"已有建议 {levelled} 项，已确认 {len(state.decisions)} 项。细节：iiam show {state.id} 子项编号")


def _decided(state: Assessment, code: str) -> str:
    decision = state.decisions.get(code)
    if decision is None:
        return "[dim]待复核[/]"
    return "不适用" if decision.level is None else f"L{decision.level}"


def _detail(app: App, state: Assessment, proposal: Proposal, out: Console) -> None:
    from rich.markup import escape

    from assistant.cli.words import outcome

    code = proposal.subitem
    subitem = app.standard.subitems[code]
    domain, item = app.standard.places[code]
    out.rule(f"{code} {subitem.name}")
    out.print(f"[dim]{domain.name} / {item.name}[/]")
    _citations(app, state, "判定依据", proposal.citations, out)
    _citations(app, state, "未达上一级的原因", proposal.gap, out)
    if proposal.undecided:
        for missing in proposal.undecided.missing:
            out.print(f"  还缺：[dim]{missing}[/] {app.standard.requirements[missing].text}")
    _notes(app, proposal, out)
    out.print(f"\n建议：[bold]{outcome(app.standard, proposal)}[/]")
    decision = state.decisions.get(code)
    if decision:
        reason = f"（理由：{decision.reason}）" if decision.reason else ""
        out.print(f"复核：[bold]{_decided(state, code)}[/]{escape(reason)}")


def _citations(app: App, state: Assessment, title: str, citations: tuple[Citation, ...], out: Console) -> None:
    from rich.markup import escape

    from assistant.cli.terminal import flow
    from assistant.cli.words import STAND, VERDICT

    if citations:
        out.print(f"\n[bold]{title}[/]")
    for citation in citations:
        clause = app.standard.clauses[citation.clause]
        flow(out, f"  [cyan]{clause.code}[/] {STAND[citation.stand]}  [dim]{clause.text}[/]")
        for evidence in citation.evidence:
            answer = state.answers[evidence.quote.answer]
            speaker = state.respondents[answer.respondent]
            who = f"{speaker.name}{f'（{speaker.role}）' if speaker.role else ''}"
            said = f"“{escape(evidence.quote.text)}” [dim]—— {escape(who)}；{escape(evidence.rule)}[/]"
            flow(out, f"    {VERDICT[evidence.verdict]} {said}")


def _notes(app: App, proposal: Proposal, out: Console) -> None:
    if proposal.rate is not None:
        out.print(f"  比例：{app.standard.subitems[proposal.subitem].rate_of} {proposal.rate:.4g}%")
    if proposal.ahead:
        out.print(f"  更高等级中已满足的条款：{'、'.join(proposal.ahead)}")
    if proposal.conflicts:
        out.print(f"  [yellow]前后说法矛盾的要点：{'、'.join(proposal.conflicts)}，请复核时判断[/]")
