"""A grade on the terminal: the result, its derivation, its robustness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.assessment.derivation import Rule
from assistant.assessment.grade import Grade
from knowledge.model import Standard

if TYPE_CHECKING:
    from rich.console import Console

PLACE = {"floor": "分段下限", "middle": "分段中值", "ceiling": "分段上限"}
WEIGHTS = {"domains": "各能力域等权", "items": "各能力项等权", "subitems": "各能力子项等权"}
INDENT = {"standard": "", "domain": "", "item": "  ", "subitem": "    "}


def show_grade(standard: Standard, grade: Grade, out: Console, *, estimate: bool) -> None:
    """Print a grade with its whole derivation."""
    names = {level.level: level.name for level in standard.levels}
    low, high = (f"{_two(v)}" for v in grade.range)
    if grade.level is None:
        out.print("还没有任何已复核的子项，无法给出等级。请先用 iiam confirm 复核。")
        return
    state = "预估" if estimate else "暂定" if grade.provisional else "最终"
    out.print(f"\n[bold]{state}等级：L{grade.level} {names[grade.level]}[/]   得分 [bold]{grade.shown}[/]")
    if grade.provisional:
        out.print(f"还有子项未定：未定的全按 0 分为 {low}，全按 100 分为 {high}。")
    out.print(
        f"[dim]评分政策 {grade.policy.id} v{grade.policy.version}（{grade.policy.digest[:8]}），得分精确值 {grade.score}[/]\n"
    )
    _derivation(grade, out)
    _robustness(standard, grade, out)


def _derivation(grade: Grade, out: Console) -> None:
    from assistant.cli.terminal import table

    rows = table("计算过程", "权重", "得分", "等级", "计分规则")
    nodes = [node for node in grade.derivation.walk() if node.rule != Rule.OPEN]
    for node in nodes:
        title = f"{INDENT.get(node.kind, '')}{node.code + ' ' if node.code else ''}{node.name}"
        score = _two(node.score) if node.score is not None else "—"
        style = "bold" if node.kind == "domain" else None
        rows.add_row(title, node.weight, score, f"L{node.level}" if node.level else "—", node.rule.value, style=style)
    out.print(rows)
    left = sum(score is None for score in grade.subitems.values()) - sum(
        n.rule == Rule.NOT_APPLICABLE for n in nodes if n.code
    )
    if left:
        out.print(f"[dim]另有 {left} 个能力子项未定，暂不计入，权重由同级分担。[/]")


def _robustness(standard: Standard, grade: Grade, out: Console) -> None:
    from assistant.cli.terminal import table

    rows = table("稳健性", *PLACE.values())
    for weights, title in WEIGHTS.items():
        row: dict[str, str] = {
            v.place: f"{v.shown}  L{v.level}" for v in grade.robustness.variants if v.weights == weights
        }
        rows.add_row(title, *(row.get(place, "") for place in PLACE))
    out.print(rows)
    moving = [code for code, shift in grade.robustness.shifts.items() if shift.changes]
    if moving:
        listed = "、".join(f"{code} {standard.subitems[code].name}" for code in moving)
        out.print(f"高一级或低一级就会改变总等级的子项：{listed}")
    else:
        out.print("任何一个子项高一级或低一级，都不会改变总等级。")


def _two(score: str) -> str:
    """Two places, rounded down like every shown score."""
    whole, _, places = score.partition(".")
    return f"{whole}.{places[:2]:0<2}"
