"""The general parts of a report: method, policy, defects, how the score came about, who was heard, the seal. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.assessment.derivation import Node, Rule
from assistant.assessment.grade import Grade
from assistant.assessment.state import Assessment
from assistant.assessment.weighting import Scheme
from assistant.reports.view import (
    DefectLine,
    DerivationLine,
    DocumentLine,
    PersonLine,
    PolicyLine,
    SealView,
    Section,
    SubItemView,
    VariantLine,
)
from assistant.reports.words import days, listed, minute, two
from knowledge.model import Standard, subitem_order
from knowledge.policy import ScoringPolicy

SCORING_DEFECTS: Mapping[str, frozenset[int]] = {"db37-iiam": frozenset({1, 2, 3, 4, 7, 8, 12})}
"""Defects of a standard's text that touch levels or scores (DECISIONS, defects); of another standard: all of them."""
PLACES = {"middle": "中值", "floor": "下限"}
SCHEMES: Mapping[Scheme, str] = {"domains": "各能力域等权", "items": "各能力项等权", "subitems": "各能力子项等权"}
DEPTH = {"standard": 0, "domain": 1, "item": 2, "subitem": 3}
LISTED = 4


def method_text(standard: Standard) -> tuple[str, ...]:
    """How levels were placed (DECISIONS, "How a level is placed")."""
    return (
        f"本次评估依据《{standard.title}》（{standard.number}），对 {len(standard.domains)} 个能力域、"
        f"{sum(1 for _ in standard.items())} 个能力项、{len(standard.subitems)} 个能力子项逐项定级，等级由低到高为"
        f"{'、'.join(f'L{v.level} {v.name}' for v in standard.levels)}。",
        "等级是累积的：某一级及其以下各级的条款全部满足，才定为该级；只满足更高等级的个别条款时不提级，在说明中注明。",
        "条款由若干要点组成，要点全部满足才算满足。计划、尚未开始的试点、已停用的系统，以及集团其他工厂的情况，都不作为满足的依据。没有谈到的记为未提及，不当作不满足。",
        "给出比例的，比例只用于条款中的比例要求；比例与文字描述不一致时取较低的等级，两者都列出。",
        _code_text(standard),
        "每一项判断都附有受访人原话或文件原文，一字不改，并注明出处。等级先由程序按上述规则提出建议，由复核人逐项确认或更改；未经复核的不作为评估结论。",
    )


def _code_text(standard: Standard) -> str:
    """How to read the code of a clause, by the standard's first clause with a letter."""
    clause = next(
        (c for c in standard.clauses.values() if c.letter and c.level > 1), next(iter(standard.clauses.values()))
    )
    code = clause.code.partition("-")[0]
    name = standard.level_names(code)[clause.level - 1]
    letter = f"，“{clause.letter}”是该级的 {clause.letter} 款" if clause.letter else ""
    return (
        f"条款用编号引用，如 {clause.code}：“{code}”是能力子项“{standard.subitems[code].name}”，"
        f"“L{clause.level}”是其第 {clause.level} 级（{name}）的条款{letter}。"
    )


def policy_lines(standard: Standard, policy: ScoringPolicy) -> tuple[PolicyLine, ...]:
    """The scoring policy in a table."""
    bands = "，".join(
        f"L{v.level} {v.band[0]} 至 {v.band[1]}{'（含）' if v.level == len(standard.levels) else ''}"
        for v in standard.levels
    )
    weights = (
        "各能力域等权，域内各能力项等权，项内各能力子项等权"
        if policy.weights is None
        else "按评分政策给定的权重，见附录 A"
    )
    rates = "、".join(policy.rate_subitems)
    score = f"取所定等级分段的{PLACES[policy.place]}"
    if rates:
        score += f"；{rates} 在实测比例落在该等级分段内时，直接取实测比例"
    rows = [
        ("评分政策", f"{policy.title}，编号 {policy.id}，第 {policy.version} 版，校验码 {policy.digest[:12]}"),
        ("等级分段", f"{bands}；分段含下限、不含上限"),
        ("子项得分", f"{score}；复核人可在分段内另定得分，须写明理由"),
        ("权重", weights),
        ("不适用", "由复核人决定并写明理由；不计分，权重由同级其余各项按比例分担"),
        ("取舍", "全程精确计算，等级按精确值判定；显示的得分只舍不入，保留两位小数"),
    ]
    return tuple(PolicyLine(label=label, text=text) for label, text in rows)


def defect_lines(standard: Standard) -> tuple[DefectLine, ...]:
    """The defects of the standard's text that matter to levels and scores."""
    chosen = SCORING_DEFECTS.get(standard.id, frozenset(d.number for d in standard.defects))
    return tuple(
        DefectLine(where=d.where, text=d.text, decision=d.decision) for d in standard.defects if d.number in chosen
    )


