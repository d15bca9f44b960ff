"""A reviewer at work in a real browser, without a mouse."""

from __future__ import annotations

import os

import pytest

from tests.chat_site import CHROMIUM, Site

pytestmark = pytest.mark.skipif(not CHROMIUM.exists() and not os.environ.get("CI"), reason="no chromium here")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    made = Site(tmp_path_factory.mktemp("home"), chats=False, actor="陈卫东")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def parts(running):
    return running.parts


@pytest.fixture(scope="module")
def site(running):
    return running.url


@pytest.fixture
def page(browser, site):
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.troubles, page.asked = [], []
    page.on("console", lambda message: page.troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    assert [url for url in page.asked if not url.startswith((site, "data:"))] == []
    context.close()


@pytest.fixture
def name(parts):
    name = parts.load_example()
    review = parts.review(name)
    for code in ("2.1", "4.3", "4.4"):
        review.withdraw(code)
    return name


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def focused(page) -> str:
    return page.evaluate("document.activeElement.innerText || document.activeElement.name || ''").strip()


def leads(page, key: str, where: str):
    """A key that opens another page."""
    with page.expect_navigation(url=where):
        press(page, key)


def test_an_afternoon_of_review_without_a_mouse(page, parts, name):
    base = f"/a/{name}/review"
    page.goto(base)
    leads(page, "n", f"**{base}/2.1")
    press(page, "c")
    assert focused(page) == "确认为 L2 发展级"
    leads(page, "Enter", f"**{base}/2.1?notice=*")
    assert parts.assessment(name).decisions["2.1"].level == 2
    assert focused(page) == "下一个待复核 4.3"

    leads(page, "Enter", f"**{base}/4.3")
    press(page, "e")
    assert focused(page) == "level"
    press(page, "ArrowRight", "Tab")
    page.keyboard.type("n 现场看过，比说的好")  # letters in a field are letters
    press(page, "Tab")
    page.keyboard.type("25")
    press(page, "Tab")
    leads(page, "Enter", f"**{base}/4.3?notice=*")
    decision = parts.assessment(name).decisions["4.3"]
    assert (decision.level, str(decision.score), decision.reason) == (2, "25", "n 现场看过，比说的好")

    leads(page, "n", f"**{base}/4.4")
    press(page, "r")
    page.keyboard.type("决策到底靠什么数据？")
    press(page, "Tab")
    leads(page, "Enter", f"**{base}/4.4?notice=*")
    assert parts.assessment(name).returned["4.4"].question == "决策到底靠什么数据？"

    leads(page, "k", f"**{base}/4.3")
    leads(page, "u", f"**{base}")
    assert "已复核 33/36，已退回 1" in page.locator(".progress").inner_text()
    assert page.troubles == []


def test_rows_are_walked_chosen_and_confirmed_together(page, parts, name):
    base = f"/a/{name}/review"
    page.goto(f"{base}?state=待复核")
    press(page, "j", "j", "k", "j")
    assert focused(page) == "分析功能"
    press(page, "x", "j", "x")
    assert page.locator("[data-chosen]").inner_text() == "已选 2 项"
    press(page, "x")
    page.get_by_role("button", name="确认所选").focus()
    leads(page, "Enter", f"**{base}?state=*&notice=*")
    state = parts.assessment(name)
    assert ("4.3" in state.decisions, "4.4" in state.decisions) == (True, False)
    press(page, "j")
    leads(page, "Enter", f"**{base}/2.1?state=*")
    assert page.troubles == []


def test_the_later_of_two_reviewers_sees_what_changed_with_their_words_kept(page, parts, name):
    page.goto(f"/a/{name}/review/2.1")
    press(page, "e", "Space", "Tab")
    page.keyboard.type("我认为不够")
    parts.review(name, "李工").decide("2.1", 3, "看过台账")
    press(page, "Tab", "Tab")
    leads(page, "Enter", "**/2.1/change")
    alert = page.get_by_role("alert").inner_text()
    assert "李工" in alert
    assert "从“未复核”改为“L3”" in alert
    assert page.get_by_label("理由（必填）", exact=True).input_value() == "我认为不够"
    assert parts.assessment(name).decisions["2.1"].level == 3


def test_a_quote_leads_to_its_place_and_everything_fits_a_phone(page, name):
    page.set_viewport_size({"width": 390, "height": 800})
    for address in (f"/a/{name}/review", f"/a/{name}/review/2.1", f"/a/{name}/review/5.3", f"/a/{name}/transcript"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.goto(f"/a/{name}/review/2.1")
    link = page.get_by_role("link", name="看前后文").first
    link.focus()
    leads(page, "Enter", "**/transcript#answer-*")
    assert page.locator(":target").bounding_box()["y"] < 800
    assert page.troubles == []
