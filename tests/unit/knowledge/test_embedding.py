"""Vectors offline and from an endpoint that may misbehave in every way."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.embedding import EndpointEmbedder, HashingEmbedder
from knowledge.errors import EmbeddingError
from knowledge.text import normalise

Reply = tuple[int, bytes]
Answer = Callable[[dict[str, Any]], Reply]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The local server is reached directly whatever the machine's proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@contextmanager
def endpoint(answer: Answer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A local server: its address, and the requests it got (with their key under `key`)."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(body | {"path": self.path, "key": self.headers["Authorization"]})
            status, content = answer(body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(BrokenPipeError):  # a client that has timed out
                self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reply(vectors: list[Any], order: list[int] | None = None) -> Reply:
    places = order or range(len(vectors))
    data = [{"object": "embedding", "index": n, "embedding": vectors[n]} for n in places]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return 200, json.dumps({"object": "list", "data": data, "model": "m", "usage": usage}).encode()


def lengths(body: dict[str, Any]) -> Reply:
    """Vectors that tell the text's length, handed back in reverse."""
    return reply([[float(len(text)), 1.0] for text in body["input"]], list(range(len(body["input"])))[::-1])


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3))
@settings(max_examples=50, deadline=None)
def test_hashed_vectors_are_those_of_a_hashing_vectorizer(texts: list[str]) -> None:
    """So that no index had to be built anew when the vectors ceased to come from there."""
    from sklearn.feature_extraction.text import HashingVectorizer  # takes more than a second

    reference = HashingVectorizer(analyzer="char", ngram_range=(1, 3), n_features=2048, lowercase=False)
    expected = reference.transform([normalise(t) for t in [*texts, "a \n\u3000设备"]]).toarray().tolist()
    assert HashingEmbedder().embed([*texts, "a \n\u3000设备"]) == expected


def test_hashed_vectors_have_unit_length_and_differ_by_text() -> None:
    embedder = HashingEmbedder()
    one, two = embedder.embed(["设备联网率", "数据治理"])
    assert [len(one), len(two)] == [embedder.dimensions] * 2
    assert math.hypot(*one) == pytest.approx(1)
    assert one != two


def test_hashed_vectors_do_not_depend_on_width_case_or_company() -> None:
    embedder = HashingEmbedder()
    assert embedder.embed(["ＭＥＳ系统"]) == embedder.embed(["mes系统"])
    assert embedder.embed(["甲", "乙"])[1:] == embedder.embed(["乙"])
    assert embedder.embed([]) == []


def test_hashed_vectors_are_the_same_in_another_process() -> None:
    code = "from knowledge.embedding import HashingEmbedder as H; print(H(64).embed(['设备联网']))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(other.stdout) == HashingEmbedder(64).embed(["设备联网"])


def test_ids_name_what_the_vectors_depend_on() -> None:
    assert HashingEmbedder(1024, 2).id == "hashed-characters-1-2-1024"
    assert EndpointEmbedder("http://x/v1/", "", "bge").id == "bge@http://x/v1"


def test_an_endpoint_is_asked_in_batches_and_answers_are_put_in_order() -> None:
    with endpoint(lengths) as (url, asked):
        embedder = EndpointEmbedder(url, "secret", "bge", batch=2, longest=4)
        assert embedder.embed(["一", "二二", "三三三三三三"]) == [[1.0, 1.0], [2.0, 1.0], [4.0, 1.0]]
    assert embedder.dimensions == 2
    assert [body["input"] for body in asked] == [["一", "二二"], ["三三三三"]]
    assert {(b["model"], b["path"], b["key"], b["encoding_format"]) for b in asked} == {
        ("bge", "/v1/embeddings", "Bearer secret", "float")
    }


def fixed(status: int, content: str) -> Answer:
    return lambda body: (status, content.encode())


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (fixed(401, "{}"), "密钥不被接受，请检查密钥"),
        (fixed(404, "{}"), "没有模型“bge”或地址有误，请检查地址（多以 /v1 结尾）和模型名称"),
        (fixed(500, "oops"), "返回错误（HTTP 500），请稍后再试或检查服务"),
        (fixed(200, "not json"), "返回的内容无法理解，请确认它是 OpenAI 兼容的向量接口"),
        (fixed(200, "{}"), "返回的内容无法理解，请确认它是 OpenAI 兼容的向量接口"),
        (fixed(200, '{"data": null}'), "返回的内容无法理解，请确认它是 OpenAI 兼容的向量接口"),
        (lambda body: reply([["a"]]), "返回的内容无法理解，请确认它是 OpenAI 兼容的向量接口"),
        (lambda body: reply([[1.0], [2.0]]), "要 1 条向量，却返回 2 条"),
        (lambda body: reply([[0.0, 0.0]]), "返回了空向量或无效的数"),
        (lambda body: reply([[]]), "返回了空向量或无效的数"),
        (lambda body: reply([[float("nan")]]), "返回了空向量或无效的数"),
    ],
)
def test_each_way_an_endpoint_fails_is_told(answer: Answer, message: str) -> None:
    with endpoint(answer) as (url, _), pytest.raises(EmbeddingError) as caught:
        EndpointEmbedder(url, "", "bge").embed(["一"])
    assert str(caught.value) == f"向量接口 {url} {message}。"


def test_vectors_of_different_lengths_are_refused() -> None:
    with endpoint(lambda body: reply([[1.0], [1.0, 2.0]])) as (url, _), pytest.raises(EmbeddingError) as caught:
        EndpointEmbedder(url, "", "bge").embed(["一", "二"])
    assert str(caught.value) == f"向量接口 {url} 返回的向量长度不一（1、2）。"


def test_an_endpoint_that_does_not_answer_in_time_is_told() -> None:
    released = threading.Event()

    def wait(body: dict[str, Any]) -> Reply:
        released.wait(10)
        return lengths(body)

    with endpoint(wait) as (url, _):
        with pytest.raises(EmbeddingError) as caught:
            EndpointEmbedder(url, "", "bge", timeout=0.2).embed(["一"])
        released.set()
    assert str(caught.value) == f"向量接口 {url} 0.2 秒内没有回应，请检查网络或稍后再试。"


def test_an_endpoint_that_is_not_there_is_told() -> None:
    with endpoint(lengths) as (url, _):
        pass
    with pytest.raises(EmbeddingError) as caught:
        EndpointEmbedder(url, "", "bge").embed(["一"])
    assert str(caught.value) == f"向量接口 {url} 连接不上，请检查地址和网络。"
