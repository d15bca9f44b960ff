"""What a report says of one sub-item: its level and whose it is, the clauses and words behind it, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from assistant.assessment.derivation import Node, Rule
from assistant.assessment.document import SourceKind, rests_on_talk_alone, source_of
from assistant.assessment.ledger import Evidence, Stand, SubItemLedger
from assistant.assessment.level import Proposal
from assistant.assessment.state import Assessment
from assistant.reports.justified import STALE, Drafter, plain_sections, written_sections
from assistant.reports.view import STATUS_TEXT, ClauseLine, QuoteLine, Status, SubItemView
from assistant.reports.words import STAND, WHY_OPEN, day, number, percent
from knowledge.model import LEVELS, Clause, Standard

Span = tuple[int, int, int]
"""Answer, start, end."""

SHORT_ANSWER = 10
"""A quote of fewer characters says little without the question about one fact that it answers."""


@dataclass(frozen=True)
class Source:
    """What one sub-item's view is made of. `node` is its place in the derivation, `share` its part of the total."""

    state: Assessment
    standard: Standard
    ledger: SubItemLedger
    proposal: Proposal
    node: Node
    share: Fraction
    drafter: Drafter | None = None


def subitem_view(source: Source) -> SubItemView:
    """The view of one sub-item."""
    state, standard, ledger, proposal = source.state, source.standard, source.ledger, source.proposal
    code = ledger.subitem.code
    decision, stamp = state.decisions.get(code), state.decided.get(code)
    status = status_of(state, proposal, code)
    level = decision.level if decision else proposal.level
    names = standard.level_names(code)
    held, above = _cited(ledger, level)
    spans = _spans(_evidence_of(ledger, [*held, *above]))
    basis, gap = (tuple(_line(source, c, spans) for c in part) for part in (held, above))
    quotes = tuple(_quotes(state, spans))
    rate = decision.rate if decision else proposal.rate
    outcome = f"L{level} {names[level - 1]}" if level else STATUS_TEXT[status]
    written, stale = written_sections(state, standard, source.drafter, code)
    return SubItemView(
        code=code,
        name=ledger.subitem.name,
        table=standard.places[code][1].table,
        level=level,
        level_name=names[level - 1] if level else "",
        status=status,
        status_text=STATUS_TEXT[status],
        proposed=proposal.level,
        outcome=outcome,
        score=source.node.score,
        rule="" if source.node.rule == Rule.OPEN else source.node.rule.value,
        share=percent(source.share),
        rate=number(rate) if rate is not None else None,
        rate_of=ledger.subitem.rate_of or "",
        own_score=str(decision.score) if decision and decision.score is not None else None,
        reviewer=stamp.actor if stamp else "",
        decided_on=day(stamp.at) if stamp else "",
        reason=decision.reason if decision else "",
        sections=written or plain_sections(state, standard, ledger, status, level, (basis, gap), quotes),
        basis=basis,
        gap=gap,
        quotes=quotes,
        missing=_missing(standard, proposal) if level is None and status == "undecided" else (),
        notes=(*_notes(source, level, status), *([STALE] if stale else [])),
        talk_only=level is not None and rests_on_talk_alone(proposal, state.answers, state.documents),
    )


def status_of(state: Assessment, proposal: Proposal, code: str) -> Status:
    """Who the level is from, or why there is none."""
    decision = state.decisions.get(code)
    if decision is not None:
        return "not_applicable" if decision.level is None else "decided"
    return "undecided" if proposal.level is None else "proposed"


def _cited(ledger: SubItemLedger, level: int | None) -> tuple[list[Clause], list[Clause]]:
    """The clauses with words behind them up to a level, and those of the next level that are not met.

    Without a level: everything that was spoken of, and nothing.
    """
    top = level or LEVELS[-1]
    heard = {e.requirement for e in ledger.evidence}
    basis = [c for c in ledger.subitem.clauses if 1 < c.level <= top and heard & {r.code for r in c.requirements}]
    above = ledger.subitem.at(top + 1) if level and level < LEVELS[-1] else ()
    return basis, [c for c in above if ledger.clause(c) != Stand.MET]


