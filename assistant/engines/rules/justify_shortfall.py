"""未达上一级的原因: what the next level asks for that this enterprise does not do, or did not speak of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from assistant.assessment.justification import LevelFrom, Sentence
from assistant.assessment.ledger import Evidence, Stand
from assistant.assessment.level import Citation
from assistant.assessment.quoting import gist
from assistant.assessment.reading import Quote, Verdict
from assistant.engines.rules.justify_basis import amount, each_once, measured, requirements_of
from assistant.engines.rules.justify_words import Pen, joined, printed
from knowledge.model import LEVELS, Requirement

NOT = (
    "{name}要求{reqs}，而{says}，{gap}{cite}。",
    "对照{name}{reqs}的要求，{says}，{gap}{cite}。",
    "{says}，够不上{name}{reqs}的要求{cite}。",
)
GAPS = ("尚未达到", "还有差距", "还不符合")
PARTLY = (
    "{name}要求{reqs}，而{says}，只做到一部分{cite}。",
    "{says}，{name}的{reqs}只做到一部分{cite}。",
)
HALF = (
    "该款中{reqs}有依据（{says}），差的是其余部分{cite}。",
    "其中{reqs}这一半做到了，{says}{cite}。",
)
MISSING_AT_MOST = 4


def shortfall(pen: Pen) -> Iterator[Sentence]:
    """The sentences of the section."""
    task = pen.task
    if task.level == LEVELS[-1]:
        codes = tuple(c.code for c in task.subitem.at(LEVELS[-1]))
        yield pen.sentence(f"{pen.level(LEVELS[-1])}是最高等级，没有上一级可比。", (), codes)
        return
    unmet = [c for c in task.gap if c.stand != Stand.MET]
    if pen.overruled and task.level is not None:
        codes = tuple(c.code for c in task.subitem.at(task.level + 1))
        text = f"复核没有认定{pen.name(task.level + 1)}，理由是：“{printed(task.reason)}”{pen.cite(*codes)}。"
        yield pen.sentence(text, (), codes)
    yield from _measured(pen, unmet)
    yield from _failed(pen, unmet)
    yield from _contested(pen, unmet)
    if task.level is not None and task.level > 1:
        yield from _half(pen, unmet)
    yield from _unsaid(pen)


def against(pen: Pen, citations: Sequence[Citation], verdict: Verdict) -> dict[Quote, list[Evidence]]:
    """Evidence of one verdict against requirements, by the words to quote; what follows from a rate apart.

    A requirement that is partly met is told as that alone, whatever else was said against it.
    """
    found: dict[Quote, list[Evidence]] = {}
    for citation in citations:
        torn = {e.requirement for e in citation.evidence if e.verdict == Verdict.MET}
        halves = {e.requirement for e in citation.evidence if e.verdict == Verdict.PARTLY}
        for evidence in citation.evidence:
            contested = citation.stand == Stand.CONFLICT and evidence.requirement in torn
            contested = contested or (verdict == Verdict.NOT and evidence.requirement in halves)
            if evidence.verdict == verdict and not evidence.measured and not contested:
                found.setdefault(pen.words(evidence), []).append(evidence)
    return each_once(pen, found)


def _failed(pen: Pen, unmet: Sequence[Citation]) -> Iterator[Sentence]:
    for verdict, patterns in ((Verdict.NOT, NOT), (Verdict.PARTLY, PARTLY)):
        for quote, evidence in against(pen, unmet, verdict).items():
            about = requirements_of(pen, evidence)
            pattern = patterns[-1] if pen.reply(quote) else pen.pick(patterns)
            says = pen.says(quote, within=not pattern.startswith("{says}"))
            codes = [r.clause for r in about]
            reqs = joined([gist(r) for r in about])
            text = pattern.format(
                name=pen.name(about[0].level), reqs=reqs, says=says, gap=pen.pick(GAPS), cite=pen.cite(*codes)
            )
            yield pen.sentence(text, [quote], codes)


def _measured(pen: Pen, unmet: Sequence[Citation]) -> Iterator[Sentence]:
    for citation in unmet:
        for evidence in measured(citation):
            requirement = requirements_of(pen, [evidence])[0]
            if evidence.verdict == Verdict.MET or requirement.rate is None:
                continue
            floor = requirement.rate.band[0]
            rate = pen.task.rate
            short = ""
            if rate is not None and rate.exact is not None:
                points = floor - Decimal(int(rate.exact * 10)) / 10
                short = f"，还差{points:.1f}个百分点" if points >= 1 else "，差距不到1个百分点"
            text = (
                f"{pen.name(requirement.level)}要求{requirement.rate.of}不低于{floor:f}%，"
                f"而按{pen.who(evidence.quote.answer)}所报的数推算{amount(pen)}{short.replace('.0个', '个')}{pen.cite(citation.clause)}。"
            )
            yield pen.sentence(text, [pen.words(evidence)], [citation.clause])


def _contested(pen: Pen, unmet: Sequence[Citation]) -> Iterator[Sentence]:
    """Said both ways: both are shown, and nothing is chosen for the enterprise."""
    for citation in unmet:
        for requirement in _requirements(pen, citation):
            mine = [e for e in citation.evidence if e.requirement == requirement.code]
            words = list(dict.fromkeys(pen.words(e) for e in mine))
            if len({e.verdict for e in mine}) > 1 and citation.stand == Stand.CONFLICT and len(words) > 1:
                said = "；".join(pen.says(q) for q in words[:2])
                text = f"关于“{gist(requirement)}”前后说法不一：{said}，有待核实{pen.cite(citation.clause)}。"
                yield pen.sentence(text, words[:2], [citation.clause])


def _half(pen: Pen, unmet: Sequence[Citation]) -> Iterator[Sentence]:
    """A requirement of an unmet clause that is met all the same."""
    for citation in unmet:
        if len(_requirements(pen, citation)) == 1 or citation.stand == Stand.CONFLICT:
            continue
        done = [e for e in citation.evidence if e.verdict == Verdict.MET and not e.measured]
        for evidence in done[:1]:
            quote = pen.words(evidence)
            about = requirements_of(pen, [evidence])
            text = pen.pick(HALF).format(
                reqs=joined([gist(r) for r in about]), says=pen.says(quote, within=True), cite=pen.cite(citation.clause)
            )
            yield pen.sentence(text, [quote], [citation.clause])


def _requirements(pen: Pen, citation: Citation) -> list[Requirement]:
    return [r for r in pen.task.subitem.requirements if r.clause == citation.clause]


def unsaid(pen: Pen) -> list[Requirement]:
    """Requirements that nobody spoke of: of the next level's unmet clauses, or those that would settle an open level."""
    task = pen.task
    if task.level is None and task.proposal.undecided is not None:
        missing = set(task.proposal.undecided.missing)
        low = task.proposal.undecided.low
        return [r for r in task.subitem.requirements if r.code in missing and r.level <= low + 1]
    heard = {e.requirement for c in task.gap for e in c.evidence}
    clauses = {c.clause for c in task.gap if c.stand != Stand.MET}
    return [r for r in task.subitem.requirements if r.clause in clauses and r.code not in heard]


def _unsaid(pen: Pen) -> Iterator[Sentence]:
    missing = unsaid(pen)
    if not missing:
        return
    chosen = missing[:MISSING_AT_MOST]
    codes = [r.clause for r in chosen]
    listed = joined([gist(r) for r in chosen])
    if pen.task.level_from == LevelFrom.OPEN:
        text = f"{listed}在访谈中没有谈到，补问清楚后才能判定{pen.cite(*codes)}。"
    else:
        text = pen.pick(
            (
                f"至于{listed}，访谈中没有谈到，不作认定{pen.cite(*codes)}。",
                f"访谈中没有谈到{listed}，有无此类做法有待核实{pen.cite(*codes)}。",
            )
        )
    yield pen.sentence(text, (), codes)
