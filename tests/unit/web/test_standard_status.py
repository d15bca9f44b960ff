"""The pages 标准 and 运行状态: their views, and that every page of them is there."""

from __future__ import annotations

import re

import pytest

from assistant.web.views.standard import found, policy_view, subitem_page
from assistant.web.views.status import Health, engine_line, index_line, licence_of
from knowledge.chunks import chunks
from knowledge.policy import DEFAULT_POLICY, load_policy, parse_policy
from knowledge.search import Hit
from tests.fakes import STANDARD
from tests.web_app import app_for, client, parts_at, with_staff


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    return client(app_for(parts_at(tmp_path_factory.mktemp("home"), actor="王敏")))


@pytest.mark.parametrize("code", STANDARD.subitems)
def test_a_sub_item_shows_all_its_clauses_side_by_side(code):
    seen = subitem_page(STANDARD, code)
    assert [column.level for column in seen.columns] == [1, 2, 3, 4, 5]
    assert tuple(clause for column in seen.columns for clause in column.clauses) == STANDARD.subitems[code].clauses
    assert (seen.columns[0].band, seen.columns[4].band) == ("[0, 20)", "[80, 100]")


def test_the_neighbours_go_through_the_standard_in_order():
    codes, seen = [], subitem_page(STANDARD, "1.1")
    assert seen.before is None
    while seen.after:
        codes.append(seen.after.code)
        seen = subitem_page(STANDARD, seen.after.code)
    assert ["1.1", *codes] == list(STANDARD.subitems)


@pytest.mark.parametrize(
    ("code", "defects"), [("1.2", [8]), ("2.1", [5, 8]), ("3.1", [6]), ("4.2", [5]), ("5.1", [4]), ("11.1", [10])]
)
def test_a_sub_item_names_the_defects_of_its_own_text(code, defects):
    assert [defect.number for defect in subitem_page(STANDARD, code).defects] == defects


def test_the_names_of_the_levels_are_those_of_the_table():
    assert [column.name for column in subitem_page(STANDARD, "5.2").columns][1:3] == ["基础级", "规范级"]


def test_a_hit_is_marked_and_leads_to_its_place():
    chunk = next(c for c in chunks(STANDARD) if c.code == "2.1-L3b")
    (seen,) = found(STANDARD, [Hit(chunk, 1.0, ((0, 4),))])
    assert (seen.kind, seen.level, seen.href) == ("条款", 3, "/standard/2.1#2.1-L3b")
    assert seen.pieces == ((chunk.text[:4], True), (chunk.text[4:], False))


def test_every_chunk_leads_to_a_place_that_is_there(browser):
    hrefs = {hit.href for hit in found(STANDARD, [Hit(c, 1.0, ()) for c in chunks(STANDARD)])}
    texts = {address: browser.get(address).text for address in {href.partition("#")[0] for href in hrefs}}
    missing = [h for h in hrefs for at, _, place in [h.partition("#")] if place and f'id="{place}"' not in texts[at]]
    assert missing == []


def test_the_policy_says_what_each_part_weighs():
    view = policy_view(load_policy(DEFAULT_POLICY, STANDARD), STANDARD)
    assert view.scores == ("10", "30", "50", "70", "90")
    assert [domain.percent for domain, _ in view.domains] == ["25.00%"] * 4
    assert view.domains[0][1][0].exact == "1/80"
    assert [s.code for s in view.rates] == ["1.1", "2.1", "3.1", "4.1", "4.2"]


def test_a_policy_of_the_floor_says_so():
    data = {"id": "f", "version": "1", "title": "下限", "standard": STANDARD.id, "place": "floor"}
    view = policy_view(parse_policy(data, STANDARD), STANDARD)
    assert (view.place, view.scores, view.rates) == ("等级分值带的下限", ("0", "20", "40", "60", "80"), ())


def test_the_overview_has_every_sub_item_defect_and_term(browser):
    text = browser.get("/standard").text
    assert re.findall(r'href="/standard/([\d.]+)"', text) == list(STANDARD.subitems)
    assert re.findall(r'id="defect-(\d+)"', text) == [str(d.number) for d in STANDARD.defects]
    assert all(term.definition in text for term in STANDARD.terms)


def test_a_search_marks_what_it_found_and_never_runs_what_was_asked(browser):
    text = browser.get("/standard", params={"q": "设备联网率", "level": "3"}).text
    assert "<mark>" in text
    assert set(re.findall(r"<strong>([^<]+)-L(\d)", text)) >= {("1.1", "3")}
    assert {level for _, level in re.findall(r"<strong>([^<]+)-L(\d)", text)} == {"3"}
    asked = "<script>alert(1)</script>设备"
    assert asked not in browser.get("/standard", params={"q": asked}).text


@pytest.mark.parametrize(
    ("params", "told"), [({"q": "？！"}, "没有可检索的文字"), ({"q": "设备", "domain": "没有的域"}, "没有能力域")]
)
def test_a_search_that_cannot_be_says_why(browser, params, told):
    response = browser.get("/standard", params=params)
    assert (response.status_code, told in response.text) == (400, True)


def test_an_unknown_sub_item_is_told(browser):
    response = browser.get("/standard/9.9")
    assert (response.status_code, "没有能力子项“9.9”" in response.text) == (404, True)


def test_the_status_names_engine_data_and_licences(browser, tmp_path_factory):
    text = browser.get("/status").text
    for told in ("规则引擎", "SQLite", "与原文逐字一致", "没有账号", "Apache-2.0", "gradio", "SQLAlchemy"):
        assert told in text
    assert "问题</span>" not in text


def test_the_status_speaks_of_accounts_and_keeps_a_databases_password(tmp_path):
    parts = parts_at(tmp_path, actor="王敏")
    assert "不用登录" in client(app_for(parts)).get("/status").text
    with_staff(parts)
    assert parts.four_eyes


@pytest.mark.parametrize(
    ("model", "problem", "waiting", "health", "told"),
    [
        ("", "", None, Health.GOOD, "不联网"),
        ("", "没有填 IIAM_LLM_MODEL。", None, Health.NOTICE, "没有填 IIAM_LLM_MODEL"),
        ("qwen", "", 0.0, Health.GOOD, "大模型 qwen（api.example）"),
        ("qwen", "", 29.6, Health.NOTICE, "约 30 秒后再试"),
    ],
)
def test_the_engine_in_use(model, problem, waiting, health, told):
    line = engine_line("rules/1", model, "api.example" if model else "", problem, waiting)
    assert (line.health, told in line.text) == (health, True)


def test_an_index_that_was_built_is_no_trouble_but_a_failing_endpoint_is():
    assert index_line("hash", False, ["已重建"]).health == Health.GOOD
    assert index_line("bge", True, ["连不上", "连不上"]).advice == "连不上"
    assert index_line("bge", True, ["连不上"]).health == Health.NOTICE


@pytest.mark.parametrize(
    ("fields", "classifiers", "licence"),
    [
        ({"License-Expression": "MIT"}, ["License :: OSI Approved :: BSD License"], "MIT"),
        ({"License": "x"}, ["License :: OSI Approved :: BSD License"], "BSD License"),
        ({"License": "Apache 2.0\nlong text"}, [], "Apache 2.0"),
        ({}, [], "见该库的说明"),
    ],
)
def test_the_terms_of_a_library(fields, classifiers, licence):
    assert licence_of(fields.get, classifiers) == licence
