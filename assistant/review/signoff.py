"""Checks before sign-off, and what a sign-off seals. Pure: state, standard and policy in; findings and events out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from assistant.assessment.events import Reopened, SignedOff
from assistant.assessment.grade import grade
from assistant.assessment.ledger import SubItemLedger, build_ledger
from assistant.assessment.state import Assessment
from assistant.assessment.text import one_line
from assistant.errors import InputError
from assistant.review.doubts import on_talk_alone
from assistant.review.footing import outdated
from assistant.review.outcome import levels_of
from knowledge.model import Frozen, Standard
from knowledge.policy import ScoringPolicy


class Severity(StrEnum):
    """BLOCK: no sign-off while it stands. WARN: the reviewer signs in spite of it, and the record says so."""

    BLOCK = "block"
    WARN = "warn"


class Finding(Frozen):
    """One rule that does not hold: which, how bad, for which sub-items (none: the whole), and what to do, in Chinese."""

    rule: str
    severity: Severity
    subitems: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        """The text with the sub-items it speaks of."""
        return f"{self.text}（{len(self.subitems)} 项：{'、'.join(self.subitems)}）" if self.subitems else self.text


Rule = Callable[[Assessment, SubItemLedger], bool]
"""True where the rule is broken for the ledger's sub-item."""


def check_signoff(state: Assessment, standard: Standard, policy: ScoringPolicy) -> tuple[Finding, ...]:
    """Everything that stands in the way of a sign-off, what blocks it first. Empty: nothing does."""
    ledgers = build_ledger(standard, state.answers, state.readings, state.questions)
    found = [*_whole(state, standard, policy)]
    for rule, severity, broken, text in RULES:
        if codes := tuple(code for code, ledger in ledgers.items() if broken(state, ledger)):
            found.append(Finding(rule=rule, severity=severity, subitems=codes, text=text))
    return tuple(sorted(found, key=lambda f: f.severity != Severity.BLOCK))


def signed_off(
    state: Assessment, standard: Standard, policy: ScoringPolicy, reviewer: str, *, accept: bool = False
) -> SignedOff:
    """The event that seals an assessment as it stands.

    `accept`: the reviewer has seen the warnings and signs in spite of them. Raises InputError when it is signed
    already, nobody is named, a rule blocks, or a warning was not accepted; the text lists each with what to do.
    """
    if state.signed is not None:
        raise InputError(f"这份评估已由 {state.signed.reviewer} 签发，不必再签。要改动请先重新打开。")
    reviewer = one_line(reviewer)
    if not reviewer:
        raise InputError("签发要写明复核人姓名。")
    findings = check_signoff(state, standard, policy)
    blocking = [f for f in findings if f.severity == Severity.BLOCK]
    if blocking:
        raise InputError("还不能签发，请先处理：\n" + _listed(blocking))
    if findings and not accept:
        raise InputError("签发前请看过以下提醒：\n" + _listed(findings) + "\n确认无误后，加上 --accept 签发。")
    result = grade(standard, policy, levels_of(state, standard, policy))
    if result.level is None or result.score is None:
        raise InputError("还没有任何适用的子项有等级，不能签发。")
    return SignedOff(
        reviewer=reviewer,
        record=state.tail.hash,
        rows=state.tail.seq,
        level=result.level,
        score=result.score,
        policy=policy.id,
        policy_version=policy.version,
        policy_digest=policy.digest,
        standard_digest=standard.digest,
        warnings=tuple(str(f) for f in findings),
    )


def reopened(state: Assessment, reason: str) -> Reopened:
    """The event that breaks a seal. Raises InputError when there is none, or no reason is given."""
    if state.signed is None:
        raise InputError("这份评估还没有签发，可以直接改动，不需要重新打开。")
    reason = one_line(reason)
    if not reason:
        raise InputError("重新打开已签发的评估必须写明理由。")
    return Reopened(reason=reason)


