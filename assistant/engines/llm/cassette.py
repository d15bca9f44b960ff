"""Cassettes: calls of a model kept as files and played back, for tests and evals. Replay opens no socket.

A file is named by the canonical request (method, path after /v1, JSON body) and holds the reply and the beginning of the
last message, so that people find their way; no header, no host, no key.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.engines.llm.faults import CassetteMiss
from assistant.errors import StorageError, cause
from knowledge.model import Frozen

if TYPE_CHECKING:
    import httpx2

KEY_LENGTH = 24
ABOUT = 200
SHOWN = 30


CassetteMode = Literal["record", "replay", "off"]


class Take(Frozen):
    """One recorded call."""

    about: str
    status: int
    content_type: str
    body: str


@dataclass(frozen=True)
class Cassette:
    """A folder of recorded calls, and whether to add to it or to play from it."""

    mode: CassetteMode
    folder: Path

    def around(self, connect: Callable[[], httpx2.BaseTransport]) -> httpx2.BaseTransport:
        """The transport to use: `connect` makes the real one, which replay does not need."""
        from assistant.engines.llm.tape import Recorder, Replayer

        match self.mode:
            case "record":
                return Recorder(self, connect())
            case "replay":
                return Replayer(self)
            case "off":
                return connect()

    def load(self, method: str, path: str, body: bytes) -> Take:
        """The recorded reply to a request. Raises CassetteMiss."""
        key = _key(method, path, body)
        file = self.folder / f"{key}.json"
        try:
            return Take.model_validate_json(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise CassetteMiss(f"{file}，请求：{_about(body)[:SHOWN]}") from None
        except OSError as error:
            raise StorageError(f"录音文件 {file} 读不出来：{cause(error)}。") from error
        except ValueError as error:
            raise StorageError(f"录音文件 {file} 已损坏。请删除它，再用 IIAM_LLM_CASSETTE=record 重新录制。") from error

    def keep(self, method: str, path: str, body: bytes, status: int, content_type: str, reply: str) -> None:
        """Store a reply, whole or not at all. Raises StorageError."""
        take = Take(about=_about(body), status=status, content_type=content_type, body=reply)
        file = self.folder / f"{_key(method, path, body)}.json"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = file.with_suffix(f".{os.getpid()}")
            partial.write_text(take.model_dump_json(indent=1) + "\n", encoding="utf-8")
            partial.replace(file)
        except OSError as error:
            raise StorageError(f"录音文件 {file} 写不进去：{cause(error)}。") from error


def _key(method: str, path: str, body: bytes) -> str:
    tail = path.rpartition("/v1/")[2].lstrip("/")
    asked = json.loads(body) if body else None
    canonical = json.dumps([method, tail, asked], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:KEY_LENGTH]


def _about(body: bytes) -> str:
    """The last user message, or the texts to embed, shortened."""
    asked: dict[str, Any] = json.loads(body) if body else {}
    said = [m.get("content") for m in asked.get("messages", ()) if m.get("role") == "user"]
    return " ".join(str(said[-1] if said else asked.get("input", "")).split())[:ABOUT]
