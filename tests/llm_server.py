"""A local OpenAI-compatible endpoint on real sockets, playing scripts. For tests only.

>>> with LlmServer([Good("好的。")]) as server: ...   # server.url is the base URL; server.chats are the request bodies

A script is a list of steps (the last one repeats) or a function of the request's body. Models other than `models` get a 404,
a wrong key a 401 when `key` is given. Addressed as https (`server.tls_url`) it fails the TLS handshake at once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

from tests.llm_script import (
    BROKEN,
    BUSY,
    FORBIDDEN,
    NO_MODEL,
    OVERLOADED,
    UNAUTHORISED,
    Body,
    Fault,
    Good,
    Kind,
    Played,
    Script,
    Step,
    ToolCall,
    busy,
    error,
    play,
)

__all__ = [
    "BROKEN",
    "BUSY",
    "FORBIDDEN",
    "MODEL",
    "NO_MODEL",
    "NO_SUCH_HOST",
    "OVERLOADED",
    "UNAUTHORISED",
    "Body",
    "Fault",
    "Good",
    "Kind",
    "LlmServer",
    "Script",
    "Seen",
    "Step",
    "ToolCall",
    "busy",
    "closed_port",
    "error",
]

MODEL = "test-model"
NO_SUCH_HOST = "http://llm.invalid/v1"  # RFC 2606: never resolves
PIECE = 7  # characters of one streamed event
DIMENSIONS = 8
TLS_HANDSHAKE = b"\x16"


@contextmanager
def closed_port() -> Iterator[str]:
    """A base URL that refuses connections: the port is held, but nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/v1"