def highlights(
    standard: Standard, result: Grade, subitems: Mapping[str, SubItemView], *, with_proposed: bool, sure: bool
) -> tuple[Section, ...]:
    """Strong and weak points in a few sentences; empty while nothing has a level.

    `sure`: nothing that is open can change the level, so that it can be said how firmly it stands.
    """
    levelled = [s for s in subitems.values() if s.level is not None]
    if not levelled or result.score is None:
        return ()
    scored = [(name, score) for name, score in result.domains.items() if score is not None]
    ranked = sorted(scored, key=lambda part: -float(part[1]))
    title = "各能力域" + ("（含待复核的建议）" if with_proposed else "")
    parts = [Section(title=title, paragraphs=("；".join(f"{name} {two(score)} 分" for name, score in ranked) + "。",))]
    best, worst = max(s.level or 0 for s in levelled), min(s.level or 0 for s in levelled)
    if best > worst:
        parts.append(Section(title="长处", paragraphs=(_named(levelled, best),)))
        parts.append(Section(title="短板", paragraphs=(_named(levelled, worst),)))
    else:
        parts.append(Section(title="分布", paragraphs=(f"已有等级的子项共 {len(levelled)} 个，都在 L{best}。",)))
    if sure:
        parts.append(Section(title="结果的稳健性", paragraphs=(sensitive_text(standard, result),)))
    return tuple(parts)


def _named(levelled: list[SubItemView], level: int) -> str:
    names = [f"{s.code} {s.name}" for s in levelled if s.level == level]
    more = f"等 {len(names)} 个子项" if len(names) > LISTED else ""
    return f"{listed(names[:LISTED]) if not more else '、'.join(names[:LISTED])}{more}在 L{level}。"


def derivation_lines(root: Node, *, with_proposed: bool) -> tuple[DerivationLine, ...]:
    """Every node of the derivation, the total first."""
    return tuple(
        DerivationLine(
            depth=DEPTH[node.kind],
            label=f"{node.code} {node.name}".strip()
            if node.kind != "standard"
            else "总分" + ("（含待复核的建议）" if with_proposed else ""),
            given=node.given,
            weight=node.weight,
            score=two(node.score),
            level=f"L{node.level}" if node.level else "—",
            rule=node.rule.value if node.rule != Rule.OPEN else "未定，暂不计入",
        )
        for node in root.walk()
    )


def variant_lines(result: Grade) -> tuple[VariantLine, ...]:
    """The nine variants, a row for each set of weights."""
    cells = {(v.weights, v.place): f"{v.shown}（L{v.level}）" for v in result.robustness.variants}
    if not cells:
        return ()
    return tuple(
        VariantLine(
            weights=title,
            floor=cells[scheme, "floor"],
            middle=cells[scheme, "middle"],
            ceiling=cells[scheme, "ceiling"],
        )
        for scheme, title in SCHEMES.items()
    )


def sensitive_text(standard: Standard, result: Grade) -> str:
    """Whether one level more or less of a single sub-item changes the grade, in a sentence."""
    if result.level is None:
        return ""
    moving = [code for code, shift in result.robustness.shifts.items() if shift.changes]
    if not moving:
        return f"任何一个子项高一级或低一级，总等级都仍是 L{result.level}。"
    names = "、".join(f"{code} {standard.subitems[code].name}" for code in moving)
    return f"以下子项高一级或低一级，就会改变总等级，请重点核对其依据：{names}。"


def people_lines(state: Assessment) -> tuple[PersonLine, ...]:
    """Everybody whose words may be evidence, in the order in which they came."""
    lines = []
    for person in state.respondents.values():
        given = [a for a in state.heard.values() if a.respondent == person.id]
        if given:
            lines.append(
                PersonLine(
                    name=person.name,
                    role=person.role,
                    answers=len(given),
                    subitems=tuple(sorted({a.subitem for a in given if a.subitem}, key=subitem_order)),
                    days=days(state, given),
                )
            )
    return tuple(lines)


def document_lines(state: Assessment, subitems: Mapping[str, SubItemView]) -> tuple[DocumentLine, ...]:
    """Every document that was added and not taken back, with how many quotes of the report stand in it."""
    sources = {(q.source, q.text) for s in subitems.values() for q in s.quotes}
    return tuple(
        DocumentLine(
            name=d.name,
            kind=d.kind.value,
            owner=d.owner,
            date=d.date,
            cited=sum(source.startswith(f"《{d.name}》") for source, _ in sources),
            digest=d.id,
        )
        for d in state.documents.values()
        if d.id not in state.withdrawn
    )


def seal_view(state: Assessment) -> SealView:
    """The sign-off, or that there is none."""
    signed, row = state.signed, state.seal or state.tail
    return SealView(
        signed=signed is not None,
        reviewer=signed.reviewer if signed else "",
        at=minute(row.at) if signed else "",
        rows=row.seq,
        hash=row.hash,
        warnings=signed.warnings if signed else (),
        reopened=state.reopened,
        sealed_rows=signed.rows if signed else 0,
        sealed_hash=signed.record if signed else "",
    )
