"""The list and the form over HTTP."""

from __future__ import annotations

import re

import pytest

from assistant.assessment.events import ReadingMade
from assistant.assessment.reading import Intent, Reading
from assistant.assessment.record import chain, export_rows
from tests.web_app import app_for, client, parts_at

CODE = "91370200163562681G"


@pytest.fixture
def parts(tmp_path):
    return parts_at(tmp_path, actor="周敏")


@pytest.fixture
def browser(parts):
    return client(app_for(parts))


def test_a_newcomer_is_shown_the_way(browser) -> None:
    page = browser.get("/").text
    assert "还没有评估" in page
    assert "载入示例看看" in page


def test_the_form_begins_an_assessment_with_everything_in_it(parts, browser) -> None:
    typed = {
        "enterprise": "齐鲁轴承",
        "code": "9137 0200 1635 6268 1g",
        "industry": "机械加工",
        "size": "中型",
        "policy": "equal",
        "person": ["王工", "", "李会计"],
        "role": ["设备主任", "", ""],
    }
    response = browser.post("/new", data=typed)
    (name,) = parts.store.assessments()
    assert response.headers["location"].startswith(f"/a/{name}/interview?notice=")
    state = parts.assessment(name)
    assert (state.opened.credit_code, state.opened.size, state.tail.actor) == (CODE, "中型", "周敏")
    assert [(p.name, p.role) for p in state.respondents.values()] == [("王工", "设备主任"), ("李会计", "")]
    assert "齐鲁轴承" in browser.get("/", params={"q": CODE}).text


@pytest.mark.parametrize(
    ("typed", "told", "field"),
    [
        ({"enterprise": ""}, "请填写企业名称", "enterprise"),
        ({"enterprise": "厂", "code": "91370200163562682G"}, "校验位不对", "code"),
        ({"enterprise": "厂", "size": "很大"}, "企业规模只能是", "size"),
        ({"enterprise": "厂", "policy": "other"}, "没有这个评分政策", "policy"),
        ({"enterprise": "厂", "person": [""], "role": ["设备"]}, "还没有写姓名", "person"),
    ],
)
def test_what_is_wrong_is_said_has_the_focus_and_what_was_typed_stays(parts, browser, typed, told, field) -> None:
    response = browser.post("/new", data={"industry": "<b>纺织</b>"} | typed)
    assert response.status_code == 400
    assert told in response.text
    (focused,) = re.findall(r"<(?:input|select) [^>]* autofocus[^>]*>", response.text)
    assert f'name="{field}"' in focused
    assert 'aria-invalid="true" aria-describedby="problem"' in focused
    assert 'value="&lt;b&gt;纺织&lt;/b&gt;"' in response.text
    assert parts.store.assessments() == []


def test_putting_away_and_bringing_back(parts, browser) -> None:
    name = parts.open_assessment("旧厂")
    answer = browser.post(f"/a/{name}/archive", data={"query": "?sort=enterprise&evil=1"})
    assert re.fullmatch(r"/\?sort=enterprise&notice=.+", answer.headers["location"])
    assert "旧厂" not in browser.get("/").text
    assert "旧厂" in browser.get("/?archived=1").text
    browser.post(f"/a/{name}/archive")
    browser.post(f"/a/{name}/unarchive")
    assert "旧厂" in browser.get("/").text
    assert [row.kind for row in parts.store.read(name)] == ["opened", "archived", "unarchived"]


def test_names_are_text_and_never_html(parts, browser) -> None:
    parts.open_assessment("<script>alert(1)</script>")
    page = browser.get("/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_unknown_assessment_is_told_calmly(browser) -> None:
    response = browser.post("/a/nope/archive")
    assert response.status_code == 404
    assert "没有编号为“nope”的评估" in response.text


def test_what_is_put_away_can_only_be_looked_at(parts, browser) -> None:
    name = parts.load_example()
    browser.post(f"/a/{name}/archive")
    rows = parts.store.read(name)
    seen = str(rows[-1].seq)
    for address, typed in {
        "review/1.1/withdraw": {"seen": seen},
        "review/1.1/change": {"seen": seen, "level": "2", "reason": "看过"},
        "review/1.1/draft": {},
        "signoff": {"seen": seen, "accept": "yes"},
        "invitations": {"name": "李工", "position": "设备主任"},
    }.items():
        response = browser.post(f"/a/{name}/{address}", data=typed)
        assert (address, response.status_code, "已归档，只能查看，本次内容没有保存" in response.text) == (
            address,
            400,
            True,
        )
    assert parts.store.read(name) == rows
    for page in ("review", "review/1.1", "result", "invitations"):
        text = browser.get(f"/a/{name}/{page}").text
        assert f'action="/a/{name}/unarchive"' in text
        assert re.findall(r'method="post" action="([^"]+)"', text.partition("<main")[2]).count(f"/a/{name}/unarchive")
        assert [a for a in ("确认所选", "按此定级", "起草判定说明", "生成链接") if f">{a}</button>" in text] == []
    browser.post(f"/a/{name}/unarchive")
    assert browser.post(f"/a/{name}/review/1.1/withdraw", data={"seen": seen}).status_code == 303


def exported(tmp_path, form: str) -> bytes:
    """The example as another machine exports it."""
    there = parts_at(tmp_path / "there", actor="外地")
    return client(app_for(there)).get(f"/a/{there.load_example()}/record.{form}").content


@pytest.mark.parametrize("form", ["zip", "jsonl"])
def test_a_record_travels_from_one_machine_to_another(parts, browser, tmp_path, form) -> None:
    content = exported(tmp_path, form)
    response = browser.post("/import", files={"file": (f"记录.{form}", content)})
    assert response.status_code == 303
    assert response.headers["location"].startswith("/a/example-1/result?notice=")
    assert browser.get(f"/a/example-1/record.{form}").content == content
    again = browser.post("/import", files={"file": (f"记录.{form}", content)})
    assert (again.status_code, "本机已有编号为 example-1 的评估，没有导入" in again.text) == (400, True)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda text: b"", "请先选择要导入的文件"),
        (lambda text: b"\xff\xfe\x00", "不是由 iiam export 导出的记录"),
        (lambda text: b"PK\x03\x04....", "导出包已损坏"),
        (lambda text: text.replace("机".encode(), "几".encode(), 1), "校验失败"),
        (lambda text: text.split(b"\n", 1)[1], "校验失败"),
    ],
)
def test_what_cannot_be_imported_is_told_and_leaves_nothing(parts, browser, tmp_path, spoil, told) -> None:
    response = browser.post("/import", files={"file": ("记录.jsonl", spoil(exported(tmp_path, "jsonl")))})
    assert (response.status_code, told in response.text) == (400, True)
    assert parts.store.assessments() == []
    assert browser.post("/import").status_code == 400


def test_a_record_put_together_by_hand_cannot_break_the_list(parts, browser) -> None:
    other = parts_at(parts.settings.home / "there")
    name = other.open_assessment("旧厂")
    opened = other.store.read(name)[0]
    reading = Reading(answer=99, engine="e", intent=Intent.ANSWER)
    rows = [opened, *chain(name, opened, [ReadingMade(reading=reading)], opened.at, "某人")]
    response = browser.post("/import", files={"file": ("x.jsonl", export_rows(rows).encode())})
    assert (response.status_code, "前后对不上" in response.text) == (400, True)
    assert browser.get("/").status_code == 200
