"""Hybrid search over the standard: shared words (BM25) and nearness (vectors), fused by reciprocal rank."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.chunks import KIND_NAMES, KINDS, Chunk, chunks
from knowledge.embedding import Embedder, HashingEmbedder
from knowledge.errors import EmbeddingError, IndexDamagedError, InvalidQueryError
from knowledge.index import VectorIndex, open_index
from knowledge.model import LEVELS, Standard, subitem_order
from knowledge.text import Token, normalise, spans, telling, tokens

if TYPE_CHECKING:
    import bm25s

Filter = Mapping[str, str | int]
POOL = 50  # how far down either ranking a chunk still counts
LONGEST = 4000  # characters of a query that count
SMOOTHING = 60  # the usual constant of reciprocal rank fusion
EVIDENCE = 3  # best chunks that speak for a sub-item


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found: `score` from 0 to 1 (1: first in every ranking), `spans` of matched words in `chunk.text`."""

    chunk: Chunk
    score: float
    spans: tuple[tuple[int, int], ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values: the chunk's id, metadata and text, score and spans."""
        return {
            "id": self.chunk.id,
            **self.chunk.metadata,
            "text": self.chunk.text,
            "score": round(self.score, 6),
            "spans": [list(span) for span in self.spans],
        }


def open_searcher(
    standard: Standard,
    embedder: Embedder,
    folder: Path | None,
    notify: Callable[[str], None],
    extra: Iterable[Chunk] = (),
) -> Searcher:
    """Search over a standard and `extra` chunks (the guide's), its index kept in `folder` (None: in memory).

    `notify` gets one Chinese line for each thing the user should know: an index rebuilt, an endpoint that fails. When
    the endpoint fails while the index must be built, the offline embedder takes its place.
    """
    pieces = chunks(standard, extra)
    try:
        index = open_index(pieces, embedder, folder, notify)
    except EmbeddingError as error:
        notify(f"{error}本次改用自带的离线向量。")
        embedder = HashingEmbedder()
        index = open_index(pieces, embedder, folder, notify)
    rebuild = partial(open_index, pieces, embedder, folder, notify, trust=False)
    return Searcher(standard, pieces, embedder, index, rebuild, notify)


class Searcher:
    """Search over chunks; made by `open_searcher`, may be shared by threads. `close` releases the index's folder."""

    def __init__(
        self,
        standard: Standard,
        pieces: Sequence[Chunk],
        embedder: Embedder,
        index: VectorIndex,
        rebuild: Callable[[], VectorIndex],
        notify: Callable[[str], None],
    ) -> None:
        self._standard = standard
        self._chunks = pieces
        self._places = {chunk.id: place for place, chunk in enumerate(pieces)}
        self._embedder = embedder
        self._index = index
        self._rebuild = rebuild
        self._notify = notify
        self._codes = [(normalise(chunk.code), chunk.subitem) for chunk in pieces]
        self._tokens = [tuple(tokens(chunk.text)) for chunk in pieces]
        self._words = _words(pieces, self._tokens)
        self._lock = threading.Lock()
        self._told = False

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        domain: str | None = None,
        subitem: str | None = None,
        level: int | None = None,
        kind: str | None = None,
    ) -> list[Hit]:
        """The best chunks for a query, at most `limit`, best first; a code as query finds what bears it.

        `subitem` may be a code, a name or an alias. A cell and its clauses are not listed beside each other. Raises
        InvalidQueryError for a query without a single word and for a filter that names nothing of the standard.
        """
        where = self._filter(domain, subitem, level, kind)
        asked = self._asked(query)
        code = normalise(query.strip())
        named = [n for n, codes in enumerate(self._codes) if code in codes]
        rankings = [(1.0, named)] if named else self._rankings(query, asked, where)
        fused: defaultdict[int, float] = defaultdict(float)
        for weight, ranking in rankings:
            fitting = (n for n in ranking if _fits(self._chunks[n], where))
            for rank, place in enumerate(islice(fitting, POOL)):
                fused[place] += weight / (1 + rank / SMOOTHING)
        best = sum(weight for weight, ranking in rankings if ranking)
        wanted = telling(asked)
        return [
            Hit(self._chunks[place], fused[place] / best, spans(self._tokens[place], wanted))
            for place in islice(self._distinct(_ranking(fused)), limit)
        ]

    def subitems(self, query: str, k: int = 3) -> list[tuple[str, float]]:
        """Codes of the sub-items a text most likely speaks of, at most `k`, likeliest first, with a score above 0.

        A sub-item's score is that of its best chunks, words and nearness each measured against the best chunk of all.
        Raises InvalidQueryError for a text without a single word.
        """
        import numpy as np

        words = [word.text for word in self._asked(query)]
        lexical = np.asarray(self._words.get_scores(words), dtype=np.float64)
        near = np.zeros(len(self._chunks))
        for place, cosine in self._near(query, {}, len(self._chunks)).items():
            near[place] = cosine
        scores = lexical / (lexical.max() or 1.0) + self._embedder.weight * near / (near.max() or 1.0)
        totals = {code: sum(np.sort(scores[places])[-EVIDENCE:].tolist()) for code, places in self._of_subitem.items()}
        found = [(code, total) for code, total in totals.items() if total > 0]
        return sorted(found, key=lambda pair: (-pair[1], subitem_order(pair[0])))[:k]

    @cached_property
    def _of_subitem(self) -> dict[str, list[int]]:
        """The places of each sub-item's chunks."""
        places: dict[str, list[int]] = {}
        for place, chunk in enumerate(self._chunks):
            if chunk.subitem:
                places.setdefault(chunk.subitem, []).append(place)
        return places

    def close(self) -> None:
        """Release the index's folder."""
        self._index.close()

    def _rankings(self, query: str, asked: Sequence[Token], where: Filter) -> list[tuple[float, list[int]]]:
        """Places by shared words and by nearness, each with its weight."""
        lexical, near = self._lexical(asked), self._near(query, where, POOL)
        close = [n for n in _ranking(near) if n in lexical or near[n] >= self._embedder.floor]
        return [(1.0, _ranking(lexical)), (self._embedder.weight, close)]

    def _asked(self, query: str) -> list[Token]:
        words = list(tokens(query[:LONGEST]))
        if not words:
            raise InvalidQueryError("没有可检索的文字：请输入词句，例如“设备联网率”，只有标点或符号时无法检索。")
        return words

    def _lexical(self, asked: Sequence[Token]) -> dict[int, float]:
        """Scores above 0 of shared words, by place in the chunks."""
        scores = self._words.get_scores([word.text for word in asked])
        return {n: float(scores[n]) for n in scores.nonzero()[0].tolist()}

    def _near(self, query: str, where: Filter, limit: int) -> dict[int, float]:
        """Cosines above 0 of the nearest chunks that fit, by place; none, with a line said, while the endpoint fails."""
        try:
            [vector] = self._embedder.embed([query[:LONGEST]])
            found = self._query(vector, limit, where)
        except EmbeddingError as error:
            if not self._told:
                self._notify(f"{error}暂时只按字词检索。")
            self._told = True
            return {}
        self._told = False
        return {self._places[chunk]: cosine for chunk, cosine in found if cosine > 0}

    def _query(self, vector: Sequence[float], limit: int, where: Filter) -> list[tuple[str, float]]:
        """Ask the index; one that fails (damaged since it was opened, another model behind the endpoint) is rebuilt."""
        index = self._index
        try:
            return index.query(vector, limit, where)
        except IndexDamagedError:
            with self._lock:
                if self._index is index:  # no other thread has replaced it yet
                    index.close()
                    self._index = self._rebuild()
            return self._index.query(vector, limit, where)

    def _filter(self, domain: str | None, subitem: str | None, level: int | None, kind: str | None) -> Filter:
        """The metadata asked for. Raises InvalidQueryError naming what there is to choose from."""
        where: dict[str, str | int] = {}
        if domain is not None:
            where["domain"] = _choice(domain, {d.name: d.name for d in self._standard.domains}, "能力域")
        if subitem is not None:
            subitems = self._standard.subitems.values()
            codes = {name: s.code for s in subitems for name in (s.code, s.name, *s.aliases)}
            where["subitem"] = _choice(subitem, codes, "能力子项", shown=self._standard.subitems)
        if level is not None:
            if level not in LEVELS:
                raise InvalidQueryError(f"没有等级 {level}，可选：1 到 5。")
            where["level"] = level
        if kind is not None:
            where["kind"] = _choice(kind, {name: k for k in KINDS for name in (k, KIND_NAMES[k])}, "类别", shown=KINDS)
        return where

    def _distinct(self, places: Iterable[int]) -> Iterator[int]:
        """Without cells whose clauses, and clauses whose cell, stand higher up: they say the same twice."""
        kinds: dict[tuple[str, int], str] = {}
        for place in places:
            chunk = self._chunks[place]
            doubles = chunk.kind in ("cell", "clause")
            if not doubles or kinds.setdefault((chunk.subitem, chunk.level), chunk.kind) == chunk.kind:
                yield place


def _words(pieces: Sequence[Chunk], words: Sequence[Sequence[Token]]) -> bm25s.BM25:
    """BM25 over the words of each chunk and of the names it is called by."""
    import bm25s

    index = bm25s.BM25()
    corpus = [
        [word.text for word in (*tokens(" ".join(chunk.names)), *own)] for chunk, own in zip(pieces, words, strict=True)
    ]
    index.index(corpus, show_progress=False)
    return index


def _fits(chunk: Chunk, where: Filter) -> bool:
    return all(getattr(chunk, key) == value for key, value in where.items())


def _choice(given: str, choices: Mapping[str, str], what: str, shown: Iterable[str] = ()) -> str:
    if given.strip() not in choices:
        raise InvalidQueryError(f"没有{what}“{given}”，可选：{'、'.join(shown or choices)}。")
    return choices[given.strip()]


def _ranking(scores: Mapping[int, float]) -> list[int]:
    """Places by falling score; those of equal score in the standard's order."""
    return sorted(scores, key=lambda place: (-scores[place], place))