@dataclass(frozen=True)
class Seen:
    """A request as it came in; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Body


@dataclass
class LlmServer:
    """The server, running inside its `with`. `usage`, `stream_usage`, `cached` say what it reports about tokens."""

    script: Script = (Good(),)
    key: str = ""
    models: tuple[str, ...] = (MODEL,)
    usage: bool = True
    stream_usage: bool = True
    cached: int = 0
    listing: bool = True
    seen: list[Seen] = field(default_factory=list)
    unforeseen: list[BaseException] = field(default_factory=list)

    def __enter__(self) -> LlmServer:
        self.closing, self.lock, self.turn = Event(), Lock(), 0
        self.http = _Listener(self)
        self.thread = Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.http.shutdown()
        self.thread.join()
        self.http.hang_up()
        self.http.server_close()
        assert self.unforeseen == []

    @property
    def url(self) -> str:
        """Base URL, as IIAM_LLM_BASE_URL takes it."""
        return f"http://127.0.0.1:{self.http.server_port}/v1"

    @property
    def tls_url(self) -> str:
        """The same port as https: the handshake fails."""
        return self.url.replace("http://", "https://")

    @property
    def chats(self) -> list[Body]:
        """Bodies of the chat requests, in order."""
        return [s.body for s in self.seen if s.path.endswith("/chat/completions")]

    def step(self, body: Body) -> Step:
        """The step for the next chat request."""
        if callable(self.script):
            return self.script(body)
        with self.lock:
            step = self.script[min(self.turn, len(self.script) - 1)]
            self.turn += 1
        return step

    def tokens(self, body: Body, played: Played) -> Body:
        """The usage object: one token a character."""
        read = sum(len(str(m.get("content") or "")) for m in body["messages"])
        details = {"prompt_tokens_details": {"cached_tokens": min(self.cached, read)}} if self.cached else {}
        counts = {"prompt_tokens": read, "completion_tokens": played.length, "total_tokens": read + played.length}
        return counts | details


class _Listener(ThreadingHTTPServer):
    """Keeps its connections in hand, so that closing it leaves no thread and no socket behind."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, owner: LlmServer) -> None:
        self.owner = owner
        self.open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every open connection."""
        for connection in tuple(self.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        problem = sys.exc_info()[1]
        if problem is not None and not isinstance(problem, OSError):  # a client that hung up is no problem
            self.owner.unforeseen.append(problem)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the screen."""

    def handle(self) -> None:
        if self.connection.recv(1, socket.MSG_PEEK) == TLS_HANDSHAKE:  # else readline might wait for a line's end
            self.connection.recv(65536)
            self.connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
            return
        super().handle()

    def do_GET(self) -> None:
        if self._let_in({}):
            known = [{"id": m, "object": "model", "created": 0, "owned_by": "tests"} for m in self.server.owner.models]
            if self.path.endswith("/models") and self.server.owner.listing:
                self._json({"object": "list", "data": known})
            else:
                self._play(error(404, "Not Found"), {})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._let_in(body):
            return
        if body.get("model") not in self.server.owner.models:
            self._play(NO_MODEL, body)
        elif self.path.endswith("/embeddings"):
            self._json(_embeddings(body))
        elif self.path.endswith("/chat/completions"):
            self._play(self.server.owner.step(body), body)
        else:
            self._play(error(404, "Not Found"), body)

    def _let_in(self, body: Body) -> bool:
        owner = self.server.owner
        headers = {k.lower(): v for k, v in self.headers.items()}
        owner.seen.append(Seen(self.command, self.path, headers, body))
        if owner.key and headers.get("authorization") != f"Bearer {owner.key}":
            self._play(UNAUTHORISED, body)
            return False
        return True

    def _play(self, step: Step, body: Body) -> None:
        played = play(step, body)
        self.server.owner.closing.wait(played.before)
        if played.raw is not None:
            self._send(played.raw, played)
        elif body.get("stream"):
            self._stream(played, body)
        else:
            owner = self.server.owner
            message = {"role": "assistant", "content": played.content}
            whole = _completion(played, message, body) | ({"usage": owner.tokens(body, played)} if owner.usage else {})
            self._send(json.dumps(whole, ensure_ascii=False).encode(), played)

    def _json(self, value: Body) -> None:
        self._send(json.dumps(value).encode(), Played())

    def _send(self, data: bytes, played: Played) -> None:
        self.send_response(played.status)
        for name, value in {"Content-Type": played.type, "Content-Length": str(len(data)), **played.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        half = len(data) // 2
        self.wfile.write(data[:half])
        if played.cut:
            self._cut()
            return
        if played.midway:
            self.server.owner.closing.wait(played.midway)
        self.wfile.write(data[half:])

    def _stream(self, played: Played, body: Body) -> None:
        events = _events(played, body)
        owner = self.server.owner
        if owner.usage and owner.stream_usage and body.get("stream_options", {}).get("include_usage"):
            events.append(_chunk(body) | {"choices": [], "usage": owner.tokens(body, played)})
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        half = max(len(events) // 2, 1)
        for number, event in enumerate(events):
            if number == half and played.cut:
                self._cut()
                return
            if number == half and played.midway:
                self.server.owner.closing.wait(played.midway)
            self._event(json.dumps(event, ensure_ascii=False))
        self._event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _event(self, text: str) -> None:
        data = f"data: {text}\n\n".encode()
        self.wfile.write(b"%X\r\n%s\r\n" % (len(data), data))

    def _cut(self) -> None:
        """Reset the connection, as a crashed server or a broken line does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


def _completion(played: Played, message: Body, body: Body) -> Body:
    if played.tool:
        message["tool_calls"] = [{"type": "function", **_called(played.tool)}]
    if played.reasoning:
        message["reasoning_content"] = played.reasoning
    if played.refusal:
        message["refusal"] = played.refusal
    choice = {"index": 0, "message": message, "finish_reason": played.finish, "logprobs": None}
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": body["model"], "choices": [choice]}


def _called(tool: tuple[str, str]) -> Body:
    return {"id": "call_1", "function": {"name": tool[0], "arguments": tool[1]}}


def _chunk(body: Body, delta: Body | None = None, finish: str | None = None) -> Body:
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish, "logprobs": None}
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": body["model"]}
    return chunk | {"choices": [choice]}


def _pieces(text: str) -> list[str]:
    size = max(PIECE, len(text) // 500)  # long replies in larger pieces
    return [text[i : i + size] for i in range(0, len(text), size)]


def _events(played: Played, body: Body) -> list[Body]:
    deltas: list[Body] = [{"role": "assistant", "content": None if played.content is None else ""}]
    deltas += [{"reasoning_content": piece} for piece in _pieces(played.reasoning)]
    deltas += [{"refusal": piece} for piece in _pieces(played.refusal)]
    deltas += [{"content": piece} for piece in _pieces(played.content or "")]
    if played.tool:
        name, args = played.tool
        deltas.append({"tool_calls": [{"index": 0, "type": "function", **_called((name, ""))}]})
        deltas += [{"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in _pieces(args)]
    return [*(_chunk(body, delta) for delta in deltas), _chunk(body, finish=played.finish)]


def _embeddings(body: Body) -> Body:
    texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
    vectors: list[Any] = [
        [byte / 255 for byte in hashlib.sha256(str(text).encode()).digest()[:DIMENSIONS]] for text in texts
    ]
    if body.get("encoding_format") == "base64":
        vectors = [base64.b64encode(struct.pack(f"<{DIMENSIONS}f", *vector)).decode() for vector in vectors]
    data = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(vectors)]
    total = sum(len(str(text)) for text in texts)
    usage = {"prompt_tokens": total, "total_tokens": total}
    return {"object": "list", "model": body["model"], "data": data, "usage": usage}
