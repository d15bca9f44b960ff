"""Text -> vectors: offline by hashed character n-grams, or any OpenAI-compatible embedding endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any, Protocol

from knowledge.errors import EmbeddingError
from knowledge.text import normalise

if TYPE_CHECKING:
    from openai import OpenAI


BLANK = re.compile(r"\s\s+")


class Embedder(Protocol):
    """Turns texts into vectors of unit length.

    `id` names model and settings: vectors of different ids are never mixed. `dimensions` may be 0 until the first
    call where only the endpoint knows it. `weight` is how much nearness counts beside shared words (1: as much);
    `floor` is the cosine below which nearness alone, without a shared word, is chance.
    """

    @property
    def id(self) -> str:
        """Name of model and settings."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        ...

    @property
    def weight(self) -> float:
        """Weight of nearness in the fused rank."""
        ...

    @property
    def floor(self) -> float:
        """Least cosine that counts without a shared word."""
        ...

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in order. Raises EmbeddingError."""
        ...


class HashingEmbedder:
    """Hashed character n-grams: offline, deterministic, the same on every machine.

    It sees shared characters, not meaning, so its nearness weighs half of shared words (measured on spoken answers).
    """

    weight = 0.5
    floor = 0.35

    def __init__(self, dimensions: int = 2048, longest: int = 3) -> None:
        self.dimensions = dimensions
        self._longest = longest

    @property
    def id(self) -> str:
        """Name and settings."""
        return f"hashed-characters-1-{self._longest}-{self.dimensions}"

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in order; the same as scikit-learn's HashingVectorizer gives, without its second to start.

        The remainder of an n-gram's hash (MurmurHash3) is its column, and its sign counts.
        """
        import numpy as np
        from mmh3 import hash as murmur

        rows = np.zeros((len(texts), self.dimensions))
        for place, text in enumerate(texts):
            hashes = np.fromiter(map(murmur, self._grams(normalise(text))), dtype=np.int64)
            columns, signs = np.abs(hashes) % self.dimensions, np.where(hashes < 0, -1, 1)
            rows[place] = np.bincount(columns, weights=signs, minlength=self.dimensions)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        vectors: list[list[float]] = (rows / np.where(lengths == 0, 1, lengths)).tolist()
        return vectors

    def _grams(self, text: str) -> Iterator[str]:
        text = BLANK.sub(" ", text)
        for length in range(1, self._longest + 1):
            yield from (text[start : start + length] for start in range(len(text) - length + 1))


class EndpointEmbedder:
    """An OpenAI-compatible embedding endpoint.

    Texts go in batches of `batch`, each cut to `longest` characters, with `timeout` seconds a call and one retry.
    """

    weight = 1.0
    floor = 0.0

    def __init__(
        self, base_url: str, api_key: str, model: str, *, batch: int = 32, timeout: float = 20.0, longest: int = 2000
    ) -> None:
        self.model = model
        self.dimensions = 0
        self._base_url = base_url.rstrip("/")
        self._api_key = api_key
        self._batch = batch
        self._timeout = timeout
        self._longest = longest

    @property
    def id(self) -> str:
        """Model and endpoint: one model's name may mean another model elsewhere."""
        return f"{self.model}@{self._base_url}"

    @cached_property
    def _client(self) -> OpenAI:
        from openai import OpenAI

        # A local server wants no key, but the client insists on one.
        return OpenAI(base_url=self._base_url, api_key=self._api_key or "none", timeout=self._timeout, max_retries=1)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in order. Raises EmbeddingError with what to check."""
        vectors: list[list[float]] = []
        for start in range(0, len(texts), self._batch):
            vectors += self._call([text[: self._longest] for text in texts[start : start + self._batch]])
        lengths = {len(vector) for vector in vectors} | ({self.dimensions} if self.dimensions else set())
        if len(lengths) > 1:
            raise self._error(f"返回的向量长度不一（{'、'.join(map(str, sorted(lengths)))}）")
        if vectors:
            self.dimensions = len(vectors[0])
        return vectors

    def _call(self, texts: list[str]) -> list[list[float]]:
        import openai

        try:
            # Plain floats: the client's default is base64, which not every compatible server knows.
            answer = self._client.embeddings.create(model=self.model, input=texts, encoding_format="float")
        except openai.AuthenticationError as error:
            raise self._error("密钥不被接受，请检查密钥") from error
        except openai.NotFoundError as error:
            raise self._error(f"没有模型“{self.model}”或地址有误，请检查地址（多以 /v1 结尾）和模型名称") from error
        except openai.APITimeoutError as error:
            raise self._error(f"{self._timeout:g} 秒内没有回应，请检查网络或稍后再试") from error
        except openai.APIConnectionError as error:
            raise self._error("连接不上，请检查地址和网络") from error
        except openai.APIStatusError as error:
            raise self._error(f"返回错误（HTTP {error.status_code}），请稍后再试或检查服务") from error
        except (openai.OpenAIError, ValueError, TypeError) as error:
            raise self._error("返回的内容无法理解，请确认它是 OpenAI 兼容的向量接口") from error
        return self._vectors(answer, len(texts))

    def _vectors(self, answer: Any, count: int) -> list[list[float]]:
        """Vectors in the order asked for. Servers may leave out or garble anything, so nothing is trusted."""
        try:
            ordered = sorted(answer.data, key=lambda entry: int(entry.index))
            vectors = [[float(number) for number in entry.embedding] for entry in ordered]
        except (AttributeError, TypeError, ValueError) as error:
            raise self._error("返回的内容无法理解，请确认它是 OpenAI 兼容的向量接口") from error
        if len(vectors) != count:
            raise self._error(f"要 {count} 条向量，却返回 {len(vectors)} 条")
        if not all(any(vector) and all(map(isfinite, vector)) for vector in vectors):
            raise self._error("返回了空向量或无效的数")
        return vectors

    def _error(self, what: str) -> EmbeddingError:
        return EmbeddingError(f"向量接口 {self._base_url} {what}。")
