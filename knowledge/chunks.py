"""Standard -> chunks: the pieces of text that search finds, with ids and metadata. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Literal, get_args

from knowledge.model import LEVELS, Frozen, Passage, Standard, SubItem

Kind = Literal["clause", "cell", "text", "term", "level", "defect", "guide"]
KINDS: tuple[Kind, ...] = get_args(Kind)
KIND_NAMES: dict[Kind, str] = {
    "clause": "条款",
    "cell": "整格要求",
    "text": "正文",
    "term": "术语",
    "level": "等级总体描述",
    "defect": "文本缺陷",
    "guide": "访谈提纲",
}


class Chunk(Frozen):
    """A piece of text that search can find.

    `text` is what is shown, verbatim where it is of the standard; `names` (sub-item, item, domain, aliases, title) is
    searched too but not shown. `code` is a clause, cell (`2.1-L3`), passage, term, level (`L3`) or defect code;
    `subitem` is the sub-item's code, `name` its name; `level` is 0 where there is none.
    """

    id: str
    kind: Kind
    code: str
    text: str
    names: tuple[str, ...] = ()
    domain: str = ""
    item: str = ""
    subitem: str = ""
    name: str = ""
    level: int = 0
    path: str = ""

    @property
    def metadata(self) -> dict[str, str | int]:
        """The flat form that vector stores keep and filter by."""
        return {
            "kind": self.kind,
            "code": self.code,
            "domain": self.domain,
            "item": self.item,
            "subitem": self.subitem,
            "name": self.name,
            "level": self.level,
            "path": self.path,
        }


def chunks(standard: Standard, extra: Iterable[Chunk] = ()) -> list[Chunk]:
    """All chunks in the standard's order, then `extra` (the guide's). Ids are unique and stable.

    Raises ValueError when an id of `extra` is there already.
    """
    found = [
        *(_passage(standard, passage) for passage in standard.document if passage.text),
        *_terms(standard),
        *_levels(standard),
        *(chunk for subitem in standard.subitems.values() for chunk in _row(standard, subitem)),
        *_defects(standard),
        *extra,
    ]
    ids = [chunk.id for chunk in found]
    if len(set(ids)) != len(ids):
        raise ValueError(f"repeated chunk ids: {sorted(i for i in set(ids) if ids.count(i) > 1)}")
    return found


def _passage(standard: Standard, passage: Passage) -> Chunk:
    places = {(d.name, i.name) for d in standard.domains for i in d.items if i.section == passage.code}
    domains = {domain for domain, _ in places}
    return Chunk(
        id=f"text:{passage.code}",
        kind="text",
        code=passage.code,
        text=passage.text,
        names=(passage.title,),
        domain=domains.pop() if len(domains) == 1 else "",
        item=places.pop()[1] if len(places) == 1 else "",
        path=passage.title,
    )


def _terms(standard: Standard) -> Iterator[Chunk]:
    for term in standard.terms:
        yield Chunk(
            id=f"term:{term.code}",
            kind="term",
            code=term.code,
            text=f"{term.name}（{term.english}）：{term.definition}",
            path=f"{term.code} {term.name}",
        )


def _levels(standard: Standard) -> Iterator[Chunk]:
    for level in standard.levels:
        yield Chunk(
            id=f"level:{level.level}",
            kind="level",
            code=f"L{level.level}",
            text=f"{level.name}：{level.description}",
            level=level.level,
            path=f"L{level.level} {level.name}",
        )


def _defects(standard: Standard) -> Iterator[Chunk]:
    for defect in standard.defects:
        yield Chunk(
            id=f"defect:{defect.number}",
            kind="defect",
            code=f"缺陷{defect.number}",
            text=f"{defect.text}。处理：{defect.decision}",
            names=(defect.where,),
            path=f"文本缺陷 {defect.number} / {defect.where}",
        )


def _row(standard: Standard, subitem: SubItem) -> Iterator[Chunk]:
    """The clauses of one sub-item, lowest level first; a cell of several clauses comes whole as well."""
    domain, item = standard.places[subitem.code]
    for level, level_name in zip(LEVELS, standard.level_names(subitem.code), strict=True):
        chunk = partial(
            Chunk,
            names=(subitem.name, *subitem.aliases, item.name, domain.name, level_name),
            domain=domain.name,
            item=item.name,
            subitem=subitem.code,
            name=subitem.name,
            level=level,
            path=f"{domain.name} / {item.name} / {subitem.code} {subitem.name} / L{level} {level_name}",
        )
        cell = subitem.at(level)
        if len(cell) > 1:
            code = f"{subitem.code}-L{level}"
            text = "\n".join(f"{clause.letter}）{clause.text}" for clause in cell)
            yield chunk(id=f"cell:{code}", kind="cell", code=code, text=text)
        for clause in cell:
            yield chunk(id=f"clause:{clause.code}", kind="clause", code=clause.code, text=clause.text)
