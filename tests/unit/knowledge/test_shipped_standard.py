"""The shipped standard: what it counts, and that it is the source text, proven by another way than the loader's.

The loader lays the document out and compares. Here each cell is searched in the source, in order, and cut out; what is
left must be exactly the rest of the document.
"""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal

import yaml

from knowledge.loader import SHIPPED, content_digest, load_standard
from knowledge.model import Standard, SubItem

SOURCE = "".join((SHIPPED / "source.txt").read_text(encoding="utf-8").split())
RATED = ["1.1", "2.1", "3.1", "4.1", "4.2"]
CUT_BY_A_PAGE = ["4.5", "5.3", "6.4", "7.2", "8.3", "9.1", "12.1"]


def test_counts_are_those_of_decisions(standard: Standard) -> None:
    cells = [(s.code, level) for s in standard.subitems.values() for level in range(1, 6) if s.at(level)]
    places = [standard.domains, list(standard.items()), standard.subitems, cells, standard.clauses]
    assert [len(part) for part in places] == [4, 17, 36, 180, 285]
    assert [len(part) for part in (standard.defects, standard.tables, standard.terms, standard.levels)] == [
        12,
        13,
        2,
        5,
    ]


def test_rates_and_page_breaks_are_those_of_decisions(standard: Standard) -> None:
    subitems = standard.subitems.values()
    assert [s.code for s in subitems if s.rate_of] == RATED
    assert [s.code for s in subitems if s.page_break] == CUT_BY_A_PAGE
    bands = [(Decimal(n), Decimal(n + 20)) for n in range(0, 100, 20)]
    assert [level.band for level in standard.levels] == bands
    for code in RATED:
        assert [r.rate.band for r in standard.subitems[code].requirements if r.rate] == bands


def test_names_of_the_annex_are_aliases(standard: Standard) -> None:
    assert {s.code: s.aliases for s in standard.subitems.values() if s.aliases} == {
        "3.1": ("软件范围",),
        "3.3": ("软件集成功能",),
        "7.4": ("成本优化",),
        "9.1": ("生产系统设计与仿真",),
    }


def test_what_the_source_cannot_prove_is_as_it_was_written(standard: Standard) -> None:
    """Editorial texts (defects, corrected captions, edition) stand in no source, so their digest guards them."""
    texts = [
        [standard.id, standard.edition],
        [table.corrected_caption for table in standard.tables],
        [[d.where, d.text, d.decision] for d in standard.defects],
    ]
    digest = hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).hexdigest()
    assert digest == "b5179a62ad47ef3253d303921900a3b2b850ae128b145cf145c0afab8b6f8994"


def test_loading_twice_gives_the_same_standard_and_digest(standard: Standard) -> None:
    again = load_standard()
    assert again == standard
    assert content_digest(again) == standard.digest


def test_requirements_are_parts_of_their_clause_that_leave_joining_words_over(standard: Standard) -> None:
    for clause in standard.clauses.values():
        rest = clause.text
        for requirement in clause.requirements:
            before, found, rest = rest.partition(requirement.text)
            assert found
            assert re.fullmatch(r"[，。；]?(并且|同时|并|还)?", before), clause.code
        assert rest in ("", "。"), clause.code


def columns(subitem: SubItem) -> list[str]:
    """Name and cells as printed, without white space."""
    cells = [
        "".join(f"{c.marker or (c.letter + '）' if c.letter else '')}{c.text}" for c in subitem.at(level))
        for level in range(1, 6)
    ]
    return ["".join(text.split()) for text in (subitem.name, *cells)]


def find_row(texts: list[str], start: int) -> tuple[int, int]:
    """Where the columns stand one after the other, from `start` on."""
    at = SOURCE.index("".join(texts), start)
    return at, at + len("".join(texts))


def find_cut_row(texts: list[str], start: int) -> tuple[int, int]:
    """Where the columns' beginnings stand, then their ends, each column cut somewhere by the page break."""
    whole = sum(map(len, texts))
    for at in range(start, len(SOURCE) - whole + 1):
        if SOURCE.startswith(texts[0], at) and cuts_fit(texts, at, ()):
            return at, at + whole
    raise AssertionError(texts[0])


def cuts_fit(texts: list[str], at: int, ends: tuple[str, ...]) -> bool:
    if len(ends) == len(texts):
        return SOURCE.startswith("".join(ends), at)
    text = texts[len(ends)]
    cuts = (n for n in range(len(text), -1, -1) if SOURCE.startswith(text[:n], at))
    return any(cuts_fit(texts, at + n, (*ends, text[n:])) for n in cuts)


def test_each_row_stands_in_the_source_in_its_place_and_nothing_else_does(standard: Standard) -> None:
    rest, position = [], 0
    for code, subitem in standard.subitems.items():
        find = find_cut_row if code in CUT_BY_A_PAGE else find_row
        start, end = find(columns(subitem), position)
        rest.append(SOURCE[position:start])
        position = end
    rest.append(SOURCE[position:])

    between = [n for n, text in enumerate(rest) if text]
    first_rows = [n for n, code in enumerate(standard.subitems) if code.endswith(".1")]
    assert between == [*first_rows, len(standard.subitems)]
    plain = yaml.safe_load((SHIPPED / "structure.yaml").read_text(encoding="utf-8"))
    assert "".join(rest) == "".join(between_the_rows(plain))


def between_the_rows(plain: dict[str, list[dict[str, str]]]) -> list[str]:
    """Titles, passages, terms, levels and captions of the file, in the document's order, without white space."""
    terms = {t["code"]: t["code"] + t["name"] + t["english"] + t["definition"] for t in plain["terms"]}
    levels = {level["level"]: f"{level['name']}：{level['description']}" for level in plain["levels"]}
    names = "".join(level["name"] for level in plain["levels"])
    tables = {
        t["number"]: f"表{t['number']}{t['caption']}能力子项{''.join(t.get('level_names', names))}"
        for t in plain["tables"]
    }
    texts = []
    for entry in plain["document"]:
        if "term" in entry:
            texts.append(terms[entry["term"]])
        elif "level" in entry:
            texts.append(levels[entry["level"]])
        elif "table" in entry:
            texts.append(tables[entry["table"]])
        else:
            texts.append(entry["title"] + entry.get("text", ""))
    return ["".join(text.split()) for text in texts]
