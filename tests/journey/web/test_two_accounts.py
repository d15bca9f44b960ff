"""People with accounts at work on one assessment at the same time, each in a browser of their own."""

from __future__ import annotations

import os
import re

import pytest

from assistant.accounts.model import Role
from tests.chat_site import CHROMIUM, Site, begin, say, waiting

pytestmark = pytest.mark.skipif(not CHROMIUM.exists() and not os.environ.get("CI"), reason="no chromium here")
PASSWORD = "海上生明月，天涯共此时"
ZHAO, QIAN, SUN = "赵敏", "钱伟", "孙丽"
CODE, QUESTION = "1.1", "台账上的联网设备，现场数过吗？"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    running = Site(tmp_path_factory.mktemp("home"))
    for name, role in ((ZHAO, Role.ASSESSOR), (QIAN, Role.REVIEWER), (SUN, Role.ADMIN)):
        running.parts.accounts.add(name, role, PASSWORD)
    yield running
    running.stop()


@pytest.fixture
def come_in(tab, site):
    """A browser of one's own, signed in, at an address."""

    def sign_in(name: str, path: str):
        page = tab()
        page.goto(site.url + path)
        page.get_by_label("姓名").fill(name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_label("密码").press("Enter")
        page.wait_for_url(f"{site.url}{path}")
        return page

    return sign_in


@pytest.fixture
def name(site):
    """The example, with everything decided but one sub-item, which is sent back with a question."""
    name = site.parts.load_example()
    review = site.parts.review(name, QIAN)
    for code in site.parts.standard.subitems:
        if code not in review.state.decisions:
            review.decide(code, 2, "现场看过台账")
    review.send_back(CODE, QUESTION)
    return name


def change(page, level: int, reason: str) -> None:
    """Fill in a decision for another level."""
    form = page.locator("form[action$='/change']")
    form.evaluate("form => { form.closest('details').open = true }")
    form.locator(f'input[name="level"][value="{level}"]').check()
    form.locator('[name="reason"]').fill(reason)


def decide(page) -> None:
    page.get_by_role("button", name="按此定级").click()


def test_interview_and_review_at_once_two_decide_and_another_signs(come_in, tab, site, name):
    base = f"/a/{name}"
    qian = come_in(QIAN, f"{base}/review/{CODE}")
    qian.get_by_text(f"已退回补问，等待回答：“{QUESTION}”").wait_for()

    zhao = come_in(ZHAO, base + "/review")
    begin(zhao, site, name, "周长河", "设备主任")
    assert QUESTION in waiting(zhao)
    say(zhao, "上个月现场数过，二百一十二台里联了九十八台。")
    assert site.parts.assessment(name).tail.actor == ZHAO

    change(qian, 3, "现场数过，取九十八台")
    sun = come_in(SUN, f"{base}/review/{CODE}")
    sun.get_by_text("九十八台").first.wait_for()
    change(sun, 2, "运输设备没有联")
    decide(sun)
    sun.get_by_text(f"{CODE} 已定为 L2").wait_for()
    decide(qian)
    told = qian.get_by_role("alert")
    told.get_by_text("您查看之后，这一项有了变化，您的这一步没有执行").wait_for()
    assert re.search(f"{SUN} 于 .+ 把复核决定从“未复核”改为“L2”", told.inner_text())
    assert site.parts.assessment(name).decisions[CODE].level == 2
    assert qian.locator("[name=reason]").first.input_value() == "现场数过，取九十八台"
    decide(qian)
    qian.get_by_text(f"{CODE} 已定为 L3").wait_for()

    zhao.goto(f"{site.url}{base}/result")
    zhao.get_by_text("签发由复核人进行").wait_for()
    sun.goto(f"{site.url}/users")
    sun.get_by_label(f"{ZHAO}：更改").click()
    sun.get_by_label(f"{ZHAO}的角色").select_option("reviewer")
    sun.get_by_role("button", name="换角色").locator("visible=true").click()
    sun.get_by_text(f"“{ZHAO}”现在是复核人").wait_for()
    zhao.reload()
    zhao.get_by_text("按四眼原则不能签发").wait_for()
    assert zhao.get_by_role("button", name="签发", exact=True).count() == 0

    qian.goto(f"{site.url}{base}/result")
    qian.get_by_label("已看过以上提醒").check()
    qian.get_by_role("button", name="签发", exact=True).click()
    qian.get_by_text("记录已封存").wait_for()
    assert site.parts.assessment(name).signed.reviewer == QIAN

    qian.get_by_role("button", name="退出").click()
    qian.wait_for_url("**/login")
    qian.goto(f"{site.url}{base}/result")
    assert qian.url.startswith(f"{site.url}/login?next=")


def test_a_respondents_link_opens_the_chat_and_nothing_else(tab, site):
    name = site.parts.open_assessment("山东齐河精密机械有限公司")
    invitations = site.shared.invitations
    made = invitations.make(name, "王秀兰", "信息化主管", 7, ZHAO)
    page = tab()
    page.goto(f"{site.url}/talk/in/{invitations.token(name, made)}")
    page.locator(".c-now").wait_for()
    say(page, "财务和仓库各用各的系统。")
    assert site.answers(name) == ["财务和仓库各用各的系统。"]
    for path in ("/", "/users", f"/a/{name}/review", f"/a/{name}/result", f"/interview/?a={name}"):
        page.goto(site.url + path)
        assert page.url.startswith(f"{site.url}/login?next="), path
    invitations.revoke(name, made, ZHAO)
    page.goto(f"{site.url}/talk/")
    page.get_by_role("alert").get_by_text("请用诊断顾问发给您的链接进入").wait_for()
