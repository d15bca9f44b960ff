"""`iiam grade`: the score of an assessment or of a file of levels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.zh import command
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.assessment.grade import Grade
    from assistant.bootstrap import App


@command("grade")
@click.argument("target", metavar="评估编号或文件")
@click.option("--policy", default="", metavar="政策", help="评分政策：自带政策的编号或 YAML 文件")
@click.option("--proposed", is_flag=True, help="把尚未复核的建议也算进去（只作预估，不是最终结果）")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def grade(target: str, policy: str, proposed: bool, as_json: bool) -> None:
    """按评分政策计算等级与得分。评估只计已复核的子项；文件格式：{"levels": {"1.1": 3}, "rates": {}, "not_applicable": []}。"""
    from assistant.assessment.grade import grade as compute
    from assistant.assessment.grade_input import parse_grade_file
    from assistant.bootstrap import start
    from assistant.review.outcome import levels_of
    from knowledge.policy import load_policy

    app = start()
    chosen = load_policy(policy, app.standard, app.folder) if policy else app.policy
    file = Path(target)
    if file.is_file():
        try:
            given = parse_grade_file(file.read_text(encoding="utf-8"), app.standard)
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"文件 {file} 读不出来，请确认是 UTF-8 编码的 JSON 文件。") from error
    elif file.suffix == ".json":
        raise InputError(f"没有文件 {file}。")
    else:
        state = app.assessment(target)
        chosen = chosen if policy else app.policy_of(state)
        given = levels_of(state, app.standard, chosen, proposed=proposed)
    result = compute(app.standard, chosen, given)
    if as_json:
        click.echo(json.dumps(result.to_json(), ensure_ascii=False, indent=1))
    else:
        _print(app, result, estimate=proposed)


def _print(app: App, result: Grade, *, estimate: bool) -> None:
    from assistant.cli.grade_view import show_grade
    from assistant.cli.terminal import console

    show_grade(app.standard, result, console(), estimate=estimate)
