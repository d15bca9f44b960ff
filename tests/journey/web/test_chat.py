"""Interviews in a real browser: an assessor's page, a respondent's page, reloads, restarts, two tabs, hostile text."""

from __future__ import annotations

import os

import pytest

from assistant.assessment.opening import Opening
from assistant.bootstrap import SystemClock
from assistant.review.shelf import put_away
from tests.chat_site import BOX, CHROMIUM, Site, begin, say, waiting

pytestmark = pytest.mark.skipif(not CHROMIUM.exists() and not os.environ.get("CI"), reason="no chromium here")
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    running = Site(tmp_path_factory.mktemp("home"))
    yield running
    running.stop()


@pytest.fixture
def name(site):
    return site.parts.open_assessment("山东齐河精密机械有限公司")


def link(site, name, who="王秀兰", position="信息化主管"):
    invitations = site.shared.invitations
    return f"{site.url}/talk/in/{invitations.token(name, invitations.make(name, who, position, 7, '张顾问'))}"


def test_a_few_turns(tab, site, name):
    page = tab()
    begin(page, site, name)
    assert page.title() == "访谈 · 工业互联网应用成熟度评估"
    say(page, "我们一共200台设备，联网的有140台。")
    assert page.locator(".c-said mark").all_inner_texts() == ["我们一共200台设备，联网的有140台"]
    assert "设备联网率 70%" in page.locator(".c-notes").first.inner_text()
    assert page.locator(BOX).input_value() == ""
    assert page.get_by_role("button", name="1.1 设备联网情况 进行中").get_attribute("aria-current") == "step"
    assert "估计还要问约" in page.locator(".c-progress").inner_text()
    assert site.answers(name) == ["我们一共200台设备，联网的有140台。"]


def test_a_reload_and_a_second_tab_come_back_to_the_same_place(tab, site, name):
    page = tab()
    begin(page, site, name)
    say(page, "大部分机器都联上了。")
    asked = waiting(page)
    page.locator(BOX).fill("还没发出去的话")
    page.wait_for_timeout(500)
    page.reload()
    page.locator(".c-now").wait_for()
    assert (waiting(page), page.locator("#c-name input").input_value()) == (asked, "李工")
    page.wait_for_function("() => document.querySelector('#c-box textarea').value === '还没发出去的话'")
    other = tab()
    other.goto(f"{site.url}/interview/?a={name}")
    other.locator(".c-now").wait_for()
    assert waiting(other) == asked
    say(other, "叉车没有联。")
    page.wait_for_function("said => document.querySelector('.c-log').textContent.includes(said)", arg="叉车没有联。")
    assert waiting(page) == waiting(other)
    assert page.locator(BOX).input_value() == "还没发出去的话"


def test_a_restart_in_the_middle_loses_nothing(tab, site, name):
    page = tab()
    begin(page, site, name)
    say(page, "大部分机器都联上了。")
    asked = waiting(page)
    page.locator(BOX).fill("重启前写好的话")
    page.wait_for_timeout(500)
    site.stop()
    site.start()
    page.goto(page.url)
    page.locator(".c-now").wait_for()
    assert waiting(page) == asked
    page.wait_for_function("() => document.querySelector('#c-box textarea').value === '重启前写好的话'")
    page.locator(BOX).press("Enter")
    page.wait_for_function("() => document.querySelectorAll('.c-said').length === 2")
    assert site.answers(name) == ["大部分机器都联上了。", "重启前写好的话"]


def test_an_open_tab_goes_on_after_a_restart(tab, site, name):
    page = tab()
    begin(page, site, name)
    site.stop()
    site.start()
    say(page, "机器都是单机的。")
    assert site.answers(name) == ["机器都是单机的。"]


def test_words_that_cannot_be_kept_stay_in_the_box(tab, site, name):
    page = tab()
    begin(page, site, name)
    page.locator(BOX).fill("   ")
    page.locator(BOX).press("Enter")
    page.get_by_role("alert").wait_for()
    assert "没有收到内容" in page.get_by_role("alert").inner_text()
    assert page.locator(BOX).input_value() == "   "


def test_enter_sends_and_shift_enter_does_not(tab, site, name):
    page = tab()
    begin(page, site, name)
    page.locator(BOX).focus()
    page.keyboard.type("第一行")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("第二行")
    page.keyboard.press("Enter")
    page.locator(".c-said").wait_for()
    assert site.answers(name) == ["第一行\n第二行"]


