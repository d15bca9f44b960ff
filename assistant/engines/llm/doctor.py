"""Examines the configured endpoint with real calls: what works, what will be used, what to do about the rest.

Every probe goes through the client that the engine uses; the list of models is the one request that it has no need for.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.assessment.usage import CallPurpose
from assistant.engines.llm.client import Client, Reply
from assistant.engines.llm.endpoint import Endpoint, EndpointError, Fault, Mode
from assistant.engines.llm.probes import (
    CHINESE,
    COUNTING,
    QUESTION,
    RECALL,
    RECALL_AGAIN,
    Count,
    background,
    is_loopback,
    listed_models,
)

if TYPE_CHECKING:
    from assistant.assessment.usage import Call
    from assistant.ports import Tell

PURPOSE, PROMPT = CallPurpose.EXPLAIN, "doctor"
TOKEN_NAMES = ("max_tokens", "max_completion_tokens")
REPLY = 2_000
"""Tokens of a reply at most: room for models that think first."""
NEEDED, WISHED = 6_000, 16_000
"""Tokens of context by `prompts.estimate`: what reading takes, and what drafting and questions about a record take."""
SLOW = 15.0
"""Seconds for one short reply above which an interview drags."""
SHOWN_MODELS, SHOWN_NAME = 8, 60
UNREACHED = {Fault.UNREACHABLE, Fault.DNS, Fault.TLS, Fault.TIMEOUT}
UNADMITTED = {Fault.AUTH, Fault.FORBIDDEN}
OF_THE_REPLY = {Fault.EMPTY, Fault.REFUSED, Fault.TRUNCATED, Fault.TOO_LONG, Fault.NOT_JSON}
MODE_NAME = {
    Mode.JSON_SCHEMA: "JSON Schema",
    Mode.TOOL: "函数调用",
    Mode.JSON_OBJECT: "JSON 模式",
    Mode.PROMPTED: "提示词约定",
}
MORE_CONTEXT = "请调大模型服务的上下文长度（Ollama：启动前设置 OLLAMA_CONTEXT_LENGTH=32768；vLLM：--max-model-len 32768），或换一个模型"


class State(StrEnum):
    """How a check came out; `bad` means that the model cannot be used for interviews as things are."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Check:
    """One finding: what was looked at, how it came out, what to do (empty when nothing is to be done)."""

    name: str
    state: State
    detail: str
    advice: str = ""


@dataclass(frozen=True)
class Examined:
    """All findings, and what interviews will use: provider profile, structured-output mode, name of the token limit."""

    checks: tuple[Check, ...]
    provider: str
    mode: Mode | None
    max_tokens_name: str

    @property
    def bad(self) -> bool:
        """Whether the endpoint cannot be used as things are."""
        return any(check.state is State.BAD for check in self.checks)


def examine(endpoint: Endpoint, tell: Callable[[Check], None] = lambda _: None) -> Examined:
    """Probe an endpoint with some ten calls; `tell` gets each finding as soon as it stands."""
    examination = _Examination(replace(endpoint, retries=0))
    checks = []
    for check in examination.run():
        tell(check)
        checks.append(check)
    return Examined(tuple(checks), endpoint.provider.name, examination.mode, examination.max_tokens_name)


