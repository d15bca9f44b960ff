"""`python -m evals minutes`: minutes of an interview held without the product, then an interview on what they leave open.

A set is a file of minutes and a key beside it (`minutes-<name>.json`): the profile it was written from, and for each
place the sub-items that it is about (none: a digression).
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.assessment.document import Document, Statement, document_id, rests_on_talk_alone
from assistant.assessment.reading import Quote
from assistant.assessment.state import Assessment
from assistant.bootstrap import App
from assistant.documents.sandbox import Sandbox
from assistant.errors import InputError
from assistant.interview.minutes import Minutes, kind_of
from assistant.interview.session import Interview
from assistant.ports import Engine, Router
from evals import metrics
from evals.profiles import DATASETS, Profile, load_profile
from evals.reading import clause_calls
from evals.respondent import Respondent
from evals.run_interview import ASSESSMENT, bench_for, converse
from knowledge.model import Frozen

SETS = (DATASETS / "minutes-condiments.json", DATASETS / "minutes-finechem.json")


class Key(Frozen):
    """What a file of minutes was written from, and what each place of it is about."""

    profile: str
    file: str
    places: dict[str, tuple[str, ...]]


class KeptFiles:
    """A DocumentStore that keeps files in memory."""

    def __init__(self) -> None:
        """Empty."""
        self.files: dict[str, bytes] = {}

    def put(self, assessment: str, content: bytes) -> str:
        """Keep a file."""
        self.files[document_id(content)] = content
        return document_id(content)

    def get(self, assessment: str, document: str) -> bytes | None:
        """A file kept."""
        return self.files.get(document)


def load_key(path: Path) -> Key:
    """A key. Raises InputError."""
    try:
        return Key.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise InputError(f"{path.name}：读不出来，或字段不对（{error}）。") from error


def run(app: App, engine: Engine, path: Path, router: Router, seed: int = 1) -> dict[str, Any]:
    """The measures of one set; the interviews before and after it have the same respondent."""
    key = load_key(path)
    profile = load_profile(path.parent / key.profile, app.standard)
    content = (path.parent / key.file).read_bytes()
    with Sandbox() as sandbox:
        statements = sandbox.read(key.file, content).statements
    bench = bench_for(app, engine, "agenda")
    minutes = Minutes(bench, router, KeptFiles(), ASSESSMENT, "evals")
    name, kind = key.file, kind_of(key.file, statements)
    document = Document(id=document_id(content), name=name, kind=kind, size=len(content))
    began = time.perf_counter()
    minutes.take(document, content, statements)
    seconds = time.perf_counter() - began
    found = _measures(minutes, profile, key, statements) | {"seconds": seconds}
    following = Interview(bench, ASSESSMENT, "evals")
    following.speak_as(profile.company)
    rest, _ = converse(following, Respondent(profile, app.standard, seed, "vague"))
    afresh = Interview(bench_for(app, engine, "agenda"), ASSESSMENT, "evals")
    afresh.speak_as(profile.company)
    whole, _ = converse(afresh, Respondent(profile, app.standard, seed, "vague"))
    settled = _levels(following.state, profile)
    return found | {
        "questions_after": len(rest),
        "questions_from_nothing": len(whole),
        "settled_after": len(settled) / len(profile.subitems),
        "exact_after": metrics.exact(settled),
    }


def _measures(minutes: Minutes, profile: Profile, key: Key, statements: tuple[Statement, ...]) -> dict[str, Any]:
    state, ledgers = minutes.state, minutes.ledgers
    calls = [c for code, entry in profile.subitems.items() for c in clause_calls(ledgers[code], entry.clauses)]
    made = [truth == said for _, truth, said in calls if said is not None]
    routed = [answer.subitem in key.places.get(answer.place, ()) for answer in state.answers.values()]
    heard = {answer.place for answer in state.answers.values()}
    relevant = [place for place, codes in key.places.items() if codes]
    settled = _levels(state, profile)
    words = {statement.place: statement.text for statement in statements}
    quotes = [f.quote for r in state.readings.values() for f in r.findings]
    quotes += [f.quote for r in state.readings.values() for f in r.rates]
    talk = [rests_on_talk_alone(p, state.answers, state.documents) for p in state.proposals.values()]
    return {
        "verdict_precision": metrics.share(made),
        "verdicts": len(made),
        "settled": len(settled) / len(profile.subitems),
        "exact": metrics.exact(settled),
        "routed_right": metrics.share(routed),
        "places_heard": metrics.share([place in heard for place in relevant]),
        "quotes_at_their_place": metrics.share([_stands(quote, state, words) for quote in quotes]),
        "quotes": len(quotes),
        "on_talk_alone": sum(talk),
        "wrong": [f"{code}: {truth} {said}" for code, truth, said in calls if said is not None and said != truth],
        "misrouted": [
            f"{a.place} {a.subitem} {a.text[:30]}"
            for a, right in zip(state.answers.values(), routed, strict=True)
            if not right
        ],
    }


def _levels(state: Assessment, profile: Profile) -> list[tuple[int, int]]:
    """(true, proposed) level of every sub-item that has one."""
    return [(profile.subitems[c].level, p.level) for c, p in state.proposals.items() if p.level is not None]


def _stands(quote: Quote, state: Assessment, words: dict[str, str]) -> bool:
    """True when a quote is found in the file, read anew, at the place that its answer names."""
    answer = state.answers[quote.answer]
    return bool(quote.text) and quote.text in answer.text and answer.text in words.get(answer.place, "")
