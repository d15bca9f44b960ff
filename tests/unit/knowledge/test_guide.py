"""The interview guide is complete, and its questions neither leak the standard nor lead."""

from __future__ import annotations

import re

import pytest

from knowledge.errors import KnowledgeError
from knowledge.guide import guide_chunks, load_guide
from knowledge.loader import SHIPPED, load_standard
from knowledge.talk import load_talk

STANDARD = load_standard()
GUIDE = load_guide(SHIPPED, STANDARD)
TALK = load_talk(SHIPPED, STANDARD)
REQUIREMENTS = [r for s in STANDARD.subitems.values() for r in s.requirements if r.level > 1]
LEAK = 9


def flat(text: str) -> str:
    return re.sub(r"[^\w]", "", text)


def shares_a_run(text: str, clause: str, length: int = LEAK) -> bool:
    one, other = flat(text), flat(clause)
    return any(one[i : i + length] in other for i in range(len(one) - length + 1))


@pytest.mark.parametrize("code", list(STANDARD.subitems))
def test_every_sub_item_has_its_questions_terms_records_and_mistakes(code: str):
    entry = GUIDE.subitems[code]
    for part in (entry.opening, entry.again, entry.roles, entry.terms, entry.records, entry.mistakes, entry.words):
        assert part
    assert not any(
        shares_a_run(q, c.text) for q in (entry.opening, entry.again) for c in STANDARD.subitems[code].clauses
    )


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda r: r.code)
def test_every_requirement_has_one_neutral_question_and_its_signs(requirement):
    entry = GUIDE.requirement(requirement.code)
    assert entry.probe.endswith("？")
    assert (entry.probe.count("？"), entry.follow.count("？")) == (1, 1)
    assert not shares_a_run(entry.probe, STANDARD.clauses[requirement.clause].text)
    assert (
        re.search(r"还是(?!在)|L[1-5]|[1-5一二三四五]级(?!联)|初始级|发展级|集成级|优化级|引领级", entry.probe) is None
    )
    for pattern in (*entry.signs, *entry.counter):
        assert re.compile(pattern).search("") is None
    assert entry.signs
    assert entry.counter


def test_no_two_requirements_share_a_question_but_those_on_one_rate():
    asked: dict[str, str] = {}
    for requirement in REQUIREMENTS:
        if requirement.rate is None:
            other = asked.setdefault(GUIDE.requirement(requirement.code).probe, requirement.code)
            assert other == requirement.code


def test_every_requirement_without_a_rate_has_exemplars_for_and_against():
    assert set(TALK) == {r.code for r in REQUIREMENTS if r.rate is None}
    for exemplars in TALK.values():
        assert min(len(exemplars.met), len(exemplars.unmet)) >= 4


def test_job_titles_find_their_roles():
    assert GUIDE.roles_of("设备主任") == {"设备管理"}
    assert GUIDE.roles_of("IT专员") == {"信息化"}
    assert GUIDE.roles_of("门卫") == frozenset()
    assert GUIDE.answerable("门卫") == frozenset(STANDARD.subitems)
    assert all(any(GUIDE.answerable(role) & {code} for role in GUIDE.roles) for code in STANDARD.subitems)


def test_the_guides_chunks_have_unique_ids():
    chunks = guide_chunks(GUIDE, STANDARD)
    assert len({c.id for c in chunks}) == len(chunks) == 3 * len(STANDARD.subitems)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("opening:", "openig:", 1), r"table-13\.yaml 中 13\.1 的这些字段"),
        (lambda text: text.replace("13.1-L2a#1:", "13.1-L2z#1:", 1), "缺少要点 13.1-L2a#1"),
        (lambda text: "'13.1': [", r"table-13\.yaml 读不出来"),
        (lambda text: text.replace("roles: [", "roles: [皇帝, ", 1), "角色“皇帝”不在 roles.yaml 中"),
    ],
)
def test_a_damaged_guide_is_a_clear_error(tmp_path, change, message: str):
    import shutil

    shutil.copytree(SHIPPED / "guide", tmp_path / "guide")
    file = tmp_path / "guide" / "table-13.yaml"
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=message):
        load_guide(tmp_path, STANDARD)
