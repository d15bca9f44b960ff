"""How much a request may carry."""

from __future__ import annotations

import pytest

from assistant.documents.limits import FILE_LIMIT, MEGABYTE
from assistant.web.limit import limit_of
from tests.web_app import app_for, client, parts_at

FORM = {"content-type": "application/x-www-form-urlencoded"}
BIG = b"enterprise=" + b"a" * MEGABYTE


@pytest.fixture
def browser(tmp_path):
    return client(app_for(parts_at(tmp_path, actor="周敏")))


def pieces(content: bytes):
    """A body of no announced length."""
    for start in range(0, len(content), 65536):
        yield content[start : start + 65536]


@pytest.mark.parametrize("body", [BIG, pieces(BIG)], ids=["announced", "in pieces"])
def test_a_form_that_is_too_large_is_refused_with_a_page(browser, body):
    response = browser.post("/new", content=body, headers=FORM)
    assert (response.status_code, "提交的内容太大，没有保存：这里一次最多 1 MB" in response.text) == (413, True)
    assert "回到评估列表" in response.text
    assert browser.app.state.parts.store.assessments() == []


@pytest.mark.parametrize("body", [BIG, pieces(BIG)], ids=["announced", "in pieces"])
def test_a_script_is_told_in_json(browser, body):
    response = browser.post("/new", content=body, headers=FORM | {"accept": "application/json"})
    assert (response.status_code, "最多 1 MB" in response.json()["told"]) == (413, True)


def test_a_form_that_fits_is_taken(browser):
    response = browser.post("/new", content=BIG[: MEGABYTE - 10], headers=FORM)
    assert (response.status_code, "企业名称" in response.text) == (400, True)


def test_nobody_is_sent_to_the_door_before_anything_is_read(tmp_path):
    assert client(app_for(parts_at(tmp_path))).post("/new", content=BIG, headers=FORM).status_code == 401


def test_a_file_to_import_may_be_larger_than_a_form(browser):
    response = browser.post("/import", files={"file": ("x.jsonl", b"x" * 3 * MEGABYTE)})
    assert (response.status_code, "不是评估记录" in response.text) == (400, True)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/interview/gradio_api/upload", FILE_LIMIT + MEGABYTE),
        ("/talk/gradio_api/upload", FILE_LIMIT + MEGABYTE),
        ("/import", 2 * FILE_LIMIT),
        ("/interview/gradio_api/queue/join", 4 * MEGABYTE),
        ("/a/1/gradio_api/upload", MEGABYTE),
        ("/login", MEGABYTE),
    ],
)
def test_each_address_has_its_limit(path, limit):
    assert limit_of(path) == limit
