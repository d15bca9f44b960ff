"""Many `iiam` commands in one process of their own: as a user gives them, without a new interpreter for each."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOBODY = 65534


@dataclass(frozen=True)
class Case:
    """One command: its arguments, environment variables beside the usual, what is piped in.

    `nobody`: as a user for whom permissions count, even when the tests run as root.
    """

    args: Sequence[str]
    env: dict[str, str] = field(default_factory=dict)
    given: str = ""
    nobody: bool = False


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str


def run_all(cases: dict[str, Case], env: dict[str, str], cwd: Path, under: Sequence[str] = ()) -> dict[str, Done]:
    """Run the cases in order, in a process with that environment and working folder, started by `under` if given."""
    given = json.dumps([asdict(case) for case in cases.values()])
    done = subprocess.run(
        [*under, sys.executable, str(Path(__file__))],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=env | {"PYTHONPATH": str(ROOT)},
        cwd=cwd,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name: Done(**result) for name, result in zip(cases, json.loads(done.stdout), strict=True)}


@contextmanager
def _user(nobody: bool) -> Iterator[None]:
    """The effective user only: what was opened or imported before stays usable."""
    step_down = nobody and os.geteuid() == 0
    if step_down:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if step_down:
            os.seteuid(0)


def _serve() -> None:
    from assistant.cli.app import main

    usual, screen = dict(os.environ), sys.stdout
    results = []
    for case in json.load(sys.stdin):
        os.environ.clear()
        os.environ.update(usual | case["env"])
        sys.stdin = io.TextIOWrapper(io.BytesIO(case["given"].encode()), encoding="utf-8")
        sys.stdout, sys.stderr = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with _user(case["nobody"]):
            try:
                code = main(case["args"])
            except SystemExit as error:
                code = error.code
        said = []
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            said.append(stream.buffer.getvalue().decode())
        results.append({"code": code, "out": said[0], "err": said[1]})
    screen.write(json.dumps(results))


if __name__ == "__main__":
    _serve()
