"""The vector index: a Chroma collection on disk, always derived, checked on open and rebuilt when anything is off.

Layout: `folder/<name>-<random>/` holds one Chroma database; the name tells content and embedder. A new index is always
built in a new sub-folder, because Chroma caches its databases by path within a process and would go on using a damaged
one. `folder/lock` is held while an index is open, so that no two processes write there: a second process, and one that
may not write at all, gets its own index in memory.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.chunks import Chunk
from knowledge.embedding import Embedder
from knowledge.errors import IndexDamagedError

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from filelock import BaseFileLock
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

Notify = Callable[[str], None]
OURS = re.compile(r"standard-[0-9a-f]{24}-[0-9a-f]{8}")
# Chroma then keeps the vectors in SQLite and never reads its HNSW files back, where one garbled byte may crash it.
NEVER_SYNC = 1_000_000_000
ROUNDING = 1e-4
FORM = 1  # of what is stored for a chunk; counts up when `_rows` or `_build` change, so that old indexes are stale


class VectorIndex:
    """An open index, made by `open_index`. `close` releases the folder for another process."""

    def __init__(self, client: Client, collection: Collection, size: int, lock: BaseFileLock | None) -> None:
        self._client = client
        self._collection = collection
        self._size = size
        self._lock = lock

    @property
    def stored(self) -> bool:
        """Whether the index is on disk, not only in memory."""
        return self._lock is not None

    def query(
        self, vector: Sequence[float], limit: int, where: Mapping[str, str | int] | None = None
    ) -> list[tuple[str, float]]:
        """Up to `limit` chunk ids with their cosine, nearest first; `where`: metadata that must be equal.

        Asked for all of them, it compares with each vector at once, which takes a tenth of the time of a search.
        Raises IndexDamagedError when the index can no longer be read.
        """
        if limit >= self._size and not where:
            with _damage():
                ids, vectors = self._all
                cosines = vectors @ _unit([vector])[0]
            return [(ids[n], float(cosines[n])) for n in (-cosines).argsort(kind="stable").tolist()]
        conditions: list[Any] = [{key: value} for key, value in (where or {}).items()]
        condition = {"$and": conditions} if len(conditions) > 1 else next(iter(conditions), None)
        with _damage():
            found = self._collection.query(
                query_embeddings=_unit([vector]),
                n_results=min(limit, self._size),
                where=condition,
                include=["distances"],
            )
            distances = (found["distances"] or [[]])[0]
            return [(chunk, 1.0 - float(d)) for chunk, d in zip(found["ids"][0], distances, strict=True)]

    @cached_property
    def _all(self) -> tuple[list[str], Vectors]:
        """Every id with its vector, a row each."""
        import numpy as np

        with _damage():
            found = self._collection.get(include=["embeddings"])
            return found["ids"], np.asarray(found["embeddings"], dtype=np.float32)

    def close(self) -> None:
        """Close the database and release the folder; a second call does nothing."""
        with suppress(IndexDamagedError), _damage():
            self._client.close()
        if self._lock is not None:
            self._lock.release()


def open_index(
    chunks: Sequence[Chunk], embedder: Embedder, folder: Path | None, notify: Notify, *, trust: bool = True
) -> VectorIndex:
    """The index over `chunks` kept in `folder` (None: in memory only), built when it is missing, stale or damaged.

    `notify` gets one Chinese line when it had to be built. `trust` False: what is there has failed in use and is built
    anew, whatever the check says. Raises EmbeddingError from the embedder; never fails for want of a folder that can
    be written.
    """
    start = time.perf_counter()
    with ExitStack() as cleanup:
        lock, reason = (None, "") if folder is None else _lock(folder)
        if lock is not None and folder is not None:
            cleanup.callback(lock.release)
            name = collection_name(chunks, embedder)
            places = sorted(place for place in folder.iterdir() if OURS.fullmatch(place.name))
            own = [place for place in places if place.name.startswith(name)]
            for place in own if trust else ():
                with suppress(IndexDamagedError):
                    index = _reopen(place, len(chunks), lock)
                    _remove(other for other in places if other != place)
                    cleanup.pop_all()
                    return index
            reason = "已损坏" if own else "已过期" if places else "缺失"
            rows = _rows(chunks, embedder)
            try:
                index = _build(rows, folder / f"{name}-{secrets.token_hex(4)}", lock)
            except IndexDamagedError:
                reason = "无法保存"
            else:
                _remove(places)
                cleanup.pop_all()
                notify(f"检索索引{reason}，已重建（{_cost(rows, start)}）")
                return index
        else:
            rows = _rows(chunks, embedder)
    index = _build(rows, None, None)
    if reason:
        notify(f"检索索引{reason}，本次在内存中另建（{_cost(rows, start)}）")
    return index


def collection_name(chunks: Sequence[Chunk], embedder: Embedder) -> str:
    """ASCII name that changes with any chunk, with the embedder and with the form of storage."""
    content = [FORM, embedder.id, [chunk.model_dump(mode="json") for chunk in chunks]]
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return f"standard-{digest[:24]}"


@dataclass(frozen=True)
class _Rows:
    """What an index holds, one entry a chunk, sorted by id."""

    ids: list[str]
    vectors: Vectors
    documents: list[str]
    metadatas: list[dict[str, str | int]]

    def fingerprint(self) -> str:
        """SHA-256 over everything, the vectors' exact bits included."""
        texts = json.dumps([self.ids, self.documents, self.metadatas], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(texts.encode() + self.vectors.tobytes()).hexdigest()


def _rows(chunks: Sequence[Chunk], embedder: Embedder) -> _Rows:
    ordered = sorted(chunks, key=lambda chunk: chunk.id)
    vectors = _unit(embedder.embed([" ".join((*chunk.names, chunk.text)) for chunk in ordered]))
    return _Rows([c.id for c in ordered], vectors, [c.text for c in ordered], [c.metadata for c in ordered])


def _stored(collection: Collection) -> _Rows:
    import numpy as np

    got = collection.get(include=["embeddings", "documents", "metadatas"])
    order = sorted(range(len(got["ids"])), key=got["ids"].__getitem__)
    vectors = np.asarray(got["embeddings"], dtype="<f4")[order]
    documents, metadatas = got["documents"] or [], got["metadatas"] or []
    return _Rows(
        [got["ids"][n] for n in order],
        vectors,
        [documents[n] for n in order],
        [{str(k): v for k, v in metadatas[n].items() if isinstance(v, str | int)} for n in order],
    )


def _build(rows: _Rows, place: Path | None, lock: BaseFileLock | None) -> VectorIndex:
    """A new index at `place`, or in memory. Raises IndexDamagedError when the place cannot hold it."""
    with _damage(), ExitStack() as cleanup:
        client = _client(place)
        cleanup.callback(client.close)
        collection = client.create_collection(
            f"standard-{secrets.token_hex(8)}",
            metadata={"fingerprint": rows.fingerprint()},
            embedding_function=None,
            configuration={"hnsw": {"space": "ip", "ef_search": len(rows.ids), "sync_threshold": NEVER_SYNC}},
        )
        collection.add(ids=rows.ids, embeddings=rows.vectors, documents=rows.documents, metadatas=list(rows.metadatas))
        if collection.count() != len(rows.ids):
            raise IndexDamagedError("检索索引没有写全。")
        cleanup.pop_all()
    return VectorIndex(client, collection, len(rows.ids), lock)


def _reopen(place: Path, size: int, lock: BaseFileLock) -> VectorIndex:
    """The index at `place`, checked. Raises IndexDamagedError."""
    with _damage(), ExitStack() as cleanup:
        client = _client(place)
        cleanup.callback(client.close)
        [found] = client.list_collections()
        collection = client.get_collection(found.name, embedding_function=None)
        _check(collection, size)
        cleanup.pop_all()
    return VectorIndex(client, collection, size, lock)


def _check(collection: Collection, size: int) -> None:
    """All is there, unchanged and found. Raises IndexDamagedError.

    The fingerprint taken when it was built fits; a query for everything returns everything; a chunk's own vector
    finds that chunk.
    """
    rows = _stored(collection)
    if len(rows.ids) != size or (collection.metadata or {}).get("fingerprint") != rows.fingerprint():
        raise IndexDamagedError("检索索引的内容与建立时不同。")
    probe = size // 2
    found = collection.query(query_embeddings=rows.vectors[[probe]], n_results=size, include=["distances"])
    distances = dict(zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True))
    if set(distances) != set(rows.ids) or distances[rows.ids[probe]] > min(distances.values()) + ROUNDING:
        raise IndexDamagedError("检索索引查不全自己的内容。")


