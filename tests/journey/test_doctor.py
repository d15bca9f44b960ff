"""`iiam doctor` against the local server in each of its fault modes: what it says, what it chose, and never the key."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from assistant.bootstrap import start
from assistant.cli.app import main
from assistant.cli.doctor import examine_endpoint
from assistant.engines.llm.probes import COUNTING
from tests.journey.warm import iiam
from tests.llm_server import (
    BROKEN,
    FORBIDDEN,
    MODEL,
    NO_MODEL,
    NO_SUCH_HOST,
    OVERLOADED,
    UNAUTHORISED,
    Body,
    Fault,
    Good,
    Kind,
    LlmServer,
    Script,
    Step,
    busy,
    closed_port,
    error,
)

KEY = "sk-secret-5f1c9e"
COUNTED = {"total": 120, "connected": 36, "quote": "连上网的有三十六台"}
SENTENCE = "设备联网率是联网的设备占全部设备的比例，按台数计算。"
LADDER = ("JSON Schema", "函数调用", "JSON 模式", "提示词约定")
MODES = tuple(f"结构化输出：{name}" for name in LADDER)
ADMITTED = {"连接": "ok", "密钥": "ok", "模型列表": "ok", "答复": "ok"}
SOUND = ADMITTED | dict.fromkeys(MODES, "ok") | {
    "读中文": "ok", "流式输出": "ok", "用量": "ok", "上下文 6,000": "ok", "缓存": "skipped", "上下文 16,000": "ok"
}  # fmt: skip
CLOSED = {"连接": "ok", "其余各项": "skipped"}


def said(body: Body) -> str:
    return "\n".join(str(message["content"]) for message in body["messages"])


def able(body: Body) -> Step:
    """A model that does what the doctor asks."""
    return Good(reply(body))


def reply(body: Body) -> object:
    if COUNTING in said(body):
        return COUNTED
    code = re.match(r"本资料的登记号是 (\d+)。", said(body))
    return f"登记号是 {code[1]}。" if code else SENTENCE


def forgetful(limit: int) -> Script:
    """A server that cuts what is too long, silently and from the front."""
    return lambda body: able(body | {"messages": [{"content": said(body)[-limit:]}]})


def when(part: Callable[[Body], bool], step: Step) -> Script:
    return lambda body: step if part(body) else able(body)


def counting(body: Body) -> bool:
    return COUNTING in said(body)


def always(kind: Kind) -> Script:
    return lambda body: Fault(kind, text=reply(body))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all, so that its index is built once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def configured(home, monkeypatch):
    """Set the environment to an endpoint and more."""
    monkeypatch.chdir(home)

    def configure(url: str, **more: str) -> None:
        settings = {"home": str(home), "llm_base_url": url, "llm_model": MODEL, "llm_api_key": KEY, "llm_timeout": "10"}
        for name, value in (settings | more).items():
            monkeypatch.setenv(f"IIAM_{name.upper()}", value)

    return configure


@pytest.fixture
def doctor(configured, capsys):
    """Examine an endpoint as the command does after the machine; whether it is bad, the findings by name, the choice."""

    def run(url: str, **more: str):
        configured(url, **more)
        checks = []
        examined = examine_endpoint(start(), checks.append)
        output = capsys.readouterr()
        assert KEY not in f"{checks}{examined}{output}"
        chosen = examined and {
            "provider": examined.provider,
            "mode": examined.mode,
            "max_tokens_name": examined.max_tokens_name,
        }
        return int(any(c.state == "bad" for c in checks)), {c.name: asdict(c) for c in checks}, chosen

    return run


@pytest.fixture
def command(configured, capsys):
    """Run the whole command on an endpoint; its exit code, the endpoint's findings by name, and what was chosen."""

    def run(url: str, **more: str):
        configured(url, **more)
        code = main(["doctor", "--json"])
        output = capsys.readouterr()
        assert KEY not in output.out + output.err
        data = json.loads(output.out)
        assert {c["state"] for c in data["checks"][:6]} == {"ok"}  # this machine
        return code, {c["name"]: c for c in data["checks"][6:]}, data["chosen"]

    return run


def states(found: dict[str, dict[str, str]]) -> dict[str, str]:
    return {name: check["state"] for name, check in found.items()}


