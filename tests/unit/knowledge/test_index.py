"""The index is derived: whatever happens to its folder, it is there again, with one line said."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from knowledge.chunks import Chunk
from knowledge.embedding import HashingEmbedder
from knowledge.errors import EmbeddingError, IndexDamagedError
from knowledge.index import VectorIndex, collection_name, open_index

EMBEDDER = HashingEmbedder(64)
TEXTS = ["设备联网", "数据治理", "质量控制", "物流协同", "服务创新", "网络信息安全", "成本管理", "泛在连接"]
CHUNKS = [
    Chunk(id=f"clause:{n}", kind="clause", code=str(n), text=text, level=n % 5 + 1, domain="甲乙"[n % 2])
    for n, text in enumerate(TEXTS)
]


class Session:
    """One index after another in one folder, and every line said about them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.opened: list[VectorIndex] = []

    def open(self, chunks: Sequence[Chunk] = CHUNKS, **options: bool) -> VectorIndex:
        self.opened.append(open_index(chunks, EMBEDDER, self.folder, self.lines.append, **options))
        return self.opened[-1]

    def said(self) -> list[str]:
        """The lines, without the seconds."""
        return [re.sub(r"\d+\.\d 秒", "N 秒", line) for line in self.lines]

    def database(self) -> Path:
        [place] = self.folder.rglob("chroma.sqlite3")
        return place


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(tmp_path / "index")


@pytest.fixture(autouse=True)
def _closed(session: Session) -> object:
    yield
    for index in session.opened:
        index.close()


def nearest(index: VectorIndex, text: str, **where: str | int) -> list[str]:
    [vector] = EMBEDDER.embed([text])
    return [chunk for chunk, _ in index.query(vector, 3, where)]


def test_a_missing_index_is_built_with_one_line_and_then_opened_without(session: Session) -> None:
    session.open().close()
    index = session.open()
    assert nearest(index, "质量控制")[0] == "clause:2"
    assert session.said() == ["检索索引缺失，已重建（8 条，N 秒）"]
    assert index.stored


def test_the_cosine_of_a_text_with_itself_is_one(session: Session) -> None:
    [vector] = EMBEDDER.embed(["质量控制"])
    [(chunk, cosine)] = session.open().query(vector, 1)
    assert (chunk, round(cosine, 5)) == ("clause:2", 1.0)


def test_a_query_is_limited_and_filtered_by_metadata(session: Session) -> None:
    index = session.open()
    [vector] = EMBEDDER.embed(["质量控制"])
    assert len(index.query(vector, 100)) == len(CHUNKS)
    assert {chunk for chunk, _ in index.query(vector, 100, {"domain": "甲"})} == {f"clause:{n}" for n in (0, 2, 4, 6)}
    assert nearest(index, "质量控制", domain="乙", level=2) == ["clause:1"]
    assert nearest(index, "质量控制", domain="丙") == []


def garble(file: Path, start: float = 0.0, end: float = 1.0) -> None:
    data = bytearray(file.read_bytes())
    first, last = int(len(data) * start), int(len(data) * end)
    data[first:last] = random.Random(1).randbytes(last - first)
    file.write_bytes(data)


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "emptied": lambda file: os.truncate(file, 0),
    "garbled": garble,
    "garbled at the beginning": lambda file: garble(file, 0.0, 0.02),
    "garbled in the middle": lambda file: garble(file, 0.3, 0.7),
    "garbled at the end": lambda file: garble(file, 0.7, 1.0),
    "cut in half": cut,
    "deleted": lambda file: file.unlink(),
    "a folder": make_folder,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_database_is_rebuilt_with_one_line(session: Session, damage: Callable[[Path], object]) -> None:
    session.open().close()
    session.lines.clear()
    damage(session.database())
    assert nearest(session.open(), "质量控制")[0] == "clause:2"
    assert session.said() == ["检索索引已损坏，已重建（8 条，N 秒）"]
    assert len(list(session.folder.glob("standard-*"))) == 1


