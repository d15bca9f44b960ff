"""What the pages of the standard show. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assistant.assessment.weighting import shares, weighted_tree
from assistant.web.views.quotes import Pieces, marked
from knowledge.chunks import KIND_NAMES
from knowledge.model import CLAUSE_CODE, Clause, Defect, Domain, Item, Level, Standard, SubItem
from knowledge.policy import ScoringPolicy
from knowledge.search import Hit


@dataclass(frozen=True)
class Column:
    """One level of a sub-item: its name as the sub-item's own table prints it, its band, its clauses verbatim."""

    level: int
    name: str
    band: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class SubItemPage:
    """A sub-item with its levels side by side, where it stands, and its neighbours."""

    subitem: SubItem
    domain: Domain
    item: Item
    caption: str
    corrected: str
    columns: tuple[Column, ...]
    defects: tuple[Defect, ...]
    before: SubItem | None
    after: SubItem | None


@dataclass(frozen=True)
class Found:
    """A search hit: `kind` in Chinese, the text with matched words marked, and the page that shows it in its place."""

    code: str
    kind: str
    path: str
    pieces: Pieces
    level: int
    href: str


@dataclass(frozen=True)
class Share:
    """How much of the total a node makes: exact as a fraction, and in percent."""

    name: str
    code: str
    exact: str
    percent: str


@dataclass(frozen=True)
class PolicyView:
    """A scoring policy in words, with the share of every domain and sub-item."""

    title: str
    id: str
    version: str
    place: str
    scores: tuple[str, ...]
    rates: tuple[SubItem, ...]
    weighting: str
    domains: tuple[tuple[Share, tuple[Share, ...]], ...]


def band(level: Level) -> str:
    """`[20, 40)`: the lower end belongs, the upper one only at the top (DECISIONS, defect 2)."""
    low, high = level.band
    return f"[{low}, {high}{']' if high == 100 else ')'}"  # noqa: PLR2004 - the end of the scale


def subitem_page(standard: Standard, code: str) -> SubItemPage:
    """One sub-item. Raises KeyError for an unknown code."""
    subitem = standard.subitems[code]
    domain, item = standard.places[code]
    table = standard.table(item.table)
    names = standard.level_names(code)
    columns = tuple(
        Column(level.level, names[level.level - 1], band(level), subitem.at(level.level)) for level in standard.levels
    )
    codes = list(standard.subitems)
    at = codes.index(code)
    return SubItemPage(
        subitem=subitem,
        domain=domain,
        item=item,
        caption=table.caption,
        corrected=table.corrected_caption,
        columns=columns,
        defects=tuple(d for d in standard.defects if _speaks_of(d, subitem, item.table)),
        before=standard.subitems[codes[at - 1]] if at else None,
        after=standard.subitems[codes[at + 1]] if at + 1 < len(codes) else None,
    )


def found(standard: Standard, hits: Iterable[Hit]) -> tuple[Found, ...]:
    """Hits as the page lists them, best first."""
    return tuple(
        Found(
            code=hit.chunk.code,
            kind=KIND_NAMES[hit.chunk.kind],
            path=hit.chunk.path,
            pieces=marked(hit.chunk.text, hit.spans),
            level=hit.chunk.level,
            href=_href(standard, hit.chunk.kind, hit.chunk.code, hit.chunk.subitem),
        )
        for hit in hits
    )


def policy_view(policy: ScoringPolicy, standard: Standard) -> PolicyView:
    """The policy, with the share of the total that every part makes when all of it applies."""
    part = shares(weighted_tree(standard, policy.weights), standard.subitems)
    middle = policy.place == "middle"
    domains = []
    for domain in standard.domains:
        inside = [(s.name, s.code, part[s.code]) for i in domain.items for s in i.subitems]
        whole = sum((share for _, _, share in inside), Fraction(0))
        domains.append((_share(domain.name, "", whole), tuple(_share(*one) for one in inside)))
    return PolicyView(
        title=policy.title,
        id=policy.id,
        version=policy.version,
        place="等级分值带的中点" if middle else "等级分值带的下限",
        scores=tuple(str(_placed(level, middle=middle)) for level in standard.levels),
        rates=tuple(standard.subitems[code] for code in policy.rate_subitems),
        weighting="每一层的各部分权重相等" if policy.weights is None else "按政策给定的权重",
        domains=tuple(domains),
    )


def _placed(level: Level, *, middle: bool) -> Decimal:
    low, high = level.band
    return (low + high) / 2 if middle else low


def _share(name: str, code: str, share: Fraction) -> Share:
    return Share(name, code, str(share), f"{float(share):.2%}")


def _speaks_of(defect: Defect, subitem: SubItem, table: int) -> bool:
    """A defect of one of its clauses, of its table or of its name. A bare `4.2` is a section, not a sub-item."""
    places = defect.where.replace("，", "、").split("、")
    named = any(f"“{name}”" in defect.text for name in (subitem.name, *subitem.aliases))
    return f"表{table}" in places or named or any(place.startswith(f"{subitem.code}-") for place in places)


def _href(standard: Standard, kind: str, code: str, subitem: str) -> str:
    """Where a chunk stands in our pages; a piece of the document without a page of its own: the list of the document."""
    if subitem in standard.subitems:
        level = CLAUSE_CODE.match(code)
        place = code if code in standard.clauses else f"L{level['level']}" if level else ""
        return f"/standard/{subitem}" + (f"#{place}" if place else "")
    return {"defect": "/standard#defects", "level": "/standard#levels", "term": "/standard#terms"}.get(
        kind, "/standard#text"
    )
