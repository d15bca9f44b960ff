"""A model's questions and explanations, shown only when they are neutral; otherwise the guide's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.assessment.usage import Call, CallPurpose
from assistant.engines.llm.claims import ExplainClaims
from assistant.engines.llm.client import Client
from assistant.engines.llm.context import Passage, explain_messages, phrase_messages
from assistant.engines.llm.endpoint import CassetteMiss, EndpointError
from assistant.engines.llm.neutral import fault, forbidden, manners
from assistant.ports import Engine, Tell, Wording, WordingTask
from knowledge.errors import KnowledgeError
from knowledge.guide import Guide
from knowledge.model import Standard, SubItem

if TYPE_CHECKING:
    from knowledge.search import Searcher

PHRASE_TOKENS = 400
EXPLAIN_TOKENS = 800
EXPLANATION = 320
"""Characters of an explanation with its question."""

PASSAGES = 5
ENDS = ("？", "?")


class Wordsmith:
    """Words probes and explanations with a model, under the checks of `neutral`."""

    def __init__(
        self, client: Client, rules: Engine, standard: Standard, guide: Guide, router: Callable[[], Searcher]
    ) -> None:
        """`rules` words what the model cannot; `router` finds the passages that an explanation is drawn from."""
        self._client, self._rules, self._standard, self._guide = client, rules, standard, guide
        self._router = router

    def phrase(self, task: WordingTask, tell: Tell | None) -> Wording:
        """One neutral question, streamed to `tell` as long as nothing forbidden stands in it."""
        subitem = self._standard.subitems[task.probe.subitem]
        prompt, messages = phrase_messages(task, self._standard, self._guide)
        watch = Watch(tell, subitem) if tell else None
        try:
            reply = self._client.text(CallPurpose.PHRASE, prompt, messages, PHRASE_TOKENS, watch)
        except CassetteMiss:
            raise
        except EndpointError as error:
            return self._guides(task, error.calls, error.told)
        text = tidy(reply.text)
        why = fault(text, subitem, task.asked)
        if why:
            return self._guides(task, failed(reply.calls, f"问法{why}，没有采用"))
        return Wording(text, calls=reply.calls)

    def explain(self, task: WordingTask, tell: Tell | None) -> Wording:
        """An explanation whose passages exist, ending in the question; not streamed, since it comes as JSON."""
        subitem = self._standard.subitems[task.probe.subitem]
        passages = self._passages(task)
        prompt, messages = explain_messages(task, self._standard, self._guide, passages)
        try:
            reply = self._client.structured(CallPurpose.EXPLAIN, prompt, messages, ExplainClaims, EXPLAIN_TOKENS)
        except CassetteMiss:
            raise
        except EndpointError as error:
            return self._guides(task, error.calls, error.told, explain=True)
        text = tidy(reply.value.text)
        known = {p.code for p in passages}
        sources = tuple(code for code in dict.fromkeys(reply.value.sources) if code in known)
        why = "没有出处" if not sources else self._unfit(text, subitem, task)
        if why:
            return self._guides(task, failed(reply.calls, f"解释{why}，没有采用"), explain=True)
        if tell:
            tell(text)
        return Wording(text, sources=sources, calls=reply.calls)

    @staticmethod
    def _unfit(text: str, subitem: SubItem, task: WordingTask) -> str:
        if len(text) > EXPLANATION:
            return "太长"
        tail = text[-min(len(text), 150) :]
        return manners(text) or forbidden(text, subitem) or ("" if tail.rstrip().endswith(ENDS) else "没有把问题问回去")

    def _guides(self, task: WordingTask, calls: tuple[Call, ...], told: str = "", *, explain: bool = False) -> Wording:
        words = self._rules.explain(task) if explain else self._rules.phrase(task)
        return Wording(words.text, sources=words.sources, calls=calls, fallback=told)

    def _passages(self, task: WordingTask) -> list[Passage]:
        """What standard and guide say on the matter: the topic's own terms first, then what the respondent's words find."""
        code = task.probe.subitem
        own = [Passage(code=code, text=f"{t.term}：{t.plain}。{t.example}") for t in self._guide.subitems[code].terms]
        asked = task.unclear and not self._client.breaker.waiting
        try:
            hits = self._router().search(task.unclear, limit=PASSAGES) if asked else []
        except KnowledgeError:
            hits = []
        return own + [Passage(code=hit.chunk.code, text=hit.chunk.text) for hit in hits]


class Watch:
    """Passes pieces on until something forbidden would be shown; people then see only the final wording."""

    def __init__(self, tell: Tell, subitem: SubItem) -> None:
        self._tell, self._subitem, self._text, self._stopped = tell, subitem, "", False

    def __call__(self, piece: str) -> None:
        """One more piece of the text."""
        self._text += piece
        self._stopped = self._stopped or bool(forbidden(self._text, self._subitem))
        if not self._stopped:
            self._tell(piece)


def tidy(text: str) -> str:
    """One line, without quotation marks round the whole or a label before it."""
    line = " ".join(text.split()).strip().removeprefix("问：").removeprefix("问题：").strip()
    pairs = {"“": "”", '"': '"', "「": "」"}
    return line[1:-1] if len(line) > 1 and pairs.get(line[0]) == line[-1] else line


def failed(calls: tuple[Call, ...], why: str) -> tuple[Call, ...]:
    """The calls with the last one marked as come to nothing."""
    return (*calls[:-1], calls[-1].model_copy(update={"failure": why})) if calls else calls
