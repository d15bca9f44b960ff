"""Coming in: the local user's name, signing in and out, and what the door and the guard turn away."""

from __future__ import annotations

import pytest

from assistant.accounts.model import Role
from assistant.web.doorman import SESSION
from assistant.web.forms import inside
from tests.web_app import LOCAL, NAMES, PASSWORD, app_for, client, parts_at, signed_in, with_staff

PAGE = {"accept": "text/html"}


@pytest.fixture
def parts(tmp_path):
    return parts_at(tmp_path)


@pytest.fixture
def staffed(parts):
    with_staff(parts)
    return app_for(parts, loopback=False)


def test_the_local_user_is_asked_for_a_name_once(parts):
    browser = client(app_for(parts))
    asked = browser.get("/standard/2.1?x=1", headers=PAGE)
    assert (asked.status_code, asked.headers["location"]) == (303, "/name?next=%2Fstandard%2F2.1%3Fx%3D1")
    assert "请问怎么称呼" in browser.get(asked.headers["location"]).text
    taken = browser.post("/name", data={"name": " 王 敏\n", "next": "/standard/2.1?x=1"})
    assert (taken.status_code, taken.headers["location"]) == (303, "/standard/2.1?x=1")
    again = client(app_for(parts)).get("/standard")
    assert again.status_code == 200
    assert "王 敏" in again.text
    assert "退出" not in again.text


@pytest.mark.parametrize(("name", "told"), [("", "请填写您的姓名"), ("王" * 51, "最多 50 字")])
def test_a_name_that_cannot_be_is_asked_again(parts, name, told):
    response = client(app_for(parts)).post("/name", data={"name": name})
    assert (response.status_code, told in response.text) == (400, True)


def test_a_name_given_by_the_settings_is_not_asked(tmp_path):
    browser = client(app_for(parts_at(tmp_path, actor="孙工")))
    assert "孙工" in browser.get("/status").text
    assert "IIAM_ACTOR" in browser.get("/account").text


def test_once_there_is_an_account_the_local_user_signs_in_too(parts):
    app = app_for(parts)
    browser = client(app)
    browser.post("/name", data={"name": "王敏"})
    with_staff(parts)
    assert browser.get("/standard", headers=PAGE).headers["location"] == "/login?next=%2Fstandard"
    assert browser.post("/name", data={"name": "孙丽"}).status_code == 404


def test_signing_in_leads_on_and_signing_out_ends_the_session_everywhere(staffed):
    browser = client(staffed)
    asked = browser.get("/standard", headers=PAGE)
    assert asked.headers["location"] == "/login?next=%2Fstandard"
    response = browser.post("/login", data={"name": "王敏", "password": PASSWORD, "next": "/standard"})
    assert (response.status_code, response.headers["location"]) == (303, "/standard")
    cookie = browser.cookies[SESSION]
    shown = browser.get("/standard").text
    assert "王敏" in shown
    assert "退出" in shown
    assert browser.get("/login?next=/status").headers["location"] == "/status"
    assert browser.post("/logout").headers["location"] == "/login"
    assert browser.get("/standard", headers=PAGE).status_code == 303
    assert client(staffed, cookies={SESSION: cookie}).get("/standard", headers=PAGE).status_code == 303


@pytest.mark.parametrize(("base", "secure"), [("https://iiam.example", True), ("http://10.0.0.5:7860", False)])
def test_the_cookie_is_for_this_site_and_no_script(staffed, base, secure):
    browser = client(staffed)
    browser.base_url = base
    response = browser.post("/login", data={"name": "王敏", "password": PASSWORD})
    parts = {part.strip() for part in response.headers["set-cookie"].split(";")[1:]}
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= parts
    assert ("Secure" in parts) == secure


def test_a_wrong_password_is_told_and_the_name_is_kept(staffed):
    response = client(staffed).post("/login", data={"name": "王<敏", "password": "wrong", "next": "//evil.example"})
    assert response.status_code == 400
    assert "姓名或密码不对" in response.text
    assert 'value="王&lt;敏"' in response.text
    assert "evil" not in response.text


def test_too_many_failures_are_slowed_down(staffed):
    browser = client(staffed)
    for _ in range(5):
        browser.post("/login", data={"name": "王敏", "password": "wrong"})
    assert "登录失败次数太多" in browser.post("/login", data={"name": "王敏", "password": PASSWORD}).text


def test_who_is_disabled_is_out_with_the_next_request(staffed):
    browser = signed_in(staffed, Role.ASSESSOR)
    assert browser.get("/standard").status_code == 200
    staffed.state.parts.accounts.disable(NAMES[Role.ASSESSOR])
    assert browser.get("/standard", headers=PAGE).headers["location"] == "/login?next=%2Fstandard"


def test_ones_own_password_is_changed_and_only_this_session_goes_on(staffed):
    browser, elsewhere = signed_in(staffed, Role.REVIEWER), signed_in(staffed, Role.REVIEWER)
    fresh = "举头望明月，低头思故乡"
    for old, new, again, told in [
        ("wrong", fresh, fresh, "姓名或密码不对"),
        (PASSWORD, fresh, fresh + "！", "两次输入的新密码不一样"),
        (PASSWORD, "short", "short", "密码太短"),
    ]:
        response = browser.post("/account", data={"old": old, "new": new, "again": again})
        assert (response.status_code, told in response.text) == (400, True)
    assert browser.post("/account", data={"old": PASSWORD, "new": fresh, "again": fresh}).status_code == 303
    assert browser.get("/account").status_code == 200
    assert elsewhere.get("/account", headers=PAGE).status_code == 303
    assert client(staffed).post("/login", data={"name": "赵强", "password": fresh}).status_code == 303


def test_a_script_is_told_in_json(staffed):
    response = client(staffed).get("/standard", headers={"accept": "application/json"})
    assert (response.status_code, response.json()) == (401, {"told": "请先登录。"})


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_post_from_elsewhere_is_not_carried_out(staffed, headers):
    browser = signed_in(staffed, Role.ASSESSOR)
    assert browser.post("/logout", headers=headers).status_code == 403
    assert browser.get("/standard").status_code == 200
    assert browser.post("/logout", headers={"origin": LOCAL, "sec-fetch-site": "same-origin"}).status_code == 303


def test_on_loopback_only_its_own_names_are_answered(parts):
    browser = client(app_for(parts))
    assert browser.get("/health").text == "ok"
    for host in ("evil.example", "127.0.0.1.evil.example", "", "10.0.0.5:7860"):
        assert browser.get("/health", headers={"host": host}).status_code == 403


def test_every_page_keeps_to_itself(parts):
    browser = client(app_for(parts))
    for address in ("/name", "/static/app.css", "/nothing", "/talk/"):
        headers = browser.get(address).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == ("no-cache" if address.startswith("/static/") else "no-store")


def test_a_refused_file_of_the_chats_is_not_kept(staffed):
    response = client(staffed).get("/interview/assets/index-abc.js", headers={"accept": "*/*"})
    assert (response.status_code, response.headers["cache-control"]) == (303, "no-store")


@pytest.mark.parametrize(
    ("address", "led"),
    [
        ("/a/1?x=2#y", "/a/1?x=2#y"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("", "/"),
    ],
)
def test_a_form_leads_on_only_to_our_own_pages(address, led):
    assert inside(address) == led
