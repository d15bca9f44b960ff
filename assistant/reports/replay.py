"""Grading an export anew, offline: does the grade that it states follow from the levels that it holds? Pure."""

from __future__ import annotations

from assistant.assessment.grade import Grade, grade
from assistant.assessment.record import import_rows
from assistant.assessment.state import fold
from assistant.errors import InputError
from assistant.reports.json import read_json
from assistant.reports.view import ReportView
from assistant.reports.words import two
from assistant.review.outcome import levels_of
from knowledge.model import Frozen, Standard
from knowledge.policy import ScoringPolicy


class Replay(Frozen):
    """What came out: the grade computed anew, and in Chinese where the export says something else (empty: equal).

    `stated` is false where the export states no grade to compare with: a record that nobody has signed off.
    """

    what: str
    grade: Grade
    stated: bool
    differences: tuple[str, ...]


def replay(text: str, standard: Standard, policy: ScoringPolicy) -> Replay:
    """Compute the grade of a JSON report (by the policy inside it) or an exported record (by the policy given).

    Raises InputError for a file that is neither, for another standard, and for a record signed under another policy;
    RecordError where a record's chain is broken; ScoringError for levels that cannot be graded.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    if '"payload"' in first and '"prev"' in first:
        return _record(text, standard, policy)
    return _report(read_json(text), standard)


def _report(view: ReportView, standard: Standard) -> Replay:
    scoring = view.scoring
    if view.standard_id != standard.id:
        raise InputError(f"这份报告用的是标准 {view.standard_id}，当前装载的是 {standard.id}，不能重算。")
    computed = grade(standard, scoring.policy, scoring.levels)
    differences = []
    if view.standard_digest != standard.digest:
        differences.append("标准数据与出报告时不同（校验码不一致），以下按现在的标准重算")
    if computed != scoring.grade:
        differences.append(_pair("评分结果", scoring.grade.level, scoring.grade.score, computed))
    if (view.grade.level, view.grade.score, view.grade.shown) != (
        computed.level,
        computed.score,
        computed.shown or "—",
    ):
        differences.append(_pair("报告封面", view.grade.level, view.grade.score, computed))
    wrong = [s.code for s in view.subitems if s.status == "decided" and s.level != scoring.levels.levels.get(s.code)]
    if wrong:
        differences.append(f"正文的等级与计分所用的等级不同：{'、'.join(wrong)}")
    return Replay(what="JSON 报告", grade=computed, stated=True, differences=tuple(differences))


def _record(text: str, standard: Standard, policy: ScoringPolicy) -> Replay:
    state = fold(import_rows(text))
    if state.opened.standard != standard.id:
        raise InputError(f"这份记录用的是标准 {state.opened.standard}，当前装载的是 {standard.id}，不能重算。")
    signed = state.signed
    if signed is not None and signed.policy_digest != policy.digest:
        raise InputError(f"这份记录签发时用的评分政策是 {signed.policy}，与现在的不同。请用 --policy 给出当时的政策。")
    computed = grade(standard, policy, levels_of(state, standard, policy))
    differences = []
    if signed is not None and (signed.level, signed.score) != (computed.level, computed.score):
        differences.append(_pair("签发", signed.level, signed.score, computed))
    return Replay(what="评估记录", grade=computed, stated=signed is not None, differences=tuple(differences))


def _pair(where: str, level: int | None, score: str | None, computed: Grade) -> str:
    said, found = (
        f"L{n}，{two(s)}" if n else "尚无等级" for n, s in ((level, score), (computed.level, computed.score))
    )
    return (
        f"{where}写的是 {said}，重算为 {found}" if said != found else f"{where}与重算的细节不同（等级和显示的得分相同）"
    )
