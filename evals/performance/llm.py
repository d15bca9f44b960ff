"""What a turn with a model costs beyond the model's own time: reading, checks, record, agenda, the next question.

python -m evals.performance.llm [--turns 40] [--wait 0.2] [--json]     (from a checkout: the server is the tests')
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from assistant.bootstrap import App
from assistant.settings import load_settings

SAID = (
    "一共一百五十台，连上的六十台，机床、转运的小车、立体库的堆垛机都挂着，老王天天看。",
    "这个有，早就弄上了，具体的您可以再去现场看看，一直在用着。",
    "那没有，还没顾上，今年订单紧，人手也少，这块没有弄过。",
)
QUESTION = "这块平时具体是怎么做的，您举个眼前的例子？"


def measure(turns: int, wait: float) -> dict[str, float | int]:
    """Milliseconds a turn beyond the server's `wait` seconds a call: mean, p95, most, median; and calls a turn.

    `own_cpu_ms` is what the turn's own thread worked, whatever else the machine was busy with.
    """
    from tests.llm_server import MODEL, Body, Fault, Kind, LlmServer, Step

    def claims(body: Body) -> dict[str, Any]:
        said = body["messages"][-1]["content"]
        answer = next((text for text in SAID if text in said), "")
        code = body["messages"][0]["content"].partition("【2级】\n")[2].partition(" ")[0]
        finding = {"code": code, "quote": answer[:12], "why": "说到了", "verdict": "met"}
        return {"intent": "answer", "findings": [finding], "rates": [], "takes_back": [], "contradicts": []}

    def script(body: Body) -> Step:
        reading = "takes_back" in body["messages"][0]["content"]
        return Fault(
            Kind.SLOW,
            text=claims(body) if reading else f"{QUESTION[:-1]}（{time.monotonic_ns() % 997}）？",
            seconds=wait,
        )

    times: list[float] = []
    busy: list[float] = []
    with LlmServer(script) as server, tempfile.TemporaryDirectory() as home:
        app = App(load_settings(home=Path(home), llm_base_url=server.url, llm_model=MODEL))
        app.engine.warm()
        session = app.interview(app.open_assessment("基准"))
        session.speak_as("老李", "")
        session.question()
        before = len(server.chats)
        for turn in range(turns):
            called = len(server.chats)
            began, worked = time.perf_counter(), time.thread_time()
            session.answer(SAID[turn % len(SAID)])
            if session.question() is None:
                break
            busy.append((time.thread_time() - worked) * 1000)
            times.append((time.perf_counter() - began - wait * (len(server.chats) - called)) * 1000)
        calls = len(server.chats) - before
        if app.client:
            app.client.close()
    return {
        "turns": len(times),
        "calls_per_turn": round(calls / len(times), 2),
        "mean_ms": round(statistics.mean(times), 2),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 2),
        "max_ms": round(max(times), 2),
        "median_ms": round(statistics.median(times), 2),
        "own_cpu_ms": round(statistics.mean(busy), 2),
    }


@click.command()
@click.option("--turns", default=40, show_default=True)
@click.option("--wait", default=0.2, show_default=True, help="Seconds that the server takes for each call.")
@click.option("--json", "as_json", is_flag=True)
def main(turns: int, wait: float, as_json: bool) -> None:
    """Measure our own share of a turn with a model."""
    result = measure(turns, wait)
    if as_json:
        click.echo(json.dumps(result))
        return
    for name, value in result.items():
        click.echo(f"{name:16}{value}")


if __name__ == "__main__":
    main()
