"""A reviewer at work: confirming, changing, sending back, withdrawing; and what the decisions mean for the grade.

Every step takes `seen`, the sequence number up to which the reviewer saw the record (None: all of it). When the
sub-item has changed since, nothing is done and OvertakenError tells what has: who comes second decides again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from assistant.assessment.decision import Decision, check_decision
from assistant.assessment.events import DecisionMade, DecisionWithdrawn, Event, SignedOff, TopicReturned
from assistant.assessment.ledger import build_ledger
from assistant.assessment.state import Assessment
from assistant.assessment.text import clean, one_line
from assistant.errors import ConflictError, InputError
from assistant.journal import Journal
from assistant.ports import Clock, EventStore
from assistant.review.changes import Change, OvertakenError, changed_since
from assistant.review.flags import why_not_at_once
from assistant.review.signoff import reopened, signed_off
from knowledge.model import Standard
from knowledge.policy import ScoringPolicy

REASON_LIMIT = 2000
QUESTION_LIMIT = 500
"""Characters of a reason and of a question that is sent back."""


class Review:
    """One assessment under review by one person, whose name goes into the record with each decision."""

    def __init__(self, store: EventStore, clock: Clock, standard: Standard, assessment: str, reviewer: str) -> None:
        """Open an assessment for review. Raises NotFoundError when there is none of that id."""
        self._journal = Journal(store, clock, assessment, reviewer)
        self._store = store
        self._standard = standard
        self._reviewer = reviewer

    @property
    def state(self) -> Assessment:
        """The assessment as last seen."""
        return self._journal.state

    def confirm(self, subitem: str, seen: int | None = None) -> Decision:
        """Accept the proposed level. Raises InputError when there is none, OvertakenError."""
        made: list[Decision] = []

        def confirms() -> list[Event]:
            self._unchanged(subitem, seen)
            made[:] = [self._confirmation(subitem)]
            return [DecisionMade(decision=made[0])]

        self._journal.append(confirms)
        return made[0]

    def confirm_several(self, subitems: Sequence[str], seen: int | None = None) -> Mapping[str, str]:
        """Accept the proposed levels of those sub-items that nothing speaks against; why the others were left, by code.

        Nothing may: no flag is raised, and nothing has changed since the reviewer looked.
        """
        left: dict[str, str] = {}

        def confirms() -> list[Event]:
            left.clear()
            state, standard = self.state, self._standard
            ledgers = build_ledger(standard, state.answers, state.readings, state.questions)
            events: list[Event] = []
            for code in dict.fromkeys(subitems):
                why = why_not_at_once(state, standard, ledgers[code]) if code in ledgers else "没有这个能力子项"
                if not why and self._changed(code, seen):
                    why = "您查看之后有了变化，请打开再看"
                if why:
                    left[code] = why
                else:
                    events.append(DecisionMade(decision=self._confirmation(code)))
            return events

        self._journal.append(confirms)
        return left

    def decide(
        self,
        subitem: str,
        level: int | None,
        reason: str = "",
        score: Decimal | None = None,
        seen: int | None = None,
    ) -> Decision:
        """Set a level, or None for not applicable.

        Raises InputError where a reason is missing or a value is off, OvertakenError.
        """
        reason = one_line(reason)
        if len(reason) > REASON_LIMIT:
            raise InputError(f"理由有 {len(reason)} 字，最多 {REASON_LIMIT} 字。没有保存，请精简后重试。")
        made: list[Decision] = []

        def decides() -> list[Event]:
            self._unchanged(subitem, seen)
            made[:] = [self._decision(subitem, level, reason, score)]
            return [DecisionMade(decision=made[0])]

        self._journal.append(decides)
        return made[0]

    def send_back(self, subitem: str, question: str, seen: int | None = None) -> None:
        """退回补问: have a question put next, in the reviewer's words; a standing decision is taken back with it.

        Raises InputError for an unknown sub-item, an empty or an endless question, OvertakenError.
        """
        if subitem not in self._standard.subitems:
            raise InputError(f"没有能力子项“{subitem}”。用 iiam standard 查看全部编号。")
        if not question.strip():
            raise InputError("请写下要补问的问题：它会一字不改地放到访谈的最前面。")
        words = clean(question).text
        if len(words) > QUESTION_LIMIT:
            raise InputError(f"问题有 {len(words)} 字，最多 {QUESTION_LIMIT} 字。请一次只问一件事。")

        def returns() -> list[Event]:
            self._unchanged(subitem, seen)
            returned = TopicReturned(subitem=subitem, question=words, reviewer=self._reviewer)
            return [DecisionWithdrawn(subitem=subitem), returned] if subitem in self.state.decisions else [returned]

        self._journal.append(returns)

    def withdraw(self, subitem: str, seen: int | None = None) -> None:
        """Take a decision back. Raises InputError when there is none, OvertakenError."""

        def withdraws() -> list[Event]:
            self._unchanged(subitem, seen)
            if subitem not in self.state.decisions:
                raise InputError(f"{subitem} 没有可撤销的决定。")
            return [DecisionWithdrawn(subitem=subitem)]

        self._journal.append(withdraws)

    def sign_off(
        self, policy: ScoringPolicy, reviewer: str, *, accept: bool = False, seen: int | None = None
    ) -> SignedOff:
        """Seal the assessment as it stands. Raises InputError listing what stands in the way (see `signed_off`).

        ConflictError when anything was added since `seen`: nobody seals what they have not looked at.
        """
        made: list[SignedOff] = []

        def signs() -> list[SignedOff]:
            if seen is not None and seen != self.state.tail.seq:
                raise ConflictError("您打开这一页之后评估有了变化，没有签发。请看过现在的结果再签发。")
            made[:] = [signed_off(self.state, self._standard, policy, reviewer, accept=accept)]
            return made

        self._journal.append(signs)
        return made[0]

    def reopen(self, reason: str) -> None:
        """Break the seal, for a reason. Raises InputError when there is none to break, or no reason."""
        self._journal.append(lambda: [reopened(self.state, reason)])

    def _changed(self, subitem: str, seen: int | None) -> tuple[Change, ...]:
        return changed_since(self._store, self.state, subitem, seen)

    def _unchanged(self, subitem: str, seen: int | None) -> None:
        found = self._changed(subitem, seen)
        if found:
            raise OvertakenError(subitem, found)

    def _confirmation(self, subitem: str) -> Decision:
        proposal = self.state.proposals.get(subitem)
        if proposal is None or proposal.level is None:
            raise InputError(
                f"{subitem} 还没有建议等级，不能直接确认。请继续访谈，或用 --level 指定等级并写明 --reason。"
            )
        return self._decision(subitem, proposal.level, "", None)

    def _decision(self, subitem: str, level: int | None, reason: str, score: Decimal | None) -> Decision:
        proposal = self.state.proposals.get(subitem)
        decision = Decision(
            subitem=subitem,
            level=level,
            proposed=proposal.level if proposal else None,
            reason=reason,
            score=score,
            rate=proposal.rate if proposal and level is not None else None,
        )
        check_decision(decision, self._standard)
        return decision
