"""`iiam show` for a reviewer: what only a model vouches for, remarks, and what was dropped."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from click.testing import CliRunner

from assistant.assessment.answer import Purpose
from assistant.assessment.events import AnswerGiven, QuestionAsked, ReadingMade, RespondentJoined
from assistant.assessment.reading import Dropped, Finding, Intent, Quote, Reading, Verdict
from assistant.assessment.record import chain
from assistant.bootstrap import App
from assistant.cli.app import cli
from assistant.settings import load_settings

SAID = "[b]监控探头装了一百多个[/b]，应急预案是去年编的"
NOTE = "说探头一百多个，前面说没有监控"


def finding(requirement: str, words: str, *, alone: bool) -> Finding:
    start = SAID.index(words)
    quote = Quote(answer=4, start=start, end=start + len(words), text=words)
    return Finding(requirement=requirement, verdict=Verdict.MET, quote=quote, rule="规则", alone=alone)


@pytest.fixture
def show(tmp_path, monkeypatch):
    """Runs `iiam show` on an assessment in which a model read one answer."""
    monkeypatch.setenv("IIAM_HOME", str(tmp_path))
    monkeypatch.setenv("IIAM_ACTOR", "测试员")
    app = App(load_settings())
    with closing(app.store) as store:
        name = app.open_assessment("某厂")
        reading = Reading(
            answer=4,
            engine="llm/1 某模型",
            intent=Intent.ANSWER,
            findings=(
                finding("5.2-L2#1", "[b]监控探头装了一百多个[/b]", alone=True),
                finding("5.2-L3#1", "应急预案是去年编的", alone=False),
            ),
            dropped=tuple(Dropped(reason="引文不是原话中的一段", code="5.2-L4#1", quote=q) for q in "甲乙"),
            notes=(NOTE,),
        )
        events = [
            RespondentJoined(respondent="r1", name="王师傅", role="安全"),
            QuestionAsked(subitem="5.2", requirement=None, purpose=Purpose.OPENING, text="怎么样？"),
            AnswerGiven(question=3, subitem="5.2", respondent="r1", text=SAID),
            ReadingMade(reading=reading),
        ]
        store.append(chain(name, store.read(name)[-1], events, "2026-11-23T08:00:00+00:00", "测试员"))

    def run(*args: str) -> str:
        done = CliRunner().invoke(cli, ["show", name, *args])
        assert done.exit_code == 0, done.output
        return done.output

    return run


def test_the_overview_counts_what_needs_a_reviewers_eyes(show):
    below = show().partition("└")[2].splitlines()[1:4]
    assert below == [
        "仅模型判断 1 处（5.2）：提纲的判断规则没有印证，请对照原话与要点。",
        "解读备注 1 条（5.2）：前后矛盾、数字与说法不一等。",
        "核对后舍弃的判断 2 处，没有计入：引文不是原话中的一段 2。",
    ]


def test_a_models_own_judgement_stands_beside_the_requirement(show):
    lines = [line.split("│") for line in show("5.2").splitlines() if "│" in line]
    cells = ["".join(column).replace(" ", "") for column in zip(*lines, strict=True)]
    assert cells[2] == "“[b]监控探头装了一百多个[/b]”——口头王师傅（安全）；规则"
    assert cells[3].endswith("5.2-L2#1")
    assert "“应急预案是去年编的” —— 口头 王师傅（安全）；规则" in show("5.2")


def test_remarks_and_dropped_claims_are_visible(show):
    lines = [line.strip() for line in show("5.2").splitlines()]
    assert f"备注：{NOTE}" in lines
    assert "核对后舍弃的判断 2 处，没有计入：引文不是原话中的一段 2" in lines
    assert json.loads(show("5.2", "--json"))["5.2"]["notes"] == [NOTE]
    assert json.loads(show("--json"))["5.2"]["dropped"] == {"引文不是原话中的一段": 2}


def test_nothing_doubtful_nothing_told(show):
    assert "仅模型" not in show("5.1")
    assert json.loads(show("5.1", "--json"))["5.1"]["dropped"] == {}
