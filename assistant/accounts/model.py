"""What an account is, and which names and passwords are let in. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

from assistant.assessment.text import one_line
from assistant.errors import InputError

NAME_LIMIT = 50
SHORTEST, LONGEST = 10, 200
FEWEST_SIGNS = 4


class Role(StrEnum):
    """诊断顾问 interviews, 复核人 decides, 管理员 does everything."""

    ASSESSOR = "assessor"
    REVIEWER = "reviewer"
    ADMIN = "admin"


@dataclass(frozen=True)
class Account:
    """One person. `name` as it stands in the record; `key` is what it is found by: case and width make no difference."""

    name: str
    role: Role
    disabled: bool = False

    @property
    def key(self) -> str:
        """What the name is found by."""
        return key_of(self.name)


def key_of(name: str) -> str:
    """What a name is found by, however it was typed."""
    return normalize("NFKC", one_line(name)).casefold()


def checked_name(name: str) -> str:
    """The name, tidied. Raises InputError for an empty or an overlong one."""
    name = one_line(name)
    if not name:
        raise InputError("请写明姓名。它会写入评估记录，请用真实姓名。")
    if len(name) > NAME_LIMIT:
        raise InputError(f"姓名有 {len(name)} 字，最多 {NAME_LIMIT} 字。")
    return name


def checked_password(password: str, name: str) -> str:
    """The password in one Unicode form. Raises InputError: length is what makes one hard to guess, so it is the rule."""
    password = normalize("NFC", password)
    if len(password) < SHORTEST:
        raise InputError(f"密码太短：至少 {SHORTEST} 位，可以是一句话。")
    if len(password) > LONGEST:
        raise InputError(f"密码太长：最多 {LONGEST} 位。")
    if len(set(password)) < FEWEST_SIGNS or key_of(name) == key_of(password):
        raise InputError("密码太容易猜：不要只用几个重复的字符，也不要用姓名。")
    return password
