"""Providers are chosen by address or by hand; an endpoint that cannot be used is refused before anything is sent."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from assistant.engines.llm.endpoint import Endpoint, Mode, provider_for, providers
from assistant.engines.llm.manner import Manner
from assistant.errors import InputError


@pytest.mark.parametrize(
    ("base_url", "name"),
    [
        ("https://api.openai.com/v1", "openai"),
        ("https://api.deepseek.com", "deepseek"),
        ("https://dashscope.aliyuncs.com/compatible-mode/v1", "dashscope"),
        ("https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "dashscope"),
        ("http://localhost:11434/v1", "ollama"),
        ("http://192.168.1.7:8000/v1", "vllm"),
        ("https://llm.example.com/v1", "generic"),
        ("https://llm.example.com/api.openai.com/v1", "generic"),
        ("not an address", "generic"),
    ],
)
def test_a_provider_is_known_by_its_host(base_url: str, name: str) -> None:
    assert provider_for(base_url).name == name


def test_a_provider_chosen_by_hand_wins_over_the_address() -> None:
    assert provider_for("https://api.openai.com/v1", "vllm").name == "vllm"


def test_an_unknown_provider_is_refused_with_the_choices() -> None:
    with pytest.raises(InputError) as refused:
        provider_for("https://api.openai.com/v1", "opneai")
    assert str(refused.value) == (
        "没有名为“opneai”的大模型接口类型。可选：openai、deepseek、dashscope、ollama、vllm、generic。"
    )


@pytest.mark.parametrize("name", list(providers()))
def test_every_ladder_ends_where_nothing_is_asked_of_the_endpoint(name: str) -> None:
    assert providers()[name].ladder[-1] is Mode.PROMPTED


@pytest.mark.parametrize(
    "base_url",
    ["", "api.openai.com/v1", "ftp://host/v1", "https://", "http://host:port/v1", "http://host:0/v1", "http://主机/v1"],
)
def test_an_address_that_is_none_is_refused(base_url: str) -> None:
    with pytest.raises(InputError, match=r"^IIAM_LLM_BASE_URL 不是可用的地址"):
        Endpoint(base_url, SecretStr("k"), "m")


@pytest.mark.parametrize("base_url", ["http://[bad/v1", "http://h:99999/v1", "http://h:abc/v1"])
def test_an_address_that_is_none_has_no_provider_of_its_own(base_url: str) -> None:
    assert provider_for(base_url).name == "generic"


@pytest.mark.parametrize("key", ["sk-密钥", "sk-1\nsk-2", "sk-1 sk-2", "sk-1\t"])
def test_a_key_that_cannot_be_sent_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(InputError) as refused:
        Endpoint("http://host/v1", SecretStr(key), "m")
    assert "sk-" not in str(refused.value)


def test_a_model_has_a_name() -> None:
    with pytest.raises(InputError, match=r"^没有设置 IIAM_LLM_MODEL"):
        Endpoint("http://host/v1", SecretStr(""), " ")


@pytest.mark.parametrize("model", ["m\udcff", "m\x1b[31m", "m\n"])
def test_a_model_has_a_name_that_can_be_kept_and_shown(model: str) -> None:
    with pytest.raises(InputError, match=r"^IIAM_LLM_MODEL 含有无法识别的字符"):
        Endpoint("http://host/v1", SecretStr(""), model)


@pytest.mark.parametrize("seconds", [float("inf"), 1e12])
def test_a_time_limit_that_sockets_do_not_take_is_refused(seconds: float) -> None:
    with pytest.raises(InputError, match=r"^IIAM_LLM_TIMEOUT 太长"):
        Endpoint("http://host/v1", SecretStr(""), "m", timeout=seconds, deadline=seconds)


def test_neither_key_nor_password_is_in_what_is_shown_of_an_endpoint() -> None:
    endpoint = Endpoint("http://name:password@host:81/v1", SecretStr("sk-secret"), "m")
    assert endpoint.host == "host:81"
    assert "sk-secret" not in repr(endpoint)


def test_openai_gets_its_own_name_for_the_limit_and_no_temperature() -> None:
    assert Manner(providers()["openai"]).fields(100) == {"max_completion_tokens": 100}


def test_thinking_is_switched_off_where_a_provider_can() -> None:
    assert Manner(providers()["dashscope"]).fields(100) == {
        "enable_thinking": False,
        "temperature": 0.0,
        "max_tokens": 100,
    }
