"""What was recorded is played back without a network; a call that was not recorded is a clear error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.assessment.usage import CallPurpose
from assistant.engines.llm.cassette import Cassette
from assistant.engines.llm.client import Client
from assistant.engines.llm.endpoint import CassetteMiss, Endpoint, EndpointError
from assistant.errors import StorageError
from knowledge.model import Frozen
from tests.llm_server import BROKEN, MODEL, Fault, Good, Kind, LlmServer

SAID = [("system", "判断。"), ("user", "我们联网了\n四成设备。" + "长" * 300)]
KEY = "sk-secret-1234567890"


class Found(Frozen):
    """A small schema."""

    code: str


def client(url: str, mode: str, folder: Path, model: str = MODEL) -> Client:
    return Client(Endpoint(url, SecretStr(KEY), model, retries=0), Cassette(mode, folder))  # type: ignore[arg-type]


def structured(of: Client) -> Found:
    return of.structured(CallPurpose.READ, "p", SAID, Found, 50).value


def streamed(of: Client) -> str:
    pieces: list[str] = []
    text = of.text(CallPurpose.PHRASE, "p", SAID, 50, tell=pieces.append).text
    assert "".join(pieces) == text
    return text


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    with LlmServer(lambda body: Good("请问？" if body["stream"] else {"code": "1.1"}), key=KEY, cached=5) as server:
        recording = client(server.url, "record", tmp_path / "tapes")
        assert structured(recording) == Found(code="1.1")
        assert streamed(recording) == "请问？"
        recording.close()
    return tmp_path / "tapes"


def test_replay_needs_no_server_and_counts_the_same_tokens(recorded: Path) -> None:
    replaying = client("http://127.0.0.1:1/v1", "replay", recorded)
    assert structured(replaying) == Found(code="1.1")
    assert streamed(replaying) == "请问？"
    call = replaying.text(CallPurpose.PHRASE, "p", SAID, 50, tell=lambda _: None).calls[0]
    assert (call.tokens_in, call.tokens_out, call.cached) == (sum(len(text) for _, text in SAID), 3, 5)


def test_a_file_holds_the_reply_and_what_it_is_about_and_nothing_secret(recorded: Path) -> None:
    files = sorted(recorded.iterdir())
    assert [len(f.stem) for f in files] == [24, 24]
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert sorted(json.loads(text)) == ["about", "body", "content_type", "status"]
        assert json.loads(text)["about"] == ("我们联网了 四成设备。" + "长" * 300)[:200]
        assert KEY not in text
        assert "127.0.0.1" not in text


def test_the_same_call_through_another_address_is_the_same_call(recorded: Path) -> None:
    for base_url in ("https://host/compatible-mode/v1", "https://host/v1/"):
        assert structured(client(base_url, "replay", recorded)) == Found(code="1.1")


def test_a_miss_names_folder_and_call_and_is_not_tried_again(recorded: Path) -> None:
    replaying = client("http://127.0.0.1:1/v1", "replay", recorded, model="other")
    for ask in (structured, streamed):
        with pytest.raises(CassetteMiss) as missed:
            ask(replaying)
        assert missed.value.told.startswith(f"没有录下这次大模型调用（{recorded}/")
        assert missed.value.told.endswith(".json，请求：" + ("我们联网了 四成设备。" + "长" * 300)[:30] + "）")
        assert "record" in missed.value.advice


def test_misses_do_not_open_the_breaker(recorded: Path) -> None:
    replaying = client("http://127.0.0.1:1/v1", "replay", recorded, model="other")
    for _ in range(5):
        with pytest.raises(CassetteMiss):
            structured(replaying)


@pytest.mark.parametrize("step", [BROKEN, Fault(Kind.CUT), Fault(Kind.STALL, "长" * 100, seconds=60)])
def test_only_complete_replies_are_kept(tmp_path: Path, step: Fault) -> None:
    with LlmServer([step]) as server:
        endpoint = Endpoint(server.url, SecretStr(""), MODEL, retries=0, timeout=0.3)
        recording = Client(endpoint, Cassette("record", tmp_path))
        for ask in (structured, streamed):
            with pytest.raises(EndpointError):
                ask(recording)
        recording.close()
    assert list(tmp_path.iterdir()) == []


def test_off_is_as_without(tmp_path: Path) -> None:
    with LlmServer([Good({"code": "1.1"})]) as server:
        plain = client(server.url, "off", tmp_path)
        assert structured(plain) == Found(code="1.1")
        plain.close()
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_recording_says_so(recorded: Path) -> None:
    for file in recorded.iterdir():
        file.write_text('{"about": "', encoding="utf-8")
    with pytest.raises(StorageError, match="已损坏。请删除它"):
        structured(client("http://127.0.0.1:1/v1", "replay", recorded))


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "tapes").write_text("a file")
    with LlmServer([Good({"code": "1.1"})]) as server:
        recording = client(server.url, "record", tmp_path / "tapes")
        with pytest.raises(StorageError, match="写不进去：那里是一个文件，不是文件夹"):
            structured(recording)
        recording.close()
