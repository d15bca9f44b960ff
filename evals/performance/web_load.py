"""Fifty interviews at once over real HTTP sessions on one process: how long a reply takes, and that none is lost or mixed up.

`python -m evals.performance.web_load [--people 50] [--turns 20] [--pause 3]` prints one JSON object. Server and people
are processes of their own; a person answers after a random pause of that mean in seconds: people take longer (0: at once).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from assistant.bootstrap import App
from assistant.settings import Settings
from evals.performance.web_client import Layout, Talk, layouts

ANSWERS = (
    "我们一共两百台设备，联网的有一百四十台，数据都能自动采上来。",
    "主要靠人工抄表，个别设备自己带屏，没有接到系统里。",
    "有MES，排产、报工都在上面，和ERP是打通的，仓库也在用。",
    "这个去年做过试点，今年还没有推开。",
    "车间和仓库都覆盖了，办公楼也能连，厂外的不行。",
)


def serve(home: str, port: Any) -> None:
    """The server, in a process of its own."""
    import uvicorn

    from assistant.web.serve import bind
    from assistant.web.server import create

    app = create(App(Settings(home=Path(home), actor="顾问")))
    listening = bind("127.0.0.1", 0)
    app.state.shared.warm()
    port.send(listening.getsockname()[1])
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws="none")).run(sockets=[listening])


async def person(talk: Talk, events: tuple[Layout, ...], turns: int, pause: float, number: int) -> list[float]:
    """One interview; seconds of each turn. Every answer carries who gave it and when, to be found in the record."""
    chance = random.Random(number)
    opens, begins, sends = events
    who, took = {"c-name": f"受访人{number}", "c-role": "厂长"}, []
    await talk.do(opens)
    await talk.do(begins, **who)
    for turn in range(turns):
        if pause:
            await asyncio.sleep(chance.expovariate(1 / pause))
        said = f"{chance.choice(ANSWERS)}（甲{number}-{turn}）"
        seen, start = talk.mind, time.perf_counter()
        await talk.do(sends, **who, **{"c-box": said})
        took.append(time.perf_counter() - start)
        if f"甲{number}-{turn}" not in talk.shown["c-screen"] or talk.mind == seen:
            raise RuntimeError(f"interview {number}: no reply to turn {turn}: {talk.shown.get('c-now')}")
    return took


async def crowd(base: str, names: list[str], turns: int, pause: float) -> list[float]:
    """Everybody at once."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=base, timeout=120, limits=limits) as client:
        events = await layouts(client)
        people = [person(Talk(client, name), events, turns, pause, number) for number, name in enumerate(names)]
        return [took for each in await asyncio.gather(*people) for took in each]


def faults(parts: App, names: list[str], turns: int) -> list[str]:
    """What is lost or mixed up in the records."""
    found = []
    for number, name in enumerate(names):
        state = parts.assessment(name)
        said = [re.findall(r"（甲(\d+)-(\d+)）", a.text) for a in state.answers.values()]
        if said != [[(str(number), str(turn))] for turn in range(turns)]:
            found.append(f"{name}: {said}")
        if [a.question for a in state.answers.values()] != list(state.questions)[:turns]:
            found.append(f"{name}: answers to other questions than those asked")
        if {r.name for r in state.respondents.values()} != {f"受访人{number}"}:
            found.append(f"{name}: other people: {[r.name for r in state.respondents.values()]}")
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--pause", type=float, default=3.0)
    asked = parser.parse_args()
    home = tempfile.mkdtemp()
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(home, there), daemon=True)
    parts = App(Settings(home=Path(home), actor="顾问"))
    names = [parts.open_assessment(f"企业{number}") for number in range(asked.people)]
    server.start()
    base = f"http://127.0.0.1:{here.recv()}"
    start = time.perf_counter()
    took = sorted(asyncio.run(crowd(base, names, asked.turns, asked.pause)))
    seconds = time.perf_counter() - start
    server.terminate()
    server.join()
    print(
        json.dumps(
            {
                "people": asked.people,
                "turns": len(took),
                "pause_s": asked.pause,
                "p50_ms": round(1000 * took[len(took) // 2]),
                "p95_ms": round(1000 * took[int(len(took) * 0.95)]),
                "worst_ms": round(1000 * took[-1]),
                "turns_per_s": round(len(took) / seconds, 1),
                "faults": faults(parts, names, asked.turns),
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
