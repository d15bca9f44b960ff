"""Parsing in a child process under a clock: no file, however damaged, can crash or hang the program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from assistant.documents.child import READY
from assistant.documents.limits import check_size, suffix_of
from assistant.documents.pieces import Contents
from assistant.errors import InputError

SECONDS = 10.0
START_SECONDS = 60.0
CRASHED = "文件让读取程序意外退出，多半已损坏。请用原来的软件打开并另存一份，再试一次。其他内容不受影响。"
TOO_SLOW = (
    "读这个文件超过 {seconds:.0f} 秒，已停止，多半已损坏或过于复杂。请另存一份或拆成几个文件后再试。其他内容不受影响。"
)


class Sandbox:
    """Reads files one after another; used as a context manager, so that the child ends with it.

    The child is started at the first file, and anew after one that made it crash or hang.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        """`seconds`: how long one file may take."""
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self.restarts = 0

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the child."""
        self.close()

    def read(self, name: str, content: bytes) -> Contents:
        """What a file says. Raises InputError, naming the file, why it is refused and what to do."""
        check_size(name, len(content))
        suffix = suffix_of(name)
        reply = self._ask(name, content, suffix)
        if "refused" in reply:
            raise InputError(f"《{name}》：{reply['refused']}")
        return Contents.model_validate(reply)

    def close(self) -> None:
        """End the child, if there is one."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue  # what was still to be written to a child that died

    def _ask(self, name: str, content: bytes, suffix: str) -> dict[str, object]:
        child = self._running()
        line = self._within(self._seconds, child, f"{len(content)} {suffix}\n".encode() + content)
        if line is None:
            self._fell()
            raise InputError(f"《{name}》：{TOO_SLOW.format(seconds=self._seconds)}")
        if not line.endswith(b"\n"):
            self._fell()
            raise InputError(f"《{name}》：{CRASHED}")
        reply: dict[str, object] = json.loads(line)
        return reply

    def _fell(self) -> None:
        self.close()
        self.restarts += 1

    def _running(self) -> subprocess.Popen[bytes]:
        """The child, ready for a file. Raises InputError when it cannot be started."""
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.close()
        here = Path(__file__).resolve().parents[2]
        env = {**os.environ, "PYTHONPATH": str(here), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"}
        env["OPENBLAS_NUM_THREADS"] = "1"  # each thread would take a good part of the memory allowed
        try:
            child = subprocess.Popen(
                [sys.executable, "-P", "-m", "assistant.documents.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=env,
            )
        except OSError as error:
            raise InputError(f"读取文件的程序启动不了（{error.strerror}）。请关闭一些程序后再试。") from error
        self._child = child
        if self._within(START_SECONDS, child, b"") != READY:
            self.close()
            raise InputError("读取文件的程序启动不了。请关闭一些程序后再试。")
        return child

    @staticmethod
    def _within(seconds: float, child: subprocess.Popen[bytes], job: bytes) -> bytes | None:
        """The line that the child answers; empty when it died, None when the time is up. Works on every system."""
        got: list[bytes] = []

        def exchange() -> None:
            try:
                assert child.stdin is not None  # noqa: S101 - both are pipes
                assert child.stdout is not None  # noqa: S101
                child.stdin.write(job)
                child.stdin.flush()
                got.append(child.stdout.readline())
            except (OSError, ValueError):
                got.append(b"")

        worker = threading.Thread(target=exchange, daemon=True)
        worker.start()
        worker.join(seconds)
        if worker.is_alive():
            child.kill()
            worker.join()
            return None
        return got[0]
