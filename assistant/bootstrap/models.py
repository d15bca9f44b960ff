"""What the settings say of model endpoints: the endpoint of the interview, its client, and what turns text into vectors."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from assistant.assessment.state import Assessment
from assistant.errors import InputError
from assistant.settings import Settings
from knowledge.model import Standard
from knowledge.policy import ScoringPolicy

if TYPE_CHECKING:
    from assistant.engines.llm.client import Client
    from assistant.engines.llm.copilot import Copilot
    from assistant.engines.llm.endpoint import Endpoint
    from knowledge.embedding import Embedder
    from knowledge.search import Searcher


def configured(chosen: Settings) -> tuple[Endpoint | None, str]:
    """The endpoint of the settings, or why they give none, in one Chinese line. Wrong settings stop nothing."""
    if chosen.llm_problem:
        return None, f"大模型设置有误：{chosen.llm_problem}。"
    if not chosen.llm_base_url and not chosen.llm_model:
        return None, ""
    if not chosen.llm_model:
        return None, "填了 IIAM_LLM_BASE_URL，但没有填 IIAM_LLM_MODEL（模型名称）。"
    if not chosen.llm_base_url:
        return None, "填了 IIAM_LLM_MODEL，但没有填 IIAM_LLM_BASE_URL（接口地址）。"
    from assistant.engines.llm.endpoint import Endpoint, provider_for

    try:
        provider = provider_for(chosen.llm_base_url, chosen.llm_provider)
        endpoint = Endpoint(
            base_url=chosen.llm_base_url,
            key=chosen.llm_api_key,
            model=chosen.llm_model,
            provider=provider,
            timeout=chosen.llm_timeout,
            deadline=chosen.llm_timeout,
        )
    except InputError as error:
        return None, str(error)
    return endpoint, ""


def client(chosen: Settings, endpoint: Endpoint) -> Client:
    """The client of an endpoint, with the cassette of the settings."""
    from assistant.engines.llm.cassette import Cassette
    from assistant.engines.llm.client import Client

    mode, folder = chosen.llm_cassette, chosen.llm_cassette_dir or chosen.home / "cassettes"
    return Client(endpoint, None if mode == "off" else Cassette(mode, folder))


def copilot(
    client: Client,
    look: Callable[[], Assessment],
    standard: Standard,
    policy: ScoringPolicy,
    open_search: Callable[[], Searcher],
) -> Copilot:
    """What answers questions about one assessment, which it looks at anew for each."""
    from assistant.engines.llm.copilot import Copilot
    from assistant.engines.llm.copilot_desk import Desk

    lock, opened = Lock(), cache(open_search)

    def search() -> Searcher:
        with lock:  # an index is opened once, though several tools may run beside each other
            return opened()

    return Copilot(client, lambda: Desk(look(), standard, policy, search))


def embedder(chosen: Settings) -> Embedder:
    """What turns text into vectors: offline unless an endpoint is configured."""
    from knowledge.embedding import EndpointEmbedder, HashingEmbedder

    if chosen.embed_base_url and chosen.embed_model:
        return EndpointEmbedder(chosen.embed_base_url, chosen.embed_api_key.get_secret_value(), chosen.embed_model)
    return HashingEmbedder()
