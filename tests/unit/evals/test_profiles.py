"""Profiles, their checker, and the simulated respondent."""

from __future__ import annotations

import json
import re

import pytest

from assistant.assessment.answer import Purpose, Question
from assistant.errors import InputError
from evals.profiles import DATASETS, load_edges, load_profile, placed
from evals.respondent import Respondent
from knowledge.loader import load_standard

STANDARD = load_standard()
PROFILES = sorted(DATASETS.glob("profile-*.json"))


@pytest.mark.parametrize("file", PROFILES, ids=lambda f: f.stem)
def test_shipped_profiles_are_sound_and_whole(file):
    profile = load_profile(file, STANDARD)
    assert list(profile.subitems) == list(STANDARD.subitems)
    assert all(e.level == placed(STANDARD, code, e.clauses) for code, e in profile.subitems.items())


def test_edge_cases_load():
    assert len(load_edges(DATASETS / "edge.json", STANDARD)) == 60


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("subitems", "1.1", "level"), 5, r"1\.1\.level：写的是 5，按 clauses 应为 3"),
        (("subitems", "1.1", "level"), 9, r"subitems\.1\.1\.level"),
        (("subitems", "1.1", "clauses", "1.1-L9"), "met", r"1\.1\.clauses：条款 1\.1-L9 不在标准中"),
        (("subitems", "1.1", "deciding"), ["没说过的"], r"1\.1\.deciding：“没说过的”不是 answer 中的一段"),
        (("subitems", "1.1", "metric"), 146, r"1\.1\.metric：146 不在 0 到 100 之间"),
        (("subitems", "1.1", "answer"), "", r"subitems\.1\.1\.answer"),
        (("subitems", "9.9"), {}, r"subitems\.9\.9"),
        (("unknown",), 1, "unknown"),
    ],
)
def test_a_faulty_profile_names_file_code_and_field(tmp_path, path, value, message):
    data = json.loads((DATASETS / "profile-condiments.json").read_text())
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(data))
    with pytest.raises(InputError, match=r"mine\.json：.*" + message):
        load_profile(file, STANDARD)


def test_a_missing_file_is_a_clear_error(tmp_path):
    with pytest.raises(InputError, match="文件打不开"):
        load_profile(tmp_path / "nothing.json", STANDARD)


def question(subitem: str, requirement: str | None, purpose: Purpose = Purpose.PROBE) -> Question:
    return Question(seq=1, subitem=subitem, requirement=requirement, purpose=purpose, text="？")


def test_a_respondent_opens_as_told_and_never_names_a_level_or_a_code():
    profile = load_profile(DATASETS / "profile-condiments.json", STANDARD)
    vague = Respondent(profile, STANDARD, 1, "vague")
    assert vague.reply(question("1.1", None, Purpose.OPENING)) == profile.subitems["1.1"].vague
    assert (
        Respondent(profile, STANDARD, 1, "answer").reply(question("1.1", None, Purpose.OPENING))
        == profile.subitems["1.1"].answer
    )
    said = [vague.reply(question(r.subitem, r.code)) for r in STANDARD.requirements.values() if r.level > 1]
    assert [t for t in said if re.search(r"L[1-5]\b|\d+\.\d+-L", t)] == []
    again = Respondent(profile, STANDARD, 1, "vague")
    again.reply(question("1.1", None, Purpose.OPENING))
    assert said == [again.reply(question(r.subitem, r.code)) for r in STANDARD.requirements.values() if r.level > 1]
