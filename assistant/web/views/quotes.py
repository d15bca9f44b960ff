"""The words behind a sub-item's verdicts: whole sentences with the quoted spans marked, and what each is taken to mean. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from assistant.assessment.answer import Answer
from assistant.assessment.document import SourceKind, source_of
from assistant.assessment.ledger import Evidence, SubItemLedger
from assistant.assessment.quoting import quotable
from assistant.assessment.reading import Quote, Verdict
from assistant.assessment.state import Assessment
from assistant.reports.words import VERDICT, minute
from knowledge.model import Standard, level_of

Pieces = tuple[tuple[str, bool], ...]
"""Text in stretches, each with whether it is marked."""

SIGN = {"met": "✓", "partly": "◐", "not": "✗", "conflict": "⇄", "unknown": "?"}
"""A sign beside the colour, so that neither is needed to tell them apart."""


@dataclass(frozen=True)
class Claim:
    """What a quote is taken to say of one requirement, by which rule of which engine.

    `counts` is false where a number goes before these words.
    """

    requirement: str
    text: str
    verdict: str
    sign: str
    word: str
    rule: str
    engine: str
    alone: bool
    counts: bool


@dataclass(frozen=True)
class Card:
    """One stretch of an answer with everything taken from it. `documented`: it stands in a file that was handed in."""

    number: int
    answer: int
    pieces: Pieces
    question: str
    who: str
    role: str
    at: str
    source: str
    documented: bool
    claims: tuple[Claim, ...]


def telling(ledger: SubItemLedger) -> tuple[Evidence, ...]:
    """The evidence to show: every rate "meets" level 1's low one, which tells nobody anything."""
    return tuple(e for e in ledger.evidence if not e.measured or level_of(e.requirement) > 1)


def cards(
    state: Assessment, standard: Standard, evidence: Iterable[Evidence], outweighed: Iterable[Evidence]
) -> tuple[Card, ...]:
    """The quotes of a sub-item in the order in which they were said, each once."""
    counting = list(evidence)
    both = [*((e, True) for e in counting), *((e, False) for e in outweighed)]
    texts = {seq: answer.text for seq, answer in state.answers.items()}
    wide = sorted(quotable([e.quote for e, _ in both], texts), key=lambda q: (q.answer, q.start))
    held: dict[Quote, list[tuple[Evidence, bool]]] = {quote: [] for quote in wide}
    for one, counts in both:
        home = next((q for q in wide if _holds(q, one.quote)), None)
        if home is not None:
            held[home].append((one, counts))
    return tuple(_card(state, standard, number, *item) for number, item in enumerate(held.items(), start=1))


def _holds(outer: Quote, inner: Quote) -> bool:
    return outer.answer == inner.answer and outer.start <= inner.start and inner.end <= outer.end


def _card(state: Assessment, standard: Standard, number: int, quote: Quote, held: list[tuple[Evidence, bool]]) -> Card:
    answer = state.answers[quote.answer]
    speaker = state.respondents.get(answer.respondent)
    question = state.questions.get(answer.question or 0)
    spans = [(e.quote.start - quote.start, e.quote.end - quote.start) for e, _ in held]
    claims = [_claim(standard, one, counts) for one, counts in held]
    return Card(
        number=number,
        answer=quote.answer,
        pieces=marked(quote.text, spans),
        question=question.text if question else "",
        who=speaker.name if speaker else "",
        role=speaker.role if speaker else "",
        at=minute(answer.at),
        source=place_of(state, answer),
        documented=source_of(answer, state.respondents, state.documents).kind != SourceKind.TALK,
        claims=tuple(sorted(dict.fromkeys(claims), key=lambda c: (not c.counts, c.requirement))),
    )


def place_of(state: Assessment, answer: Answer) -> str:
    """Where the words stand: `访谈 第 31 行`, or kind, name and place of a document."""
    source = source_of(answer, state.respondents, state.documents)
    if not source.document:
        return f"访谈 第 {answer.seq} 行"
    return f"{source.kind}《{source.document}》{source.place}"


def _claim(standard: Standard, evidence: Evidence, counts: bool) -> Claim:
    return Claim(
        requirement=evidence.requirement,
        text=standard.requirements[evidence.requirement].text,
        verdict=evidence.verdict.value,
        sign=SIGN[evidence.verdict],
        word=VERDICT[Verdict(evidence.verdict)],
        rule=evidence.rule,
        engine=evidence.engine,
        alone=evidence.alone,
        counts=counts,
    )


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Pieces:
    """The text cut up at some spans, which may overlap."""
    hit = {position for start, end in spans for position in range(start, end)}
    runs = ((inside, list(run)) for inside, run in groupby(range(len(text)), key=hit.__contains__))
    return tuple((text[run[0] : run[-1] + 1], inside) for inside, run in runs)
