"""复核, one sub-item: the evidence first, then the proposed level, then what the reviewer may do. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.assessment.bands import band_text
from assistant.assessment.justification import Section
from assistant.assessment.ledger import Stand, SubItemLedger, build_ledger
from assistant.assessment.level import Citation, Proposal
from assistant.assessment.state import Assessment
from assistant.reports.view_subitem import clause_place
from assistant.reports.words import STAND, minute, number
from assistant.review.changes import decision_text
from assistant.review.flags import Look, look, standing, unanswered
from assistant.review.footing import outdated
from assistant.web.views.quotes import SIGN, Card, cards, telling
from assistant.web.views.review import Standing, proposed_text, standing_of
from knowledge.model import LEVELS, Clause, Requirement, Standard

SECTION = {
    Section.BASIS: "判定依据",
    Section.SHORTFALL: "未达上一级的原因",
    Section.MATERIALS: "佐证材料",
    Section.ADVICE: "改进建议",
}


@dataclass(frozen=True)
class Piece:
    """A stretch of a clause. Of a requirement also: where it stands, and the numbers of the quotes that speak of it.

    `inferred`: nobody spoke of it; it follows from a higher or a lower requirement.
    """

    text: str
    requirement: str = ""
    stand: str = ""
    sign: str = ""
    word: str = ""
    inferred: bool = False
    quotes: tuple[int, ...] = ()


@dataclass(frozen=True)
class ClauseCell:
    """A clause with its requirements marked."""

    code: str
    letter: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Column:
    """One level's cell of the standard's table. `band` is its band of the score scale."""

    level: int
    name: str
    band: str
    clauses: tuple[ClauseCell, ...]


@dataclass(frozen=True)
class Lack:
    """A clause of the next level that is not met."""

    place: str
    text: str
    word: str
    sign: str
    stand: str


@dataclass(frozen=True)
class Part:
    """One part of the justification. `stale`: written when level or evidence were others than now."""

    section: str
    label: str
    text: str
    own: bool
    stale: bool


@dataclass(frozen=True)
class Item:
    """Everything that the page of one sub-item shows. `seen`: the row up to which it shows the record."""

    code: str
    name: str
    domain: str
    item: str
    table: int
    columns: tuple[Column, ...]
    quotes: tuple[Card, ...]
    look: Look
    dropped: str
    rate: str
    gap: tuple[Lack, ...]
    gap_level: str
    ahead: tuple[str, ...]
    missing: tuple[str, ...]
    conflicts: tuple[str, ...]
    level: int | None
    proposed: str
    confidence: str
    standing: Standing
    decision: str
    decided_level: int | None
    decided_by: str
    reason: str
    returned: str
    parts: tuple[Part, ...]
    drafted: bool
    signed_by: str
    seen: int

    @property
    def renewable(self) -> bool:
        """True when a part of the justification, drafted or in somebody's own words, is out of date."""
        return any(part.stale for part in self.parts)

    @property
    def own_words(self) -> tuple[Part, ...]:
        """The parts in somebody's own words, which a new draft leaves alone."""
        return tuple(part for part in self.parts if part.own)


def item(state: Assessment, standard: Standard, code: str) -> Item:
    """The page of one sub-item, whose code is one of the standard's."""
    ledger = build_ledger(standard, state.answers, state.readings, state.questions)[code]
    seen, proposal = look(state, standard, ledger), standing(state, ledger)
    quotes = cards(state, standard, telling(ledger), seen.outweighed)
    domain, group = standard.places[code]
    decision, stamp = state.decisions.get(code), state.decided.get(code)
    return Item(
        code=code,
        name=ledger.subitem.name,
        domain=domain.name,
        item=group.name,
        table=group.table,
        columns=_columns(standard, ledger, quotes),
        quotes=quotes,
        look=seen,
        dropped="，".join(f"{reason} {count}" for reason, count in seen.doubts.dropped.items()),
        rate=_rate(ledger),
        gap=tuple(_lack(standard, c) for c in proposal.gap),
        gap_level=_next_name(standard, proposal),
        ahead=tuple(
            f"{clause_place(standard, standard.clauses[c])}：{standard.clauses[c].text}" for c in proposal.ahead
        ),
        missing=_texts(standard, proposal.undecided.missing if proposal.undecided else ()),
        conflicts=_texts(standard, proposal.conflicts),
        level=proposal.level,
        proposed=proposed_text(standard, proposal, state.set_aside.get(proposal.subitem)),
        confidence=seen.sureness.confidence.word,
        standing=standing_of(state, code),
        decision=decision_text(decision) if decision else "",
        decided_level=decision.level if decision else None,
        decided_by=f"{stamp.actor}，{minute(stamp.at)}" if stamp else "",
        reason=decision.reason if decision else "",
        returned=unanswered(state, code),
        parts=_parts(state, ledger),
        drafted=code in state.justifications,
        signed_by=state.signed.reviewer if state.signed else "",
        seen=state.tail.seq,
    )


