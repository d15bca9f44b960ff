"""read -> check -> repair once -> fall back, as a LangGraph graph. The way of one answer through a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from assistant.assessment.reading import Reading
from assistant.assessment.usage import Call
from assistant.engines.llm.check import Checked
from assistant.engines.llm.claims import ReadClaims
from assistant.engines.llm.client import Structured
from assistant.engines.llm.endpoint import CassetteMiss, EndpointError, Fault

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

REPAIRABLE = frozenset({Fault.EMPTY, Fault.NOT_JSON, Fault.TRUNCATED})
"""A reply came, but none that can be understood: the model is told so and asked once more."""

UNREADABLE = "回复不是要求的 JSON 对象：{told}请只回复一个完整的 JSON 对象，不要别的文字。"


@dataclass(frozen=True)
class Steps:
    """What the graph's nodes do, for one answer."""

    ask: Callable[[], Structured[ReadClaims]]
    ask_again: Callable[[str, Sequence[str]], Structured[ReadClaims]]
    check: Callable[[ReadClaims], Checked]
    rules: Callable[[], Reading]


class Progress(TypedDict, total=False):
    """Where one answer stands: what the model said last, what the check made of it, all calls, why it failed."""

    steps: Steps
    text: str
    claims: ReadClaims | None
    faults: tuple[str, ...]
    best: Reading | None
    calls: tuple[Call, ...]
    repaired: bool
    failure: EndpointError | None


def _read(state: Progress) -> Progress:
    return _called(state, state["steps"].ask, repaired=False)


def _repair(state: Progress) -> Progress:
    return _called(state, lambda: state["steps"].ask_again(state["text"], state["faults"]), repaired=True)


def _called(state: Progress, ask: Callable[[], Structured[ReadClaims]], *, repaired: bool) -> Progress:
    before = state.get("calls", ())
    try:
        reply = ask()
    except CassetteMiss:
        raise
    except EndpointError as error:
        told = (UNREADABLE.format(told=error.told),)
        return {"calls": (*before, *error.calls), "claims": None, "text": error.text, "faults": told,
                "failure": error, "repaired": repaired}  # fmt: skip
    return {"calls": (*before, *reply.calls), "claims": reply.value, "text": reply.text, "faults": (),
            "failure": None, "repaired": repaired}  # fmt: skip


def _check(state: Progress) -> Progress:
    claims, best = state["claims"], state.get("best")
    if claims is None:
        return {"faults": state["faults"]}
    checked = state["steps"].check(claims)
    better = best is None or _weight(checked.reading) >= _weight(best)
    return {"best": checked.reading if better else best, "faults": checked.faults}


def _weight(reading: Reading) -> int:
    return len(reading.findings) + len(reading.rates)


def _fall_back(state: Progress) -> Progress:
    failure = state["failure"]
    told = failure.told if failure else ""
    return {"best": state["steps"].rules().model_copy(update={"fallback": told})}


def _after_check(state: Progress) -> str:
    failure = state["failure"]
    unreadable = failure is not None and failure.kind in REPAIRABLE
    if not state["repaired"] and (unreadable or (failure is None and state["faults"])):
        return "repair"
    return "fall_back" if state.get("best") is None else "done"


def build() -> CompiledStateGraph[Progress, None, Progress, Progress]:
    """The compiled graph; one serves all answers, from several threads at once."""
    from langgraph.graph import END, START, StateGraph

    graph = StateGraph(Progress)
    graph.add_node("read", _read)
    graph.add_node("check", _check)
    graph.add_node("repair", _repair)
    graph.add_node("fall_back", _fall_back)
    graph.add_edge(START, "read")
    graph.add_edge("read", "check")
    graph.add_edge("repair", "check")
    graph.add_conditional_edges("check", _after_check, {"repair": "repair", "fall_back": "fall_back", "done": END})
    graph.add_edge("fall_back", END)
    return graph.compile()


def run(graph: CompiledStateGraph[Progress, None, Progress, Progress], steps: Steps) -> tuple[Reading, Sequence[Call]]:
    """The reading that one answer ends with, and every call that was made for it."""
    end = graph.invoke({"steps": steps}, {"recursion_limit": 10})
    best: Reading = end["best"]
    return best, end["calls"]
