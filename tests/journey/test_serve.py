"""`iiam serve` as a process: it says where it is when it answers, and ends quietly."""

from __future__ import annotations

import re
import signal
import subprocess
import urllib.request

import pytest

from evals.terminal import IIAM, environment


@pytest.fixture
def serve(tmp_path):
    started = []

    def start(*args: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*IIAM, "serve", *args],
            env=environment(tmp_path / "home"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_it_says_where_it_is_once_it_answers_and_ends_quietly(serve):
    process = serve()
    told = ""
    while "http" not in told:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        told = line
    base = re.search(r"http://127\.0\.0\.1:\d+", told)[0]
    with urllib.request.urlopen(f"{base}/health") as response:
        assert response.read() == b"ok"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out.splitlines()[-1], err) == (0, "已停止。", "")


def test_others_are_let_in_only_once_there_is_an_account(serve):
    process = serve("--host", "0.0.0.0")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert "iiam user add" in err