def _columns(standard: Standard, ledger: SubItemLedger, quotes: tuple[Card, ...]) -> tuple[Column, ...]:
    names = standard.level_names(ledger.subitem.code)
    spoken: dict[str, list[int]] = {}
    for card in quotes:
        for code in {claim.requirement for claim in card.claims if claim.counts}:
            spoken.setdefault(code, []).append(card.number)
    return tuple(
        Column(
            level=level,
            name=names[level - 1],
            band=band_text(standard.levels, level),
            clauses=tuple(_cell(ledger, clause, spoken) for clause in ledger.subitem.at(level)),
        )
        for level in LEVELS
    )


def _cell(ledger: SubItemLedger, clause: Clause, spoken: Mapping[str, list[int]]) -> ClauseCell:
    """A requirement is a verbatim part of its clause: the text is cut up at them, and loses nothing."""
    pieces: list[Piece] = []
    at = 0
    for requirement in clause.requirements:
        start = clause.text.find(requirement.text, at)
        if start < 0:
            continue
        if start > at:
            pieces.append(Piece(clause.text[at:start]))
        pieces.append(_piece(ledger, requirement, tuple(spoken.get(requirement.code, ()))))
        at = start + len(requirement.text)
    if at < len(clause.text):
        pieces.append(Piece(clause.text[at:]))
    return ClauseCell(code=clause.code, letter=clause.letter, pieces=tuple(pieces))


def _piece(ledger: SubItemLedger, requirement: Requirement, quotes: tuple[int, ...]) -> Piece:
    """Level 1 asks for nothing: it is the floor, and its texts are not judged."""
    stand = ledger.requirements.get(requirement.code)
    if stand is None:
        return Piece(requirement.text)
    return Piece(
        text=requirement.text,
        requirement=requirement.code,
        stand=stand.value,
        sign=SIGN[stand],
        word=STAND[stand],
        inferred=stand != Stand.UNKNOWN and ledger.own.get(requirement.code, Stand.UNKNOWN) == Stand.UNKNOWN,
        quotes=quotes,
    )


def _rate(ledger: SubItemLedger) -> str:
    if ledger.rate is None:
        return ""
    low, high = number(ledger.rate.low), number(ledger.rate.high)
    return f"{ledger.subitem.rate_of} {low}%" if low == high else f"{ledger.subitem.rate_of} {low}%–{high}%"


def _lack(standard: Standard, citation: Citation) -> Lack:
    clause = standard.clauses[citation.clause]
    return Lack(
        place=clause_place(standard, clause),
        text=clause.text,
        word=STAND[citation.stand],
        sign=SIGN[citation.stand],
        stand=citation.stand.value,
    )


def _next_name(standard: Standard, proposal: Proposal) -> str:
    if proposal.level is None or proposal.level == LEVELS[-1]:
        return ""
    return f"L{proposal.level + 1} {standard.level_names(proposal.subitem)[proposal.level]}"


def _texts(standard: Standard, codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{code}　{standard.requirements[code].text}" for code in codes)


def _parts(state: Assessment, ledger: SubItemLedger) -> tuple[Part, ...]:
    written = state.justifications.get(ledger.subitem.code)
    if written is None:
        return ()
    stale = outdated(state, ledger)
    return tuple(
        Part(
            section=section.value,
            label=SECTION[section],
            text=written.text(section),
            own=section in written.edits,
            stale=section in stale,
        )
        for section in Section
    )
