"""Respondents' links: for one person and assessment, until they run out or are revoked."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from assistant.assessment.events import Opened, Reopened, SignedOff
from assistant.assessment.record import chain
from assistant.assessment.state import fold
from assistant.errors import InputError, NotFoundError
from assistant.review.shelf import put_away
from assistant.storage.memory import MemoryEventStore
from assistant.web.identity import Identity, Role
from assistant.web.invitations import COOKIE, ClosedError, Invitations
from assistant.web.views.invitations import invitation_lines
from tests.fakes import STANDARD
from tests.web_app import app_for, client, parts_at

OPENED = Opened(
    enterprise="齐鲁轴承", standard="s", standard_digest="sd", policy="p", policy_version="1", policy_digest="pd"
)
SIGNED = SignedOff(
    reviewer="陈工",
    record="0" * 64,
    rows=1,
    level=3,
    score="46.25",
    policy="p",
    policy_version="1",
    policy_digest="pd",
    standard_digest="sd",
)
BAD = "这个链接打不开：可能没有复制完整"


@dataclass
class MovedClock:
    at: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 8, 0, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at


class Desk:
    """One assessment and its invitations."""

    def __init__(self) -> None:
        self.store, self.clock = MemoryEventStore(), MovedClock()
        self.put(OPENED)
        self.invitations = Invitations(self.store, "secret", self.clock)

    def put(self, event) -> None:
        rows = self.store.read("a1")
        self.store.append(chain("a1", rows[-1] if rows else None, [event], self.clock.at.isoformat(), "陈工"))

    def invite(self, days=7) -> tuple[str, str]:
        made = self.invitations.make("a1", "李工", "设备主任", days, "王敏")
        return made, self.invitations.token("a1", made)


@pytest.fixture
def desk():
    return Desk()


def test_a_link_lets_one_person_in_to_one_assessment(desk):
    made, token = desk.invite()
    assert desk.invitations.admit(token) == (Identity("李工", Role.RESPONDENT, "a1", made, "设备主任"), 7 * 86400)
    assert [row.actor for row in desk.store.read("a1", after=1)] == ["王敏"]


def test_the_record_does_not_hold_what_opens_the_link(desk):
    _, token = desk.invite()
    assert [token in row.payload for row in desk.store.read("a1")] == [False, False]
    forged = Invitations(desk.store, "another secret", desk.clock)
    with pytest.raises(ClosedError, match=BAD):
        forged.admit(token)


def test_a_link_runs_out(desk):
    _, token = desk.invite(days=1)
    desk.clock.at += timedelta(days=1)
    with pytest.raises(ClosedError, match="已经过期"):
        desk.invitations.admit(token)


def test_a_revoked_link_opens_nothing_and_is_revoked_once(desk):
    made, token = desk.invite()
    assert desk.invitations.who(token) is not None
    desk.invitations.revoke("a1", made, "王敏")
    desk.invitations.revoke("a1", made, "王敏")
    assert desk.invitations.who(token) is None
    assert [row.kind for row in desk.store.read("a1")] == ["opened", "invitation_made", "invitation_revoked"]


def test_what_was_signed_off_is_closed_until_it_is_reopened(desk):
    _, token = desk.invite()
    desk.put(SIGNED)
    with pytest.raises(ClosedError, match="访谈结束了"):
        desk.invitations.admit(token)
    desk.put(Reopened(reason="补充材料"))
    assert desk.invitations.who(token) is not None


def test_what_is_put_away_is_closed_until_it_is_brought_back(desk):
    made, token = desk.invite()
    put_away(desk.store, desk.clock, "a1", "王敏")
    with pytest.raises(ClosedError, match="访谈结束了"):
        desk.invitations.admit(token)
    for change in (desk.invite, lambda: desk.invitations.revoke("a1", made, "王敏")):
        with pytest.raises(InputError, match="已归档，只能查看"):
            change()
    put_away(desk.store, desk.clock, "a1", "王敏", away=False)
    assert desk.invitations.who(token) is not None


@pytest.mark.parametrize("token", ["", "x", "a.b", "é" * 1000])
def test_no_link_of_ours(desk, token):
    with pytest.raises(ClosedError, match=BAD):
        desk.invitations.admit(token)
    with pytest.raises(ClosedError, match=BAD):
        desk.invitations.admit(desk.invitations.token("a1", "unknown"))


@pytest.mark.parametrize(
    ("name", "position", "days", "told"),
    [
        ("", "设备", 7, "姓名和岗位"),
        ("李工", " ", 7, "姓名和岗位"),
        ("李" * 101, "设备", 7, "100 字"),
        ("李", "设", 8, "天数"),
    ],
)
def test_whom_no_link_is_made_for(desk, name, position, days, told):
    with pytest.raises(InputError, match=told):
        desk.invitations.make("a1", name, position, days, "王敏")


def test_only_a_known_invitation_is_revoked(desk):
    with pytest.raises(NotFoundError):
        desk.invitations.revoke("a1", "unknown", "王敏")
    with pytest.raises(NotFoundError):
        desk.invitations.make("a2", "李工", "设备", 7, "王敏")


def test_the_page_lists_what_became_of_each_link(desk, tmp_path):
    desk.invite(days=1)
    revoked, _ = desk.invite()
    desk.invitations.revoke("a1", revoked, "王敏")
    desk.invite()
    guide = parts_at(tmp_path).guide
    lines = invitation_lines(fold(desk.store.read("a1")), guide, desk.clock.at + timedelta(days=2))
    assert [(line.state, line.topics) for line in lines] == [
        (state, len(guide.answerable("设备主任"))) for state in ("有效", "已停用", "已过期")
    ]
    assert len(guide.answerable("设备主任")) < len(STANDARD.subitems)


def test_a_link_made_on_the_page_sets_a_cookie_for_the_chat_alone(tmp_path):
    parts = parts_at(tmp_path, actor="王敏")
    app, id = app_for(parts), parts.open_assessment("齐鲁轴承")
    staff, phone = client(app), client(app)
    made = staff.post(f"/a/{id}/invitations", data={"name": "李<工>", "position": "设备主任", "days": "7"})
    listed = staff.get(made.headers["location"]).text
    assert "李&lt;工&gt;" in listed
    link = html.unescape(re.search(r'readonly value="([^"]+)"', listed)[1])
    came = phone.get(link)
    assert (came.status_code, came.headers["location"]) == (303, "/talk/")
    attributes = {part.strip() for part in came.headers["set-cookie"].split(";")[1:]}
    assert {"HttpOnly", "SameSite=lax", "Path=/talk"} <= attributes
    assert phone.get("/talk/").status_code == 404  # let in; no chat is mounted in this test
    staff.post(f"/a/{id}/invitations/{re.search('made=(.+)#', made.headers['location'])[1]}/revoke")
    assert phone.get("/talk/").status_code == 403
    closed = phone.get(link)
    assert (closed.status_code, "这个链接已经停用" in closed.text) == (403, True)
    assert "评估列表" not in closed.text


def test_staff_do_not_come_into_the_chat_of_respondents(tmp_path):
    browser = client(app_for(parts_at(tmp_path, actor="王敏")))
    assert browser.get("/talk/").status_code == 403
    assert browser.get("/talk/", headers={"cookie": f"{COOKIE}=x"}).status_code == 403
