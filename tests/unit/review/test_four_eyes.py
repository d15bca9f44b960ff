"""Who led an assessment's interviews does not sign it off."""

from __future__ import annotations

import pytest

from assistant.assessment.answer import Purpose
from assistant.assessment.events import AnswerGiven, Opened, QuestionAsked, RespondentJoined
from assistant.assessment.record import chain
from assistant.review.four_eyes import hindrance, led

AT = "2026-11-23T08:00:00.000+00:00"
OPENED = Opened(
    enterprise="齐鲁轴承", standard="s", standard_digest="sd", policy="p", policy_version="1", policy_digest="pd"
)
ASKED = QuestionAsked(subitem="1.1", requirement=None, purpose=Purpose.OPENING, text="联网情况如何？")
ANSWERED = AnswerGiven(question=2, subitem="1.1", respondent="r1", text="四成")


def record(*steps):
    rows = []
    for actor, event in steps:
        rows += chain("a1", rows[-1] if rows else None, [event], AT, actor)
    return rows


def test_who_asked_or_wrote_an_answer_down_led():
    rows = record(
        ("孙丽", OPENED), ("周工", RespondentJoined(respondent="r1", name="李工")), ("王敏", ASKED), ("赵强", ANSWERED)
    )
    assert led(rows) == {"王敏", "赵强"}


@pytest.mark.parametrize(("reviewer", "hindered"), [("王敏", True), ("赵强", False), ("", False)])
def test_only_who_did_not_lead_may_sign(reviewer, hindered):
    rows = record(("赵强", OPENED), ("王敏", ASKED), ("王敏", ANSWERED))
    assert bool(hindrance(rows, reviewer)) == hindered
    assert hindrance(rows, reviewer).startswith(reviewer if hindered else "")
