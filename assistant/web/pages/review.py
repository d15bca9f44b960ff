"""复核: the table of all sub-items, the page of one, the transcript, and the reviewer's steps as forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Form, Request, Response

from assistant.assessment.justification import Section
from assistant.assessment.state import fold
from assistant.errors import ConflictError, InputError, NotFoundError
from assistant.reports.palette import LEVEL_COLOURS
from assistant.reports.words import minute
from assistant.review.changes import Change, OvertakenError, decision_text
from assistant.review.decisions import Review
from assistant.review.flags import Flag, meaning
from assistant.review.justifications import untouched_renewed
from assistant.web.forms import back
from assistant.web.identity import Identity, parts_of
from assistant.web.render import page
from assistant.web.rights import Right, need
from assistant.web.views.review import COLUMNS, Query, Standing, board
from assistant.web.views.review_item import SECTION, item
from assistant.web.views.transcript import transcript

router = APIRouter()

Text = Annotated[str, Form()]
Seen = Annotated[int, Form()]
Reviewer = Annotated[Identity, need(Right.DECIDE)]
Writer = Annotated[Identity, need(Right.JUSTIFY)]
Step = Callable[[], str]
"""Does what a form asks for; returns the line to show. Raises IiamError."""
JUSTIFICATION = "justification"
"""The part of a sub-item's page that holds its justification."""


@dataclass(frozen=True)
class Trouble:
    """Why a step was not done: shown on the page, beside what the reviewer had typed."""

    action: str = ""
    told: str = ""
    changes: tuple[Change, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)


@router.get("/a/{name}/review", dependencies=[need(Right.REVIEW)])
def table(request: Request, name: str) -> Response:
    """All sub-items."""
    parts = parts_of(request)
    state = parts.assessment(name)
    return page(
        request,
        "review",
        state=state,
        board=board(state, parts.standard, Query.of(request.query_params)),
        columns=COLUMNS,
        flags=tuple(Flag),
        meaning=meaning,
        minute=minute,
        palette=LEVEL_COLOURS,
        states=tuple(Standing),
    )


@router.post("/a/{name}/review/confirm")
def confirm_several(
    request: Request,
    name: str,
    who: Reviewer,
    seen: Seen,
    code: Annotated[list[str] | None, Form()] = None,
    query: Text = "",
) -> Response:
    """确认所选: those without any flag; the others are left and named."""
    if not code:
        return back(_address(name, "", query), "没有勾选任何一项。")
    left = _review(request, name, who).confirm_several(code, seen)
    confirmed = [one for one in dict.fromkeys(code) if one not in left]
    told = [f"已确认 {len(confirmed)} 项：{'、'.join(confirmed)}。"] if confirmed else []
    told += [f"没有确认 {one}：{why}。" for one, why in left.items()]
    return back(_address(name, "", query), "".join(told))


@router.get("/a/{name}/review/{code}", dependencies=[need(Right.REVIEW)])
def one(request: Request, name: str, code: str) -> Response:
    """One sub-item."""
    return _item_page(request, name, code, Query.of(request.query_params))


@router.post("/a/{name}/review/{code}/confirm")
def confirm(request: Request, name: str, code: str, who: Reviewer, seen: Seen, query: Text = "") -> Response:
    """确认."""

    def step() -> str:
        decision = _review(request, name, who).confirm(code, seen)
        return f"{code} 已确认为 L{decision.level}。"

    return _done(request, name, code, query, Trouble("confirm"), step)


@router.post("/a/{name}/review/{code}/change")
def change(
    request: Request,
    name: str,
    code: str,
    who: Reviewer,
    seen: Seen,
    level: Text = "",
    reason: Text = "",
    score: Text = "",
    query: Text = "",
) -> Response:
    """改为: a level with a reason, and a score inside its band where the reviewer gives one."""

    def step() -> str:
        if level not in {"1", "2", "3", "4", "5"}:
            raise InputError("请选择要改为的等级。")
        if not reason.strip():
            raise InputError("改等级或另定得分必须写明理由。")
        decision = _review(request, name, who).decide(code, int(level), reason, _score(score), seen)
        return f"{code} 已定为 {decision_text(decision)}。"

    typed = {"level": level, "reason": reason, "score": score}
    return _done(request, name, code, query, Trouble("change", typed=typed), step)


@router.post("/a/{name}/review/{code}/send-back")
def send_back(
    request: Request, name: str, code: str, who: Reviewer, seen: Seen, question: Text = "", query: Text = ""
) -> Response:
    """退回补问."""

    def step() -> str:
        _review(request, name, who).send_back(code, question, seen)
        return f"{code} 已退回补问，下一个问到的就是这个问题。"

    return _done(request, name, code, query, Trouble("send-back", typed={"question": question}), step)


@router.post("/a/{name}/review/{code}/not-applicable")
def not_applicable(
    request: Request, name: str, code: str, who: Reviewer, seen: Seen, reason: Text = "", query: Text = ""
) -> Response:
    """不适用."""

    def step() -> str:
        _review(request, name, who).decide(code, None, reason, None, seen)
        return f"{code} 已定为不适用。"

    return _done(request, name, code, query, Trouble("not-applicable", typed={"why": reason}), step)


