"""The review pages over HTTP: what each step does, who may take it, and what the later of two is told."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from assistant.assessment.justification import Section
from assistant.bootstrap import App
from assistant.review.flags import Flag
from assistant.settings import Settings
from assistant.web.server import create

AT = "http://127.0.0.1"


class Forms(HTMLParser):
    """The ids, input values and texts of a page, as a browser would have them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.text = ""
        self._area = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "input" and "name" in given:
            self.values.setdefault(given["name"], []).append(given.get("value", ""))
        self._area = given.get("name", "") if tag == "textarea" else ""
        if self._area:
            self.values.setdefault(self._area, []).append("")

    def handle_endtag(self, tag):
        self._area = ""

    def handle_data(self, data):
        self.text += data
        if self._area:
            self.values[self._area][-1] += data


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    return App(Settings(home=tmp_path_factory.mktemp("home"), actor="陈卫东"))


@pytest.fixture
def name(parts):
    name = parts.load_example()
    review = parts.review(name)
    for code in ("2.1", "4.3", "4.4", "1.2"):
        review.withdraw(code)
    return name


@pytest.fixture(scope="module")
def client(parts):
    return TestClient(create(parts, chats=False), base_url=AT)


def shown(response) -> Forms:
    return Forms(response.text)


def post(client, address, **fields):
    return client.post(address, data=fields, follow_redirects=False)


def tail(parts, name):
    return parts.assessment(name).tail.seq


def test_the_table_has_all_sub_items_and_boxes_only_where_nothing_is_flagged(client, parts, name):
    page = client.get(f"/a/{name}/review")
    assert len(re.findall("data-row", page.text)) == 36
    assert shown(page).values["code"] == ["4.3", "4.4"]
    assert f"已复核 {len(parts.assessment(name).decisions)}/36" in shown(page).text


def test_filters_and_order_come_with_the_address_and_go_along(client, name):
    page = client.get(f"/a/{name}/review", params={"state": "待复核", "sort": "level", "down": "1"})
    rows = re.findall(r'data-row href="/a/[^/]+/review/([\d.]+)([^"]*)"', page.text)
    assert [code for code, _ in rows] == ["1.2", "2.1", "13.1", "4.3", "4.4", "5.3"]
    assert {query for _, query in rows} == {"?state=%E5%BE%85%E5%A4%8D%E6%A0%B8&amp;sort=level&amp;down=1"}


def test_the_proposed_level_comes_after_the_evidence(client, name):
    html = client.get(f"/a/{name}/review/2.1").text
    order = [html.index(f'id="{part}"') for part in ("clauses", "quotes", "gap", "proposal", "decide")]
    assert order == sorted(order)
    before = Forms(html[: html.index('id="proposal"')]).text
    assert "建议等级" not in before.replace("没有建议等级", "")


def test_confirming(client, parts, name):
    response = post(client, f"/a/{name}/review/2.1/confirm", seen=tail(parts, name), query="?sort=level")
    assert response.headers["location"].startswith(f"/a/{name}/review/2.1?sort=level&notice=")
    assert parts.assessment(name).decisions["2.1"].level == 2
    assert parts.assessment(name).decided["2.1"].actor == "陈卫东"


def test_changing_takes_a_reason_and_a_score_inside_the_band(client, parts, name):
    address, seen = f"/a/{name}/review/2.1/change", tail(parts, name)
    for fields, told in (
        ({"level": "3"}, "必须写明理由"),
        ({"reason": "现场看过"}, "请选择要改为的等级"),
        ({"level": "3", "reason": "现场看过", "score": "70"}, "不在 L3 的分数段"),
        ({"level": "3", "reason": "现场看过", "score": "六十"}, "得分“六十”不是数字"),
    ):
        response = post(client, address, seen=seen, **fields)
        assert response.status_code == 400
        assert told in shown(response).text
        assert shown(response).values["reason"][0] == fields.get("reason", "")
    post(client, address, seen=seen, level="3", reason="现场看过", score="45.5")
    decision = parts.assessment(name).decisions["2.1"]
    assert (decision.level, str(decision.score), decision.reason) == (3, "45.5", "现场看过")


def test_not_applicable_takes_a_reason(client, parts, name):
    address, seen = f"/a/{name}/review/2.1/not-applicable", tail(parts, name)
    assert "必须写明理由" in shown(post(client, address, seen=seen, reason=" ")).text
    post(client, address, seen=seen, reason="没有这类设备")
    assert parts.assessment(name).decisions["2.1"].not_applicable


def test_withdrawing(client, parts, name):
    post(client, f"/a/{name}/review/1.1/withdraw", seen=tail(parts, name))
    assert "1.1" not in parts.assessment(name).decisions


