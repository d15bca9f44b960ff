"""A person at the terminal: runs `iiam` as a process of its own and talks to it through a pipe."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

PROMPT = "› "
IIAM = [sys.executable, "-m", "assistant.cli"]
PATIENCE = 120


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a process that keeps its data in `home`, free of the caller's own settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("IIAM_")}
    return kept | {"IIAM_HOME": str(home), "IIAM_ACTOR": "测试员", "PYTHONUTF8": "1", "COLUMNS": "100"} | more


def iiam(home: Path, *args: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """One command, run to its end; `more` are environment variables."""
    return subprocess.run(  # noqa: S603 - our own program
        [*IIAM, *args],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(home, **more),
        timeout=PATIENCE,
        check=False,
    )


def _hears_ctrl_c() -> None:
    """Whoever starts a shell's background job starts it deaf to Ctrl-C, and all its children too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass
class Talk:
    """An interview in a process: `hear` reads to the next prompt, `say` types a line. `heard` keeps everything."""

    home: Path
    assessment: str
    extra: tuple[str, ...] = ()
    heard: list[str] = field(default_factory=list)

    def __enter__(self) -> Talk:
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [*IIAM, "interview", self.assessment, *self.extra],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment(self.home),
            bufsize=0,
            preexec_fn=_hears_ctrl_c,  # noqa: PLW1509 - it only sets a signal, and takes no lock
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self._typing, self._screen):
            pipe.close()

    @property
    def _typing(self) -> IO[bytes]:
        assert self.process.stdin is not None  # noqa: S101 - opened above
        return self.process.stdin

    @property
    def _screen(self) -> IO[bytes]:
        assert self.process.stdout is not None  # noqa: S101 - opened above
        return self.process.stdout

    def hear(self) -> str | None:
        """Output up to and with the next prompt; None when the process has ended."""
        data = b""
        while not data.endswith(PROMPT.encode()):
            byte = self._screen.read(1)
            if not byte:
                self.heard.append(data.decode(errors="replace"))
                return None
            data += byte
        self.heard.append(data.decode())
        return self.heard[-1]

    def prompted(self) -> str:
        """Output up to and with the next prompt, which must come. Raises RuntimeError with what came instead."""
        screen = self.hear()
        if screen is None:
            raise RuntimeError(self.heard[-1])
        return screen

    def say(self, text: str) -> None:
        """Type a line."""
        self.write((text + "\n").encode())

    def write(self, data: bytes) -> None:
        """Type bytes as they are, all of them."""
        while data:
            data = data[self._typing.write(data) :]

    def leave(self) -> int:
        """End the input, hear the rest and return the exit code."""
        self._typing.close()
        self.hear()
        return self.process.wait(PATIENCE)

    def interrupt(self) -> int:
        """Press Ctrl-C, hear the rest and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        self.hear()
        return self.process.wait(PATIENCE)

    def kill(self) -> str:
        """Kill the process as `kill -9` does; what it had printed since the last prompt that was heard."""
        self.process.kill()
        self.process.wait()
        with suppress(BrokenPipeError):
            self._typing.close()
        self.heard.append(self._screen.read().decode(errors="replace"))
        return self.heard[-1]

    def converse(self, reply: Callable[[str], str]) -> str:
        """Answer every question until the interview ends; returns the last output."""
        while (output := self.hear()) is not None:
            self.say(reply(output))
        return self.heard[-1]
