"""What the paginated formats (Word, PDF) share: flat rows and finished lines made from the view. Plain data only."""

from __future__ import annotations

from typing import Any

from assistant.reports.palette import NOT_APPLICABLE, level_colour
from assistant.reports.view import DomainView, ItemView, PolicyLine, ReportView, SealView, SubItemView
from assistant.reports.words import two

STEPS = 10
"""Steps of the roadmap that are printed; the others stand with their sub-items."""
NUMERALS = "一二三四五六七八九十"


def grade_line(view: ReportView) -> str:
    """The grade in one line, for footers and the seal."""
    grade = view.grade
    if grade.level is None:
        return grade.finality_text
    if not grade.placed:
        return f"{grade.headline}，得分在 {grade.low} 至 {grade.high} 之间"
    return f"{grade.finality_text} {grade.headline}，得分 {grade.shown}"


def score_line(view: ReportView) -> str:
    """What stands on the cover below the level; empty while there is no score."""
    grade = view.grade
    if grade.level is None:
        return ""
    if not grade.placed:
        return f"得分与等级的可能范围：{grade.span}"
    between = f"（{grade.low} 至 {grade.high} 之间）" if grade.finality == "provisional" else ""
    return f"得分 {grade.shown}{between}"


def score_rows(view: ReportView) -> list[dict[str, str]]:
    """Domains and items in rows."""
    rows = []
    for domain in view.domains:
        parts: list[tuple[str, str, DomainView | ItemView]] = [
            (domain.name, "合计", domain),
            *(("", item.name, item) for item in domain.items),
        ]
        rows += [
            {
                "domain": name,
                "item": item,
                "weight": part.weight,
                "score": two(part.score),
                "level": f"L{part.level}" if part.level else "—",
            }
            for name, item, part in parts
        ]
    return rows


def domain_part(index: int, domain: DomainView) -> dict[str, Any]:
    """A domain's fields with its heading, its shown score, and its sub-items in one list."""
    plain = {name: getattr(domain, name) for name in type(domain).model_fields}
    return plain | {
        "heading": f"（{NUMERALS[index]}）{domain.name}" if index < len(NUMERALS) else domain.name,
        "shown": two(domain.score),
        "note": _domain_note(domain),
        "subitems": [subitem_part(s) for item in domain.items for s in item.subitems],
    }


def subitem_part(subitem: SubItemView) -> dict[str, Any]:
    """A sub-item's fields with the colours of its level, and its lines ready to print."""
    swatch = NOT_APPLICABLE if subitem.status == "not_applicable" else level_colour(subitem.level)
    plain = {name: getattr(subitem, name) for name in type(subitem).model_fields}
    return plain | {
        "fill": swatch.fill,
        "ink": swatch.ink,
        "facts": "　".join(_facts(subitem)),
        "score_text": "不计分" if subitem.score is None else f"得分 {two(subitem.score)}（{subitem.rule}）",
        "who": _who(subitem),
        "clauses": [
            {"place": c.place, "text": c.text, "stand": c.stand, "cited": "、".join(map(str, c.quotes)) or "—"}
            for c in sorted((*subitem.basis, *subitem.gap, *subitem.ahead), key=lambda c: c.code)
        ],
        "remarks": _remarks(subitem),
    }


def seal_rows(view: ReportView) -> tuple[PolicyLine, ...]:
    """What the seal covers, in a table."""
    policy = view.scoring.policy
    rows = (
        ("评估编号", view.assessment),
        ("等级与得分", grade_line(view)),
        ("评分政策", f"{policy.title}，编号 {policy.id}，第 {policy.version} 版，校验码 {policy.digest}"),
        ("标准数据", f"{view.standard_number}，校验码 {view.standard_digest}"),
        ("评估记录", _record(view.seal)),
    )
    return tuple(PolicyLine(label=label, text=text) for label, text in rows)


def _record(seal: SealView) -> str:
    if not seal.signed:
        return f"共 {seal.rows} 行，末行哈希 {seal.hash}"
    return (
        f"封存时 {seal.sealed_rows} 行，末行哈希 {seal.sealed_hash}；签发事件本身是第 {seal.rows} 行，哈希 {seal.hash}"
    )


def cover_rows(view: ReportView) -> tuple[PolicyLine, ...]:
    """What stands on the cover below the grade."""
    rows = (
        ("评估编号", view.assessment),
        ("统一社会信用代码", view.credit_code or "未填写"),
        ("行业与规模", "，".join((view.industry or "行业未填写", view.size or "规模未填写"))),
        ("访谈日期", view.interviewed or "没有访谈记录"),
        ("数据截至", view.as_of),
        ("复核签发", f"{view.seal.reviewer}，{view.seal.at}" if view.seal.signed else "尚未签发"),
        ("记录哈希", view.seal.hash),
    )
    return tuple(PolicyLine(label=label, text=text) for label, text in rows)


def _domain_note(domain: DomainView) -> str:
    weight = f"政策权重为 {domain.weight}"
    if domain.score is None:
        out = all(s.status == "not_applicable" for item in domain.items for s in item.subitems)
        return f"{'各子项均不适用，不计分' if out else '尚无得分'}；{weight}。"
    return f"得分 {two(domain.score)}，处于 L{domain.level} 分段；{weight}。"


def _facts(subitem: SubItemView) -> list[str]:
    """The line beside the level: the score and its rule, the part of the total, and who decided."""
    if subitem.status == "not_applicable":
        return ["不计分", _who(subitem)]
    score = "暂不计分" if subitem.score is None else f"得分 {two(subitem.score)}（{subitem.rule}）"
    status = [_who(subitem)] if subitem.status != "undecided" else []
    return [score, f"占总分 {subitem.share}", *status]


def _who(subitem: SubItemView) -> str:
    if subitem.reviewer:
        verb = "复核" if subitem.status == "not_applicable" else subitem.status_text
        return f"{verb}：{subitem.reviewer}，{subitem.decided_on}"
    return subitem.status_text


def _remarks(subitem: SubItemView) -> list[str]:
    """The notes, with the measured rate and what rests on talk alone."""
    found = list(subitem.notes)
    if subitem.rate is not None:
        found.insert(0, f"{subitem.rate_of}实测为 {subitem.rate}%。")
    if subitem.talk_only:
        found.append("该等级只凭口头陈述，没有文件、截图或现场查看佐证。")
    return found