@router.post("/a/{name}/review/{code}/withdraw")
def withdraw(request: Request, name: str, code: str, who: Reviewer, seen: Seen, query: Text = "") -> Response:
    """撤销."""

    def step() -> str:
        _review(request, name, who).withdraw(code, seen)
        return f"{code} 的复核决定已撤销。"

    return _done(request, name, code, query, Trouble("withdraw"), step)


@router.post("/a/{name}/review/{code}/draft")
def draft(request: Request, name: str, code: str, who: Writer, give_up_edits: Text = "", query: Text = "") -> Response:
    """起草判定说明, or draft it anew; own words stay unless the box to give them up is ticked."""

    def step() -> str:
        desk = parts_of(request).justifications(name, who.name)
        desk.draft(code, give_up_edits=give_up_edits == "yes")
        written = desk.written(code)
        kept = "、".join(SECTION[section] for section in Section if written and section in written.edits)
        return f"{code} 的判定说明已起草，请核对。" + (f"改写过的{kept}保留原文。" if kept else "")

    return _done(request, name, code, query, Trouble("draft"), step, at=JUSTIFICATION)


@router.post("/a/{name}/review/{code}/justification")
def justification(
    request: Request,
    name: str,
    code: str,
    who: Writer,
    seen: Seen,
    basis: Text = "",
    shortfall: Text = "",
    materials: Text = "",
    advice: Text = "",
    checked: Text = "",
    query: Text = "",
) -> Response:
    """判定说明 in the assessor's own words: the parts that were changed, and those looked at again that still hold."""
    texts = dict(zip(Section, (basis, shortfall, materials, advice), strict=True))

    def step() -> str:
        changed = parts_of(request).justifications(name, who.name).rewrite(code, texts, seen, checked=checked == "yes")
        return f"{code} 的判定说明已保存。" if changed else "判定说明没有改动。"

    typed = {section.value: text for section, text in texts.items()}
    return _done(request, name, code, query, Trouble("justification", typed=typed), step, seen, JUSTIFICATION)


@router.get("/a/{name}/transcript", dependencies=[need(Right.REVIEW)])
def said(request: Request, name: str) -> Response:
    """Everything asked and said."""
    parts = parts_of(request)
    state = parts.assessment(name)
    return page(request, "transcript", state=state, entries=transcript(state, parts.standard))


def _review(request: Request, name: str, who: Identity) -> Review:
    return parts_of(request).review(name, who.name)


def _score(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        score = Decimal(text.strip())
    except InvalidOperation:
        score = Decimal("NaN")
    if not score.is_finite():
        raise InputError(f"得分“{text.strip()[:20]}”不是数字。")
    return score


def _address(name: str, code: str, query: str) -> str:
    return f"/a/{name}/review" + (f"/{code}" if code else "") + _asked(query).text


def _asked(query: str) -> Query:
    """The filters and order that a form sent along, and nothing else that may have been put there."""
    return Query.of(dict(parse_qsl(query.removeprefix("?"))))


def _done(
    request: Request,
    name: str,
    code: str,
    query: str,
    trouble: Trouble,
    step: Step,
    seen: int | None = None,
    at: str = "",
) -> Response:
    """Do it and go back to the sub-item's page; or show the page anew with why not, and what was typed.

    `at`: the part of the page to go on with; without one it is the next sub-item.
    """
    try:
        return back(_address(name, code, query), step(), at)
    except OvertakenError as error:
        typed = trouble.typed if seen is None else _renewed(request, name, code, seen, trouble.typed)
        trouble = replace(
            trouble, told="您查看之后，这一项有了变化，您的这一步没有执行。", changes=error.changes, typed=typed
        )
        return _item_page(request, name, code, _asked(query), trouble, 409)
    except (InputError, ConflictError) as error:
        trouble = replace(trouble, told=str(error))
        return _item_page(request, name, code, _asked(query), trouble, 400)


def _renewed(request: Request, name: str, code: str, seen: int, typed: Mapping[str, str]) -> Mapping[str, str]:
    """What was typed of the justification, over what has become of the parts that were left alone."""
    rows = parts_of(request).store.read(name)
    before, now = fold(rows[:seen]).justifications.get(code), fold(rows).justifications.get(code)
    texts = untouched_renewed(before, now, {Section(key): text for key, text in typed.items()})
    return {section.value: text for section, text in texts.items()}


def _item_page(
    request: Request, name: str, code: str, asked: Query, trouble: Trouble | None = None, status: int = 200
) -> Response:
    parts = parts_of(request)
    state = parts.assessment(name)
    if code not in parts.standard.subitems:
        raise NotFoundError(f"没有能力子项“{code}”。请从复核表中进入。")
    whole = board(state, parts.standard, asked)
    return page(
        request,
        "review_item",
        status,
        state=state,
        item=item(state, parts.standard, code),
        board=whole,
        around=whole.around(code),
        query=asked.text,
        trouble=trouble or Trouble(),
        at=request.query_params.get("at", "") if trouble is None else "",
        meaning=meaning,
        minute=minute,
        palette=LEVEL_COLOURS,
    )
