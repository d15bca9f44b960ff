"""`iiam new`, `iiam list`, `iiam show`."""

from __future__ import annotations

import json

import click

from assistant.cli.zh import command
from assistant.errors import InputError, NotFoundError, RecordError, StorageError


@command("new")
@click.argument("enterprise", metavar="企业名称")
@click.option("--industry", default="", metavar="行业", help="所属行业")
@click.option("--code", default="", metavar="代码", help="统一社会信用代码，校验位不对时拒绝")
@click.option("--size", default="", metavar="规模", help="大型、中型、小型或微型")
@click.option("--person", "people", multiple=True, metavar="姓名:岗位", help="要访谈的人，可写多次")
@click.option("--policy", default="", metavar="政策", help="评分政策的编号；不写时用当前的")
def new(enterprise: str, industry: str, code: str, size: str, people: tuple[str, ...], policy: str) -> None:
    """新建一份评估，打印它的编号。"""
    from assistant.assessment.opening import Opening
    from assistant.bootstrap import start

    parted = (person.replace("：", ":").partition(":") for person in people)
    opening = Opening.of(enterprise, industry, code, size, [(name, role) for name, _, role in parted])
    app = start()
    if policy and policy not in app.policies:
        raise InputError(
            f"没有评分政策“{policy}”。可用的是：{'、'.join(app.policies)}；自己的政策文件请用 IIAM_POLICY 指定。"
        )
    name = app.begin(opening, app.policies[policy] if policy else None)
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
                "archived": state.archived,
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

    from assistant.assessment.moments import when
    from assistant.cli.terminal import console, table

    listing = table("编号", "企业", "行业", "已覆盖", "已问", "已确认", "最近活动")
    for row in rows:
        covered = f"{row['covered']}/{row['total']}"
        last = when(str(row["last"]))
        whose = f"{row['enterprise']}{'（已归档）' if row['archived'] else ''}"
        cells = [row["id"], whose, row["industry"], covered, row["questions"], row["confirmed"], last]
        listing.add_row(*(escape(str(c)) for c in cells))
    console().print(listing)


@command("show")
@click.argument("assessment", metavar="评估编号")
@click.argument("subitem", metavar="[子项编号]", required=False)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def show(assessment: str, subitem: str | None, as_json: bool) -> None:
    """查看建议等级、条款依据与受访人原话；给出子项编号时看全部细节。"""
    from assistant.bootstrap import start
    from assistant.cli.proposals import detail, overview
    from assistant.cli.terminal import console
    from assistant.interview.turn import standing_proposals
    from assistant.review.doubts import doubts

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
                "notes": (doubt := doubts(state, proposals[code])).notes,
                "dropped": dict(doubt.dropped),
            }
            for code in chosen
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    elif subitem:
        detail(app, state, proposals[subitem], console())
    else:
        overview(app, state, proposals, console())


@command("archive")
@click.argument("assessment", metavar="评估编号")
def archive(assessment: str) -> None:
    """归档一份评估：移出网页的评估列表，此后只能查看，直到恢复。"""
    from assistant.bootstrap import start

    state = start().put_away(assessment)
    click.echo(f"已归档“{state.opened.enterprise}”（{state.id}）。恢复：iiam unarchive {state.id}")


@command("unarchive")
@click.argument("assessment", metavar="评估编号")
def unarchive(assessment: str) -> None:
    """恢复已归档的评估，可以继续访谈和复核。"""
    from assistant.bootstrap import start

    state = start().put_away(assessment, away=False)
    click.echo(f"已恢复“{state.opened.enterprise}”（{state.id}）。")
