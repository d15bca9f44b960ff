"""`python -m evals interview`: a simulated respondent through the whole interview, with the product's own session."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.assessment.events import Opened
from assistant.assessment.record import chain
from assistant.bootstrap import App
from assistant.errors import InputError
from assistant.interview.session import Interview, Workbench
from assistant.ports import Engine
from assistant.storage.memory import MemoryEventStore
from evals import metrics
from evals.profiles import load_profile
from evals.respondent import Respondent
from evals.strategies import STRATEGIES
from evals.usage import usage
from knowledge.model import Standard

ASSESSMENT = "eval"


class StillClock:
    """A clock that stands, so that runs are identical."""

    def now(self) -> datetime:
        """Always the same moment."""
        return datetime(2026, 1, 1, tzinfo=UTC)


def run(
    app: App, engine: Engine, file: Path, opening: str, seed: int, strategy: str, topics: Collection[str] = ()
) -> dict[str, Any]:
    """The measures of one interview, its transcript under `transcript`, and under `model` what a model's work cost.

    `topics` limits it to these sub-items; none: all.
    """
    profile = load_profile(file, app.standard)
    respondent = Respondent(profile, app.standard, seed, opening)
    session = Interview(bench_for(app, engine, strategy, topics), ASSESSMENT, "evals")
    session.speak_as(profile.company)
    transcript, millis = converse(session, respondent)
    truth = {code: entry.level for code, entry in profile.subitems.items() if not topics or code in topics}
    return _measures(session, truth, transcript, millis)


def converse(session: Interview, respondent: Respondent) -> tuple[list[tuple[str, str, str]], list[float]]:
    """Ask and answer until nothing is left: (sub-item, question, reply) of each turn, and the milliseconds it took."""
    transcript: list[tuple[str, str, str]] = []
    millis: list[float] = []
    while (question := session.question()) is not None:
        reply = respondent.reply(question)
        began = time.perf_counter()
        session.answer(reply)
        following = session.question()
        millis.append((time.perf_counter() - began) * 1000)
        transcript.append((question.subitem, question.text, reply))
        if following is None:
            break
    return transcript, millis


def chosen(text: str, standard: Standard) -> tuple[str, ...]:
    """Topics from what was typed: a number (the first so many) or codes. Raises InputError for anything else."""
    codes = list(standard.subitems)
    if text.isdecimal() and int(text):
        return tuple(codes[: int(text)])
    wanted = [code for code in text.replace("，", ",").replace("、", ",").replace(" ", ",").split(",") if code]
    if unknown := [code for code in wanted if code not in codes]:
        raise InputError(f"--topics 中没有能力子项“{'、'.join(unknown)}”。请写前几个（如 10）或编号（如 1.1,5.2）。")
    return tuple(wanted)


def bench_for(app: App, engine: Engine, strategy: str, topics: Collection[str] = ()) -> Workbench:
    """A bench in memory on which one assessment, `ASSESSMENT`, is open."""
    store, clock = MemoryEventStore(), StillClock()
    opened = Opened(
        enterprise="评测",
        standard=app.standard.id,
        standard_digest=app.standard.digest,
        policy=app.policy.id,
        policy_version=app.policy.version,
        policy_digest=app.policy.digest,
    )
    store.append(chain(ASSESSMENT, None, [opened], clock.now().isoformat(), "evals"))
    return Workbench(
        store=store,
        engine=engine,
        standard=app.standard,
        guide=app.guide,
        clock=clock,
        strategy=STRATEGIES[strategy],
        topics=frozenset(topics),
    )


def _measures(
    session: Interview, truth: dict[str, int], transcript: list[tuple[str, str, str]], millis: list[float]
) -> dict[str, Any]:
    state = session.state
    levels = {code: p.level for code, p in state.proposals.items() if p.level is not None and code in truth}
    pairs = [(truth[code], level) for code, level in levels.items()]
    texts = [text for _, text, _ in transcript]
    fallbacks = (question.fallback for question in state.questions.values())
    cost = usage(list(state.readings.values()), state.calls, [took / 1000 for took in millis], fallbacks)
    return {
        "exact": metrics.exact(pairs),
        "adjacent": metrics.adjacent(pairs),
        "kappa": metrics.kappa(pairs),
        "undecided": 1 - len(levels) / len(truth),
        "questions": len(texts),
        "questions_per_subitem": len(texts) / len(truth),
        "repeats": len(texts) - len(set(texts)),
        "ms_p95": metrics.percentile(millis, 95),
        "wrong": {code: [truth[code], level] for code, level in levels.items() if truth[code] != level},
        "open": sorted(set(truth) - set(levels)),
        "transcript": transcript,
    } | ({"model": cost} if cost else {})
