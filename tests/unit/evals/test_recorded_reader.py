"""What a capable reader made of the cases, from cassettes: the whole way of an answer through a model, without a network.

Recorded through a relay whose replies were written by hand from the prompts alone. A change of a prompt, of the guide or of
the standard makes a call a new one: it must then be recorded anew (CONTRIBUTING, "Measuring").
"""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from assistant.bootstrap import App
from assistant.engines.llm.endpoint import CassetteMiss
from assistant.settings import load_settings
from evals import run_edge, run_interview, run_read
from evals.engines import engine
from evals.profiles import DATASETS
from tests.journey.batch import ROOT

CASSETTES = ROOT / "evals" / "cassettes"
MODEL = ("calls", "calls_per_answer", "repairs", "dropped_quotes", "dropped_codes", "fallbacks")
CLEAN = {"calls_per_answer": 1.0, "repairs": 0, "dropped_quotes": 0, "dropped_codes": 0, "fallbacks": {}}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@contextmanager
def replaying(home, kind):
    app = App(
        load_settings(
            home=home,
            llm_base_url="http://127.0.0.1:9/v1",
            llm_model="reader",
            llm_cassette="replay",
            llm_cassette_dir=CASSETTES / kind,
        )
    )
    try:
        yield app, engine(app, "llm")
    finally:
        app.client.close()
        app.engine._shortlist.router.close()


def test_a_profile_never_used_for_tuning_the_prompts_is_read_as_its_writer_meant(home):
    with replaying(home, "read") as (app, used):
        result = run_read.run(app, used, [DATASETS / "profile-finechem.json"])
    measures = ("exact", "settled", "verdict_precision", "verdict_recall", "quote_validity", "code_validity")
    assert {key: round(result[key], 3) for key in measures} == {
        "exact": 1.0,
        "settled": 0.972,
        "verdict_precision": 0.995,
        "verdict_recall": 0.803,
        "quote_validity": 1.0,
        "code_validity": 1.0,
    }
    assert {key: result["model"][key] for key in MODEL} == CLEAN | {"calls": 36}


def test_every_hard_answer_comes_out_as_expected(home):
    with replaying(home, "edge") as (app, used):
        result = run_edge.run(app, used, DATASETS / "edge.json")
    assert result["failures"] == []
    assert sum(total for _, total in result["kinds"].values()) == 60
    assert {key: result["model"][key] for key in MODEL} == CLEAN | {"calls": 68}


def test_an_interview_of_twelve_topics_settles_each_rightly_in_under_two_questions(home):
    with replaying(home, "talk") as (app, used):
        file = DATASETS / "profile-furniture.json"
        result = run_interview.run(app, used, file, "vague", 1, "agenda", tuple(app.standard.subitems)[:12])
    assert {key: result[key] for key in ("exact", "kappa", "undecided", "questions", "repeats")} == {
        "exact": 1.0,
        "kappa": 1.0,
        "undecided": 0.0,
        "questions": 23,
        "repeats": 0,
    }
    assert {key: result["model"][key] for key in MODEL} == CLEAN | {"calls": 46, "calls_per_answer": 2.0}


def test_what_was_never_recorded_is_told_and_not_hidden_by_the_fall_back(home):
    with replaying(home, "talk") as (app, used), pytest.raises(CassetteMiss, match="没有录下这次大模型调用"):
        run_edge.run(app, used, DATASETS / "edge.json")
