"""用户: accounts made, changed and shut on the page, by administrators alone."""

from __future__ import annotations

import pytest

from assistant.accounts.model import Account, Role
from assistant.errors import InputError
from assistant.web.views.users import user_lines
from tests.web_app import NAMES, PASSWORD, app_for, client, parts_at, signed_in, with_staff

PAGE = {"accept": "text/html"}
FRESH = "举头望明月，低头思故乡"


@pytest.fixture
def parts(tmp_path):
    parts = parts_at(tmp_path)
    with_staff(parts)
    return parts


@pytest.fixture
def app(parts):
    return app_for(parts, loopback=False)


@pytest.fixture
def admin(app):
    return signed_in(app, Role.ADMIN)


def test_lines_are_in_order_and_know_whose_page_it_is():
    accounts = [
        Account("赵强", Role.REVIEWER),
        Account("孙丽", Role.ADMIN),
        Account("李伟", Role.ADMIN, disabled=True),
        Account("Wang Min", Role.ASSESSOR),
    ]
    lines = user_lines(accounts, {"wang min": "2026-11-23T08:00:00+00:00"}, "孙丽")
    assert [(line.name, line.role_name, bool(line.last), line.own) for line in lines] == [
        ("孙丽", "管理员", False, True),
        ("Wang Min", "诊断顾问", True, False),
        ("赵强", "复核人", False, False),
        ("李伟", "管理员", False, False),
    ]


def test_only_administrators_are_shown_the_way(app, admin):
    assert 'href="/users"' in admin.get("/").text
    for role in (Role.ASSESSOR, Role.REVIEWER):
        browser = signed_in(app, role)
        assert 'href="/users"' not in browser.get("/").text
        assert browser.get("/users").status_code == 403


def test_without_accounts_there_are_none_to_administer(tmp_path):
    browser = client(app_for(parts_at(tmp_path / "other", actor="周敏")))
    assert browser.get("/users").status_code == 403


def test_an_account_is_made_and_signs_in(parts, app, admin):
    response = admin.post("/users", data={"name": " 李<伟> ", "role": "reviewer", "password": FRESH})
    assert response.status_code == 303
    listed = admin.get(response.headers["location"]).text
    assert "已建立账号“李&lt;伟&gt;”（复核人）" in listed
    assert "还没有登录过" in listed
    assert parts.accounts.find("李<伟>") == Account("李<伟>", Role.REVIEWER)
    assert client(app).post("/login", data={"name": "李<伟>", "password": FRESH}).status_code == 303


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": "", "role": "admin", "password": FRESH}, "请写明姓名"),
        ({"name": "李伟", "role": "local", "password": FRESH}, "请选择角色"),
        ({"name": "李伟", "role": "admin", "password": "short"}, "密码太短"),
        ({"name": "王敏", "role": "admin", "password": FRESH}, "已有名为“王敏”的账号"),
    ],
)
def test_what_no_account_can_be_is_told_and_what_was_typed_stays(parts, admin, typed, told):
    response = admin.post("/users", data=typed)
    assert (response.status_code, told in response.text) == (400, True)
    assert f'value="{typed["name"]}"' in response.text
    assert typed["password"] not in response.text
    assert len(parts.accounts.all()) == 3


def test_a_role_counts_from_the_next_request_on(app, admin):
    browser = signed_in(app, Role.ASSESSOR)
    assert browser.get("/new").status_code == 200
    assert admin.post("/users/role", data={"name": "王敏", "role": "reviewer"}).status_code == 303
    assert browser.get("/new").status_code == 403


def test_a_password_is_reset_and_the_old_sessions_end(app, admin):
    browser = signed_in(app, Role.REVIEWER)
    bad = admin.post("/users/password", data={"name": "赵强", "password": "short"})
    assert (bad.status_code, "密码太短" in bad.text) == (400, True)
    assert browser.get("/standard").status_code == 200
    assert admin.post("/users/password", data={"name": "赵强", "password": FRESH}).status_code == 303
    assert browser.get("/standard", headers=PAGE).status_code == 303
    assert client(app).post("/login", data={"name": "赵强", "password": PASSWORD}).status_code == 400
    assert client(app).post("/login", data={"name": "赵强", "password": FRESH}).status_code == 303


def test_who_is_shut_out_is_out_at_once_and_may_be_let_in_again(app, admin):
    browser = signed_in(app, Role.REVIEWER)
    assert admin.post("/users/disable", data={"name": "赵强"}).status_code == 303
    assert browser.get("/standard", headers=PAGE).headers["location"] == "/login?next=%2Fstandard"
    assert "启用账号" in admin.get("/users").text
    assert admin.post("/users/enable", data={"name": "赵强"}).status_code == 303
    assert signed_in(app, Role.REVIEWER).get("/standard").status_code == 200


@pytest.mark.parametrize("act", ["role", "password", "disable", "enable"])
def test_ones_own_account_is_left_to_another_administrator(parts, admin, act):
    name = NAMES[Role.ADMIN]
    response = admin.post(f"/users/{act}", data={"name": name, "role": "assessor", "password": FRESH})
    assert (response.status_code, "这是您自己的账号" in response.text) == (400, True)
    assert parts.accounts.find(name) == Account(name, Role.ADMIN)


def test_the_last_active_administrator_stays(parts, app, admin):
    parts.accounts.add("李伟", Role.ADMIN, PASSWORD)
    assert admin.post("/users/disable", data={"name": "李伟"}).status_code == 303
    with pytest.raises(InputError, match="最后一个启用的管理员"):
        parts.accounts.disable(NAMES[Role.ADMIN])


def test_an_unknown_account_is_told(admin):
    response = admin.post("/users/disable", data={"name": "没有此人"})
    assert (response.status_code, "没有名为“没有此人”的账号" in response.text) == (404, True)