def test_a_sound_endpoint(command):
    with LlmServer(able, key=KEY, cached=3000) as server:
        code, found, chosen = command(server.url)
    assert (code, states(found)) == (0, SOUND | {"缓存": "ok"})
    assert chosen == {"provider": "generic", "mode": "json_schema", "max_tokens_name": "max_tokens"}
    assert found["上下文 16,000"]["detail"] == "约 16,000 token 的资料，开头还记得"
    assert re.fullmatch(r"相同的开头有 \d\d% 来自缓存", found["缓存"]["detail"])


def test_a_closed_port(command):
    with closed_port() as url:
        code, found, _ = command(url)
    assert (code, states(found)) == (1, {"连接": "bad", "其余各项": "skipped"})
    assert found["连接"]["detail"].startswith("连不上大模型接口")


def test_a_host_that_does_not_resolve(doctor):
    code, found, _ = doctor(NO_SUCH_HOST)
    assert (code, states(found)) == (1, {"传输": "warn", "连接": "bad", "其余各项": "skipped"})
    assert found["连接"]["detail"].startswith("大模型接口的主机名解析不了")


def test_a_port_without_tls(doctor):
    with LlmServer() as server:
        code, found, _ = doctor(server.tls_url)
    assert (code, states(found)) == (1, {"连接": "bad", "其余各项": "skipped"})
    assert "http 还是 https" in found["连接"]["advice"]


@pytest.mark.parametrize("kind", [Kind.SLOW, Kind.STALL])
def test_no_answer_in_time(doctor, kind):
    with LlmServer([Fault(kind)]) as server:
        code, found, _ = doctor(server.url, llm_timeout="0.3")
    assert (code, states(found)) == (1, {"连接": "bad", "其余各项": "skipped"})
    assert found["连接"]["detail"].startswith("大模型接口没有在限定时间内答复")


def test_a_connection_that_is_cut(doctor):
    with LlmServer([Fault(Kind.CUT)]) as server:
        code, found, _ = doctor(server.url)
    assert (code, states(found)) == (1, {"连接": "bad", "其余各项": "skipped"})


@pytest.mark.parametrize(
    ("step", "where", "told", "advice"),
    [
        (UNAUTHORISED, "密钥", "不认这个密钥", "IIAM_LLM_API_KEY"),
        (FORBIDDEN, "密钥", "不允许这个密钥", "余额"),
        (busy("30"), "答复", "限流", "额度"),
        (BROKEN, "答复", "内部出错", "稍后再试"),
        (OVERLOADED, "答复", "内部出错", "稍后再试"),
        (error(400, "no"), "答复", "不接受这个请求", "换一个模型"),
        (Fault(Kind.NOT_JSON), "答复", "无法识别", "OpenAI 兼容"),
        (Fault(Kind.HTML), "答复", "无法识别", "OpenAI 兼容"),
    ],
)
def test_an_endpoint_that_does_not_let_one_in(doctor, step, where, told, advice):
    with LlmServer([step]) as server:
        code, found, chosen = doctor(server.url)
    assert (code, states(found)) == (1, CLOSED | {where: "bad"})
    assert told in found[where]["detail"]
    assert advice in found[where]["advice"]
    assert chosen["mode"] is None


def test_a_wrong_key(doctor):
    with LlmServer(able, key="another") as server:
        code, found, _ = doctor(server.url)
    assert (code, states(found)) == (1, CLOSED | {"密钥": "bad"})


@pytest.mark.parametrize("listing", [True, False])
def test_a_model_that_is_not_there(doctor, listing):
    with LlmServer([NO_MODEL], models=("甲", "乙"), listing=listing) as server:
        code, found, _ = doctor(server.url)
    assert (code, states(found)) == (1, CLOSED | {"模型列表": "warn" if listing else "skipped", "模型": "bad"})
    if listing:
        assert found["模型列表"]["detail"] == f"没有 {MODEL}；有：甲、乙"


def test_names_of_models_cannot_write_on_the_screen(doctor):
    with LlmServer([NO_MODEL], models=("\x1b]0;x\x07[/red]" + "长" * 300, "\ud800乙")) as server:
        _, found, _ = doctor(server.url)
    assert found["模型列表"]["detail"] == f"没有 {MODEL}；有：{']0;x[/red]' + '长' * 50}、乙"


def test_an_endpoint_without_a_list_of_models(doctor):
    with LlmServer(able, listing=False) as server:
        code, found, _ = doctor(server.url)
    assert (code, states(found)) == (0, SOUND | {"模型列表": "skipped"})


