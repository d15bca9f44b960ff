"""With a model configured: the only address ever spoken to is the configured one, and the key stays where it belongs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from evals.terminal import environment
from tests.journey.batch import ROOT, Case, run_all
from tests.journey.home import opened, state
from tests.journey.test_no_network import strace
from tests.llm_server import MODEL, Good, LlmServer
from tests.unit.engines.llm.test_engine_faults import CLAIMS, playing

KEY = "sk-geheim-journey-42"
CONNECT = re.compile(
    r"connect\(\d+, \{sa_family=(?P<family>\w+)(?:, sin6?_port=htons\((?P<port>\d+)\).*?\"(?P<host>[\d.:a-f]+)\")?"
)
SAID = "一共一百五十台，连上的六十台，机床、转运的小车、立体库的堆垛机都挂着。\n啥叫联网率？\n"
HOSTILE = {
    "OPENAI_API_KEY": "sk-not-this-one",
    "OPENAI_BASE_URL": "http://elsewhere.invalid/v1",
    "LANGSMITH_TRACING": "true",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "ls-nobody",
    "HTTP_PROXY": "http://proxy.invalid:3128",
    "HTTPS_PROXY": "http://proxy.invalid:3128",
    "ALL_PROXY": "http://proxy.invalid:3128",
}
"""An environment that would send calls, traces or names elsewhere."""


def configured(url: str) -> dict[str, str]:
    return {"IIAM_LLM_BASE_URL": url, "IIAM_LLM_API_KEY": KEY, "IIAM_LLM_MODEL": MODEL, **HOSTILE}


def cases(name: str, out: str) -> dict[str, Case]:
    return {
        "interview": Case(["interview", name, "--role", "设备主任", "--name", "王师傅"], given=SAID),
        "doctor": Case(["doctor"]),
        "ask": Case(["ask", name, "1.1 的证据有哪些？"]),
        "justify": Case(["justify", name, "1.1"]),
        "show": Case(["show", name, "1.1"]),
        "usage": Case(["usage", name]),
        "log": Case(["log", name]),
        "export": Case(["export", name, out]),
    }


def test_only_the_configured_address_is_ever_spoken_to(tmp_path):
    home, trace = tmp_path / "home", tmp_path / "trace"
    name = opened(home)
    with LlmServer(playing(Good(CLAIMS)), key=KEY) as server:
        env = environment(home) | configured(server.url)
        done = run_all(cases(name, str(tmp_path / "record.jsonl")), env, tmp_path, strace(trace))
        port = server.url.rpartition(":")[2].removesuffix("/v1")
        keys = {s.headers.get("authorization") for s in server.seen}
    met = {(m["family"], m["host"], m["port"]) for m in CONNECT.finditer(trace.read_text(errors="replace"))}
    assert met == {("AF_INET", "127.0.0.1", port)}
    assert keys == {f"Bearer {KEY}"}
    assert done["interview"].code == 0
    assert [c.purpose for c in state(home, name).calls][:2] == ["phrase", "read"]
    assert state(home, name).answers


def test_the_key_is_in_no_output_no_record_no_export_and_no_log(tmp_path):
    home = tmp_path / "home"
    name = opened(home)
    for step in (Good(CLAIMS), None):
        with LlmServer(playing(step) if step else (), key=KEY if step else "another-key") as server:
            env = environment(home) | configured(server.url)
            done = run_all(cases(name, str(tmp_path / f"record-{bool(step)}.jsonl")), env, tmp_path)
        assert KEY not in "".join(result.out + result.err for result in done.values())
    for file in (f for f in tmp_path.rglob("*") if f.is_file()):
        assert KEY.encode() not in file.read_bytes(), file


ALONE = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from tests.llm_server import Good, LlmServer
from tests.llm_talk import ANSWER, Talk, engine, hang_up
from tests.unit.engines.llm.test_engine_faults import CLAIMS, QUESTION, playing
import socket
try:
    socket.create_connection(("192.0.2.1", 80), 1)
except OSError:
    pass
else:
    sys.exit("there is a network")
with LlmServer(playing(Good(CLAIMS))) as server:
    used = engine(server.url)
    used.warm()
    talk = Talk(used)
    talk.session.question()
    talk.session.answer(ANSWER)
    talk.session.question()
    hang_up()
print(talk.session.ledgers["1.1"].floor, [str(c.purpose) for c in talk.session.state.calls])
"""


def test_a_turn_needs_nothing_but_loopback(tmp_path):
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("unshare is not installed")
    up = "import fcntl,socket,struct;s=socket.socket();fcntl.ioctl(s,0x8914,struct.pack('16sh',b'lo',0x41));s.close()"
    alone = [unshare, "-rn", sys.executable, "-c", f"{up}\n{ALONE}"]
    tried = subprocess.run([unshare, "-rn", "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"no namespace of our own here: {tried.stderr.strip()[:200]}")
    done = subprocess.run(
        alone, capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path, env=os.environ | HOSTILE
    )
    assert (done.returncode, done.stdout) == (0, "3 ['phrase', 'read', 'phrase']\n"), done.stderr
