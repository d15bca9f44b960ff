"""The two transports of a cassette."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2

if TYPE_CHECKING:
    from assistant.engines.llm.cassette import Cassette

DEFAULT_TYPE = "application/json"


class Recorder(httpx2.BaseTransport):
    """Sends a request on and keeps the reply; the transport below lets only complete replies with a status of 200 pass."""

    def __init__(self, cassette: Cassette, inner: httpx2.BaseTransport) -> None:
        self._cassette = cassette
        self._inner = inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The reply, read whole: while recording, a stream arrives in one piece."""
        response = self._inner.handle_request(request)
        try:
            text = response.read().decode("utf-8")
        finally:
            response.close()
        kind = response.headers.get("content-type", DEFAULT_TYPE)
        self._cassette.keep(request.method, request.url.path, request.content, response.status_code, kind, text)
        return httpx2.Response(response.status_code, headers={"content-type": kind}, content=text.encode())

    def close(self) -> None:
        """Close the connections below."""
        self._inner.close()


class Replayer(httpx2.BaseTransport):
    """Answers from the folder; there is no network below."""

    def __init__(self, cassette: Cassette) -> None:
        self._cassette = cassette

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The recorded reply. Raises CassetteMiss."""
        take = self._cassette.load(request.method, request.url.path, request.content)
        return httpx2.Response(take.status, headers={"content-type": take.content_type}, content=take.body.encode())