@pytest.mark.parametrize(
    ("kind", "refused", "mode"),
    [
        (Kind.NO_JSON_SCHEMA, MODES[:1], "tool"),
        (Kind.NO_FORCED_TOOL, MODES[1:2], "json_schema"),
        (Kind.NO_JSON_OBJECT, (MODES[0], MODES[2]), "tool"),
    ],
)
def test_modes_that_are_refused_are_stepped_over(doctor, kind, refused, mode):
    with LlmServer(always(kind)) as server:
        code, found, chosen = doctor(server.url)
    assert (code, states(found)) == (0, SOUND | dict.fromkeys(refused, "warn"))
    assert chosen["mode"] == mode
    assert found[refused[0]]["advice"] == "不必处理，会自动用下一种"


@pytest.mark.parametrize("kind", [Kind.FENCED, Kind.THINK])
def test_wrapping_does_no_harm(doctor, kind):
    wrapped = when(counting, Fault(kind, text=COUNTED))
    with LlmServer(wrapped) as server:
        code, found, _ = doctor(server.url)
    assert (code, states(found)) == (0, SOUND)


@pytest.mark.parametrize("kind", [Kind.INVALID, Kind.BLANK, Kind.NOTHING, Kind.TRUNCATED, Kind.REFUSAL, Kind.LONG])
def test_a_model_that_gives_no_structure(doctor, kind):
    with LlmServer(when(counting, Fault(kind, text=COUNTED))) as server:
        code, found, chosen = doctor(server.url)
    expected = SOUND | dict.fromkeys(MODES, "warn") | {"结构化输出": "bad"}
    del expected["读中文"]
    assert (code, states(found), chosen["mode"]) == (1, expected, None)
    assert "规则引擎" in found["结构化输出"]["advice"]


def test_a_schema_that_is_accepted_and_ignored(doctor):
    ignored = when(lambda b: b.get("response_format", {}).get("type") == "json_schema", Fault(Kind.INVALID))
    with LlmServer(ignored) as server:
        code, found, _ = doctor(server.url)
    assert (code, states(found)) == (1, SOUND | {MODES[0]: "warn", "结构化输出": "bad"})
    assert "IIAM_LLM_PROVIDER" in found["结构化输出"]["advice"]


def test_a_model_that_misreads(doctor):
    with LlmServer(when(counting, Good(COUNTED | {"total": 100}))) as server:
        code, found, _ = doctor(server.url)
    assert (code, states(found)) == (1, SOUND | {"读中文": "bad"})


def test_a_model_that_answers_in_another_language(doctor):
    question = Fault(Kind.FOREIGN)
    with LlmServer(when(lambda b: not counting(b) and "登记号" not in said(b), question)) as server:
        code, found, _ = doctor(server.url)
    assert (code, states(found)) == (0, SOUND | {"中文": "warn"})


@pytest.mark.parametrize("kind", [Kind.BLANK, Kind.REASONING, Kind.REFUSAL, Kind.FILTERED, Kind.EMPTY_BODY])
def test_a_reply_without_words(doctor, kind):
    plain = when(lambda b: not counting(b) and "登记号" not in said(b), Fault(kind, text=SENTENCE))
    with LlmServer(plain) as server:
        code, found, _ = doctor(server.url)
    expected = SOUND | {"答复": "warn", "流式输出": "warn"}
    del expected["密钥"], expected["模型列表"]
    assert (code, states(found)) == (0, expected)


@pytest.mark.parametrize("kind", [Kind.CUT, Kind.EMPTY_BODY])
def test_streams_that_fail(doctor, kind):
    with LlmServer(when(lambda b: bool(b.get("stream")), Fault(kind, text=SENTENCE))) as server:
        code, found, _ = doctor(server.url)
    assert (code, states(found)) == (0, SOUND | {"流式输出": "warn"})


@pytest.mark.parametrize(("usage", "told"), [(False, "不报告 token 数"), (True, "流式输出时不报告 token 数")])
def test_tokens_that_are_not_reported(doctor, usage, told):
    with LlmServer(able, usage=usage, stream_usage=False) as server:
        code, found, _ = doctor(server.url)
    assert (code, states(found)) == (0, SOUND | {"用量": "warn"})
    assert found["用量"]["detail"] == told


def test_a_context_that_is_cut_silently(doctor):
    with LlmServer(forgetful(4096)) as server:
        code, found, _ = doctor(server.url)
    short = {"上下文 6,000": "bad", "上下文 16,000": "skipped"}
    assert (code, states(found)) == (1, {k: v for k, v in SOUND.items() if k != "缓存"} | short)
    assert "OLLAMA_CONTEXT_LENGTH" in found["上下文 6,000"]["advice"]