def test_sending_back_puts_the_question_at_the_top_of_the_agenda(client, parts, name):
    response = post(client, f"/a/{name}/review/1.1/send-back", seen=tail(parts, name), question="老线<b>联</b>了吗？")
    assert response.status_code == 303
    page = client.get(f"/a/{name}/review/1.1").text
    assert "老线&lt;b&gt;联&lt;/b&gt;了吗？" in page
    state = parts.assessment(name)
    assert (list(state.returned), "1.1" in state.decisions) == (["1.1"], False)
    talk = parts.interview(name)
    talk.speak_as("周长河", "设备主任")
    assert talk.question().text == "老线<b>联</b>了吗？"


def test_the_later_of_two_is_told_what_changed_and_keeps_what_was_typed(client, parts, name):
    seen = tail(parts, name)
    parts.review(name, "李工").decide("2.1", 3, "看过台账")
    response = post(client, f"/a/{name}/review/2.1/change", seen=seen, level="1", reason="我认为不够", score="15")
    assert response.status_code == 409
    page = shown(response)
    assert re.search("李工 于 .* 把复核决定从“未复核”改为“L3”", page.text)
    assert (page.values["reason"][0], page.values["score"]) == ("我认为不够", ["15"])
    assert re.search(r'name="level" value="1" required checked', response.text)
    assert parts.assessment(name).decisions["2.1"].level == 3
    now = page.values["seen"][0]
    post(client, f"/a/{name}/review/2.1/change", seen=now, level="1", reason="我认为不够", score="15")
    assert parts.assessment(name).decisions["2.1"].level == 1


@pytest.mark.parametrize("step", ["confirm", "send-back", "not-applicable", "withdraw"])
def test_every_step_of_the_later_one_is_held(client, parts, name, step):
    seen = tail(parts, name)
    parts.review(name, "李工").decide("2.1", 3, "看过台账")
    before = tail(parts, name)
    response = post(client, f"/a/{name}/review/2.1/{step}", seen=seen, question="真的？", reason="没有")
    assert (response.status_code, tail(parts, name)) == (409, before)
    assert "李工" in shown(response).text


def test_several_are_confirmed_and_the_server_looks_again(client, parts, name):
    seen = tail(parts, name)
    parts.review(name, "李工").decide("4.4", 2, "看过系统")
    response = post(client, f"/a/{name}/review/confirm", seen=seen, code=["4.3", "4.4", "1.2", "9.9"])
    page = client.get(response.headers["location"])
    assert "已确认 1 项：4.3。没有确认 4.4：已经复核过。" in shown(page).text
    assert f"没有确认 1.2：有标记：{Flag.TALK_ONLY}。" in shown(page).text
    assert "1.2" not in parts.assessment(name).decisions
    assert (
        "没有勾选" in shown(client.get(post(client, f"/a/{name}/review/confirm", seen=seen).headers["location"])).text
    )


def test_a_justification_is_drafted_rewritten_and_marked_when_out_of_date(client, parts, name):
    post(client, f"/a/{name}/review/2.1/draft")
    page = shown(client.get(f"/a/{name}/review/2.1"))
    texts = {key: page.values[key][0] for key in ("basis", "shortfall", "materials", "advice")}
    address = f"/a/{name}/review/2.1/justification"
    assert post(client, address, seen=page.values["seen"][0], **texts | {"advice": "先补传感器。"}).status_code == 303
    html = client.get(f"/a/{name}/review/2.1").text
    assert (html.count("已改写"), "先补传感器。" in html, "请核对</span>" in html) == (1, True, False)
    parts.review(name).decide("2.1", 3, "现场看过")
    assert client.get(f"/a/{name}/review/2.1").text.count("写成之后等级或依据有变") == 4


def test_a_justification_of_the_later_one_keeps_typed_parts_and_renews_the_others(client, parts, name):
    desk = parts.justifications(name, "李工")
    desk.draft("2.1")
    page = shown(client.get(f"/a/{name}/review/2.1"))
    texts = {key: page.values[key][0] for key in ("basis", "shortfall", "materials", "advice")}
    desk.edit("2.1", Section.BASIS, "李工写的依据")
    response = post(
        client,
        f"/a/{name}/review/2.1/justification",
        seen=page.values["seen"][0],
        **texts | {"advice": "我写的建议"},
    )
    assert response.status_code == 409
    values = shown(response).values
    assert (values["basis"], values["advice"]) == (["李工写的依据"], ["我写的建议"])


def test_a_signed_assessment_offers_no_step(client, parts, name):
    review = parts.review(name)
    for code in parts.standard.subitems:
        review.decide(code, 2, "现场看过")
    review.sign_off(parts.policy, "陈卫东", accept=True)
    html = client.get(f"/a/{name}/review/2.1").text
    assert "已由 陈卫东 签发" in html
    assert 'method="post"' not in html
    response = post(client, f"/a/{name}/review/2.1/withdraw", seen=tail(parts, name))
    assert response.status_code == 400


