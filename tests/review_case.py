"""An assessment put together reading by reading."""

from __future__ import annotations

from decimal import Decimal

from assistant.assessment.document import Document, SourceKind
from assistant.assessment.events import AnswerGiven, Event, LevelProposed, ReadingMade
from assistant.assessment.ledger import SubItemLedger, build_ledger
from assistant.assessment.level import Reason, propose
from assistant.assessment.reading import Finding, Intent, Quote, RateFinding, Reading, Verdict
from assistant.assessment.record import chain
from assistant.assessment.state import Assessment, fold
from assistant.review.flags import Look, look, why_not_at_once
from assistant.storage.memory import MemoryEventStore
from tests.fakes import STANDARD, open_assessment

MET, PARTLY, NOT = Verdict.MET, Verdict.PARTLY, Verdict.NOT
AT = "2026-11-23T08:00:00.000+00:00"
FILE = Document(id="0" * 64, name="台账.xlsx", kind=SourceKind.FILE)
SAID = "我们有的，天天在用，没有断过"


def finding(requirement: str, verdict: Verdict, answer: int, start: int = 0, *, alone: bool = False) -> Finding:
    quote = Quote(answer=answer, start=start, end=start + 2, text=SAID[start : start + 2])
    return Finding(requirement=requirement, verdict=verdict, quote=quote, rule="剧本", alone=alone)


def rated(code: str, low: str, high: str, answer: int) -> RateFinding:
    quote = Quote(answer=answer, start=0, end=2, text=SAID[:2])
    return RateFinding(subitem=code, low=Decimal(low), high=Decimal(high), quote=quote, rule="比例")


class Case:
    """An assessment put together reading by reading."""

    def __init__(self) -> None:
        self.store = MemoryEventStore()
        open_assessment(self.store)

    def put(self, event: Event) -> int:
        tail = self.store.read("a1")[-1]
        self.store.append(chain("a1", tail, [event], AT, "访谈"))
        return tail.seq + 1

    def says(self, code: str, *found: tuple, document: str = "", notes=(), rate=None, corrects=None) -> int:
        """`found`: (level and requirement, verdict, start, alone)."""
        seq = self.put(
            AnswerGiven(question=None, subitem=code, respondent="r1", text=SAID, document=document, corrects=corrects)
        )
        findings = tuple(finding(f"{code}-L{r}", v, seq, *more[:1], alone=bool(more[1:])) for r, v, *more in found)
        rates = (rated(code, *rate, seq),) if rate else ()
        self.put(
            ReadingMade(
                reading=Reading(
                    answer=seq, engine="e/1", intent=Intent.ANSWER, findings=findings, rates=rates, notes=notes
                )
            )
        )
        return seq

    def proposed(self, code: str, reason: Reason = Reason.BUDGET) -> Case:
        self.put(LevelProposed(proposal=propose(self.ledger(code), reason)))
        return self

    @property
    def state(self) -> Assessment:
        return fold(self.store.read("a1"))

    def ledger(self, code: str) -> SubItemLedger:
        return build_ledger(STANDARD, self.state.answers, self.state.readings, self.state.questions)[code]

    def look(self, code: str) -> Look:
        return look(self.state, STANDARD, self.ledger(code))

    def at_once(self, code: str) -> str:
        return why_not_at_once(self.state, STANDARD, self.ledger(code))
