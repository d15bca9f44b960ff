"""From an empty list to a signed example result in a real browser, asking nobody outside; and on a phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.bootstrap import App
from tests.chat_site import CHROMIUM, Site

pytestmark = pytest.mark.skipif(not CHROMIUM.exists() and not os.environ.get("CI"), reason="no chromium here")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Site]:
    """The pages over a data folder of their own, served."""
    made = Site(tmp_path, chats=False, actor="周敏")
    yield made
    made.stop()


@pytest.fixture
def parts(running: Site) -> App:
    return running.parts


@pytest.fixture
def site(running: Site) -> str:
    return running.url


def test_from_nothing_to_a_signed_example(site: str, parts: App, browser: Any) -> None:
    page = browser.new_page()
    asked: list[str] = []
    troubles: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)

    page.goto(site)
    page.get_by_role("button", name="载入示例看看").click()
    page.get_by_text("已载入示例").wait_for()
    page.wait_for_load_state()
    name = "example-1"
    before = parts.store.read(name)

    page.select_option('select[name="w1.1"]', "5")
    page.get_by_text("1.1 L3→L5").wait_for()
    page.select_option('select[name="t6.3"]', "5")
    page.locator("#roadmap li").first.get_by_text("＋4.00").wait_for()
    assert page.url.endswith("?w1.1=5&t6.3=5#roadmap")
    page.reload()
    page.get_by_text("1.1 L3→L5").wait_for()
    assert parts.store.read(name) == before

    for code in page.locator("#signoff li").first.locator("a").all_inner_texts():
        page.goto(f"{site}/a/{name}/review/{code}")
        change = page.locator("form[action$='/change']")
        change.evaluate("form => form.closest('details') && (form.closest('details').open = true)")
        change.locator('input[name="level"][value="2"]').check()
        change.locator('[name="reason"]').fill("现场查看过台账")
        change.locator('button[type="submit"]').click()
        page.get_by_text(f"{code} 已定为 L2").wait_for()

    page.goto(f"{site}/a/{name}/result#signoff")
    page.get_by_label("已看过以上提醒").check()
    page.get_by_role("button", name="签发", exact=True).click()
    page.get_by_text("记录已封存").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")

    page.goto(site)
    page.get_by_text("最终").wait_for()
    page.get_by_role("button", name="归档").click()
    page.get_by_text("已归档，可在").wait_for()
    assert parts.assessment(name).archived
    assert troubles == []
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []


def test_a_new_assessment_on_a_phone(site: str, parts: App, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    parts.load_example()
    for path in ("/", "/new", "/a/example-1/result"):
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto(f"{site}/new")
    page.get_by_label("企业名称").fill("济南某齿轮厂")
    page.get_by_label("统一社会信用代码").fill("91370200163562682G")
    for _ in range(4):
        page.get_by_role("button", name="再加一位").click()
    page.get_by_label("第 8 位的姓名").fill("王工")
    page.get_by_label("第 8 位的岗位").fill("设备主任")
    page.get_by_role("button", name="建立并开始访谈").click()
    page.get_by_role("alert").get_by_text("校验位不对").wait_for()
    assert page.get_by_label("第 1 位的姓名").input_value() == "王工"
    page.get_by_label("统一社会信用代码").fill("91370200163562681G")
    page.get_by_role("button", name="建立并开始访谈").click()
    page.wait_for_url("**/interview**")
    (name,) = (one for one in parts.store.assessments() if one != "example-1")
    state = parts.assessment(name)
    assert (state.opened.enterprise, [p.name for p in state.respondents.values()]) == ("济南某齿轮厂", ["王工"])
