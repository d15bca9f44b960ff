"""Accounts in the database: who may sign in, and who is signed in."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from assistant.accounts import throttle
from assistant.accounts.model import LONGEST, Account, Role, checked_name, checked_password, key_of
from assistant.accounts.tables import FAILURES, METADATA, SESSIONS, SIGN_INS, USERS
from assistant.errors import ConflictError, InputError, NotFoundError
from assistant.ports import Clock
from assistant.storage.opening import begin_reading, begin_writing, make_tables
from assistant.storage.postgres import one_at_a_time

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LASTS = 12 * 3600
"""Seconds that a session lasts: a working day."""
WRONG = "姓名或密码不对，或者账号已停用。忘记密码请让管理员运行 iiam user passwd 姓名。"


class Accounts:
    """The accounts of one database. Safe for several threads and processes."""

    def __init__(self, engine: sa.Engine, secret: str, clock: Clock, hasher: PasswordHasher | None = None) -> None:
        """`secret` signs the sessions' cookies; `hasher` is argon2id as argon2-cffi sets it (RFC 9106, low memory)."""
        from argon2 import PasswordHasher
        from itsdangerous import URLSafeSerializer

        self._engine, self._clock = engine, clock
        self._hasher = hasher or PasswordHasher()
        self._signer = URLSafeSerializer(secret, salt="session")
        self._there = self._made = False
        self._nobody = self._hasher.hash(secrets.token_hex(8))

    def exist(self) -> bool:
        """True once there is any account, disabled or not: the app is then never open without signing in."""
        with begin_reading(self._engine) as connection:
            self._there = self._there or sa.inspect(connection).has_table(USERS.name)
            return self._there and connection.scalar(sa.select(USERS.c.key).limit(1)) is not None

    def all(self) -> list[Account]:
        """Every account, by name."""
        self._make()
        with begin_reading(self._engine) as connection:
            return sorted((_account(row) for row in connection.execute(sa.select(USERS))), key=lambda a: a.key)

    def find(self, name: str) -> Account:
        """The account of that name. Raises NotFoundError."""
        self._make()
        with begin_reading(self._engine) as connection:
            row = connection.execute(sa.select(USERS).where(USERS.c.key == key_of(name))).first()
        if row is None:
            raise NotFoundError(f"没有名为“{name}”的账号。用 iiam user list 查看全部账号。")
        return _account(row)

    def add(self, name: str, role: Role, password: str) -> Account:
        """A new account. Raises InputError for a name or password that cannot be, or a name that is taken."""
        account = Account(checked_name(name), role)
        hashed = self._hasher.hash(checked_password(password, name))
        self._make()
        made = self._clock.now().isoformat(timespec="seconds")
        row = {"key": account.key, "name": account.name, "role": role, "hash": hashed, "disabled": False, "made": made}
        try:
            with begin_writing(self._engine) as connection:
                connection.execute(sa.insert(USERS), row)
        except IntegrityError as error:
            raise InputError(f"已有名为“{account.name}”的账号。改密码请用 iiam user passwd {account.name}。") from error
        return account

    def set_password(self, name: str, password: str) -> None:
        """A new password; whoever was signed in under the name is signed out. Raises NotFoundError, InputError."""
        account = self.find(name)
        hashed = self._hasher.hash(checked_password(password, account.name))
        with begin_writing(self._engine) as connection:
            connection.execute(sa.update(USERS).where(USERS.c.key == account.key).values(hash=hashed))
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.user == account.key))
            connection.execute(sa.delete(FAILURES).where(FAILURES.c.id == _of_name(account.key)))

    def set_role(self, name: str, role: Role) -> Account:
        """Another role, from the next request on. Raises NotFoundError, InputError for the last administrator."""
        account = self.find(name)
        with begin_writing(self._engine) as connection:
            if role != Role.ADMIN:
                _keep_an_admin(connection, account)
            connection.execute(sa.update(USERS).where(USERS.c.key == account.key).values(role=role))
        return Account(account.name, role, account.disabled)

    def last_sign_ins(self) -> dict[str, str]:
        """When (UTC, ISO) each account was last signed in to, by its key; none for those that never were."""
        self._make()
        with begin_reading(self._engine) as connection:
            return {str(row.user): str(row.last) for row in connection.execute(sa.select(SIGN_INS))}

    def disable(self, name: str, disabled: bool = True) -> Account:
        """Shut an account, whose sessions end at once, or open it again.

        Raises NotFoundError, InputError for the last administrator who can sign in.
        """
        account = self.find(name)
        with begin_writing(self._engine) as connection:
            if disabled:
                _keep_an_admin(connection, account)
            connection.execute(sa.update(USERS).where(USERS.c.key == account.key).values(disabled=disabled))
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.user == account.key))
        return Account(account.name, account.role, disabled)

    def check(self, name: str, password: str, address: str) -> Account:
        """The account that name and password open, from a network address.

        Raises InputError when they do not, or when there were too many failures under the name or from the address:
        an attempt counts as failed before it is looked at, so that many at once gain nothing.
        """
        from argon2.exceptions import VerificationError

        self._make()
        key = key_of(name)[:LONGEST]
        self._admit(key, address)
        with begin_reading(self._engine) as connection:
            row = connection.execute(sa.select(USERS).where(USERS.c.key == key)).first()
        hashed = self._nobody if row is None else str(row.hash)  # as slow for a name that nobody has
        try:
            self._hasher.verify(hashed, _plain(password))
        except VerificationError as error:
            raise InputError(WRONG) from error
        if row is None or row.disabled:
            raise InputError(WRONG)
        with begin_writing(self._engine) as connection:
            connection.execute(sa.delete(FAILURES).where(FAILURES.c.id == _of_name(key)))
            one_less = sa.update(FAILURES).where(FAILURES.c.id == _of_address(address))
            connection.execute(one_less.values(count=FAILURES.c.count - 1))
            if self._hasher.check_needs_rehash(hashed):
                fresh = self._hasher.hash(_plain(password))
                connection.execute(sa.update(USERS).where(USERS.c.key == key).values(hash=fresh))
        return _account(row)

    def begin(self, account: Account) -> str:
        """Begin a session; what goes into the cookie."""
        self._make()
        at = self._clock.now()
        name, now = secrets.token_urlsafe(24), at.timestamp()
        with begin_writing(self._engine) as connection:
            one_at_a_time(connection)
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.expires <= now))
            row = {"id": _hidden(name), "user": account.key, "expires": now + LASTS}
            connection.execute(sa.insert(SESSIONS), row)
            connection.execute(sa.delete(SIGN_INS).where(SIGN_INS.c.user == account.key))
            connection.execute(sa.insert(SIGN_INS), {"user": account.key, "last": at.isoformat(timespec="seconds")})
        return str(self._signer.dumps(name))

    def who(self, cookie: str) -> Account | None:
        """Whose session a cookie belongs to; None when it is forged, has run out or was ended."""
        found = self._session(cookie)
        if found is None:
            return None
        wanted = (
            sa.select(USERS)
            .join(SESSIONS, SESSIONS.c.user == USERS.c.key)
            .where(SESSIONS.c.id == found, SESSIONS.c.expires > self._clock.now().timestamp(), ~USERS.c.disabled)
        )
        self._make()
        with begin_reading(self._engine) as connection:
            row = connection.execute(wanted).first()
        return None if row is None else _account(row)

    def end(self, cookie: str) -> None:
        """End a session: the cookie opens nothing any more, wherever a copy of it may be."""
        if found := self._session(cookie):
            self._make()
            with begin_writing(self._engine) as connection:
                connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.id == found))

    def _session(self, cookie: str) -> str | None:
        from itsdangerous import BadData

        try:
            name = self._signer.loads(cookie)
        except BadData:
            return None
        return _hidden(str(name))

    def _admit(self, key: str, address: str) -> None:
        """Count an attempt as failed, unless there were too many already: then raise InputError."""
        now = self._clock.now().timestamp()
        limits = {_of_name(key): throttle.NAME, _of_address(address): throttle.ADDRESS}
        try:
            with begin_writing(self._engine) as connection:
                one_at_a_time(connection)
                connection.execute(sa.delete(FAILURES).where(FAILURES.c.last <= now - throttle.FORGOTTEN))
                found = connection.execute(sa.select(FAILURES).where(FAILURES.c.id.in_(limits))).mappings()
                failures = {str(row["id"]): (int(row["count"]), float(row["last"])) for row in found}
                waits = [throttle.wait(limits[name], n, now - last) for name, (n, last) in failures.items()]
                if rest := max(waits, default=0.0):
                    raise InputError(f"登录失败次数太多，请 {throttle.told(rest)}后再试。")
                connection.execute(sa.delete(FAILURES).where(FAILURES.c.id.in_(limits)))
                counted = [{"id": name, "count": failures.get(name, (0, 0.0))[0] + 1, "last": now} for name in limits]
                connection.execute(sa.insert(FAILURES), counted)
        except IntegrityError as error:
            raise ConflictError("同时有别的登录在进行，请再试一次。") from error

    def _make(self) -> None:
        if self._made:
            return
        with begin_writing(self._engine) as connection:
            make_tables(connection, METADATA)
        self._there = self._made = True


def _account(row: sa.Row[tuple[object, ...]]) -> Account:
    return Account(name=str(row.name), role=Role(str(row.role)), disabled=bool(row.disabled))


def _keep_an_admin(connection: sa.Connection, account: Account) -> None:
    """Raises InputError when nobody else could administer; alone until the transaction ends, so that two cannot both go."""
    one_at_a_time(connection)
    admins = sa.select(USERS.c.key).where(USERS.c.role == Role.ADMIN, ~USERS.c.disabled)
    if list(connection.scalars(admins)) == [account.key]:
        raise InputError(
            f"“{account.name}”是最后一个启用的管理员，不能停用或改为其他角色。请先建立或启用另一个管理员。"
        )


def _plain(password: str) -> str:
    from unicodedata import normalize

    return normalize("NFC", password)[: LONGEST + 1]


def _hidden(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _of_name(key: str) -> str:
    return f"name:{key}"


def _of_address(address: str) -> str:
    return f"address:{address}"
