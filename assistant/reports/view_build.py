"""From an assessment to what its report says. Pure: the same record, standard and policy give the same view."""

from __future__ import annotations

from fractions import Fraction

from assistant.assessment.bands import level_at
from assistant.assessment.derivation import Node
from assistant.assessment.grade import Grade, grade
from assistant.assessment.grade_input import Levels
from assistant.assessment.ledger import build_ledger
from assistant.assessment.level import Proposal, propose
from assistant.assessment.state import Assessment
from assistant.assessment.weighting import shares, weighted_tree
from assistant.errors import InputError
from assistant.reports.justified import Drafter
from assistant.reports.roadmap import roadmap
from assistant.reports.view import (
    FINALITY_TEXT,
    VIEW_VERSION,
    DecisionLine,
    DomainView,
    Finality,
    GradeView,
    ItemView,
    PolicyLine,
    ReportView,
    Scoring,
    SubItemView,
)
from assistant.reports.view_annex import (
    defect_lines,
    derivation_lines,
    document_lines,
    highlights,
    method_text,
    people_lines,
    policy_lines,
    seal_view,
    sensitive_text,
    variant_lines,
)
from assistant.reports.view_subitem import Source, subitem_view
from assistant.reports.words import day, days, two
from assistant.review.outcome import levels_of
from knowledge.model import Standard
from knowledge.policy import ScoringPolicy

TITLE = "工业互联网应用成熟度评估报告"
ORDER_ONLY = "等级还没有确定，以下只按已有的等级和建议排出先后。"
UNSURE = "等级还没有确定，下表只按已有的等级和建议计算。"


def report_view(
    state: Assessment, standard: Standard, policy: ScoringPolicy, drafter: Drafter | None = None
) -> ReportView:
    """What the report of an assessment says as it stands; `drafter` justifies what nobody has justified yet.

    Raises InputError for another standard's assessment, and when a signed-off grade does not come out again under this
    policy and standard; ScoringError as the scorer does.
    """
    if state.opened.standard != standard.id:
        raise InputError(f"这份评估用的是标准 {state.opened.standard}，当前装载的是 {standard.id}，不能出报告。")
    given = levels_of(state, standard, policy)
    result = grade(standard, policy, given)
    _check_seal(state, policy, result)
    ledgers = build_ledger(standard, state.answers, state.readings, state.questions)
    proposals = {c: state.proposals.get(c) or propose(ledger, state.why_open(c)) for c, ledger in ledgers.items()}
    wide = _with_proposed(state, standard, policy, given, proposals)
    estimate = grade(standard, policy, wide) if wide != given else result
    applicable = shares(weighted_tree(standard, policy.weights), standard.subitems.keys() - given.not_applicable)
    nodes = {node.code: node for node in estimate.derivation.walk() if node.code}
    subitems = {
        code: subitem_view(
            Source(state, standard, ledger, proposals[code], nodes[code], applicable.get(code, Fraction(0)), drafter)
        )
        for code, ledger in ledgers.items()
    }
    least, most = reach(standard, estimate)
    sure = least == most
    steps, note = roadmap(standard, policy, wide, estimate, ledgers, with_proposed=wide != given)
    return ReportView(
        version=VIEW_VERSION,
        assessment=state.id,
        title=TITLE,
        enterprise=state.opened.enterprise,
        industry=state.opened.industry,
        credit_code=state.opened.credit_code,
        size=state.opened.size,
        standard_id=standard.id,
        standard_digest=standard.digest,
        standard_title=standard.title,
        standard_number=standard.number,
        level_names=tuple(level.name for level in standard.levels),
        opened_on=_opened_on(state),
        as_of=day(state.tail.at),
        interviewed=days(state, list(state.heard.values())),
        draft=state.signed is None,
        grade=_grade_view(standard, state, result, subitems),
        estimate=_estimate_view(standard, estimate, subitems) if wide != given else None,
        counts=_counts(state, subitems),
        highlights=highlights(standard, estimate, subitems, with_proposed=wide != given, sure=sure),
        method=method_text(standard),
        policy=policy_lines(standard, policy),
        defects=defect_lines(standard),
        domains=_domains(standard, estimate.derivation, subitems),
        roadmap=steps,
        roadmap_note=note if sure or not steps else ORDER_ONLY,
        derivation=derivation_lines(estimate.derivation, with_proposed=wide != given),
        variants=variant_lines(estimate),
        sensitive=sensitive_text(standard, estimate) if sure or estimate.level is None else UNSURE,
        decisions=_decisions(state, standard, subitems),
        people=people_lines(state),
        documents=document_lines(state, subitems),
        seal=seal_view(state),
        scoring=Scoring(
            policy=policy,
            levels=given,
            grade=result,
            proposed={c: v for c, v in wide.levels.items() if c not in given.levels},
            proposed_rates={c: v for c, v in wide.rates.items() if c not in given.rates},
            estimate=estimate,
        ),
    )


