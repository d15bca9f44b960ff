"""A person at the terminal: runs `iiam` as a process of its own and talks to it through a pipe."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PROMPT = "› "
IIAM = [sys.executable, "-m", "assistant.cli"]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("IIAM_")}
    return kept | {"IIAM_HOME": str(home), "IIAM_ACTOR": "测试员", "PYTHONUTF8": "1", "COLUMNS": "100"} | more


def iiam(home: Path, *args: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """One command, run to its end."""
    return subprocess.run(
        [*IIAM, *args],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(home, **more),
        timeout=120,
        check=False,
    )


@dataclass
class Talk:
    """An interview in a process: `hear` reads to the next prompt, `say` types a line. `heard` keeps everything."""

    home: Path
    assessment: str
    extra: tuple[str, ...] = ()
    heard: list[str] = field(default_factory=list)

    def __enter__(self) -> Talk:
        self.process = subprocess.Popen(
            [*IIAM, "interview", self.assessment, *self.extra],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment(self.home),
            bufsize=0,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            pipe.close()

    def hear(self) -> str | None:
        """Output up to and with the next prompt; None when the process has ended."""
        data = b""
        mark = PROMPT.encode()
        while not data.endswith(mark):
            byte = self.process.stdout.read(1)
            if not byte:
                self.heard.append(data.decode(errors="replace"))
                return None
            data += byte
        self.heard.append(data.decode())
        return self.heard[-1]

    def say(self, text: str) -> None:
        self.process.stdin.write((text + "\n").encode())

    def converse(self, reply: Callable[[str], str]) -> str:
        """Answer every question until the interview ends; returns the last output."""
        while (output := self.hear()) is not None:
            self.say(reply(output))
        return self.heard[-1]
