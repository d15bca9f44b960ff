"""Accounts: passwords, sessions, throttling, over a database and a clock that the test moves."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from assistant.accounts.accounts import LASTS, Accounts
from assistant.accounts.model import Account, Role
from assistant.accounts.secret import load_secret
from assistant.accounts.tables import FAILURES, SESSIONS, SIGN_INS, USERS
from assistant.errors import InputError, NotFoundError, StorageError
from assistant.storage.sql import SqlEventStore

PASSWORD = "春江潮水连海平，海上明月"
WEAK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class MovedClock:
    at: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 8, 0, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path):
    in_file = request.param == "sqlite"
    store = SqlEventStore(tmp_path / "iiam.sqlite3" if in_file else request.getfixturevalue("pg_url"))
    yield store
    store.close()


@pytest.fixture
def clock():
    return MovedClock()


@pytest.fixture
def accounts(store, clock):
    return Accounts(store.engine, "secret", clock, WEAK)


@pytest.fixture
def wang(accounts):
    return accounts.add("王敏", Role.ASSESSOR, PASSWORD)


def rows(store, table):
    with store.engine.connect() as connection:
        return connection.execute(sa.select(table)).mappings().all()


def test_a_database_without_accounts_gets_no_tables_for_them(store, accounts):
    assert not accounts.exist()
    assert sorted(sa.inspect(store.engine).get_table_names()) == ["events", "meta"]


def test_an_account_opens_with_its_password_however_the_name_is_typed(accounts):
    made = accounts.add("  Ｗang Min ", Role.REVIEWER, PASSWORD)
    assert made == Account("Ｗang Min", Role.REVIEWER)
    assert accounts.check("WANG MIN", PASSWORD, "10.0.0.1") == made
    assert accounts.all() == [made]


def test_the_password_is_kept_as_an_argon2id_hash(store, accounts, wang):
    (row,) = rows(store, USERS)
    assert row["hash"].startswith("$argon2id$")
    assert PASSWORD not in str(dict(row))


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [
        (" ", PASSWORD, "请写明姓名"),
        ("王" * 51, PASSWORD, "最多 50 字"),
        ("赵强", "123456789", "至少 10 位"),
        ("赵强", "好" * 201, "最多 200 位"),
        ("赵强", "1111111111", "太容易猜"),
        ("abcdefghijk", "ABCDEFGHIJK", "太容易猜"),
        ("王敏", PASSWORD, "已有名为“王敏”的账号"),
    ],
)
def test_what_no_account_can_be(accounts, wang, name, password, told):
    with pytest.raises(InputError, match=told):
        accounts.add(name, Role.ADMIN, password)
    assert accounts.all() == [wang]


@pytest.mark.parametrize(("name", "password"), [("王敏", "wrong"), ("没有此人", PASSWORD), ("王敏", ""), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(accounts, wang, name, password):
    with pytest.raises(InputError, match="姓名或密码不对，或者账号已停用"):
        accounts.check(name, password, "10.0.0.1")


def test_a_session_lasts_a_working_day(accounts, wang, clock):
    cookie = accounts.begin(wang)
    clock.move(LASTS - 1)
    assert accounts.who(cookie) == wang
    clock.move(1)
    assert accounts.who(cookie) is None


def test_a_session_ends_for_every_copy_of_its_cookie(accounts, wang):
    cookie, other = accounts.begin(wang), accounts.begin(wang)
    accounts.end(cookie)
    assert (accounts.who(cookie), accounts.who(other)) == (None, wang)


def test_the_database_does_not_say_what_stands_in_a_cookie(store, accounts, wang):
    cookie = accounts.begin(wang)
    assert [row["id"] in cookie for row in rows(store, SESSIONS)] == [False]


def test_a_cookie_signed_with_another_secret_opens_nothing(store, accounts, wang, clock):
    cookie = accounts.begin(wang)
    assert Accounts(store.engine, "other", clock, WEAK).who(cookie) is None
    assert [accounts.who(bad) for bad in ("", "x", cookie[:-1], cookie + "x", "é")] == [None] * 5


def test_who_is_disabled_is_out_at_once_and_may_come_back(accounts, wang):
    cookie = accounts.begin(wang)
    accounts.disable("王敏")
    assert accounts.who(cookie) is None
    with pytest.raises(InputError):
        accounts.check("王敏", PASSWORD, "10.0.0.1")
    assert accounts.exist()
    accounts.disable("王敏", False)
    assert accounts.who(cookie) is None
    assert accounts.check("王敏", PASSWORD, "10.0.0.1") == wang


def test_a_new_password_ends_what_the_old_one_began(accounts, wang):
    cookie = accounts.begin(wang)
    accounts.set_password("王敏", "滟滟随波千万里，何处春江")
    assert accounts.who(cookie) is None
    with pytest.raises(InputError):
        accounts.check("王敏", PASSWORD, "10.0.0.1")
    assert accounts.check("王敏", "滟滟随波千万里，何处春江", "10.0.0.1") == wang


def test_a_role_is_changed_from_the_next_request_on(accounts, wang):
    cookie = accounts.begin(wang)
    changed = accounts.set_role("王敏", Role.REVIEWER)
    assert (changed, accounts.who(cookie)) == (Account("王敏", Role.REVIEWER), changed)
    with pytest.raises(NotFoundError):
        accounts.set_role("赵强", Role.ADMIN)


def test_one_admin_always_stays(accounts, wang):
    admin = accounts.add("孙丽", Role.ADMIN, PASSWORD)
    accounts.add("李伟", Role.ADMIN, PASSWORD)
    accounts.disable("李伟")
    for change in (lambda: accounts.disable("孙丽"), lambda: accounts.set_role("孙丽", Role.ASSESSOR)):
        with pytest.raises(InputError, match="“孙丽”是最后一个启用的管理员"):
            change()
    assert accounts.find("孙丽") == admin
    accounts.disable("王敏")
    accounts.disable("李伟", False)
    assert accounts.disable("孙丽").disabled


def test_two_admins_who_shut_each_other_out_at_once_leave_one(store, accounts, clock):
    for name in ("孙丽", "李伟"):
        accounts.add(name, Role.ADMIN, PASSWORD)
    start = Barrier(2)

    def shut(name):
        start.wait(timeout=60)
        try:
            Accounts(store.engine, "secret", clock, WEAK).disable(name)
        except InputError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(shut, ("孙丽", "李伟"))) == [False, True]


def test_the_last_sign_in_is_kept(accounts, wang, clock):
    assert accounts.last_sign_ins() == {}
    accounts.begin(wang)
    clock.move(60)
    accounts.begin(wang)
    assert accounts.last_sign_ins() == {"王敏": "2026-11-23T08:01:00+00:00"}


def test_accounts_from_before_sign_ins_were_kept_go_on(store, accounts, wang, clock):
    with store.engine.begin() as connection:
        SIGN_INS.drop(connection)
    again = Accounts(store.engine, "secret", clock, WEAK)
    assert again.exist()
    assert again.last_sign_ins() == {}
    assert again.who(again.begin(wang)) == wang


def test_an_unknown_account_is_named(accounts):
    with pytest.raises(NotFoundError, match="没有名为“赵强”的账号"):
        accounts.set_password("赵强", PASSWORD)


def fail(accounts, times, name="王敏", address="10.0.0.1"):
    for _ in range(times):
        with pytest.raises(InputError, match="姓名或密码不对"):
            accounts.check(name, "wrong", address)


def test_after_five_failures_even_the_right_password_waits(store, accounts, wang, clock):
    fail(accounts, 5)
    with pytest.raises(InputError, match="失败次数太多，请 30 秒后再试"):
        accounts.check("王敏", PASSWORD, "10.0.0.2")
    again = Accounts(store.engine, "secret", clock, WEAK)  # restarted
    clock.move(29)
    with pytest.raises(InputError, match="请 1 秒后再试"):
        again.check("王敏", PASSWORD, "10.0.0.1")
    clock.move(1)
    fail(again, 1)
    with pytest.raises(InputError, match="请 60 秒后再试"):
        again.check("王敏", PASSWORD, "10.0.0.1")
    clock.move(60)
    assert again.check("王敏", PASSWORD, "10.0.0.1") == wang
    fail(again, 5)


def test_many_attempts_at_once_gain_nothing(store, accounts, wang, clock):
    start = Barrier(12)

    def attempt(_):
        one = Accounts(store.engine, "secret", clock, WEAK)
        assert one.exist()  # has looked for its tables: nothing but the attempt is left to do
        start.wait(timeout=60)
        with pytest.raises(InputError) as caught:
            one.check("王敏", "wrong", "10.0.0.1")
        return "失败次数太多" in str(caught.value)

    with ThreadPoolExecutor(12) as pool:
        assert sorted(pool.map(attempt, range(12))) == [False] * 5 + [True] * 7


def test_a_name_that_no_database_can_hold_is_nobodys(accounts, wang):
    fail(accounts, 1, "王\0敏")


def test_one_address_cannot_try_name_after_name(accounts, wang, clock):
    for number in range(20):
        fail(accounts, 1, f"人{number}")
    with pytest.raises(InputError, match="失败次数太多"):
        accounts.check("王敏", PASSWORD, "10.0.0.1")
    assert accounts.check("王敏", PASSWORD, "10.0.0.2") == wang


def test_right_sign_ins_from_one_address_do_not_add_up(accounts, wang):
    for _ in range(25):
        accounts.check("王敏", PASSWORD, "10.0.0.1")


def test_failures_are_forgotten_after_an_hour(store, accounts, wang, clock):
    fail(accounts, 5)
    clock.move(3600)
    assert accounts.check("王敏", PASSWORD, "10.0.0.1") == wang
    assert [(row["id"], row["count"]) for row in rows(store, FAILURES)] == [("address:10.0.0.1", 0)]


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path):
    secret = load_secret(tmp_path / "home")
    file = tmp_path / "home" / "web-secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (load_secret(tmp_path / "home"), len(secret)) == (secret, 64)
    assert [p.name for p in file.parent.iterdir()] == ["web-secret"]


def test_a_damaged_secret_is_told_with_the_fix(tmp_path):
    (tmp_path / "web-secret").write_text("short")
    with pytest.raises(StorageError, match="已损坏。请删除它后重新启动"):
        load_secret(tmp_path)
