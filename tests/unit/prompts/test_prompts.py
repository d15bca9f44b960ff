"""Prompts: strict, hashed, neutral towards data, and word for word what was agreed."""

from __future__ import annotations

import re
import shutil
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateNotFound, UndefinedError

import prompts
from prompts import estimate, hash_of, neutral, render, set_hash
from tests.unit.prompts.scenes import FOLDER, scenes

SCENES = scenes()
TEMPLATES = sorted(file.name.removesuffix(".jinja") for file in prompts.FOLDER.glob("*.jinja"))
LEVEL_WORDS = re.compile(
    r"[1-5一二三四五]\s*级|[1-5一二三四五]级|L[1-5]|(初始|发展|集成|优化|引领|规范|优秀|卓越)级|基础级"
)


@pytest.mark.parametrize("name", SCENES)
def test_each_prompt_renders_to_its_golden_text(name: str):
    assert SCENES[name] == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_there_is_no_golden_text_without_a_scene_and_no_template_without_a_golden_text():
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(SCENES)
    assert {
        t for t in TEMPLATES if not any(s.startswith(t.removesuffix(".system").removesuffix(".turn")) for s in SCENES)
    } == set()


@pytest.mark.parametrize("name", [name for name in TEMPLATES if "{{" in (prompts.FOLDER / f"{name}.jinja").read_text()])
def test_a_missing_variable_is_an_error(name: str):
    with pytest.raises(UndefinedError):
        render(name)


def test_an_unknown_prompt_is_an_error():
    with pytest.raises(TemplateNotFound):
        render("nothing")


def test_the_hash_follows_the_file_and_what_it_includes(tmp_path: Path):
    folders = [tmp_path / name for name in ("one", "same", "changed", "part")]
    for folder in folders:
        folder.mkdir()
        (folder / "a.jinja").write_text("你好{% include 'part.jinja' %}", encoding="utf-8")
        (folder / "part.jinja").write_text("。", encoding="utf-8")
    (folders[2] / "a.jinja").write_text("您好{% include 'part.jinja' %}", encoding="utf-8")
    (folders[3] / "part.jinja").write_text("！", encoding="utf-8")
    hashes = [render("a", folder=folder).hash for folder in folders]
    assert hashes[0] == hashes[1] == hash_of("a", folder=folders[0])
    assert len(set(hashes)) == 3
    assert all(re.fullmatch("[0-9a-f]{12}", value) for value in hashes)
    assert len({set_hash(folder=folder) for folder in folders}) == 3


def test_the_hash_does_not_depend_on_the_variables(tmp_path: Path):
    (tmp_path / "a.jinja").write_text("{{ x }}", encoding="utf-8")
    one, other = (render("a", folder=tmp_path, x=x) for x in ("甲", "乙"))
    assert one.hash == other.hash
    assert (one.text, other.text) == ("甲", "乙")


def test_the_set_hash_is_of_all_files(tmp_path: Path):
    same, changed = tmp_path / "same", tmp_path / "changed"
    for folder in (same, changed):
        shutil.copytree(prompts.FOLDER, folder)
    (changed / "repair.jinja").write_text("改。", encoding="utf-8")
    assert set_hash(folder=same) == set_hash()
    assert set_hash(folder=changed) != set_hash()


@given(st.text())
def test_neutral_text_has_no_marks_keeps_its_length_and_folds_back(text: str):
    made = neutral(text)
    assert not set("<>〔〕") & set(made)
    assert len(made) == len(text)
    assert unicodedata.normalize("NFKC", made) == unicodedata.normalize("NFKC", text)


@given(st.text(), st.text())
def test_the_estimate_is_on_the_safe_side(one: str, other: str):
    others = sum(not c.isascii() for c in one)
    assert estimate(one) * 3 >= len(one)
    assert others <= estimate(one) <= len(one)
    assert estimate(one + other) <= estimate(one) + estimate(other)


def test_the_estimate_of_known_texts():
    assert [estimate(t) for t in ("", "abc", "abcd", "设备", "设备abc")] == [0, 1, 2, 2, 3]


@pytest.mark.parametrize("name", ["phrase.system", "phrase.turn", "explain.system", "explain.turn"])
def test_prompts_that_speak_to_respondents_name_no_level(name: str):
    assert LEVEL_WORDS.search((prompts.FOLDER / f"{name}.jinja").read_text(encoding="utf-8")) is None


def test_prompts_have_no_trailing_blanks_and_no_runs_of_blank_lines():
    for name, text in SCENES.items():
        assert [line for line in text.splitlines() if line != line.rstrip()] == [], name
        assert "\n\n\n" not in text, name


def test_data_is_only_written_through_the_filter():
    """Words of a person, a plant or a model: every place where a template writes them."""
    said = re.compile(
        r"\{\{ (said\.text|said\.question|said(?!\.)|asked|line|role|question|unclear|answer|text|reason|fault)\b[^}]*\}\}"
    )
    for file in prompts.FOLDER.glob("*.turn.jinja"):
        for match in said.finditer(file.read_text(encoding="utf-8")):
            assert "| data" in match[0], (file.name, match[0])