def clause_place(standard: Standard, clause: Clause) -> str:
    """`表1 集成级`, `表2 集成级 b)`: where a reader of the standard finds the clause."""
    code = clause.code.partition("-")[0]
    table = standard.places[code][1].table
    letter = f" {clause.letter})" if clause.letter else ""
    return f"表{table} {standard.level_names(code)[clause.level - 1]}{letter}"


def _spans(evidence: Iterable[Evidence]) -> dict[Span, Evidence]:
    """Each span of words once, in the order in which it was said; words inside longer ones go with those."""
    spans = {(e.quote.answer, e.quote.start, e.quote.end): e for e in evidence}
    return dict(sorted((span, e) for span, e in spans.items() if span == _widest(span, spans)))


def _widest(span: Span, spans: Iterable[Span]) -> Span:
    answer, start, end = span
    return max(
        (s for s in spans if s[0] == answer and s[1] <= start and end <= s[2]), key=lambda s: (s[2] - s[1], -s[1])
    )


def _quotes(state: Assessment, spans: Mapping[Span, Evidence]) -> Iterable[QuoteLine]:
    for position, evidence in enumerate(spans.values(), start=1):
        answer = state.answers[evidence.quote.answer]
        source = source_of(answer, state.respondents, state.documents)
        question = state.questions.get(answer.question or 0)
        alone = question is None or question.requirement is None or len(evidence.quote.text) >= SHORT_ANSWER
        yield QuoteLine(
            number=position,
            text=evidence.quote.text.strip(),
            who=source.who or "受访人",
            source=f"《{source.document}》{source.place}" if source.document else f"访谈记录第{answer.seq}行",
            kind=source.kind.value,
            documented=source.kind != SourceKind.TALK,
            question="" if alone or question is None else question.text,
        )


def _line(source: Source, clause: Clause, spans: Mapping[Span, Evidence]) -> ClauseLine:
    numbers = {span: number for number, span in enumerate(spans, start=1)}
    mine = _evidence_of(source.ledger, [clause])
    quoted = {numbers[_widest((e.quote.answer, e.quote.start, e.quote.end), spans)] for e in mine}
    return ClauseLine(
        code=clause.code,
        place=clause_place(source.standard, clause),
        text=clause.text,
        stand=STAND[source.ledger.clause(clause)],
        level=clause.level,
        quotes=tuple(sorted(quoted)),
    )


def _evidence_of(ledger: SubItemLedger, clauses: Iterable[Clause]) -> list[Evidence]:
    codes = {r.code for c in clauses for r in c.requirements}
    return [e for e in ledger.evidence if e.requirement in codes]


def _missing(standard: Standard, proposal: Proposal) -> tuple[str, ...]:
    codes = proposal.undecided.missing if proposal.undecided else ()
    return tuple(standard.requirements[code].text for code in codes)


def _notes(source: Source, level: int | None, status: Status) -> Iterable[str]:
    proposal, standard = source.proposal, source.standard
    if proposal.undecided is not None and level is None and status == "undecided":
        low, high = proposal.undecided.low, proposal.undecided.high
        yield f"未定原因：{WHY_OPEN[proposal.undecided.reason]}；按已知情况在 L{low} 至 L{high} 之间。"
    if proposal.conflicts and status in ("proposed", "undecided"):
        texts = "；".join(standard.requirements[code].text for code in proposal.conflicts)
        yield f"前后说法不一，请复核时判断：{texts}。"
    if level is not None and level == proposal.level and proposal.ahead:
        places = "、".join(clause_place(standard, standard.clauses[code]) for code in proposal.ahead)
        yield f"更高等级中已满足的条款：{places}。"
    if level is not None and proposal.level is not None and level != proposal.level:
        yield f"建议等级为 L{proposal.level}，复核改为 L{level}。"
