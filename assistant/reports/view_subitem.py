"""What a report says of one sub-item: its level and whose it is, the clauses and words behind it, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from assistant.assessment.answer import Question
from assistant.assessment.derivation import Node, Rule
from assistant.assessment.document import SourceKind, source_of
from assistant.assessment.ledger import Evidence, Stand, SubItemLedger
from assistant.assessment.level import Proposal, Reason
from assistant.assessment.quoting import demand, overlap, quotable
from assistant.assessment.reading import Quote
from assistant.assessment.state import Assessment
from assistant.reports.justified import STALE, Drafter, plain_sections, written_sections
from assistant.reports.view import STATUS_TEXT, ClauseLine, QuoteLine, Status, SubItemView
from assistant.reports.words import STAND, WHY_OPEN, day, number, percent
from assistant.review.doubts import on_talk_alone
from knowledge.model import LEVELS, Clause, Standard

SHORT_ANSWER = 10
"""A quote of fewer characters says little without the question that it answers."""
BARE = 5
"""So few say nothing without the question, whatever they speak of."""
DISBELIEVED = "未采信"
"""Where a higher clause stands that the words support and a reviewer did not accept."""


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
    cited = _cited(ledger, level)
    words = _words(state, _evidence_of(ledger, chain.from_iterable(cited)))
    shown = cited if status != "not_applicable" else ([], [], [])
    basis, gap, ahead = (tuple(_line(source, c, words) for c in part) for part in shown)
    if decision and level and proposal.level and level < proposal.level:
        ahead = tuple(line.model_copy(update={"stand": DISBELIEVED}) for line in ahead)
    quotes = tuple(_quotes(state, words))
    rate = decision.rate if decision else proposal.rate
    outcome = f"L{level} {names[level - 1]}" if level else STATUS_TEXT[status]
    written, stale = written_sections(state, standard, source.drafter, ledger)
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
        ahead=ahead,
        quotes=quotes,
        missing=_missing(standard, proposal) if level is None and status == "undecided" else (),
        notes=(*_notes(source, level, status, told=bool(written)), *([STALE] if stale else [])),
        talk_only=on_talk_alone(state, ledger),
    )


def status_of(state: Assessment, proposal: Proposal, code: str) -> Status:
    """Who the level is from, or why there is none."""
    decision = state.decisions.get(code)
    if decision is not None:
        return "not_applicable" if decision.level is None else "decided"
    return "undecided" if proposal.level is None else "proposed"


def _cited(ledger: SubItemLedger, level: int | None) -> tuple[list[Clause], list[Clause], list[Clause]]:
    """The clauses with words behind them up to a level, those of the next level that are not met, and the higher ones
    that are.

    Without a level: everything that was spoken of, and nothing.
    """
    top = level or LEVELS[-1]
    heard = {e.requirement for e in ledger.evidence}
    basis = [c for c in ledger.subitem.clauses if 1 < c.level <= top and heard & {r.code for r in c.requirements}]
    above = ledger.subitem.at(top + 1) if level and level < LEVELS[-1] else ()
    ahead = [c for c in ledger.subitem.clauses if c.level > top and heard & {r.code for r in c.requirements}]
    return (
        basis,
        [c for c in above if ledger.clause(c) != Stand.MET],
        [c for c in ahead if ledger.clause(c) == Stand.MET],
    )


def clause_place(standard: Standard, clause: Clause) -> str:
    """`表1 集成级`, `表2 集成级 b)`: where a reader of the standard finds the clause."""
    code = clause.code.partition("-")[0]
    table = standard.places[code][1].table
    letter = f" {clause.letter})" if clause.letter else ""
    return f"表{table} {standard.level_names(code)[clause.level - 1]}{letter}"


def _words(state: Assessment, evidence: Sequence[Evidence]) -> dict[Quote, list[Evidence]]:
    """The words to quote in the order in which they were said, each with the evidence in it.

    The same words as in the justification: widened to what a reader needs to understand them.
    """
    texts = {answer.seq: answer.text for answer in state.answers.values()}
    quotes = sorted(quotable((e.quote for e in evidence), texts), key=lambda q: (q.answer, q.start))
    words: dict[Quote, list[Evidence]] = {}
    for one in evidence:
        words.setdefault(max(quotes, key=lambda q: overlap(one.quote, q)), []).append(one)
    return {quote: words[quote] for quote in quotes if quote in words}


def _quotes(state: Assessment, words: Mapping[Quote, Sequence[Evidence]]) -> Iterable[QuoteLine]:
    for position, (quote, evidence) in enumerate(words.items(), start=1):
        answer = state.answers[quote.answer]
        source = source_of(answer, state.respondents, state.documents)
        question = state.questions.get(answer.question or 0)
        yield QuoteLine(
            number=position,
            text=quote.text.strip(),
            who=source.who or "受访人",
            source=f"《{source.document}》{source.place}" if source.document else f"访谈记录第{answer.seq}行",
            kind=source.kind.value,
            documented=source.kind != SourceKind.TALK,
            question=question.text if question and _needs(question, quote, evidence) else "",
        )


def _needs(question: Question, quote: Quote, evidence: Sequence[Evidence]) -> bool:
    """True for words too few to stand without the question about one fact, and that answer it."""
    if question.requirement is None or len(quote.text) >= SHORT_ANSWER:
        return False
    return len(quote.text) <= BARE or question.requirement in {e.requirement for e in evidence}


def _line(source: Source, clause: Clause, words: Mapping[Quote, Sequence[Evidence]]) -> ClauseLine:
    codes = {r.code for r in clause.requirements}
    held = (n for n, mine in enumerate(words.values(), start=1) if codes & {e.requirement for e in mine})
    return ClauseLine(
        code=clause.code,
        place=clause_place(source.standard, clause),
        text=clause.text,
        stand=STAND[source.ledger.clause(clause)],
        level=clause.level,
        quotes=tuple(held),
    )


def _evidence_of(ledger: SubItemLedger, clauses: Iterable[Clause]) -> list[Evidence]:
    codes = {r.code for c in clauses for r in c.requirements}
    return [e for e in ledger.evidence if e.requirement in codes]


def _missing(standard: Standard, proposal: Proposal) -> tuple[str, ...]:
    """What would settle an open level; nothing of a sub-item that was not asked about, which lacks everything."""
    undecided = proposal.undecided
    if undecided is None or undecided.reason == Reason.NOT_ASKED:
        return ()
    return tuple(demand(standard.requirements[code]) for code in undecided.missing)


def _notes(source: Source, level: int | None, status: Status, *, told: bool) -> Iterable[str]:
    """Remarks; `told`: a justification says already why there is no level."""
    proposal, standard = source.proposal, source.standard
    if proposal.undecided is not None and level is None and status == "undecided" and not told:
        low, high = proposal.undecided.low, proposal.undecided.high
        known = "" if (low, high) == (LEVELS[0], LEVELS[-1]) else f"，按已知情况在 L{low} 至 L{high} 之间"
        yield f"因{WHY_OPEN[proposal.undecided.reason]}，暂不能定级{known}。"
    if proposal.conflicts and status in ("proposed", "undecided"):
        texts = "；".join(demand(standard.requirements[code]) for code in proposal.conflicts)
        yield f"前后说法不一，请复核时判断：{texts}。"
    if level is not None and proposal.level is not None and level != proposal.level:
        yield f"建议等级为 L{proposal.level}，复核改为 L{level}。"
