"""Nothing leaves the machine: no command connects anywhere or looks up a name, as seen by strace."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from evals.terminal import environment
from tests.journey.batch import Case, run_all
from tests.journey.home import answers, opened

REACHES_OUT = re.compile(r"AF_INET|AF_NETLINK|\b(connect|sendto|sendmsg|sendmmsg|bind|listen)\(")
CONNECTS = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9))"
LOOKS_UP = "import socket\ntry: socket.getaddrinfo('name.invalid', 80)\nexcept OSError: pass"


def strace(trace: Path) -> list[str]:
    """The command that traces another one, or a skip that says why it cannot."""
    program = shutil.which("strace")
    if program is None:
        pytest.skip("strace is not installed")
    command = [program, "-f", "-qq", "-e", "trace=network", "-o", str(trace)]
    tried = subprocess.run([*command, sys.executable, "-c", ""], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"strace may not trace here: {tried.stderr.strip()[:200]}")
    return command


def reaching_out(trace: Path) -> list[str]:
    return [line for line in trace.read_text(errors="replace").splitlines() if REACHES_OUT.search(line)]


@pytest.mark.parametrize("code", [CONNECTS, LOOKS_UP])
def test_the_trace_would_show_a_connection_and_a_lookup(tmp_path, code):
    trace = tmp_path / "trace"
    subprocess.run([*strace(trace), sys.executable, "-W", "ignore", "-c", code], check=True)
    assert reaching_out(trace) != []


def case(text: str, given: str = "") -> Case:
    return Case(text.split(" "), given=given)


def test_no_command_connects_anywhere_or_looks_up_a_name(tmp_path):
    home, trace = tmp_path / "home", tmp_path / "trace"
    name = opened(home)
    said: Sequence[str] = ("一共一百台，连上网的四十台。", "机床和小车都连了，仓库没有。", "/换个问法", "/不清楚")
    cases = {
        "new": case("new 齐鲁轴承 --industry 机械加工"),
        "interview": case(f"interview {name} --role 设备主任 --name 王师傅", "\n".join(said) + "\n"),
        "list": case("list"),
        "show": case(f"show {name}"),
        "show one": case(f"show {name} 1.1"),
        "confirm": case(f"confirm {name} 1.1 --level 2 --reason 现场核对"),
        "grade": case(f"grade {name}"),
        "grade json": case(f"grade {name} --proposed --json"),
        "standard": case("standard"),
        "standard one": case("standard 5.1"),
        "standard check": case("standard check"),
        "search": case("search 设备联网率达到40%"),
        "search again": case("search 数据备份 --json"),
        "doctor": case("doctor"),
        "usage": case(f"usage {name}"),
        "log": case(f"log {name}"),
        "log verify": case(f"log {name} --verify"),
        "export": case(f"export {name} {tmp_path}/record.jsonl"),
    }
    done = run_all(cases, environment(home), tmp_path, strace(trace))
    assert {what: result.code for what, result in done.items()} == dict.fromkeys(cases, 0)
    assert answers(home, name)[:2] == list(said[:2])
    assert reaching_out(trace) == []