def is_stale(state: Assessment, ledger: SubItemLedger) -> bool:
    """True when what was said after a decision (a correction, say) changed the level that its reviewer had seen."""
    code = ledger.subitem.code
    decision, stamp, later = state.decisions.get(code), state.decided.get(code), state.proposed.get(code)
    if decision is None or stamp is None or later is None or decision.level is None:
        return False
    return later.seq > stamp.seq and state.proposals[code].level != decision.proposed


def _talk_only(state: Assessment, ledger: SubItemLedger) -> bool:
    return ledger.subitem.code in state.decisions and on_talk_alone(state, ledger)


def _undecided(state: Assessment, ledger: SubItemLedger) -> bool:
    return ledger.subitem.code not in state.decisions


def _without_reason(state: Assessment, ledger: SubItemLedger) -> bool:
    decision = state.decisions.get(ledger.subitem.code)
    changed = decision is not None and (decision.level != decision.proposed or decision.score is not None)
    return changed and decision is not None and not decision.reason.strip()


def _contested(state: Assessment, ledger: SubItemLedger) -> bool:
    """A reviewer settles a conflict by deciding with a reason."""
    decision = state.decisions.get(ledger.subitem.code)
    return bool(ledger.conflicts) and decision is not None and not decision.reason.strip()


def _bare(state: Assessment, ledger: SubItemLedger, *, reasoned: bool) -> bool:
    decision = state.decisions.get(ledger.subitem.code)
    if decision is None or decision.level is None or ledger.evidence:
        return False
    return bool(decision.reason.strip()) is reasoned


RULES: tuple[tuple[str, Severity, Rule, str], ...] = (
    ("open", Severity.BLOCK, _undecided, "还没有复核，请逐项确认、更改，或定为不适用"),
    ("no_reason", Severity.BLOCK, _without_reason, "所定等级与建议不同，却没有理由，请补写理由"),
    (
        "no_quote",
        Severity.BLOCK,
        lambda state, ledger: _bare(state, ledger, reasoned=False),
        "等级没有任何引文，也没有理由，请补充访谈，或写明依据",
    ),
    ("conflict", Severity.BLOCK, _contested, "前后说法矛盾尚未解决，请再问一次，或写明采信哪一方的理由"),
    ("stale", Severity.BLOCK, is_stale, "复核之后建议等级有了变化，请看过新的建议再定一次"),
    (
        "reason_only",
        Severity.WARN,
        lambda state, ledger: _bare(state, ledger, reasoned=True),
        "等级没有引文，只凭复核人的理由",
    ),
    ("talk_only", Severity.WARN, _talk_only, "等级只凭口头陈述，没有文件、截图或现场查看佐证"),
    (
        "justification",
        Severity.WARN,
        lambda state, ledger: bool(outdated(state, ledger)),
        "判定说明与等级或证据不一致：写成之后等级或证据有变，请重新起草，改写过的请核对",
    ),
)


def _whole(state: Assessment, standard: Standard, policy: ScoringPolicy) -> Iterable[Finding]:
    """Rules about the assessment as a whole."""

    def finding(rule: str, severity: Severity, text: str) -> Finding:
        return Finding(rule=rule, severity=severity, subitems=(), text=text)

    if state.unread:
        yield finding("unread", Severity.BLOCK, f"有 {len(state.unread)} 条回答还没有解读，请先打开一次访谈")
    if state.decisions and all(d.level is None for d in state.decisions.values()):
        yield finding("nothing_applies", Severity.BLOCK, "没有一个适用的子项，无从定级")
    if state.opened.standard_digest != standard.digest:
        yield finding("standard_changed", Severity.WARN, "标准数据与建立评估时不同，等级按现在的数据计算")
    if state.opened.policy_digest != policy.digest:
        yield finding("policy_changed", Severity.WARN, f"评分政策与建立评估时不同，得分按“{policy.title}”计算")


def _listed(findings: Iterable[Finding]) -> str:
    return "\n".join(f"· {finding}" for finding in findings)