def test_without_a_mouse(tab, site, name):
    page = tab()
    page.goto(f"{site.url}/interview/?a={name}")
    page.locator(".c-log").wait_for()
    page.locator("#c-name input").focus()
    page.keyboard.type("赵厂长")
    page.keyboard.press("Enter")
    page.locator(".c-now").wait_for()
    reached = {}
    page.locator("#c-name input").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate(
            "() => { const e = document.activeElement; return [e.innerText || e.getAttribute('aria-label') || "
            "e.placeholder || '', getComputedStyle(e).outlineStyle] }"
        )
        reached[at[0].strip()] = at[1]
        if at[0].strip() == "发送":
            break
    for wanted in ("跳过", "不清楚", "不适用", "换个问法", "更正上一条", "转给…", "发送"):
        assert reached.get(wanted) == "solid", (wanted, reached)
    page.locator(BOX).focus()
    page.keyboard.type("都是单机。")
    page.keyboard.press("Enter")
    page.locator(".c-said").wait_for()
    page.get_by_role("button", name="跳过").focus()
    page.keyboard.press("Enter")
    page.get_by_text("好的，这个话题先放一放。").wait_for()
    page.get_by_role("button", name="2.1 设备数字化方面").focus()
    page.keyboard.press("Enter")
    page.locator("button[aria-current=step]", has_text="2.1").wait_for()


def test_correcting_objecting_and_passing_on(tab, site, name):
    page = tab()
    begin(page, site, name)
    say(page, "机器都联上了，两百台全联了。")
    page.get_by_role("button", name="更正上一条").click()
    page.get_by_text("正在更正这条回答").wait_for()
    assert page.locator(BOX).input_value() == "机器都联上了，两百台全联了。"
    page.get_by_role("button", name="不改了").click()
    page.wait_for_function("() => document.querySelector('#c-box textarea').value === ''")
    page.locator(".c-notes").get_by_role("button", name="更正").first.click()
    page.get_by_text("正在更正这条回答").wait_for()
    page.locator(BOX).fill("机器只联了三台。")
    page.get_by_role("button", name="发送").click()
    page.locator(".c-old").wait_for()
    assert site.answers(name) == ["机器都联上了，两百台全联了。", "机器只联了三台。"]
    page.get_by_role("button", name="转给…").click()
    page.locator("#c-to input").fill("王工")
    page.locator("#c-to input").press("Enter")
    page.get_by_role("button", name="转给他").click()
    page.get_by_text("好的，已转给王工。").wait_for()
    assert "转给王工" in page.locator(".c-tree").inner_text()


def test_a_planned_person_is_chosen_as_the_speaker_and_brings_the_position(tab, site):
    people = [("王师傅", "设备主任"), ("张会计", "财务经理")]
    name = site.parts.begin(Opening.of("山东齐河精密机械有限公司", people=people))
    page = tab()
    page.goto(f"{site.url}/interview/?a={name}")
    page.wait_for_function("() => document.querySelector('#c-name input')?.value")
    assert not site.parts.assessment(name).questions
    page.get_by_role("button", name="开始提问").click()
    page.locator(".c-now").wait_for()
    first = waiting(page)
    assert (page.locator("#c-name input").input_value(), page.locator("#c-role input").input_value()) == people[0]
    page.locator("#c-name input").fill("张会计（财务经理）")
    page.wait_for_function("asked => document.querySelector('.c-now .c-words').textContent !== asked", arg=first)
    assert (page.locator("#c-name input").input_value(), page.locator("#c-role input").input_value()) == people[1]
    assert len(site.parts.assessment(name).respondents) == 2


def test_commands_typed_in_the_chat_are_no_answers_and_a_finished_topic_is_not_left_for_a_third(tab, site, name):
    page = tab()
    begin(page, site, name)
    page.locator(BOX).fill("/更正")
    page.locator(BOX).press("Enter")
    page.get_by_text("还没有可以更正的回答。").wait_for()
    page.locator(BOX).fill("跳过")
    page.locator(BOX).press("Enter")
    page.get_by_text("已跳过：1.1 设备联网情况").wait_for()
    assert site.answers(name) == []
    assert "另有 1 个先放下" in page.locator(".c-progress").inner_text()
    say(page, "整个厂区都有网，和供应商没连。")
    say(page, "没有。")
    page.locator(BOX).fill("更正 有一家供应商连着。")
    page.locator(BOX).press("Enter")
    page.get_by_text("已更正，新的说法记在原来的回答下面。").wait_for()
    assert page.locator(".c-said .c-words").all_inner_texts()[-2:] == ["没有。", "有一家供应商连着。"]


def test_a_signed_or_shelved_interview_is_only_read(tab, site, name):
    page = tab()
    begin(page, site, name)
    put_away(site.parts.store, SystemClock(), name, "张顾问")
    page.reload()
    page.get_by_text("这份评估已归档，对话只能查看。").wait_for()
    for part in ("#c-who", "#c-buttons", "#c-line"):
        assert not page.locator(part).is_visible()


def test_an_assessor_on_a_phone_has_most_of_the_page_for_the_chat(tab, site, name):
    page = tab(**PHONE)
    begin(page, site, name)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator(".c-log").bounding_box()["height"] > 0.6 * 780
    assert not page.get_by_role("button", name="读入纪要或文件").is_visible()
    page.get_by_role("button", name="李工").tap()
    assert page.get_by_role("button", name="读入纪要或文件").is_visible()


