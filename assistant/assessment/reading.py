"""What an engine found in one answer. A Reading is a claim until `evidence.verify` has checked it."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from assistant.assessment.usage import Call
from knowledge.model import Frozen


class Verdict(StrEnum):
    """Whether the enterprise meets a requirement. Not said = no verdict (DECISIONS, "How a level is placed")."""

    MET = "met"
    PARTLY = "partly"
    NOT = "not"


class Intent(StrEnum):
    """What the respondent was doing with the words."""

    ANSWER = "answer"
    DONT_KNOW = "dont_know"
    ASK_COLLEAGUE = "ask_colleague"
    REFUSE = "refuse"
    NOT_APPLICABLE = "not_applicable"
    CLARIFY = "clarify"
    CORRECT = "correct"
    CHAT = "chat"
    PRESSURE = "pressure"


class Quote(Frozen):
    """An exact span of an answer: `answer_text[start:end] == text`."""

    answer: int
    start: int
    end: int
    text: str


class Finding(Frozen):
    """One verdict on one requirement, the words that carry it, and the rule that fired (shown to the reviewer).

    `alone`: only a model says so, the guide's signs do not; a reviewer is shown quote and clause side by side.
    """

    requirement: str
    verdict: Verdict
    quote: Quote
    rule: str
    alone: bool = False


class RateFinding(Frozen):
    """A rate of a sub-item in percent; `low < high` when the respondent gave a range."""

    subitem: str
    low: Decimal
    high: Decimal
    quote: Quote
    rule: str

    @property
    def exact(self) -> Decimal | None:
        """The rate when it is one number, else None."""
        return self.low if self.low == self.high else None

    @property
    def shown(self) -> str:
        """`45.7%`, `44%` or `30%到40%`; a long fraction is cut, as the standard's scores are (DECISIONS, policy)."""
        if self.exact is None:
            return f"{self.low:f}%到{self.high:f}%"
        tenths = int(self.exact * 10)
        return f"{tenths // 10}.{tenths % 10}".removesuffix(".0") + "%"


class Dropped(Frozen):
    """A claim that failed the check: what was claimed and why it does not stand."""

    reason: str
    code: str
    quote: str


class Reading(Frozen):
    """Everything one engine found in one answer. `retracts` names earlier answers that the respondent took back.

    `notes` are remarks for the reviewer (contradictions, numbers that disagree with words); `calls` what the model was
    called for; `fallback` says in one Chinese line why another engine than the configured one read the answer.
    """

    answer: int
    engine: str
    intent: Intent
    findings: tuple[Finding, ...] = ()
    rates: tuple[RateFinding, ...] = ()
    retracts: tuple[int, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    fallback: str = ""