def _check_seal(state: Assessment, policy: ScoringPolicy, result: Grade) -> None:
    signed = state.signed
    if signed is None:
        return
    if signed.policy_digest != policy.digest:
        raise InputError(
            f"这份评估签发时用的是评分政策 {signed.policy}（第 {signed.policy_version} 版），与现在的不同。"
            "请用 --policy 给出签发时的政策。"
        )
    if (signed.level, signed.score) != (result.level, result.score):
        raise InputError(
            "按现在的标准数据重算，等级与签发时不同，不能出正式报告。请用签发时的程序和标准，或重新复核签发。"
        )


def _with_proposed(
    state: Assessment, standard: Standard, policy: ScoringPolicy, given: Levels, proposals: dict[str, Proposal]
) -> Levels:
    """The levels with those that are only proposed; on record or, in an interview cut short, still to be recorded."""
    from dataclasses import replace

    settled = {c: p for c, p in proposals.items() if p.level is not None}
    return levels_of(replace(state, proposals=settled), standard, policy, proposed=True) if settled else given


def _opened_on(state: Assessment) -> str:
    first = min((a.at for a in state.answers.values()), default=state.tail.at)
    return day(first)


def _grade_view(standard: Standard, state: Assessment, result: Grade, subitems: dict[str, SubItemView]) -> GradeView:
    finality: Finality = "complete"
    if state.signed is not None:
        finality = "signed"
    elif result.level is None:
        finality = "empty"
    elif result.provisional:
        finality = "provisional"
    undecided = sum(s.status in ("proposed", "undecided") for s in subitems.values())
    done = f"{len(subitems) - undecided}/{len(subitems)}"
    name = standard.levels[result.level - 1].name if result.level else ""
    low, high = (two(v) for v in result.range)
    least, most = reach(standard, result)
    if finality == "provisional" and least != most:
        ends = (f"L{level} {standard.levels[level - 1].name}" for level in (least, most))
        sentence = "已复核 {} 项，还不能定级。未复核的若都按 0 分计，得分为 {}，等级为 {}；若都按 100 分计，得分为 {}，等级为 {}。"
        first, last = ends
        return _view(
            standard, result, finality, f"暂不能定级（已复核 {done}）", sentence.format(done, low, first, high, last)
        )
    sentences: dict[Finality, str] = {
        "signed": f"经复核并签发，成熟度等级为 L{result.level} {name}，得分 {result.shown}。",
        "complete": f"全部子项已复核，等级为 L{result.level} {name}，得分 {result.shown}；签发之后才是最终结果。",
        "provisional": f"尚有 {undecided} 个子项没有复核。仅按已复核的子项计，等级为 L{result.level} {name}，得分 {result.shown}；"
        f"未复核的若都按 0 分计，得分为 {low}；若都按 100 分计，得分为 {high}，等级都不变。",
        "empty": "还没有任何子项经过复核，不能给出等级。",
    }
    headline = f"L{result.level} {name}" if result.level else FINALITY_TEXT["empty"]
    return _view(standard, result, finality, headline, sentences[finality])


def reach(standard: Standard, result: Grade) -> tuple[int, int]:
    """The levels between which the grade lies: with everything that is open at 0, and at 100."""
    least, most = (level_at(standard.levels, Fraction(score)) for score in result.range)
    return least, most