def test_a_context_of_middling_length(doctor):
    with LlmServer(forgetful(8192)) as server:
        code, found, _ = doctor(server.url)
    assert (code, states(found)) == (0, SOUND | {"上下文 16,000": "warn"})


def test_a_context_that_is_refused(command):
    long = error(400, "This model's maximum context length is 4096 tokens")
    with LlmServer(when(lambda b: len(said(b)) > 4096, long)) as server:
        code, found, _ = command(server.url)
    assert (code, found["上下文 6,000"]["state"]) == (1, "bad")
    assert "maximum context length is 4096" in found["上下文 6,000"]["detail"]
    assert "max-model-len" in found["上下文 6,000"]["advice"]


def test_the_name_of_the_token_limit_is_the_one_the_endpoint_takes(doctor):
    wants = error(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
    with LlmServer(when(lambda b: "max_tokens" in b, wants)) as server:
        code, found, chosen = doctor(server.url)
    assert (code, states(found), chosen["max_tokens_name"]) == (0, SOUND, "max_completion_tokens")


def test_a_provider_set_by_hand(doctor):
    with LlmServer(able) as server:
        code, found, chosen = doctor(server.url, llm_provider="deepseek")
    assert (code, states(found)) == (0, {k: v for k, v in SOUND.items() if k != MODES[0]})
    assert (chosen["provider"], chosen["mode"]) == ("deepseek", "tool")


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("llm_base_url", "ftp://x", "IIAM_LLM_BASE_URL"),
        ("llm_provider", "没有", "可选：openai"),
        ("llm_timeout", "很久", "IIAM_LLM_TIMEOUT"),
        ("llm_model", "", "IIAM_LLM_MODEL"),
    ],
)
def test_settings_that_cannot_be_used(command, setting, value, told):
    code, found, chosen = command("http://127.0.0.1:9/v1", **{setting: value})
    assert (code, states(found), chosen) == (1, {"设置": "bad"}, None)
    assert told in found["设置"]["detail"]


def test_replay_stays_off_the_network(command):
    with LlmServer(able) as server:
        code, found, _ = command(server.url, llm_cassette="replay")
        assert server.seen == []
    assert (code, states(found)) == (0, {"回放": "skipped"})


def test_the_screen_of_a_sound_endpoint(home):
    with LlmServer(able, key=KEY) as server:
        done = iiam(
            home, "doctor", IIAM_LLM_BASE_URL=server.url, IIAM_LLM_MODEL=MODEL, IIAM_LLM_API_KEY=KEY, OPENAI_API_KEY="x"
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert KEY not in done.stdout
    assert [f for f in home.rglob("*") if f.is_file() and KEY.encode() in f.read_bytes()] == []
    assert done.stdout.splitlines()[-2:] == [
        "选用：接口类型 generic，结构化输出“JSON Schema”，长度参数 max_tokens。",
        "可以用大模型访谈。",
    ]


def test_an_embedding_endpoint_that_works_and_one_that_does_not(home):
    with LlmServer(key=KEY) as server, closed_port() as closed:
        found = []
        for url in (server.url, closed):
            done = iiam(
                home, "doctor", "--json", IIAM_EMBED_BASE_URL=url, IIAM_EMBED_API_KEY=KEY, IIAM_EMBED_MODEL=MODEL
            )
            (check,) = [c for c in json.loads(done.stdout)["checks"] if c["name"] == "向量接口"]
            found.append((done.returncode, check["state"]))
            assert KEY not in done.stdout + done.stderr
    assert found == [(0, "ok"), (0, "warn")]


def test_the_screen_without_an_endpoint(home):
    done = iiam(home, "doctor")
    assert (done.returncode, done.stderr) == (0, "")
    shown = [name for name in ("IIAM_LLM_BASE_URL=", "IIAM_LLM_API_KEY=", "IIAM_LLM_MODEL=") if name in done.stdout]
    assert shown == ["IIAM_LLM_BASE_URL=", "IIAM_LLM_API_KEY=", "IIAM_LLM_MODEL="]
    assert "由规则引擎解读回答" in done.stdout


def test_a_data_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "home").write_text("a file")
    done = iiam(tmp_path / "home", "doctor")
    assert (done.returncode, done.stderr) == (1, "")
    assert re.search(r"问题  数据文件夹  .*IIAM_HOME", done.stdout)
