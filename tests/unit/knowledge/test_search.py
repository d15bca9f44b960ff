"""Search finds clauses by their words, by names and aliases, by code; and goes on when a part of it fails."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from knowledge.chunks import Chunk
from knowledge.embedding import HashingEmbedder
from knowledge.errors import EmbeddingError, InvalidQueryError
from knowledge.model import Standard
from knowledge.search import Hit, Searcher, open_searcher


@pytest.fixture(scope="module")
def searcher(standard: Standard) -> Iterator[Searcher]:
    opened = open_searcher(standard, HashingEmbedder(), None, print)
    yield opened
    opened.close()


def codes(hits: Sequence[Hit]) -> list[str]:
    return [hit.chunk.code for hit in hits]


def test_the_middle_of_a_requirement_finds_its_clause(searcher: Searcher, standard: Standard) -> None:
    asked = [r for r in standard.requirements.values() if len(r.text) >= 16]
    first = [codes(searcher.search(r.text[3:15], limit=1, kind="clause")) == [r.clause] for r in asked]
    assert sum(first) / len(asked) > 0.95


def test_every_name_and_alias_finds_its_subitem(searcher: Searcher, standard: Standard) -> None:
    for code, subitem in standard.subitems.items():
        for name in (subitem.name, *subitem.aliases):
            assert [hit.chunk.subitem for hit in searcher.search(name, limit=1, kind="clause")] == [code], name
            assert searcher.subitems(name, k=1)[0][0] == code, name


def test_a_hit_has_score_place_and_matched_spans(searcher: Searcher) -> None:
    [hit] = searcher.search("卫星通信", limit=1)
    assert (hit.chunk.code, hit.score, [hit.chunk.text[a:b] for a, b in hit.spans]) == ("1.2-L5", 1.0, ["卫星通信"])
    assert hit.to_json() == {
        "id": "clause:1.2-L5",
        "kind": "clause",
        "code": "1.2-L5",
        "domain": "基础设施层",
        "item": "网络互联能力",
        "subitem": "1.2",
        "name": "网络覆盖范围",
        "level": 5,
        "path": "基础设施层 / 网络互联能力 / 1.2 网络覆盖范围 / L5 引领级",
        "text": hit.chunk.text,
        "score": 1.0,
        "spans": [list(span) for span in hit.spans],
    }


def test_scores_fall_and_stay_between_0_and_1(searcher: Searcher) -> None:
    scores = [hit.score for hit in searcher.search("设备数据的采集和传输", limit=50)]
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[-1] <= scores[0] <= 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("2.1-L3b", ["2.1-L3b"]),
        ("2.1-l3b", ["2.1-L3b"]),
        ("２.１-L3", ["2.1-L3"]),
        ("6.5", ["6.5-L1", "6.5-L2", "6.5-L3", "6.5-L4", "6.5-L5"]),
        ("4.2", ["4.2", "4.2-L1", "4.2-L2", "4.2-L3", "4.2-L4", "4.2-L5"]),
    ],
)
def test_a_code_finds_what_bears_it(searcher: Searcher, query: str, expected: list[str]) -> None:
    assert codes(searcher.search(query)) == expected


def test_a_cell_and_its_clauses_are_not_listed_beside_each_other(searcher: Searcher) -> None:
    places = [(hit.chunk.subitem, hit.chunk.level, hit.chunk.kind) for hit in searcher.search("物流", limit=50)]
    rows = [place for place in places if place[2] in ("cell", "clause")]
    assert len({place[:2] for place in rows}) == len(set(rows))


def test_filters_leave_only_what_fits(searcher: Searcher) -> None:
    hits = searcher.search("数据", domain="数据管理层", level=3, kind="clause", limit=50)
    assert codes(hits) == sorted(codes(hits), key=codes(hits).index)
    assert {(hit.chunk.domain, hit.chunk.level, hit.chunk.kind) for hit in hits} == {("数据管理层", 3, "clause")}
    assert {hit.chunk.subitem for hit in hits} == {"6.1", "6.2", "6.3", "6.4", "6.5"}
    assert codes(searcher.search("设备", subitem="1.1", level=2)) == ["1.1-L2"]


@pytest.mark.parametrize("subitem", ["7.4", "成本管理", "成本优化"])
def test_a_subitem_is_given_by_code_name_or_alias(searcher: Searcher, subitem: str) -> None:
    assert {hit.chunk.subitem for hit in searcher.search("成本", subitem=subitem, limit=50)} == {"7.4"}


def test_a_kind_is_given_by_its_key_or_chinese_name(searcher: Searcher) -> None:
    assert codes(searcher.search("三个等级", kind="文本缺陷", limit=1)) == ["缺陷1"]
    assert codes(searcher.search("三个等级", kind="text", limit=1)) == ["4.2"]
    assert codes(searcher.search("什么是成熟度评估", kind="术语", limit=1)) == ["3.2"]
    assert codes(searcher.search("典范和标杆", kind="level", limit=1)) == ["L5"]


@pytest.mark.parametrize("query", ["", "  \n", "，。！", "——", "\u200b", "%"])
def test_a_query_without_a_word_is_told(searcher: Searcher, query: str) -> None:
    for ask in (searcher.search, searcher.subitems):
        with pytest.raises(InvalidQueryError, match="没有可检索的文字"):
            ask(query)


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"domain": "平台层"}, "没有能力域“平台层”，可选：基础设施层、数据管理层、应用服务层、业务创新层。"),
        ({"level": 6}, "没有等级 6，可选：1 到 5。"),
        ({"level": 0}, "没有等级 0，可选：1 到 5。"),
        ({"kind": "图"}, "没有类别“图”，可选：clause、cell、text、term、level、defect、guide。"),
    ],
)
def test_a_filter_that_names_nothing_is_told(searcher: Searcher, filters: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        searcher.search("数据", **filters)  # type: ignore[arg-type]
    assert str(caught.value) == message


def test_an_unknown_subitem_is_told_with_the_codes(searcher: Searcher, standard: Standard) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        searcher.search("数据", subitem="1.9")
    assert str(caught.value) == f"没有能力子项“1.9”，可选：{'、'.join(standard.subitems)}。"


def test_what_the_standard_does_not_speak_of_is_not_found(searcher: Searcher) -> None:
    assert searcher.search("qwertyuiop zxcvb") == []
    assert searcher.search("MES") == []


def test_a_long_answer_is_routed_and_only_its_beginning_counts(searcher: Searcher) -> None:
    answer = "我们设备联网率大概百分之四十，空压机这些辅助设备也接入网络了。" * 2000
    assert searcher.subitems(answer, k=1)[0][0] == "1.1"
    assert searcher.subitems("数据治理策略" * 1000 + "质量控制" * 10000, k=1)[0][0] == "6.5"


def test_subitems_are_at_most_k_best_first(searcher: Searcher) -> None:
    found = searcher.subitems("数据质量和数据标准谁来管", k=5)
    assert len(found) == 5
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_extra_chunks_are_searched_and_speak_for_their_subitem(standard: Standard) -> None:
    guide = Chunk(id="guide:8.3", kind="guide", code="8.3", text="拉货的车 回头车 三方物流", subitem="8.3")
    opened = open_searcher(standard, HashingEmbedder(), None, print, [guide])
    assert codes(opened.search("回头车", kind="guide")) == ["8.3"]
    assert opened.subitems("回头车", k=1)[0][0] == "8.3"
    opened.close()


class Endpoint(HashingEmbedder):
    """An endpoint that can fail, or change its model behind the same name."""

    id = "endpoint"

    def __init__(self) -> None:
        super().__init__(64)
        self.failing = False
        self.model = HashingEmbedder(64)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self.failing:
            raise EmbeddingError("向量接口 x 连接不上。")
        return self.model.embed(texts)


def test_while_the_endpoint_fails_words_are_searched_and_it_is_said_once(standard: Standard) -> None:
    lines: list[str] = []
    endpoint = Endpoint()
    opened = open_searcher(standard, endpoint, None, lines.append)
    endpoint.failing = True
    assert codes(opened.search("卫星通信", limit=1)) == ["1.2-L5"]
    assert opened.subitems("数据治理", k=1)[0][0] == "6.5"
    assert lines == ["向量接口 x 连接不上。暂时只按字词检索。"]
    endpoint.failing = False
    opened.search("卫星通信")
    endpoint.failing = True
    opened.search("卫星通信")
    assert lines == ["向量接口 x 连接不上。暂时只按字词检索。"] * 2
    opened.close()


def test_an_endpoint_that_fails_at_the_build_is_replaced_and_it_is_said(standard: Standard) -> None:
    lines: list[str] = []
    endpoint = Endpoint()
    endpoint.failing = True
    opened = open_searcher(standard, endpoint, None, lines.append)
    assert codes(opened.search("卫星通信", limit=1)) == ["1.2-L5"]
    assert lines == ["向量接口 x 连接不上。本次改用自带的离线向量。"]
    opened.close()


def test_another_model_behind_the_endpoint_leads_to_a_new_index(standard: Standard, tmp_path: Path) -> None:
    lines: list[str] = []
    endpoint = Endpoint()
    opened = open_searcher(standard, endpoint, tmp_path, lines.append)
    endpoint.model = HashingEmbedder(1024)
    assert codes(opened.search("卫星通信", limit=1)) == ["1.2-L5"]
    assert [line.partition("（")[0] for line in lines] == ["检索索引缺失，已重建", "检索索引已损坏，已重建"]
    opened.close()


@pytest.mark.parametrize("damage", ["deleted", "emptied"])
def test_an_index_damaged_while_open_does_not_stop_search(standard: Standard, tmp_path: Path, damage: str) -> None:
    lines: list[str] = []
    opened = open_searcher(standard, HashingEmbedder(64), tmp_path / "index", lines.append)
    if damage == "deleted":
        shutil.rmtree(tmp_path / "index")
    else:
        [database] = (tmp_path / "index").rglob("chroma.sqlite3")
        os.truncate(database, 0)
    assert codes(opened.search("卫星通信", limit=1)) == ["1.2-L5"]
    opened.close()
    again = open_searcher(standard, HashingEmbedder(64), tmp_path / "index", lines.append)
    assert codes(again.search("卫星通信", limit=1)) == ["1.2-L5"]
    again.close()


def test_an_index_that_fails_in_use_is_rebuilt_once_for_all_threads(standard: Standard, tmp_path: Path) -> None:
    lines: list[str] = []
    opened = open_searcher(standard, HashingEmbedder(64), tmp_path, lines.append)
    opened.close()
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(codes(opened.search("卫星通信", limit=1)))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    opened.close()
    assert found == [["1.2-L5"]] * 4
    assert [line.partition("（")[0] for line in lines] == ["检索索引缺失，已重建", "检索索引已损坏，已重建"]


def test_searching_prints_nothing(standard: Standard, capfd: pytest.CaptureFixture[str]) -> None:
    opened = open_searcher(standard, HashingEmbedder(64), None, lambda line: None)
    opened.search("设备联网率")
    opened.close()
    sys.stdout.flush()
    assert capfd.readouterr() == ("", "")
