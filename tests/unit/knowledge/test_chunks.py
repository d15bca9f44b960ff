"""Every part of the standard becomes a chunk, with what is needed to filter by and to cite it."""

from __future__ import annotations

from collections import Counter

import pytest

from knowledge.chunks import KIND_NAMES, KINDS, Chunk, chunks
from knowledge.model import Standard


def test_all_clauses_and_general_texts_are_there(standard: Standard) -> None:
    found = Counter(chunk.kind for chunk in chunks(standard))
    several = sum(1 for s in standard.subitems.values() for level in range(1, 6) if len(s.at(level)) > 1)
    texts = sum(1 for passage in standard.document if passage.text)
    assert found == {"clause": 285, "cell": several, "text": texts, "term": 2, "level": 5, "defect": 12}


def test_ids_are_unique_and_stable(standard: Standard) -> None:
    ids = [chunk.id for chunk in chunks(standard)]
    assert len(set(ids)) == len(ids)
    assert ids == [chunk.id for chunk in chunks(standard)]


def test_a_clause_is_verbatim_and_knows_its_place(standard: Standard) -> None:
    found = {chunk.id: chunk for chunk in chunks(standard)}
    assert [found[f"clause:{code}"].text for code in standard.clauses] == [c.text for c in standard.clauses.values()]
    assert found["clause:5.1-L3"].metadata == {
        "kind": "clause",
        "code": "5.1-L3",
        "domain": "基础设施层",
        "item": "安全保障体系",
        "subitem": "5.1",
        "name": "网络信息安全",
        "level": 3,
        "path": "基础设施层 / 安全保障体系 / 5.1 网络信息安全 / L3 规范级",
    }


def test_a_cell_of_several_clauses_comes_whole(standard: Standard) -> None:
    found = {chunk.id: chunk for chunk in chunks(standard)}
    a, b = (standard.clauses[f"2.1-L3{letter}"].text for letter in "ab")
    assert found["cell:2.1-L3"].text == f"a）{a}\nb）{b}"
    assert "cell:1.1-L3" not in found


def test_aliases_are_among_the_names_searched(standard: Standard) -> None:
    found = {chunk.id: chunk for chunk in chunks(standard)}
    assert found["clause:3.1-L1"].names == ("软件与范围", "软件范围", "工业互联网软件", "基础设施层", "初始级")


def test_a_section_s_introduction_belongs_to_its_item_or_domain(standard: Standard) -> None:
    found = {chunk.id: chunk for chunk in chunks(standard)}
    places = [(found[i].domain, found[i].item) for i in ("text:5.1.4", "text:5.2", "text:1")]
    assert places == [("基础设施层", "集成分析平台"), ("数据管理层", ""), ("", "")]


def test_extra_chunks_come_last_and_may_not_repeat_an_id(standard: Standard) -> None:
    guide = Chunk(id="guide:1.1", kind="guide", code="1.1", text="网关 采集盒子", subitem="1.1")
    assert chunks(standard, [guide])[-1] == guide
    with pytest.raises(ValueError, match=r"clause:1\.1-L1"):
        chunks(standard, [guide.model_copy(update={"id": "clause:1.1-L1"})])


def test_each_kind_has_a_chinese_name() -> None:
    assert list(KIND_NAMES) == list(KINDS)