def test_another_role_is_asked_its_own_topics(tab, site, name):
    page = tab()
    begin(page, site, name, "钱会计", "财务经理")
    theirs = page.locator(".c-tree nav > section li button").all_inner_texts()
    page.locator("#c-name input").fill("赵总")
    page.locator("#c-role input").fill("总顾问")
    page.locator("#c-role input").press("Enter")
    page.wait_for_function(
        "n => document.querySelectorAll('.c-tree nav > section li button').length > n", arg=len(theirs)
    )
    assert len(theirs) < 36 == page.locator(".c-tree nav > section li button").count()


def test_clauses_can_be_opened_beside_the_chat_and_stay_open(tab, site, name):
    page = tab()
    begin(page, site, name)
    text = site.parts.standard.clauses["1.1-L3"].text
    assert not page.get_by_text(text).is_visible()
    page.get_by_text("本话题的条款").click()
    assert page.get_by_text(text).is_visible()
    say(page, "大部分机器都联上了。")
    assert page.get_by_text(text).is_visible()


@pytest.mark.parametrize(
    "text",
    [
        "<script>document.title='x'</script><img src=http://example.invalid/a.png onerror=\"document.title='x'\">",
        "[点我](http://example.invalid) **粗** `码` ![图](http://example.invalid/b.png) {{7*7}} ${7*7}",
        "\u202eabc\u202d \u2066反着写\u2069 \u200f",
        "长" * 5000,
        "w" * 5000,
    ],
)
def test_hostile_words_are_shown_as_they_are(tab, site, name, text):
    page = tab()
    begin(page, site, name)
    say(page, text)
    assert page.locator(".c-said .c-words").first.inner_text() == text
    assert page.locator(".c-said").locator("script, img, a, strong, code").count() == 0
    assert page.title() == "访谈 · 工业互联网应用成熟度评估"
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    assert page.locator(".c-log").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_a_respondent_on_a_phone(tab, site, name):
    page = tab(**PHONE)
    page.goto(link(site, name))
    page.locator(".c-now").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    box, send = page.locator(BOX).bounding_box(), page.get_by_role("button", name="发送").bounding_box()
    assert box["y"] + box["height"] <= 780
    assert send["height"] >= 40
    assert page.locator(BOX).evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16
    page.locator(BOX).fill("主要用MES和ERP，两套打通了。")
    page.get_by_role("button", name="发送").tap()
    page.locator(".c-said").wait_for()
    shown = page.locator("body").inner_text()
    assert not [word for word in ("L1", "L2", "L3", "L4", "L5", "发展级", "集成级", "条款", "Gradio") if word in shown]
    page.reload()
    page.locator(".c-said").wait_for()
    assert site.answers(name) == ["主要用MES和ERP，两套打通了。"]
    assert [r.name for r in site.parts.assessment(name).respondents.values()] == ["王秀兰"]


def test_two_people_at_once_are_not_mixed_up(tab, site, name):
    led, linked = tab(), tab(**PHONE)
    begin(led, site, name)
    linked.goto(link(site, name))
    linked.locator(".c-now").wait_for()
    assert waiting(led) != waiting(linked)
    say(led, "机器大部分联上了。")
    say(linked, "数据每天导一次。")
    say(led, "叉车没有联。")
    state = site.parts.assessment(name)
    by = {
        a.text: (state.respondents[a.respondent].name, state.questions[a.question].line != "")
        for a in state.answers.values()
    }
    assert by == {
        "机器大部分联上了。": ("李工", False),
        "数据每天导一次。": ("王秀兰", True),
        "叉车没有联。": ("李工", False),
    }
    assert "机器大部分联上了。" not in linked.locator("body").inner_text()
    assert "王秀兰（信息化主管）在自己的页面上回答了 1 条" in led.locator(".c-log").inner_text()


def test_a_link_that_was_withdrawn_opens_nothing_and_says_so(tab, site, name):
    page = tab(**PHONE)
    page.goto(link(site, name))
    page.locator(".c-now").wait_for()
    (invitation,) = site.parts.assessment(name).invitations
    site.shared.invitations.revoke(name, invitation, "张顾问")
    page.locator(BOX).fill("还想说一句")
    page.get_by_text("登录或链接已失效").wait_for()
    assert page.locator(BOX).input_value() == "还想说一句"
    assert site.answers(name) == []


def test_minutes_are_read_in(tab, site, name, tmp_path):
    minutes = tmp_path / "纪要.txt"
    minutes.write_text("李工：我们一共200台设备，联网的有140台。\n李工：空压机也接了。\n", encoding="utf-8")
    page = tab()
    begin(page, site, name)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="读入纪要或文件").click()
    chooser.value.set_files(str(minutes))
    page.get_by_text("《纪要.txt》（访谈）：共 2 段").or_(page.get_by_text("《纪要.txt》")).first.wait_for()
    page.get_by_text("与评估有关").wait_for()
    assert [d.name for d in site.parts.assessment(name).documents.values()] == ["纪要.txt"]
