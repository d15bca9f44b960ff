"""An interview whose engine is a model behind the local server: what tests of the LLM engine start from."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import SecretStr

from assistant.assessment.events import ReadingMade
from assistant.engines.llm.client import Client
from assistant.engines.llm.endpoint import Endpoint, providers
from assistant.engines.llm.engine import Limits, LlmEngine
from assistant.engines.rules.engine import RulesEngine
from assistant.interview.session import Interview, Workbench
from assistant.storage.memory import MemoryEventStore
from knowledge.embedding import HashingEmbedder
from knowledge.guide import guide_chunks, load_guide
from knowledge.loader import SHIPPED
from knowledge.search import Searcher, open_searcher
from knowledge.talk import load_talk
from tests.fakes import STANDARD, StillClock, open_assessment
from tests.llm_server import MODEL

GUIDE = load_guide(SHIPPED, STANDARD)
KEY = "sk-geheim-0123456789"
ANSWER = "一共一百五十台，连上的六十台，机床、转运的小车、立体库的堆垛机都挂着。防火墙装的深信服，老王天天在后台看着。"
PLENTY = Limits(calls=1000, tokens=10_000_000)


@cache
def rules() -> RulesEngine:
    return RulesEngine(STANDARD, GUIDE, load_talk(SHIPPED, STANDARD))


@cache
def router() -> Searcher:
    return open_searcher(STANDARD, HashingEmbedder(), None, lambda _: None, guide_chunks(GUIDE, STANDARD))


def endpoint(url: str, **limits: Any) -> Endpoint:
    given: dict[str, Any] = {"timeout": 0.5, "deadline": 2.0, "retries": 1} | limits
    return Endpoint(base_url=url, key=SecretStr(KEY), model=MODEL, provider=providers()["generic"], **given)


CLIENTS: list[Client] = []


def engine(url: str, limits: Limits = PLENTY, **of_endpoint: Any) -> LlmEngine:
    client = Client(endpoint(url, **of_endpoint), sleep=lambda _: None)
    CLIENTS.append(client)
    return LlmEngine(client, rules(), STANDARD, GUIDE, router, limits)


def hang_up() -> None:
    """Close the connections of every engine made so far."""
    while CLIENTS:
        CLIENTS.pop().close()


class Talk:
    """One assessment in memory, spoken to by one respondent."""

    def __init__(self, used: LlmEngine) -> None:
        self.store = MemoryEventStore()
        open_assessment(self.store)
        bench = Workbench(store=self.store, engine=used, standard=STANDARD, guide=GUIDE, clock=StillClock())
        self.session = Interview(bench, "a1", "测试员")
        self.session.speak_as("老李", "设备主任")

    def record(self) -> str:
        return "\n".join(row.model_dump_json() for row in self.store.read("a1"))

    def readings(self) -> list[ReadingMade]:
        return [e for e in (row.event for row in self.store.read("a1")) if isinstance(e, ReadingMade)]
