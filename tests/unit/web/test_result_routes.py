"""The result page over HTTP: what it shows, that playing changes nothing, sign-off, reopening and downloads."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest

from assistant.accounts.model import Role
from assistant.assessment.events import Archived
from assistant.assessment.record import import_rows
from assistant.journal import Journal
from tests.web_app import NAMES, app_for, client, parts_at, signed_in, with_staff


@pytest.fixture
def parts(tmp_path):
    return parts_at(tmp_path, actor="周敏")


@pytest.fixture
def browser(parts):
    return client(app_for(parts))


def finished(parts) -> str:
    """The example with every sub-item decided."""
    name = parts.load_example()
    review = parts.review(name, "周敏")
    for code in parts.standard.subitems:
        if code not in review.state.decisions:
            review.decide(code, 2, "现场查看过台账")
    return name


def sign(parts, browser, name: str, **given: object):
    seen = parts.assessment(name).tail.seq
    return browser.post(f"/a/{name}/signoff", data={"seen": seen, "accept": "yes"} | given)


def test_the_page_says_what_the_report_says(parts, browser) -> None:
    name = parts.load_example()
    page = browser.get(f"/a/{name}/result").text
    view = parts.report(name)
    for text in (view.grade.sentence, view.estimate.sentence, view.sensitive, view.variants[0].floor):
        assert text in page
    assert "还没有复核" in page
    assert f'action="/a/{name}/signoff"' not in page


def test_an_empty_assessment_has_a_calm_page(parts, browser) -> None:
    page = browser.get(f"/a/{parts.open_assessment('新厂')}/result")
    assert page.status_code == 200
    for text in ("尚无等级", "还没有任何等级，暂不能排出提升路线", "没有这家企业的其他评估"):
        assert text in page.text


def test_playing_shows_the_other_grade_and_changes_nothing(parts, browser) -> None:
    name = parts.load_example()
    before = parts.store.read(name)
    page = browser.get(f"/a/{name}/result", params={"w1.1": "5", "w9.9": "5", "w1.2": "9", "t6.3": "5"}).text
    assert "1.1 L3→L5" in page
    assert "33.37" in page
    assert parts.store.read(name) == before


def test_signing_seals_what_was_seen_and_reopening_needs_a_reason(parts, browser) -> None:
    name = finished(parts)
    tail = parts.assessment(name).tail
    assert sign(parts, browser, name, accept="").status_code == 400
    assert sign(parts, browser, name).status_code == 303
    state = parts.assessment(name)
    assert state.signed is not None
    assert (state.signed.reviewer, state.signed.record, state.signed.rows) == ("周敏", tail.hash, tail.seq)
    assert tail.hash in browser.get(f"/a/{name}/result").text
    refused = browser.post(f"/a/{name}/reopen", data={"reason": " "})
    assert (refused.status_code, "必须写明理由" in refused.text) == (400, True)
    assert browser.post(f"/a/{name}/reopen", data={"reason": "企业补交了材料"}).status_code == 303
    assert parts.assessment(name).signed is None
    assert "企业补交了材料" in browser.get(f"/a/{name}/result").text


def test_what_changed_after_the_page_was_opened_is_not_signed(parts, browser) -> None:
    name = finished(parts)
    seen = parts.assessment(name).tail.seq
    parts.review(name, "别人").decide("1.1", 1, "现场核对后下调")
    response = sign(parts, browser, name, seen=seen)
    assert (response.status_code, "有了变化，没有签发" in response.text) == (409, True)
    assert parts.assessment(name).signed is None


def test_an_open_sub_item_blocks(parts, browser) -> None:
    name = parts.load_example()
    response = sign(parts, browser, name)
    assert (response.status_code, "还不能签发" in response.text) == (400, True)


def test_a_seal_stays_what_it_was_when_the_assessment_is_put_away(parts, browser) -> None:
    name = finished(parts)
    sign(parts, browser, name)
    sealed = parts.report(name).seal
    Journal(parts.store, parts.bench.clock, name, "别人").append(lambda: [Archived()])
    assert parts.report(name).seal == sealed


def test_who_led_the_interviews_does_not_sign(parts) -> None:
    with_staff(parts)
    app = app_for(parts, loopback=False)
    reviewer, assessor = signed_in(app, Role.REVIEWER), signed_in(app, Role.ASSESSOR)
    name = finished(parts)
    page = assessor.get(f"/a/{name}/result").text
    assert "签发由复核人进行" in page
    led = parts.open_assessment("某厂")
    from assistant.interview.session import Interview

    interview = Interview(parts.bench, led, NAMES[Role.REVIEWER])
    interview.speak_as("王工")
    interview.question()
    review = parts.review(led, "别人")
    for code in parts.standard.subitems:
        review.decide(code, 2, "现场查看过台账")
    response = sign(parts, reviewer, led)
    assert (response.status_code, "按四眼原则不能签发" in response.text) == (400, True)
    assert sign(parts, reviewer, name).status_code == 303


def test_an_earlier_assessment_of_the_same_enterprise_is_compared_with(parts, browser) -> None:
    first, second = parts.load_example(), parts.load_example()
    parts.review(second, "周敏").decide("1.2", 2, "网络已拆除一部分")
    page = browser.get(f"/a/{second}/result").text
    assert f'<a href="/a/{first}/result">{first}</a>' in page
    assert "等级不同的 1 个子项" in page
    assert "降 2 级" in page


@pytest.mark.parametrize("form", ["docx", "xlsx", "pdf"])
def test_reports_come_in_every_format(parts, browser, form) -> None:
    response = browser.get(f"/a/{parts.load_example()}/report.{form}")
    assert response.status_code == 200
    assert f'filename="report.{form}"' in response.headers["content-disposition"]
    if form == "pdf":
        assert response.content.startswith(b"%PDF")
    else:
        assert zipfile.ZipFile(io.BytesIO(response.content)).testzip() is None


def test_json_and_record_are_the_same_as_elsewhere(parts, browser) -> None:
    name = parts.load_example()
    assert json.loads(browser.get(f"/a/{name}/report.json").content)["assessment"] == name
    assert import_rows(browser.get(f"/a/{name}/record.jsonl").text) == parts.store.read(name)


@pytest.mark.parametrize("address", ["report.exe", "chart/other.svg"])
def test_what_there_is_not_is_told(parts, browser, address) -> None:
    assert browser.get(f"/a/{parts.load_example()}/{address}").status_code == 404


def test_the_colours_are_the_reports(browser) -> None:
    from assistant.reports.palette import LEVEL_COLOURS

    css = browser.get("/static/levels.css").text
    assert all(swatch.fill in css and swatch.ink in css for swatch in LEVEL_COLOURS.values())


def test_the_radar_is_a_picture_without_scripts(parts, browser) -> None:
    response = browser.get(f"/a/{parts.load_example()}/chart/domains.svg")
    assert response.headers["content-type"] == "image/svg+xml"
    assert b"<script" not in response.content


def test_one_item_reviewed_gives_a_range_and_no_level(parts, browser) -> None:
    name = parts.open_assessment("新厂")
    parts.review(name, "周敏").decide("1.1", 3, "现场看过")
    page = browser.get(f"/a/{name}/result").text
    assert "暂不能定级（已复核 1/36）" in page
    assert "可能范围 " in page
    for text in ("还差 <strong>", "单做这一项", 'class="score"', 'class="mark"'):
        assert text not in page
    listed = browser.get("/").text
    assert re.search("暂不能定级 [0-9.]+～[0-9.]+", listed)
    assert "集成级" not in listed


def test_the_score_stands_below_its_tick(parts, browser) -> None:
    page = browser.get(f"/a/{parts.load_example()}/result").text
    tick = re.search(r'class="mark" style="left:([\d.]+)%"', page)
    label = re.search(r'<strong style="--at:([\d.]+)%">([\d.]+)<', page)
    assert tick is not None
    assert label is not None
    assert tick[1] == label[1] == label[2]


def test_the_robustness_table_says_why_no_cell_is_the_total(parts, browser) -> None:
    name = parts.load_example()
    view = parts.report(name)
    page = browser.get(f"/a/{name}/result").text
    (own,) = re.findall(r'class="own"><span class="unseen">与总分取值相同：</span>([^<]*)<', page)
    assert own == view.variants[0].middle
    assert (
        f"总分 {view.estimate.shown}（连同待复核的建议） 的权重和取值相同，但总分里 1.1、3.1、4.1、4.2、8.2 按实测"
        in page
    )


def test_a_seal_tells_its_rows_and_its_own(parts, browser) -> None:
    name = finished(parts)
    before = parts.assessment(name).tail
    sign(parts, browser, name)
    now = parts.assessment(name).tail
    page = browser.get(f"/a/{name}/result").text
    for text in (f"封存时 {before.seq} 行", before.hash, f"签发事件本身是第 {before.seq + 1} 行", now.hash):
        assert text in page
    assert now.seq == before.seq + 1
