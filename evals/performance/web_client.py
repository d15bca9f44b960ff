"""A browser's part of an interview over plain HTTP: opens the page's session, sends events, reads their streams."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

import httpx

Data = dict[str, Any]


@dataclass(frozen=True)
class Layout:
    """Which event is which: its number, the names of its inputs and outputs."""

    number: int
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


async def layouts(client: httpx.AsyncClient) -> tuple[Layout, Layout, Layout]:
    """The events that open the page, that begin, and that send an answer."""
    config = (await client.get("/interview/config")).raise_for_status().json()
    names = {c["id"]: c["props"].get("elem_id") or str(c["id"]) for c in config["components"]}

    def layout(event: Data) -> Layout:
        return Layout(event["id"], tuple(names[i] for i in event["inputs"]), tuple(names[o] for o in event["outputs"]))

    opens = next(e for e in config["dependencies"] if any(on == "load" for _, on in e["targets"]))
    begins, sends = (
        next(e for e in config["dependencies"] if any(names.get(i) == part for i, _ in e["targets"]))
        for part in ("c-begin", "c-box")
    )
    return layout(opens), layout(begins), layout(sends)


@dataclass
class Talk:
    """One tab on one assessment; `shown` is what its parts show."""

    client: httpx.AsyncClient
    assessment: str
    session: str = field(default_factory=lambda: secrets.token_hex(6))
    shown: dict[str, Any] = field(default_factory=dict)

    async def do(self, event: Layout, **typed: str) -> None:
        """Run an event to its end. Raises RuntimeError when the server reports a failure."""
        values = self.shown | {"c-mind": self.mind} | typed
        about = {"a": self.assessment}
        asked = {
            "data": [values.get(name) for name in event.inputs],
            "fn_index": event.number,
            "session_hash": self.session,
            "trigger_id": None,
            "event_data": None,
        }
        joined = (
            await self.client.post("/interview/gradio_api/queue/join", params=about, json=asked)
        ).raise_for_status()
        number = joined.json()["event_id"]
        watched = about | {"session_hash": self.session}
        got: list[Any] = []
        async with self.client.stream("GET", "/interview/gradio_api/queue/data", params=watched) as stream:
            async for line in stream.aiter_lines():
                if not line.startswith("data:"):
                    continue
                told = json.loads(line[5:])
                if told.get("event_id") not in (None, number):
                    raise RuntimeError(f"a message of another event: {told}")
                if told["msg"] in ("process_generating", "process_completed"):
                    if not told["success"]:
                        raise RuntimeError(str(told))
                    got.append(told["output"].get("data"))
                if told["msg"] == "close_stream":
                    break
        for data in got:
            self._take(event, data)

    @property
    def mind(self) -> str:
        """What the page remembers, as its script sends it."""
        return json.dumps(dict(re.findall(r'data-(tail|seen|about|earlier)="([^"]*)"', self.shown.get("c-screen", ""))))

    def _take(self, event: Layout, data: Any) -> None:
        """New values; a generator's later ones come as changes to the one before, of which these pages send none alike."""
        for name, value in zip(event.outputs, data or (), strict=False):
            if isinstance(value, str):
                self.shown[name] = value
            elif isinstance(value, dict) and "value" in value:
                self.shown[name] = value["value"]