def test_answers_are_never_html(client, parts, name):
    talk = parts.interview(name)
    talk.speak_as("<i>周</i>", "设备主任")
    talk.object_to("2.1", "<script>alert(1)</script> 二百台里有一百八十台能自己出数 [点我](http://x)")
    for address in (f"/a/{name}/transcript", f"/a/{name}/review/2.1"):
        html = client.get(address).text
        assert "<script>alert" not in html
        assert "<i>周" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in client.get(f"/a/{name}/transcript").text.replace("<mark>", "")


def test_a_quote_leads_to_its_place_in_the_transcript(client, name):
    html = client.get(f"/a/{name}/review/2.1").text
    places = set(re.findall(rf'href="/a/{name}/transcript#(answer-\d+)"', html))
    assert places
    ids = set(re.findall(r'id="(answer-\d+)"', client.get(f"/a/{name}/transcript").text))
    assert places <= ids


@pytest.mark.parametrize(
    ("address", "status"), [("/a/none/review", 404), ("/a/none/transcript", 404), ("/a/{}/review/9.9", 404)]
)
def test_what_is_not_there(client, name, address, status):
    assert client.get(address.format(name)).status_code == status


def test_a_form_without_its_number_or_from_elsewhere_is_refused(client, parts, name):
    before = tail(parts, name)
    assert post(client, f"/a/{name}/review/2.1/confirm").status_code == 422
    assert post(client, f"/a/{name}/review/2.1/confirm", seen=99999).status_code == 404
    foreign = client.post(
        f"/a/{name}/review/2.1/confirm", data={"seen": before}, headers={"origin": "http://elsewhere.example"}
    )
    assert (foreign.status_code, tail(parts, name)) == (403, before)


def test_a_page_with_quotes_does_not_say_that_there_are_none(client, parts):
    page = client.get(f"/a/{parts.load_example()}/review/5.3").text
    assert 'id="quote-1"' in page
    assert "证据还不足以建议等级" in page
    assert "没有任何原话支撑" not in page


def test_a_justification_out_of_date_is_drafted_anew_in_one_step(client, parts, name):
    address = f"/a/{name}/review/2.1"
    post(client, f"{address}/draft")
    parts.justifications(name).edit("2.1", Section.ADVICE, "先补传感器。")
    parts.review(name).decide("2.1", 3, "现场看过")
    html = client.get(address).text
    assert (html.count("写成之后等级或依据有变"), "重新起草</button>" in html) == (4, True)
    done = post(client, f"{address}/draft")
    assert done.headers["location"].endswith("&at=justification")
    html = client.get(done.headers["location"]).text
    assert "已起草，请核对。改写过的改进建议保留原文。" in html
    assert (html.count("写成之后等级或依据有变"), "先补传感器。" in html) == (1, True)
    texts = {key: shown(client.get(address)).values[key][0] for key in ("basis", "shortfall", "materials", "advice")}
    post(client, f"{address}/justification", seen=tail(parts, name), checked="yes", **texts)
    assert "写成之后等级或依据有变" not in client.get(address).text
    post(client, f"{address}/draft", give_up_edits="yes")
    assert parts.assessment(name).justifications["2.1"].edits == {}


def focused(html: str) -> list[str]:
    return re.findall(r"<(\w+)[^>]* autofocus>([^<]*)", html)


def test_after_a_draft_the_page_goes_on_with_the_draft_and_after_a_decision_with_the_next(client, parts, name):
    address = f"/a/{name}/review/2.1"
    drafted = client.get(post(client, f"{address}/draft").headers["location"]).text
    assert focused(drafted) == [("p", "2.1 的判定说明已起草，请核对。")]
    assert drafted.count("判定说明已起草") == 1
    decided = client.get(post(client, f"{address}/confirm", seen=tail(parts, name)).headers["location"]).text
    assert focused(decided) == [("a", "下一个待复核 4.3")]
    taken_back = client.get(post(client, f"{address}/withdraw", seen=tail(parts, name)).headers["location"]).text
    assert focused(taken_back) == []


def test_after_the_last_decision_the_way_leads_to_the_sign_off(client, parts, name):
    review = parts.review(name)
    for code in parts.standard.subitems:
        if code not in review.state.decisions and code != "13.1":
            review.decide(code, 2, "现场看过")
    done = post(client, f"/a/{name}/review/13.1/confirm", seen=tail(parts, name))
    html = client.get(done.headers["location"]).text
    assert focused(html) == [("a", "全部复核完，去签发")]
    for page in (html, client.get(f"/a/{name}/review").text):
        assert f'href="/a/{name}/result#signoff"' in page


def test_why_a_step_was_not_done_has_the_focus(client, parts, name):
    fields = {"seen": tail(parts, name), "level": "4", "reason": "看过", "score": "90"}
    refused = post(client, f"/a/{name}/review/2.1/change", **fields)
    assert refused.status_code == 400
    ((tag, told),) = focused(refused.text)
    assert (tag, "90" in told) == ("p", True)
