"""Every route, tried as each role and as nobody, does what the table of rights says."""

from __future__ import annotations

import re

import pytest
from fastapi import APIRouter
from starlette.routing import Mount

from assistant.accounts.model import Role as AccountRole
from assistant.web import pages
from assistant.web.identity import Identity, Role
from assistant.web.invitations import COOKIE
from assistant.web.rights import MOUNTED, NOBODY, RIGHTS, Right, is_open, mounted_right, need, rights_of
from assistant.web.server import rights_declared, routes_of, undeclared
from tests.web_app import app_for, client, parts_at, signed_in, with_staff

STAFF = {AccountRole.ASSESSOR: Role.ASSESSOR, AccountRole.REVIEWER: Role.REVIEWER, AccountRole.ADMIN: Role.ADMIN}


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    parts = parts_at(tmp_path_factory.mktemp("home"))
    with_staff(parts)
    return parts


@pytest.fixture(scope="module")
def app(parts):
    return app_for(parts, loopback=False)


@pytest.fixture(scope="module")
def id(parts):
    return parts.open_assessment("齐鲁轴承")


def calls(app, id):
    """(method, address, right) of every route, its parameters filled in."""
    token = app.state.shared.invitations.token(id, app.state.shared.invitations.make(id, "李工", "设备", 7, "王敏"))
    given = {"id": id, "code": "1.1", "subitem": "1.1", "token": token}
    for route in routes_of(app):
        (right,) = rights_declared(route)
        address = re.sub(r"\{(\w+)(:\w+)?\}", lambda m: given.get(m[1], "x"), route.path)
        for method in sorted(route.methods):
            yield method, address, right


def test_every_route_does_what_the_table_says(app, id):
    # Signing off and putting away change what the others find, so what is asked for by GET goes first.
    everything = sorted(calls(app, id), key=lambda call: call[0] != "GET")
    assert len(everything) > 10
    wrong = []
    for role, web_role in STAFF.items():
        for method, address, right in everything:
            response = signed_in(app, role).request(method, address)
            refused = response.status_code in (401, 403) or response.headers.get("location", "").startswith("/login?")
            if refused == (right in RIGHTS[web_role]):
                wrong.append((role, method, address, right, response.status_code))
    assert wrong == []


def test_nobody_gets_to_what_is_open_only(app, id):
    wrong = []
    for method, address, right in calls(app, id):
        response = client(app).request(method, address)
        away = response.status_code == 401 or response.headers.get("location", "").startswith("/login?next=")
        if away == (right == Right.PUBLIC) or is_open(address) != (right == Right.PUBLIC):
            wrong.append((method, address, right, response.status_code))
    assert wrong == []


def test_a_respondents_cookie_opens_no_page_of_staff(app, id):
    shared = app.state.shared.invitations
    token = shared.token(id, shared.make(id, "李工", "设备主任", 7, "王敏"))
    for method, address, right in calls(app, id):
        if right == Right.PUBLIC:
            continue
        response = client(app).request(method, address, headers={"cookie": f"{COOKIE}={token}; iiam_session={token}"})
        assert (address, response.status_code in (303, 401)) == (address, True)


@pytest.mark.parametrize(("path", "right"), [("/interview", Right.INTERVIEW), ("/talk", Right.TALK)])
def test_the_door_checks_what_a_mounted_chat_takes(app, path, right):
    for role, web_role in STAFF.items():
        for address in (path, f"{path}/", f"{path}/gradio_api/queue/join"):
            passed = signed_in(app, role).post(address).status_code == 404  # not mounted in this test
            assert (role, address, passed) == (role, address, right in RIGHTS[web_role])
    assert client(app).post(f"{path}/gradio_api/queue/join").status_code in (401, 403)


def test_everything_mounted_stands_in_the_table(app):
    assert {route.path for route in app.routes if isinstance(route, Mount)} <= set(MOUNTED)


def test_the_local_user_may_do_everything_but_talk_as_a_respondent_and_administer_no_accounts():
    local = Identity("王敏", Role.LOCAL)
    assert rights_of(local) == frozenset(Right) - {Right.TALK, Right.USERS}
    assert rights_of(None) == NOBODY


def test_the_table_names_every_role():
    assert set(RIGHTS) == set(Role)
    assert RIGHTS[Role.RESPONDENT] == {Right.PUBLIC, Right.TALK}
    assert not RIGHTS[Role.ASSESSOR] & {Right.DECIDE, Right.SIGN_OFF, Right.REOPEN}
    assert [role for role in Role if Right.USERS in RIGHTS[role]] == [Role.ADMIN]
    assert not RIGHTS[Role.REVIEWER] & {Right.INVITE, Right.NEW}


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("/talk/in/abc", None),
        ("/talk/info", Right.TALK),
        ("/talkative", None),
        ("/interview/x", Right.INTERVIEW),
        ("/a/1/interview", None),
    ],
)
def test_only_what_is_under_a_mount_takes_its_right(path, right):
    assert mounted_right(path) == right


def test_a_route_without_one_declared_right_is_found():
    router = APIRouter()
    router.get("/open-to-all")(lambda: "oops")
    router.get("/fine", dependencies=[need(Right.LIST)])(lambda: "fine")
    router.get("/twice", dependencies=[need(Right.LIST), need(Right.NEW)])(lambda: "oops")
    assert undeclared(router.routes) == ["/open-to-all", "/twice"]


def test_every_page_gives_its_routes(app):
    assert pages.__path__
    assert {"/login", "/name", "/standard", "/status", "/account"} <= {route.path for route in routes_of(app)}
