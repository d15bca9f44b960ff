"""结果: the grade and how it came about, playing with levels, the way up, sign-off and reopening."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from assistant.assessment.bands import shown_text
from assistant.assessment.state import Assessment
from assistant.errors import ConflictError, IiamError, InputError
from assistant.reports.palette import LEVEL_COLOURS, NOT_APPLICABLE
from assistant.reports.view_build import report_view
from assistant.reports.words import two
from assistant.review.four_eyes import hindrance
from assistant.review.what_if import Comparison
from assistant.web.forms import back
from assistant.web.identity import Identity, identity_of, parts_of
from assistant.web.render import page
from assistant.web.rights import Right, need
from assistant.web.shared import shared_of
from assistant.web.views.listing import Summary, others_of
from assistant.web.views.result import Asked, comparison, difference, result, steps_text
from knowledge.model import LEVELS

router = APIRouter()

Text = Annotated[str, Form()]
FIRST_RISES = 10
"""Rises of the roadmap that are shown unfolded."""


@router.get("/a/{name}/result", dependencies=[need(Right.RESULT)])
def show(request: Request, name: str) -> Response:
    """The result."""
    return _page(request, name)


@router.post("/a/{name}/signoff")
def sign_off(
    request: Request,
    name: str,
    who: Annotated[Identity, need(Right.SIGN_OFF)],
    seen: Annotated[int, Form()],
    accept: Text = "",
) -> Response:
    """签发, in the name of whoever is signed in."""
    parts = parts_of(request)
    try:
        told = hindrance(parts.store.read(name), who.name) if parts.four_eyes else ""
        if told:
            raise InputError(told)
        review = parts.review(name, who.name)
        if accept != "yes" and _warned(request, review.state):
            raise InputError("请先看过上面的提醒，勾选“已看过以上提醒”，再签发。")
        made = review.sign_off(parts.policy_of(review.state), who.name, accept=True, seen=seen)
    except (InputError, ConflictError) as error:
        return _page(request, name, 409 if isinstance(error, ConflictError) else 400, str(error))
    level = parts.standard.levels[made.level - 1].name
    return back(f"/a/{name}/result", f"已签发：L{made.level} {level}，复核人 {made.reviewer}。记录已封存。")


@router.post("/a/{name}/reopen")
def reopen(request: Request, name: str, who: Annotated[Identity, need(Right.REOPEN)], reason: Text = "") -> Response:
    """重新打开, for a reason."""
    try:
        parts_of(request).review(name, who.name).reopen(reason)
    except (InputError, ConflictError) as error:
        return _page(request, name, 400, str(error))
    return back(f"/a/{name}/result", "已重新打开，可以继续访谈和复核。改完后请再次签发。")


@router.get("/static/levels.css", dependencies=[need(Right.PUBLIC)])
def colours() -> Response:
    """The levels' colours, as the reports have them."""
    rules = [
        f".l{level} {{ background: {fill}; color: {ink}; --fill: {fill}; --ink: {ink}; }}"
        for level, (fill, ink) in LEVEL_COLOURS.items()
    ]
    rules.append(f".l0 {{ background: {NOT_APPLICABLE.fill}; color: {NOT_APPLICABLE.ink}; }}")
    return Response("\n".join(rules) + "\n", media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _warned(request: Request, state: Assessment) -> bool:
    from assistant.review.signoff import check_signoff

    parts = parts_of(request)
    return bool(check_signoff(state, parts.standard, parts.policy_of(state)))


def _page(request: Request, name: str, status: int = 200, problem: str = "") -> Response:
    parts = parts_of(request)
    state = parts.assessment(name)
    policy = parts.policy_of(state)
    view = report_view(state, parts.standard, policy)  # nothing here shows a justification: none is drafted
    asked = Asked.of(request.query_params, parts.standard)
    others = others_of(name, shared_of(request).summaries.all())
    against, compared, uncompared = _compared(request, state, asked.against, others)
    who = identity_of(request)
    return page(
        request,
        "result",
        status,
        state=state,
        view=view,
        result=result(state, parts.standard, policy, view, asked),
        standard=parts.standard,
        policy=policy,
        others=others,
        against=against,
        compared=compared,
        uncompared=uncompared,
        hindrance=hindrance(parts.store.read(name), who.name) if who and parts.four_eyes and not state.signed else "",
        problem=problem,
        levels=LEVELS,
        first=FIRST_RISES,
        difference=difference,
        shown=shown_text,
        steps_text=steps_text,
        two=two,
    )


def _compared(
    request: Request, state: Assessment, asked: str, others: tuple[Summary, ...]
) -> tuple[Summary | None, Comparison | None, str]:
    """The assessment to compare with (the last one before it unless another is asked for), and why it cannot be."""
    earlier = (one for one in others if one.at < state.tail.at)
    against = next((one for one in others if one.id == asked), None) or next(earlier, None) or next(iter(others), None)
    if against is None:
        return None, None, ""
    parts = parts_of(request)
    try:
        before = parts.assessment(against.id)
        return against, comparison(before, state, parts.standard, parts.policy_of(state), proposed=True), ""
    except IiamError as error:
        return against, None, str(error)