def test_a_deleted_folder_is_rebuilt(session: Session) -> None:
    session.open().close()
    shutil.rmtree(session.folder)
    assert nearest(session.open(), "质量控制")[0] == "clause:2"
    assert session.said() == ["检索索引缺失，已重建（8 条，N 秒）"] * 2


@pytest.mark.parametrize("damage", [shutil.rmtree, lambda hnsw: [garble(file) for file in hnsw.iterdir()]])
def test_lost_or_garbled_hnsw_files_harm_nothing(session: Session, damage: Callable[[Path], object]) -> None:
    """The vectors are in SQLite; Chroma makes its graph anew from there."""
    session.open().close()
    [hnsw] = [place for place in session.database().parent.iterdir() if place.is_dir()]
    damage(hnsw)
    assert nearest(session.open(), "质量控制")[0] == "clause:2"
    assert len(session.lines) == 1


def test_many_chunks_stay_in_sqlite_too(session: Session) -> None:
    many = [Chunk(id=f"guide:{n}", kind="guide", code=str(n), text=f"第{n}条") for n in range(2500)]
    session.open(many).close()
    [hnsw] = [place for place in session.database().parent.iterdir() if place.is_dir()]
    shutil.rmtree(hnsw)
    assert nearest(session.open(many), "第1234条")[0] == "guide:1234"
    assert session.said() == ["检索索引缺失，已重建（2500 条，N 秒）"]


@pytest.mark.parametrize("change", ["a vector", "a level", "a chunk less", "a chunk more", "another collection"])
def test_an_index_that_holds_something_else_is_rebuilt(session: Session, change: str) -> None:
    from chromadb.api.client import Client
    from chromadb.config import Settings

    session.open().close()
    place = str(session.database().parent)
    client = Client(settings=Settings(is_persistent=True, persist_directory=place, anonymized_telemetry=False))
    [found] = client.list_collections()
    collection = client.get_collection(found.name, embedding_function=None)
    vector = [1.0] + [0.0] * 63
    if change == "a vector":
        collection.update(ids=["clause:3"], embeddings=[vector])
    elif change == "a level":
        collection.update(ids=["clause:3"], metadatas=[{"level": 5}])
    elif change == "a chunk less":
        collection.delete(ids=["clause:3"])
    elif change == "a chunk more":
        collection.add(ids=["clause:9"], embeddings=[vector], documents=["多的"], metadatas=[{"code": "9"}])
    else:
        client.create_collection("another", embedding_function=None)
    client.close()
    session.open()
    assert session.said()[1:] == ["检索索引已损坏，已重建（8 条，N 秒）"]


def test_an_index_of_other_chunks_or_another_embedder_is_stale(session: Session) -> None:
    session.open().close()
    [before] = session.folder.glob("standard-*")
    session.open(CHUNKS[1:]).close()
    [after] = session.folder.glob("standard-*")
    assert before != after
    open_index(CHUNKS[1:], HashingEmbedder(32), session.folder, session.lines.append).close()
    assert session.said()[1:] == ["检索索引已过期，已重建（7 条，N 秒）"] * 2
    assert collection_name(CHUNKS, EMBEDDER).isascii()


def test_what_a_killed_build_left_over_is_removed_and_other_files_are_not(session: Session) -> None:
    session.open().close()
    good = session.database().parent
    left = good.with_name(good.name[:-8] + "00000000")
    left.mkdir()
    (left / "chroma.sqlite3").write_bytes(b"")
    (session.folder / "notes").mkdir()
    assert nearest(session.open(), "质量控制")[0] == "clause:2"
    assert len(session.lines) == 1
    assert {place.name for place in session.folder.iterdir()} == {good.name, "notes", "lock"}


def test_an_index_that_failed_in_use_is_not_trusted_again(session: Session) -> None:
    session.open().close()
    session.open(trust=False)
    assert session.said()[1:] == ["检索索引已损坏，已重建（8 条，N 秒）"]


