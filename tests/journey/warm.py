"""Commands as users give them, each in a process of its own that is forked from one which has imported everything.

What a command does takes a tenth of a second, and a new interpreter with all libraries two. That a new interpreter runs
them too is seen where `evals.terminal` is used instead.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import NoReturn

from evals.terminal import PATIENCE, environment

ROOT = Path(__file__).parents[2]
ONE_BY_ONE = Lock()
LIBRARIES = (
    "assistant.engines.llm.engine",
    "assistant.reports.render",
    "assistant.storage.sql",
    "bm25s",
    "chromadb.api.client",
    "docxtpl",
    "matplotlib.figure",
    "typst",
    "xlsxwriter",
)


def iiam(home: Path, *args: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """One command, run to its end; `more` are environment variables."""
    return run("assistant.cli", *args, env=environment(home, **more), cwd=Path.cwd(), given=given)


def run(module: str, *args: str, env: dict[str, str], cwd: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    """`python -m module args`, run to its end, as subprocess.run would."""
    job = {"module": module, "args": args, "env": env, "cwd": str(cwd), "given": given}
    with ONE_BY_ONE:
        parent = _parent()
        assert parent.stdin is not None
        assert parent.stdout is not None
        parent.stdin.write(json.dumps(job) + "\n")
        parent.stdin.flush()
        done = json.loads(parent.stdout.readline())
    return subprocess.CompletedProcess([module, *args], done["code"], done["out"], done["err"])


@cache
def _parent() -> subprocess.Popen[str]:
    """The process to fork from. It ends with the input that we give it, so with us at the latest."""
    parent = subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(Path(os.devnull), PYTHONPATH=str(ROOT)),
    )
    atexit.register(parent.communicate)
    return parent


def _import_everything() -> None:
    """What commands import where they need it, and the signs of the guide as they are compiled at the first interview."""
    from assistant.bootstrap import App
    from assistant.cli.app import COMMANDS
    from assistant.settings import Settings

    for name in (*LIBRARIES, *(target.partition(":")[0] for target, _ in COMMANDS.values())):
        import_module(name)
    App(Settings(_env_file=None, home=Path(os.devnull))).rules.warm()


def _forked(job: dict, folder: Path) -> dict:
    """What became of one job."""
    given, out, err = (folder / name for name in ("given", "out", "err"))
    given.write_text(job["given"], encoding="utf-8")
    child = os.fork()
    if child == 0:
        _become(job, given, out, err)
    _, status = os.waitpid(child, 0)
    said = {name: file.read_text(encoding="utf-8", errors="replace") for name, file in (("out", out), ("err", err))}
    return {"code": os.waitstatus_to_exitcode(status)} | said


def _become(job: dict, given: Path, out: Path, err: Path) -> NoReturn:
    """Be that process, and end as an interpreter ends, which closes what is open."""
    signal.alarm(PATIENCE)
    for number, (file, flags) in enumerate(((given, os.O_RDONLY), (out, os.O_WRONLY), (err, os.O_WRONLY))):
        os.dup2(os.open(file, flags | os.O_CREAT | os.O_TRUNC * (number > 0)), number)
    sys.stdin, sys.stdout, sys.stderr = (
        open(n, "w" if n else "r", encoding="utf-8", closefd=False)  # noqa: SIM115
        for n in range(3)
    )
    os.environ.clear()
    os.environ.update(job["env"])
    os.chdir(job["cwd"])
    sys.argv = [job["module"], *job["args"]]
    runpy.run_module(job["module"], run_name="__main__", alter_sys=True)
    raise SystemExit(0)


def _serve() -> None:
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a forked process has none of its threads
    _import_everything()
    gc.freeze()
    folder = Path(tempfile.mkdtemp())  # no context: what is forked would clean up too
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_forked(json.loads(line), folder)) + "\n")
        sys.stdout.flush()
    shutil.rmtree(folder)


if __name__ == "__main__":
    _serve()
