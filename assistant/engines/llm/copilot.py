"""The assessor's copilot: answers questions about one assessment from read-only tools, and can change nothing.

An agent of langchain. What it says is checked after it has answered (`copilot_check`); what is wrong is shown, not hidden.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.assessment.text import one_line, printable
from assistant.assessment.usage import NOTHING_SPENT, Spent
from assistant.engines.llm.client import Client
from assistant.engines.llm.copilot_check import Check, Checker
from assistant.engines.llm.copilot_desk import Desk, overview
from assistant.engines.llm.output import Visible, words
from assistant.errors import IiamError, InputError
from assistant.ports import Tell
from prompts import render

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from assistant.engines.llm.copilot_calls import Calls

MODEL_CALLS = 8
TOOL_CALLS = 20
REMEMBERED = 4
"""Earlier questions of a session that are sent along, each with its answer but without what was looked up."""
LONGEST_QUESTION = 2000


class TooManyCallsError(IiamError):
    """The model went on looking things up instead of answering."""


@dataclass(frozen=True)
class Answered:
    """An answer, what does not stand in it, what was looked up for it (one line each) and what it cost."""

    text: str
    check: Check
    looked: tuple[str, ...]
    spent: Spent


class Copilot:
    """A session of questions about one assessment. `open_desk` gives it as it stands at each question.

    Tools of one reply run beside each other, so that what a desk opens must bear that.
    """

    def __init__(
        self, client: Client, open_desk: Callable[[], Desk], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._client = client
        self._open_desk = open_desk
        self._sleep = sleep
        self._talk: list[tuple[str, str]] = []
        self.spent = NOTHING_SPENT
        """What the last question cost, also when it came to nothing."""

    def ask(self, question: str, tell: Tell | None = None, doing: Callable[[str], None] | None = None) -> Answered:
        """Answer a question. `tell` gets the words while they are written, `doing` a line for each tool that is used.

        Raises InputError for an empty or endless question, EndpointError when the endpoint fails, TooManyCallsError.
        """
        question = one_line(question)
        if not question:
            raise InputError("请写出要问的问题。")
        if len(question) > LONGEST_QUESTION:
            raise InputError(f"这个问题有 {len(question)} 字，最多 {LONGEST_QUESTION} 字。请问得短一些。")
        from assistant.engines.llm.chat import written
        from assistant.engines.llm.copilot_calls import Calls

        desk = self._open_desk()
        calls = Calls(self._client, doing or (lambda _: None), self._sleep)
        try:
            last = self._run(desk, question, calls, tell or (lambda _: None))
        finally:
            self.spent = calls.spent
        text = printable(words(written(last))).strip()
        self._talk = [*self._talk, (question, text)][-REMEMBERED:]
        return Answered(text, Checker(desk.state, desk.standard).check(text), tuple(calls.looked), calls.spent)

    def close(self) -> None:
        """Close the connections to the endpoint."""
        self._client.close()

    def _run(self, desk: Desk, question: str, calls: Calls, tell: Tell) -> Any:
        """The agent's last message."""
        from langchain.agents import create_agent
        from langchain.agents.middleware import ModelCallLimitMiddleware, ToolCallLimitMiddleware
        from langchain.agents.middleware.model_call_limit import ModelCallLimitExceededError
        from langchain.agents.middleware.tool_call_limit import ToolCallLimitExceededError
        from langchain_core.messages import AIMessage, HumanMessage

        from assistant.engines.llm.copilot_calls import REPLY_TOKENS
        from assistant.engines.llm.copilot_kit import kit

        limits: list[Any] = [
            ModelCallLimitMiddleware(run_limit=MODEL_CALLS, exit_behavior="error"),
            ToolCallLimitMiddleware(run_limit=TOOL_CALLS, exit_behavior="error"),
        ]
        agent: Any = create_agent(
            self._client.chat_model(REPLY_TOKENS),
            kit(desk),
            system_prompt=f"{render('ask.system').text}\n\n{overview(desk)}",
            middleware=[*limits, calls],
        )
        messages: list[BaseMessage] = []
        for asked, answered in self._talk:
            messages += [HumanMessage(asked), AIMessage(answered)]
        given = {"messages": [*messages, HumanMessage(question)]}
        config: dict[str, Any] = {"callbacks": []}
        try:
            return _streamed(agent.stream(given, config, stream_mode=["messages", "values"]), tell)
        except (ModelCallLimitExceededError, ToolCallLimitExceededError) as error:
            raise TooManyCallsError(
                f"模型一直在查资料，调用 {calls.spent.calls} 次仍没有回答，已停下。请把问题问得更具体；"
                "也可以用 iiam show、iiam grade 直接查看。若常常如此，请换一个模型。"
            ) from error


def _streamed(events: Any, tell: Tell) -> Any:
    """Pass on the words of each message as they come; the last message in the end.

    Streamed also where nobody watches: a slow model is then known to be at work, and no time-out cuts it off.
    """
    from langchain_core.messages import AIMessageChunk

    visible = Visible()
    speaking: str | None = None
    last = None
    for mode, event in events:
        if mode == "values":
            last = event["messages"][-1]
            continue
        piece = event[0]
        if not isinstance(piece, AIMessageChunk):
            continue
        if piece.id != speaking:
            visible, speaking = Visible(), piece.id
        if fit := printable(visible.feed(str(piece.text))):
            tell(fit)
    return last
