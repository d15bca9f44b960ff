"""A reviewer at work: confirming, changing, withdrawing; and what the decisions mean for the grade."""

from __future__ import annotations

from decimal import Decimal

from assistant.assessment.decision import Decision, check_decision
from assistant.assessment.record import DecisionMade, DecisionWithdrawn, SignedOff
from assistant.assessment.state import Assessment
from assistant.assessment.text import one_line
from assistant.errors import InputError
from assistant.journal import Journal
from assistant.ports import Clock, EventStore
from assistant.review.signoff import reopened, signed_off
from knowledge.model import Standard
from knowledge.policy import ScoringPolicy


class Review:
    """One assessment under review by one person, whose name goes into the record with each decision."""

    def __init__(self, store: EventStore, clock: Clock, standard: Standard, assessment: str, reviewer: str) -> None:
        """Open an assessment for review. Raises NotFoundError when there is none of that id."""
        self._journal = Journal(store, clock, assessment, reviewer)
        self._standard = standard

    @property
    def state(self) -> Assessment:
        """The assessment as last seen."""
        return self._journal.state

    def confirm(self, subitem: str) -> Decision:
        """Accept the proposed level. Raises InputError when there is none."""
        proposal = self.state.proposals.get(subitem)
        if proposal is None or proposal.level is None:
            raise InputError(
                f"{subitem} 还没有建议等级，不能直接确认。请继续访谈，或用 --level 指定等级并写明 --reason。"
            )
        return self.decide(subitem, proposal.level)

    def decide(self, subitem: str, level: int | None, reason: str = "", score: Decimal | None = None) -> Decision:
        """Set a level, or None for not applicable. Raises InputError where a reason is missing or a value is off."""
        proposal = self.state.proposals.get(subitem)
        decision = Decision(
            subitem=subitem,
            level=level,
            proposed=proposal.level if proposal else None,
            reason=one_line(reason),
            score=score,
            rate=proposal.rate if proposal and level is not None else None,
        )
        check_decision(decision, self._standard)
        self._journal.append(lambda: [DecisionMade(decision=decision)])
        return decision

    def withdraw(self, subitem: str) -> None:
        """Take a decision back. Raises InputError when there is none."""
        if subitem not in self.state.decisions:
            raise InputError(f"{subitem} 没有可撤销的决定。")
        self._journal.append(lambda: [DecisionWithdrawn(subitem=subitem)])

    def sign_off(self, policy: ScoringPolicy, reviewer: str, *, accept: bool = False) -> SignedOff:
        """Seal the assessment as it stands. Raises InputError listing what stands in the way (see `signed_off`)."""
        made: list[SignedOff] = []

        def signs() -> list[SignedOff]:
            made[:] = [signed_off(self.state, self._standard, policy, reviewer, accept=accept)]
            return made

        self._journal.append(signs)
        return made[0]

    def reopen(self, reason: str) -> None:
        """Break the seal, for a reason. Raises InputError when there is none to break, or no reason."""
        self._journal.append(lambda: [reopened(self.state, reason)])