def _estimate_view(standard: Standard, result: Grade, subitems: dict[str, SubItemView]) -> GradeView:
    name = standard.levels[result.level - 1].name if result.level else ""
    waiting = sum(s.status == "proposed" for s in subitems.values())
    low, high = (two(v) for v in result.range)
    least, most = reach(standard, result)
    if least != most:
        text = (
            f"把尚待复核的 {waiting} 项建议等级也算进去，得分在 {low}（L{least}）至 {high}（L{most}）之间，仍不能定级。"
        )
        return _view(standard, result, "provisional", "暂不能定级", text)
    text = f"把尚待复核的 {waiting} 项建议等级也算进去，预估为 L{result.level} {name}，得分 {result.shown}；仅供参考，不是评估结论。"
    return _view(standard, result, "provisional", f"L{result.level} {name}", text)


def _view(standard: Standard, result: Grade, finality: Finality, headline: str, sentence: str) -> GradeView:
    low, high = (two(v) for v in result.range)
    least, most = reach(standard, result)
    placed = result.level is not None and least == most
    return GradeView(
        finality=finality,
        finality_text="复核尚未完成" if finality == "provisional" and not placed else FINALITY_TEXT[finality],
        level=result.level,
        level_name=standard.levels[result.level - 1].name if result.level else "",
        score=result.score,
        shown=result.shown or "—",
        low=low,
        high=high,
        sentence=sentence,
        placed=placed,
        headline=headline,
        span=f"{low}（L{least}）至 {high}（L{most}）",
    )


def _counts(state: Assessment, subitems: dict[str, SubItemView]) -> tuple[PolicyLine, ...]:
    by = {
        s: sum(v.status == s for v in subitems.values()) for s in ("decided", "proposed", "undecided", "not_applicable")
    }
    status = [f"已复核 {by['decided']} 项"]
    status += [
        f"{text} {by[key]} 项"
        for key, text in (("proposed", "建议待复核"), ("undecided", "未定"), ("not_applicable", "不适用"))
        if by[key]
    ]
    quotes = {(q.source, q.text) for s in subitems.values() for q in s.quotes}
    documents = state.documents.keys() - state.withdrawn.keys()
    talk = sum(s.talk_only for s in subitems.values())
    spoken = [a for a in state.heard.values() if not a.document]
    people, read = len({a.respondent for a in spoken}), len(state.heard) - len(spoken)
    lines = [
        ("能力子项", f"共 {len(subitems)} 项，其中{'，'.join(status)}"),
        (
            "访谈",
            f"{people} 人，{len(state.questions)} 个问题，{len(spoken)} 次回答" if spoken else "没有访谈记录",
        ),
        (
            "依据",
            f"{len(quotes)} 处原话或文字，"
            + (f"{len(documents)} 份文件，采用其中 {read} 段" if documents else "没有文件"),
        ),
    ]
    if talk:
        lines.append(("证据强度", f"{talk} 个子项的等级只凭口头陈述，没有文件、截图或现场查看佐证"))
    return tuple(PolicyLine(label=label, text=text) for label, text in lines)


def _domains(standard: Standard, root: Node, subitems: dict[str, SubItemView]) -> tuple[DomainView, ...]:
    nodes = {(n.kind, n.name): n for n in root.walk()}
    views = []
    for domain in standard.domains:
        items = []
        for item in domain.items:
            node = nodes["item", item.name]
            items.append(
                ItemView(
                    name=item.name,
                    section=item.section,
                    weight=node.given,
                    score=node.score,
                    level=node.level,
                    subitems=tuple(subitems[s.code] for s in item.subitems),
                )
            )
        node = nodes["domain", domain.name]
        views.append(
            DomainView(name=domain.name, weight=node.given, score=node.score, level=node.level, items=tuple(items))
        )
    return tuple(views)


def _decisions(state: Assessment, standard: Standard, subitems: dict[str, SubItemView]) -> tuple[DecisionLine, ...]:
    """Decisions that changed something: a level, a score, or whether the sub-item counts."""
    return tuple(
        DecisionLine(
            code=code,
            name=standard.subitems[code].name,
            proposed=f"L{d.proposed}" if d.proposed else "无建议",
            decided=("不适用" if d.level is None else f"L{d.level}")
            + (f"，{d.score} 分" if d.score is not None else ""),
            reason=d.reason,
            reviewer=subitems[code].reviewer,
        )
        for code in standard.subitems
        if (d := state.decisions.get(code)) and (d.level != d.proposed or d.score is not None)
    )
