"""A shipped profile as a record to justify: what its people said, read by the rules engine without an interview."""

from __future__ import annotations

from functools import cache

from assistant.assessment.events import AnswerGiven, LevelProposed, ReadingMade, RespondentJoined
from assistant.assessment.evidence import verify
from assistant.assessment.ledger import build_ledger
from assistant.assessment.level import Reason, propose
from assistant.assessment.record import chain
from assistant.assessment.state import Assessment, fold
from assistant.engines.rules.engine import RulesEngine
from assistant.ports import ReadingTask
from assistant.storage.memory import MemoryEventStore
from evals.profiles import DATASETS, load_profile
from knowledge.guide import load_guide
from knowledge.loader import SHIPPED
from knowledge.talk import load_talk
from tests.fakes import STANDARD, StillClock, open_assessment

GUIDE = load_guide(SHIPPED, STANDARD)


@cache
def rules() -> RulesEngine:
    return RulesEngine(STANDARD, GUIDE, load_talk(SHIPPED, STANDARD))


def store_of(profile: str, only: str | None = None) -> MemoryEventStore:
    """Assessment `a1`: for each sub-item (or the one named) one full answer by the profile's own role, read, and the proposal."""
    store = MemoryEventStore()
    open_assessment(store)
    entries = load_profile(DATASETS / f"profile-{profile}.json", STANDARD).subitems
    at = StillClock().now().isoformat()

    def append(*events: object) -> Assessment:
        store.append(chain("a1", fold(store.read("a1")).tail, events, at, "测试员"))
        return fold(store.read("a1"))

    roles = list(dict.fromkeys(e.role for e in entries.values()))
    append(*(RespondentJoined(respondent=f"r{i}", name=f"老{i}", role=role) for i, role in enumerate(roles)))
    for code, entry in entries.items() if only is None else [(only, entries[only])]:
        who = f"r{roles.index(entry.role)}"
        state = append(AnswerGiven(question=None, subitem=code, respondent=who, text=entry.answer))
        answer = state.answers[state.tail.seq]
        task = ReadingTask(answer, STANDARD.subitems[code], None, (), {})
        append(ReadingMade(reading=verify(rules().read(task), STANDARD, state.answers)))
    state = fold(store.read("a1"))
    ledgers = build_ledger(STANDARD, state.answers, state.readings, state.questions)
    append(*(LevelProposed(proposal=propose(ledger, Reason.OPEN)) for ledger in ledgers.values()))
    return store


@cache
def state_of(profile: str, only: str | None = None) -> Assessment:
    return fold(store_of(profile, only).read("a1"))
