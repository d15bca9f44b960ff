"""Measuring an engine that calls a model: cost, drops, fall-backs; several answers at a time; some topics only."""

from __future__ import annotations

import inspect
import threading
from dataclasses import dataclass

import pytest

from assistant.assessment import evidence
from assistant.assessment.evidence import NOT_A_SPAN
from assistant.assessment.reading import Dropped, Finding, Intent, Quote, Reading, Verdict
from assistant.assessment.usage import Call, CallPurpose
from assistant.bootstrap import App
from assistant.engines.llm import check
from assistant.errors import InputError
from assistant.ports import ReadingTask, Tell, Wording, WordingTask
from assistant.settings import Settings
from evals import run_edge, run_interview, run_read
from evals.engines import each, engine
from evals.profiles import DATASETS
from evals.usage import INVENTED, STRANGE, usage
from tests.fakes import ScriptedEngine

PROFILE = DATASETS / "profile-condiments.json"


def call(purpose: CallPurpose, **more: int | str) -> Call:
    return Call(purpose=purpose, model="m", prompt="p", **more)


@dataclass
class Model(ScriptedEngine):
    """Makes calls, invents a quote and a code on every answer, and falls back on one sub-item."""

    meeting: threading.Barrier | None = None

    def read(self, task: ReadingTask) -> Reading:
        if self.meeting is not None:
            self.meeting.wait(timeout=60)
        seq, text = task.answer.seq, task.answer.text
        if task.subitem.code == "1.2":
            return Reading(answer=seq, engine=self.id, intent=Intent.ANSWER, fallback="连不上")
        whole = Quote(answer=seq, start=0, end=len(text), text=text)
        return Reading(
            answer=seq,
            engine=self.id,
            intent=Intent.ANSWER,
            findings=(Finding(requirement="99.9-L2#1", verdict=Verdict.MET, quote=whole, rule="r"),),
            dropped=(Dropped(reason=NOT_A_SPAN, code="1.1-L2#1", quote="没说过"),),
            calls=(
                call(CallPurpose.READ, tokens_in=100, tokens_out=10, cached=50, millis=1000),
                call(CallPurpose.REPAIR, tokens_in=100, cached=40, millis=500, failure="格式不对"),
            ),
        )

    def phrase(self, task: WordingTask, tell: Tell | None = None) -> Wording:
        worded = super().phrase(task)
        return Wording(worded.text, calls=(call(CallPurpose.PHRASE, tokens_in=20),), fallback="限流")


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> App:
    return App(Settings(home=tmp_path_factory.mktemp("home")))


def test_an_engine_without_a_model_has_no_cost():
    assert usage([Reading(answer=1, engine="rules/1", intent=Intent.ANSWER)]) == {}


def test_reading_tells_what_the_model_cost_and_what_was_dropped(app):
    result = run_read.run(app, Model(), [PROFILE])
    assert result["model"] == {
        "calls": 70,
        "calls_failed": 35,
        "calls_per_answer": pytest.approx(70 / 36),
        "repairs": 35,
        "tokens_in": 7000,
        "tokens_out": 350,
        "cached_share": pytest.approx(0.45),
        "seconds_mean": pytest.approx(35 * 1.5 / 36),
        "seconds_p95": 1.5,
        "dropped_quotes": 35,
        "dropped_codes": 35,
        "dropped": {NOT_A_SPAN: 35, "标准中没有这个编号": 35},
        "fallbacks": {"连不上": 1},
        "failures": {"格式不对": 35},
    }
    assert (result["quote_validity"], result["code_validity"]) == (0.5, 0.5)


def test_the_reasons_counted_are_those_of_the_checks():
    written = inspect.getsource(check) + inspect.getsource(evidence)
    assert [reason for reason in INVENTED | STRANGE if f'"{reason}"' not in written] == []


def test_several_answers_at_a_time_give_the_same_in_the_same_order(app):
    one, three = run_read.run(app, Model(), [PROFILE]), run_read.run(app, Model(), [PROFILE], jobs=3)
    assert three == one
    assert each(lambda n: n * n, range(50), jobs=7) == [n * n for n in range(50)]


def test_jobs_wait_for_the_endpoint_together(app):
    run_read.run(app, Model(meeting=threading.Barrier(3)), [PROFILE], jobs=3)


def test_hard_answers_tell_the_cost_per_turn(app):
    result = run_edge.run(app, Model(), DATASETS / "edge.json", jobs=2)
    assert sum(total for _, total in result["kinds"].values()) == 60
    turns = result["model"]["calls"] / result["model"]["calls_per_answer"]
    assert turns == pytest.approx(sum(len(c.turns) for c in run_edge.load_edges(DATASETS / "edge.json", app.standard)))


def test_an_interview_of_some_topics_counts_the_wording_too(app):
    result = run_interview.run(app, Model(), PROFILE, "vague", 1, "agenda", ("1.1", "1.2"))
    assert {code for code, _, _ in result["transcript"]} == {"1.1", "1.2"}
    assert result["open"] == ["1.1", "1.2"]
    asked = result["questions"]
    assert result["model"]["fallbacks"] == {"限流": asked, "连不上": asked // 2}
    assert result["model"]["calls"] == asked + 2 * (asked // 2)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [("", ()), ("3", ("1.1", "1.2", "1.3")), ("5.2，1.1", ("5.2", "1.1")), ("5.2 1.1", ("5.2", "1.1"))],
)
def test_topics_are_a_number_or_codes(app, typed, codes):
    assert run_interview.chosen(typed, app.standard) == codes


@pytest.mark.parametrize("typed", ["0", "9.9", "1.1,x"])
def test_unknown_topics_are_a_clear_error(app, typed):
    with pytest.raises(InputError, match="没有能力子项"):
        run_interview.chosen(typed, app.standard)


def test_the_model_is_not_measured_where_none_is_configured(app):
    with pytest.raises(InputError, match="请设置 IIAM_LLM_BASE_URL 和 IIAM_LLM_MODEL"):
        engine(app, "llm")
    assert engine(app, "rules").id == "rules/1"
    with pytest.raises(InputError, match="可用的是：rules、llm"):
        engine(app, "gpt")
