"""A model behind the Engine port: it reads and words, code checks it, and the rules engine carries on when it fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.assessment.justification import Justification, JustifyTask
from assistant.assessment.reading import Reading
from assistant.assessment.usage import CallPurpose, Spent
from assistant.engines.llm.check import Checked, check
from assistant.engines.llm.claims import ReadClaims
from assistant.engines.llm.client import Client, Structured
from assistant.engines.llm.context import Messages, read_messages, repair_messages
from assistant.engines.llm.graph import Steps, build, run
from assistant.engines.llm.justify import justify
from assistant.engines.llm.shortlist import Shortlist
from assistant.engines.llm.wording import Wordsmith
from assistant.ports import Engine, ReadingTask, Tell, Wording, WordingTask
from knowledge.guide import Guide
from knowledge.model import Standard

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

    from assistant.engines.llm.graph import Progress
    from knowledge.search import Searcher

READ_TOKENS = 3000
"""Tokens of a reading at most; a full answer of a sub-item takes some 800."""


@dataclass(frozen=True)
class Limits:
    """What one assessment may cost: calls and tokens (in and out), after which the rules engine carries on."""

    calls: int
    tokens: int

    def reached(self, spent: Spent) -> str:
        """One Chinese line when a limit is reached, else empty."""
        if spent.calls >= self.calls:
            return f"这份评估调用模型已到上限 {self.calls} 次，之后由规则引擎接着；需要时调高 IIAM_LLM_CALLS"
        if spent.tokens >= self.tokens:
            return f"这份评估用的 token 已到上限 {self.tokens}，之后由规则引擎接着；需要时调高 IIAM_LLM_TOKENS"
        return ""


class LlmEngine:
    """Reads and asks with a model; per answered turn at most one reading, one repair and one wording."""

    merges = True

    def __init__(
        self,
        client: Client,
        rules: Engine,
        standard: Standard,
        guide: Guide,
        open_router: Callable[[], Searcher],
        limits: Limits,
    ) -> None:
        """`rules` takes over when the model fails; `open_router` makes the search that finds other topics."""
        self._client = client
        self._rules = rules
        self._standard = standard
        self._guide = guide
        self._shortlist = Shortlist(standard, open_router)
        self._limits = limits
        self._wordsmith = Wordsmith(client, rules, standard, guide, lambda: self._shortlist.router)
        self._beside = ThreadPoolExecutor(max_workers=2, thread_name_prefix="rules")

    @property
    def id(self) -> str:
        """Name, version and model."""
        return f"llm/1 {self._client.endpoint.model}"

    @cached_property
    def _graph(self) -> CompiledStateGraph[Progress, None, Progress, Progress]:
        self._client.warm()  # clears what LangGraph refuses to run under (LANGCHAIN_TRACING)
        return build()

    def warm(self) -> None:
        """Import the client's libraries, compile the graph and the signs, open the search; calls no endpoint."""
        self._client.warm()
        _ = self._graph
        self._rules.warm()
        _ = self._shortlist.router

    def read(self, task: ReadingTask) -> Reading:
        """The model's reading as far as it stands the checks; the rules engine's when there is none."""
        if reached := self._limits.reached(task.spent):
            return self._rules.read(task).model_copy(update={"fallback": reached})
        paused = self._client.breaker.waiting > 0  # no call will be made, so nothing need be searched for it
        others = () if paused else self._shortlist.of(task)
        told = read_messages(task, self._standard, self._guide, others)
        # The rules engine reads beside the waiting: it says which of the model's findings the guide's signs bear out.
        beside = self._beside.submit(self._rules.read, task)
        allowed = frozenset(r.code for r in others)
        best, calls = run(self._graph, self._steps(task, told, allowed, beside))
        return best.model_copy(update={"calls": tuple(calls)})

    def phrase(self, task: WordingTask, tell: Tell | None = None) -> Wording:
        """The model's question when it is neutral and plain, else the guide's."""
        if reached := self._limits.reached(task.spent):
            return Wording(self._rules.phrase(task).text, fallback=reached)
        return self._wordsmith.phrase(task, tell)

    def explain(self, task: WordingTask, tell: Tell | None = None) -> Wording:
        """What is meant, from retrieved passages, and the question in other words; else the guide's explanation."""
        if reached := self._limits.reached(task.spent):
            words = self._rules.explain(task)
            return Wording(words.text, sources=words.sources, fallback=reached)
        return self._wordsmith.explain(task, tell)

    def justify(self, task: JustifyTask) -> Justification:
        """The model's draft as far as it stands the checks; the rules engine's otherwise."""
        if reached := self._limits.reached(task.spent):
            return self._rules.justify(task).model_copy(update={"fallback": reached})
        return justify(self._client, self._rules, self._standard, self.id, task)

    def _steps(self, task: ReadingTask, told: Messages, allowed: frozenset[str], beside: Future[Reading]) -> Steps:
        prompt, messages = told

        def ask() -> Structured[ReadClaims]:
            return self._client.structured(CallPurpose.READ, prompt, messages, ReadClaims, READ_TOKENS)

        def ask_again(text: str, faults: Sequence[str]) -> Structured[ReadClaims]:
            again, more = repair_messages(messages, text, faults)
            return self._client.structured(CallPurpose.REPAIR, again, more, ReadClaims, READ_TOKENS)

        def examine(claims: ReadClaims) -> Checked:
            return check(claims, task, self._standard, allowed, beside.result(), self.id)

        return Steps(ask=ask, ask_again=ask_again, check=examine, rules=beside.result)
