"""The way to the endpoint: puts the key on, keeps to the time left and to the size allowed, tells faults apart.

The key is known here only. What lies above (langchain, openai, their logs) never sees it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import ContextVar

import httpx2

from assistant.engines.llm import diagnose
from assistant.engines.llm.endpoint import Endpoint
from assistant.engines.llm.faults import EndpointError, Fault

UNTIL: ContextVar[float] = ContextVar("until", default=math.inf)
"""When the call under way has to be over, by the client's clock."""
CONNECT = 10.0
ERROR_BODY = 8_192
BYTES_A_CHARACTER = 6  # \\uXXXX
FRAME = 400
"""Bytes that a streamed event may add to its one character."""
SURPLUS = 65_536
"""Bytes of a reply that are not the model's text."""
OF_PACKING = frozenset({"content-encoding", "content-length", "transfer-encoding"})
UNWANTED = ("authorization", "openai-organization", "openai-project", "x-stainless-")
"""Headers that the openai library fills from the environment and from the machine."""


def connect(endpoint: Endpoint, clock: Callable[[], float]) -> httpx2.BaseTransport:
    """A transport to one endpoint on real sockets; no proxy and no key from the environment."""
    secure = endpoint.base_url.startswith("https:")
    verify = httpx2.create_ssl_context() if secure else False  # loading certificates takes 70 ms
    return Guard(httpx2.HTTPTransport(verify=verify, trust_env=False), endpoint, clock)


class Guard(httpx2.BaseTransport):
    """Raises EndpointError for whatever goes wrong below the reply's text."""

    def __init__(self, inner: httpx2.BaseTransport, endpoint: Endpoint, clock: Callable[[], float]) -> None:
        self._inner = inner
        self._endpoint = endpoint
        self._clock = clock

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; a response with a status of 200, whose body is still to be read."""
        dressed = self._dressed(request)
        try:
            response = self._inner.handle_request(dressed)
            body = _Body(response, self._endpoint, self._clock)
            if response.status_code == httpx2.codes.OK:
                plain = [(n, v) for n, v in response.headers.multi_items() if n.lower() not in OF_PACKING]
                return httpx2.Response(response.status_code, headers=plain, stream=body, extensions=response.extensions)
            try:
                text = _beginning(body)
            finally:
                response.close()
        except (httpx2.TransportError, OSError) as error:
            raise diagnose.of_network(error, self._endpoint) from error
        raise diagnose.of_status(response, text, self._endpoint)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    def _dressed(self, request: httpx2.Request) -> httpx2.Request:
        """A copy with the key and the time-outs: the one above, which its response refers to, stays as it is."""
        headers = [(n, v) for n, v in request.headers.multi_items() if not n.startswith(UNWANTED)]
        if key := self._endpoint.key.get_secret_value():
            headers.append(("authorization", f"Bearer {key}"))
        left = UNTIL.get() - self._clock()
        if left <= 0:
            raise EndpointError(Fault.TIMEOUT, self._endpoint.host)
        wait = min(self._endpoint.timeout, left)
        limits = {"connect": min(CONNECT, wait), "read": wait, "write": wait, "pool": wait}
        extensions = {**request.extensions, "timeout": limits}
        return httpx2.Request(
            request.method, request.url, headers=headers, stream=request.stream, extensions=extensions
        )


class _Body(httpx2.SyncByteStream):
    """A reply's bytes, unpacked here so that they are counted, while there is time for them and they are not too many."""

    def __init__(self, response: httpx2.Response, endpoint: Endpoint, clock: Callable[[], float]) -> None:
        self._response = response
        self._endpoint = endpoint
        self._clock = clock
        self._most = endpoint.longest_reply * (FRAME if _streamed(response) else BYTES_A_CHARACTER) + SURPLUS

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        try:
            for chunk in self._response.iter_bytes():
                size += len(chunk)
                if size > self._most:
                    raise EndpointError(Fault.TOO_LONG)
                if self._clock() > UNTIL.get():
                    raise EndpointError(Fault.TIMEOUT, self._endpoint.host)
                yield chunk
        except (httpx2.TransportError, httpx2.DecodingError, OSError) as error:
            raise diagnose.of_network(error, self._endpoint) from error

    def close(self) -> None:
        """Give the connection back."""
        self._response.close()


def _streamed(response: httpx2.Response) -> bool:
    return str(response.headers.get("content-type", "")).startswith("text/event-stream")


def _beginning(body: _Body) -> str:
    """The first bytes of an error's body as text, or what there is of them: the status says enough."""
    data = b""
    with suppress(EndpointError):
        for chunk in body:
            data += chunk
            if len(data) >= ERROR_BODY:
                break
    return data[:ERROR_BODY].decode("utf-8", "replace")