def _client(place: Path | None) -> Client:
    from chromadb.api.client import Client
    from chromadb.config import Settings

    if place is None:
        return Client(settings=Settings(is_persistent=False, anonymized_telemetry=False))
    return Client(settings=Settings(is_persistent=True, persist_directory=str(place), anonymized_telemetry=False))


def _lock(folder: Path) -> tuple[BaseFileLock | None, str]:
    """The folder's lock, or why it cannot be had. The system frees it when its process ends, however it ends."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", timeout=0, thread_local=False, fallback_to_soft=False)
        lock.acquire()
    except Timeout:
        return None, "正由另一个程序使用"
    except (OSError, NotImplementedError):
        return None, f"文件夹 {folder} 无法写入"
    return lock, ""


def _remove(places: Iterable[Path]) -> None:
    for place in places:
        shutil.rmtree(place, ignore_errors=True)


def _unit(vectors: Sequence[Sequence[float]]) -> Vectors:
    """Vectors of length one, as the little-endian floats that are stored."""
    import numpy as np

    rows = np.asarray(vectors, dtype=np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths == 0, 1, lengths)).astype("<f4")


def _cost(rows: _Rows, start: float) -> str:
    return f"{len(rows.ids)} 条，{time.perf_counter() - start:.1f} 秒"


@contextmanager
def _damage() -> Iterator[None]:
    """Whatever Chroma raises means that the index cannot be used; its Rust core's panics are no `Exception`."""
    try:
        yield
    except (IndexDamagedError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise IndexDamagedError("检索索引无法读写。") from error