def test_a_closed_index_says_so_and_may_be_closed_again(session: Session) -> None:
    index = session.open()
    index.close()
    index.close()
    with pytest.raises(IndexDamagedError, match="无法读写"):
        nearest(index, "质量控制")


def test_a_folder_in_use_is_left_alone(session: Session) -> None:
    first, second = session.open(), session.open()
    assert [first.stored, second.stored] == [True, False]
    assert nearest(second, "质量控制")[0] == nearest(first, "质量控制")[0] == "clause:2"
    assert session.said()[1:] == ["检索索引正由另一个程序使用，本次在内存中另建（8 条，N 秒）"]
    second.close()
    assert nearest(first, "质量控制")[0] == "clause:2"


def test_a_folder_that_cannot_be_made_means_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    session = Session(tmp_path / "file" / "index")
    index = session.open()
    assert nearest(index, "质量控制")[0] == "clause:2"
    index.close()
    assert session.said() == [f"检索索引文件夹 {session.folder} 无法写入，本次在内存中另建（8 条，N 秒）"]


def test_a_folder_that_may_not_be_written_means_memory(session: Session) -> None:
    session.folder.mkdir()
    session.folder.chmod(0o500)
    if os.access(session.folder, os.W_OK):
        pytest.skip("the super-user may write everywhere")
    assert nearest(session.open(), "质量控制")[0] == "clause:2"
    assert session.said() == [f"检索索引文件夹 {session.folder} 无法写入，本次在内存中另建（8 条，N 秒）"]


def test_without_a_folder_the_index_is_in_memory_and_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    lines: list[str] = []
    index = open_index(CHUNKS, EMBEDDER, None, lines.append)
    assert nearest(index, "质量控制")[0] == "clause:2"
    index.close()
    assert (lines, list(tmp_path.iterdir())) == ([], [])


def test_a_failing_embedder_leaves_the_folder_free(session: Session) -> None:
    class Failing(HashingEmbedder):
        def embed(self, texts: Sequence[str]) -> list[list[float]]:
            raise EmbeddingError("连不上。")

    with pytest.raises(EmbeddingError):
        open_index(CHUNKS, Failing(), session.folder, session.lines.append)
    assert session.open().stored


OTHER_PROCESS = """
import sys, time
from pathlib import Path
from tests.unit.knowledge.test_index import CHUNKS, EMBEDDER, nearest
from knowledge.index import open_index
connected = []
sys.addaudithook(lambda event, _: connected.append(event) if event in ("socket.connect", "socket.getaddrinfo") else 0)
index = open_index(CHUNKS, EMBEDDER, Path(sys.argv[1]), lambda line: None)
print(index.stored, nearest(index, "质量控制")[0], connected, flush=True)
if sys.argv[2] == "stay":
    time.sleep(60)
"""


def start(folder: Path, stay: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OTHER_PROCESS, str(folder), stay]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])


def test_a_second_process_works_beside_the_first_and_neither_connects_anywhere(session: Session) -> None:
    first = session.open()
    out, _ = start(session.folder).communicate(timeout=60)
    assert out == "False clause:2 []\n"
    assert nearest(first, "质量控制")[0] == "clause:2"


def test_two_processes_that_start_together_both_work(session: Session) -> None:
    processes = [start(session.folder) for _ in range(2)]
    answers = [process.communicate(timeout=60)[0] for process in processes]
    assert {answer.partition(" ")[2] for answer in answers} == {"clause:2 []\n"}
    session.open()
    assert session.lines == []


def test_a_killed_process_leaves_the_folder_free_and_the_index_sound(session: Session) -> None:
    process = start(session.folder, "stay")
    assert process.stdout
    assert process.stdout.readline() == "True clause:2 []\n"
    process.kill()
    process.communicate()
    assert session.open().stored
    assert session.lines == []
