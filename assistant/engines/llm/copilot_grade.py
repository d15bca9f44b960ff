"""The copilot's two tools that reckon: the grade as it stands, and what it would be if. Pure; exact; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from assistant.assessment.bands import position, shown_text
from assistant.assessment.decision import Decision
from assistant.assessment.derivation import Node, Rule
from assistant.assessment.grade import Grade, grade
from assistant.assessment.state import Assessment
from assistant.engines.llm.copilot_desk import Desk, capped
from assistant.errors import InputError
from assistant.review.outcome import levels_of
from knowledge.model import LEVELS
from prompts import neutral

NOT_APPLICABLE = 0
"""As a level of `what_if`: the sub-item left out."""

SHOWN_GAINS = 10


@dataclass(frozen=True)
class _Standing:
    """A grade and what it is of."""

    title: str
    grade: Grade


def show_grade(desk: Desk, domain: str = "") -> str:
    """The grade: final, or provisional with its range; by domain and item, of one domain with its derivation."""
    domains = [d.name for d in desk.standard.domains]
    if domain and domain.strip() not in domains:
        raise InputError(f"没有能力域“{neutral(domain[:40])}”，可选：{'、'.join(domains)}。")
    return capped(_shown(desk, domain.strip()))


def what_if(desk: Desk, changes: Mapping[str, int]) -> str:
    """The grade if these sub-items were at these levels (0: not applicable), beside the present one."""
    return capped(_compared(desk, {desk.subitem(code): level for code, level in changes.items()}))


def _standings(desk: Desk, state: Assessment) -> list[_Standing]:
    """The grade of what is reviewed, then, where there are any, with the proposals that nobody has reviewed."""
    confirmed = grade(desk.standard, desk.policy, levels_of(state, desk.standard, desk.policy))
    title = "暂定（只算已复核的子项）" if confirmed.provisional else "最终（子项全部复核）"
    found = [] if confirmed.level is None else [_Standing(title, confirmed)]
    if confirmed.provisional:
        whole = grade(desk.standard, desk.policy, levels_of(state, desk.standard, desk.policy, proposed=True))
        if whole.level is not None and whole.subitems != confirmed.subitems:
            found.append(_Standing("预估（连同未复核的建议）", whole))
    return found


def _shown(desk: Desk, domain: str) -> Iterator[str]:
    standings = _standings(desk, desk.state)
    if not standings:
        yield "还没有任何建议或复核，算不出等级。"
        return
    for standing in standings:
        yield f"{standing.title}：{_result(desk, standing.grade)}"
        if standing.grade.provisional:
            low, high = (_two(value) for value in standing.grade.range)
            still = sum(bool(n.code) and n.rule == Rule.OPEN for n in standing.grade.derivation.walk())
            yield f"  未定 {still} 个子项，全按 0 分为 {low}，全按 100 分为 {high}"
    last = standings[-1]
    yield f"评分政策：{desk.policy.title}"
    yield f"“{last.title}”的计算（名称 | 权重 | 得分 | 等级 | 子项的计分规则；其余按权重相加）："
    for node in last.grade.derivation.children:
        below = list(node.walk())[1:]
        yield _line(node)
        yield from (_line(n) for n in below if (n.kind == "item" and not domain) or node.name == domain)
    moving = [desk.title(code) for code, shift in last.grade.robustness.shifts.items() if shift.changes]
    yield f"单独高或低一级就会改变总等级的子项：{'、'.join(moving) if moving else '没有'}"
    gains = sorted(_gains(desk, last.grade.derivation, Fraction(1)), key=lambda pair: -pair[1])[:SHOWN_GAINS]
    yield f"单独高一级总分增加最多的子项：{'、'.join(f'{desk.title(code)} +{shown_text(g)}' for code, g in gains)}"


def _gains(desk: Desk, node: Node, share: Fraction) -> Iterator[tuple[str, Fraction]]:
    """What the total would gain from each sub-item's next level, at the policy's place of its band."""
    if node.code and node.exact is not None and node.level is not None and node.level < LEVELS[-1]:
        yield node.code, share * (position(desk.standard.levels[node.level], desk.policy.place) - Fraction(node.exact))
    for child in node.children:
        yield from _gains(desk, child, share * Fraction(child.weight))


def _compared(desk: Desk, changes: Mapping[str, int]) -> Iterator[str]:
    if not changes:
        raise InputError("请至少给出一处变动，如 3.2 改为 3 级。")
    after = _standings(desk, _supposed(desk, changes))
    before = _standings(desk, desk.state)
    yield "试算，记录没有变："
    for code, level in changes.items():
        there = "不适用" if level == NOT_APPLICABLE else f"L{level}"
        yield f"- {desk.title(code)}：建议 {desk.proposed(code)}，{desk.decided(code)}；假设为 {there}"
    if not before or not after:
        yield f"现在：{_result(desk, before[-1].grade) if before else '还算不出'}"
        yield f"假设后：{_result(desk, after[-1].grade) if after else '算不出'}"
        return
    pairs = [(before[0], after[0]), (before[-1], after[-1])] if len(before) > 1 else [(before[-1], after[-1])]
    for old, new in pairs:
        yield f"{old.title}：{_result(desk, old.grade)} → {_result(desk, new.grade)}（{_change(old.grade, new.grade)} 分）"
    was, would = before[-1].grade.domains, after[-1].grade.domains
    yield from (f"  {name}：{_two(was[name])} → {_two(would[name])}" for name in was if was[name] != would[name])


def _supposed(desk: Desk, changes: Mapping[str, int]) -> Assessment:
    """The state as if a reviewer had decided so; a score of their own belongs to the level it was given with."""
    state, decisions = desk.state, dict(desk.state.decisions)
    for code, level in changes.items():
        if level not in (NOT_APPLICABLE, *LEVELS):
            raise InputError(f"{code} 的等级须是 1 到 5（0 表示不适用），收到的是 {level}。")
        present, proposal = decisions.get(code), state.proposals.get(code)
        same = present is not None and present.level == level
        rate = present.rate if present and present.rate is not None else proposal.rate if proposal else None
        decisions[code] = Decision(
            subitem=code,
            level=level or None,
            proposed=proposal.level if proposal else None,
            score=present.score if present and same else None,
            rate=rate,
        )
    return replace(state, decisions=decisions)


def _result(desk: Desk, result: Grade) -> str:
    """Level and score, and how far the next level is."""
    names = {level.level: level for level in desk.standard.levels}
    if result.level is None or result.derivation.exact is None:
        return "算不出"
    above = names.get(result.level + 1)
    short = Fraction(above.band[0]) - Fraction(result.derivation.exact) if above else None
    gap = f"，距 L{result.level + 1} 还差 {_up(short)} 分" if short is not None else ""
    return f"L{result.level} {names[result.level].name} {result.shown} 分{gap}"


def _change(old: Grade, new: Grade) -> str:
    change = Fraction(new.derivation.exact or 0) - Fraction(old.derivation.exact or 0)
    return f"{'-' if change < 0 else '+'}{shown_text(abs(change))}"


def _line(node: Node) -> str:
    indent = {"domain": "", "item": "  "}.get(node.kind, "    ")
    title = f"{node.code} {node.name}".strip()
    level = f"L{node.level}" if node.level else "—"
    rule = "" if node.rule == Rule.SUM else f" | {node.rule.value}"
    return f"{indent}{title} | {node.weight} | {_two(node.score)} | {level}{rule}"


def _two(score: str | None) -> str:
    """Two places, rounded down like every shown score."""
    if score is None:
        return "—"
    whole, _, places = score.partition(".")
    return f"{whole}.{places[:2]:0<2}"


def _up(short: Fraction) -> str:
    """What is short, rounded up: a score that is 0.001 short is not 0.00 short."""
    cents = -(-short.numerator * 100 // short.denominator)
    return f"{cents // 100}.{cents % 100:02d}"
