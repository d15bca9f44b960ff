"""Minutes of real-looking interviews: what the issue asks of the rules engine, and the same words in a Word file."""

from __future__ import annotations

import pytest

from assistant.bootstrap import App
from assistant.documents.parse import parse
from assistant.settings import Settings
from evals.performance.samples import docx
from evals.profiles import DATASETS
from evals.run_minutes import SETS, load_key, run


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> App:
    return App(Settings(home=tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def router(app):
    return app.router(lambda line: None)


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_minutes_are_read_with_precision_and_spare_questions(app, router, path):
    found = run(app, app.engine, path, router)
    assert found["verdict_precision"] >= 0.9
    assert found["quotes_at_their_place"] == 1.0
    assert found["settled"] >= 0.5
    assert found["exact"] == 1.0
    assert found["questions_after"] < found["questions_from_nothing"] / 2


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_a_key_speaks_of_every_place_and_of_nothing_else(app, path):
    key = load_key(path)
    file = DATASETS / key.file
    places = [s.place for s in parse(file.read_bytes(), file.suffix).statements]
    assert places == list(key.places)
    assert {code for codes in key.places.values() for code in codes} <= set(app.standard.subitems)


def test_the_minutes_as_a_word_file_say_the_same():
    lines = (DATASETS / "minutes-finechem.txt").read_text(encoding="utf-8").splitlines()
    plain = parse("\n".join(lines).encode(), ".txt").statements
    word = parse(docx(lines), ".docx").statements
    assert [(s.place, s.speaker, s.text) for s in word] == [(s.place, s.speaker, s.text) for s in plain]