class _Examination:
    """The probes in their order, each with a client of its own, so that the breaker of one does not stop the next."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.mode: Mode | None = None
        self.max_tokens_name: str = endpoint.provider.max_tokens_name
        self._open = True
        self._calls: list[Call] = []

    def run(self) -> Iterator[Check]:
        """Every probe, until one shows that the others would only repeat it."""
        yield from self._address()
        yield from self._answer()
        if not self._open:
            yield Check("其余各项", State.SKIPPED, "没有检查", "先解决上面的问题，再运行一次 iiam doctor")
            return
        yield from self._modes()
        streamed = yield from self._stream()
        yield from self._usage(streamed)
        yield from self._context()

    def _text(self, question: str, tell: Tell | None = None) -> Reply:
        with closing(Client(self.endpoint)) as client:
            client.warm()  # loading libraries is no waiting for the endpoint
            reply = client.text(PURPOSE, PROMPT, [("user", question)], REPLY, tell)
            fields = client.chat_model(REPLY).extra_body or {}  # what is sent, after the endpoint's refusals
        self.max_tokens_name = next((name for name in TOKEN_NAMES if name in fields), self.max_tokens_name)
        self._calls += reply.calls
        return reply

    def _address(self) -> Iterator[Check]:
        if self.endpoint.base_url.startswith("http:") and not is_loopback(self.endpoint.base_url):
            advice = "只在可信的内网这样用；否则请换成 https:// 的地址"
            yield Check("传输", State.WARN, "地址是 http，密钥和谈话内容不加密传输", advice)

    def _answer(self) -> Iterator[Check]:
        try:
            reply = self._text(QUESTION)
        except EndpointError as error:
            yield from self._unanswered(error)
            return
        yield Check("连接", State.OK, self.endpoint.host)
        given = bool(self.endpoint.key.get_secret_value())
        yield Check("密钥", State.OK, "接口接受" if given else "没有设置，接口也不要求")
        yield from self._listing(answers=True)
        seconds = sum(call.millis for call in reply.calls) / 1000
        advice = "访谈时每个回答都要这样等；请换更快的模型，或关闭思考模式" if seconds > SLOW else ""
        yield Check("答复", State.WARN if advice else State.OK, f"{seconds:.1f} 秒答复一句话", advice)
        if not CHINESE.search(reply.text):
            yield Check("中文", State.WARN, "用中文提问，答复不是中文", "请换一个中文好的模型")

    def _unanswered(self, error: EndpointError) -> Iterator[Check]:
        kind = error.kind
        self._open = kind in OF_THE_REPLY
        if kind in UNREACHED:
            yield _failed("连接", State.BAD, error)
            return
        yield Check("连接", State.OK, self.endpoint.host)
        if kind is Fault.MODEL:
            yield from self._listing(answers=False)
        name = "密钥" if kind in UNADMITTED else "模型" if kind is Fault.MODEL else "答复"
        yield _failed(name, State.WARN if self._open else State.BAD, error)

    def _listing(self, *, answers: bool) -> Iterator[Check]:
        try:
            models = listed_models(self.endpoint)
        except EndpointError:
            models = []
        model = self.endpoint.model
        if not models:
            yield Check("模型列表", State.SKIPPED, "接口不提供模型列表")
        elif model in models:
            yield Check("模型列表", State.OK, f"有 {model}")
        elif answers:
            yield Check("模型列表", State.OK, f"没有列出 {model}，但它能答复")
        else:
            shown = "、".join(name[:SHOWN_NAME] for name in models[:SHOWN_MODELS]) + (
                "……" if len(models) > SHOWN_MODELS else ""
            )
            yield Check("模型列表", State.WARN, f"没有 {model}；有：{shown}", "把 IIAM_LLM_MODEL 改成列表中的一个")

    def _modes(self) -> Iterator[Check]:
        refused: set[Mode] = set()
        value: Count | None = None
        for mode in self.endpoint.provider.ladder:
            name = f"结构化输出：{MODE_NAME[mode]}"
            only = self.endpoint.provider.model_copy(update={"ladder": (mode,)})
            try:
                with closing(Client(replace(self.endpoint, provider=only))) as client:
                    found = client.structured(PURPOSE, PROMPT, [("user", COUNTING)], Count, REPLY)
            except EndpointError as error:
                if error.kind is Fault.BAD_REQUEST:
                    refused.add(mode)
                    yield Check(name, State.WARN, f"接口不支持（{error.detail}）", "不必处理，会自动用下一种")
                else:
                    yield Check(name, State.WARN, error.told)
                continue
            self._calls += found.calls
            if value is None:
                self.mode, value = mode, found.value
            yield Check(name, State.OK, "可用")
        yield from self._chosen(refused)
        if value is not None:
            detail, advice = (
                ("读对了数字，引用了原话", "") if value.sound else ("数字或原话读错了", "请换一个更强的模型")
            )
            yield Check("读中文", State.OK if value.sound else State.BAD, detail, advice)

    def _chosen(self, refused: set[Mode]) -> Iterator[Check]:
        """The client goes down the ladder only when a mode is refused: one that is accepted and ignored stays in use."""
        used = next((m for m in self.endpoint.provider.ladder if m not in refused), None)
        if self.mode is None:
            advice = "这个模型不能用于访谈，请换一个更善于结构化输出的；在此之前由规则引擎解读"
            yield Check("结构化输出", State.BAD, "没有一种方式得到合格的答复", advice)
        elif used is not None and used is not self.mode:
            advice = f"请换一个模型，或用 IIAM_LLM_PROVIDER 换一种先用“{MODE_NAME[self.mode]}”的接口类型"
            yield Check("结构化输出", State.BAD, f"接口接受“{MODE_NAME[used]}”，答复却不合格", advice)

    def _stream(self) -> Generator[Check, None, Call | None]:
        pieces: list[str] = []
        try:
            reply = self._text(QUESTION, pieces.append)
        except EndpointError as error:
            yield _failed("流式输出", State.WARN, error)
            return None
        if len(pieces) > 1:
            yield Check("流式输出", State.OK, f"分 {len(pieces)} 段到达")
        else:
            yield Check("流式输出", State.WARN, "一次到达，没有分段", "可以使用，只是要等整句写完才看得到问题")
        return reply.calls[-1]

    def _usage(self, streamed: Call | None) -> Iterator[Check]:
        counts = any(call.tokens_in for call in self._calls if call is not streamed)
        stream_counts = streamed is None or bool(streamed.tokens_in)
        if counts and stream_counts:
            yield Check("用量", State.OK, "报告 token 数")
        else:
            where = "流式输出时不报告 token 数" if counts else "不报告 token 数"
            yield Check("用量", State.WARN, where, "不影响使用；iiam usage 会少算这部分，费用以接口的账单为准")

    def _context(self) -> Iterator[Check]:
        code = f"{secrets.randbelow(900_000) + 100_000}"
        text = background(code, NEEDED)
        needed = self._recalled(code, f"{text}\n{RECALL}", NEEDED)
        yield needed
        if needed.state is not State.OK:
            yield Check(f"上下文 {WISHED:,}", State.SKIPPED, "没有检查")
            return
        yield self._cached(f"{text}\n{RECALL_AGAIN}")
        yield self._recalled(code, f"{background(code, WISHED)}\n{RECALL}", WISHED)

    def _recalled(self, code: str, question: str, tokens: int) -> Check:
        name = f"上下文 {tokens:,}"
        state = State.BAD if tokens == NEEDED else State.WARN
        try:
            reply = self._text(question)
        except EndpointError as error:
            return Check(name, state, error.told, MORE_CONTEXT if error.kind is Fault.BAD_REQUEST else error.advice)
        if code in reply.text:
            return Check(name, State.OK, f"约 {tokens:,} token 的资料，开头还记得")
        got = reply.calls[-1].tokens_in
        counted = f"，接口说收到 {got:,} token" if got else ""
        return Check(name, state, f"约 {tokens:,} token 的资料，开头没有读到{counted}", MORE_CONTEXT)

    def _cached(self, question: str) -> Check:
        """The text of the probe before, with another question at its end."""
        try:
            call = self._text(question).calls[-1]
        except EndpointError as error:
            return _failed("缓存", State.SKIPPED, error)
        if call.cached:
            return Check(
                "缓存", State.OK, f"相同的开头有 {call.cached / max(call.tokens_in, call.cached):.0%} 来自缓存"
            )
        return Check("缓存", State.SKIPPED, "没有报告缓存命中；不影响使用")


def _failed(name: str, state: State, error: EndpointError) -> Check:
    return Check(name, state, error.told, error.advice)
