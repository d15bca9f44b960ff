"""The child process that parses files: `python -m assistant.documents.child`. One job a round, until input ends.

A job is a line with the number of bytes and the file's suffix, then the bytes; the answer is one JSON line:
`statements` and `notes`, or `refused`. It can write no file and take no more memory than `MEMORY`, where the system can
hold it to that.
"""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

MEMORY = 1536 * 1024 * 1024
READY = b"ready\n"


def confine() -> None:
    """Give up what parsing does not need, for good. On Windows only the parent's clock watches over it."""
    try:
        import resource
    except ImportError:
        return
    for limit, value in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(limit, (value, value))
        except (ValueError, OSError):
            continue


def answer(content: bytes, suffix: str) -> dict[str, Any]:
    """What to answer for one file; nothing that a damaged file raises gets out."""
    from assistant.documents.guards import DAMAGED
    from assistant.documents.parse import parse
    from assistant.errors import InputError

    try:
        return parse(content, suffix).model_dump(mode="json")
    except InputError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": "文件展开后太大，内存放不下，没有打开。请删去图片或拆成几个文件后再试。"}
    except Exception:  # a library may raise anything on a damaged file
        return {"refused": DAMAGED}


def serve(jobs: BinaryIO, replies: BinaryIO) -> None:
    """Answer jobs until there are no more."""
    replies.write(READY)
    replies.flush()
    while header := jobs.readline():
        content = jobs.read(int(header.split()[0]))
        suffix = header.split()[1].decode()
        replies.write(json.dumps(answer(content, suffix), ensure_ascii=False).encode() + b"\n")
        replies.flush()


if __name__ == "__main__":
    confine()
    replies, sys.stdout = sys.stdout, sys.stderr  # what a library prints must not get between the answers
    serve(sys.stdin.buffer, replies.buffer)
