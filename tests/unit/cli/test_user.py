"""`iiam user`, over a data folder, passwords from standard input."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from assistant.cli import app as program
from assistant.errors import IiamError
from tests.web_app import parts_at, with_staff

PASSWORD = "床前明月光，疑是地上霜"


@pytest.fixture
def iiam(tmp_path):
    def run(*args: str, given: str = "") -> str:
        env = {"IIAM_HOME": str(tmp_path), "IIAM_DATABASE_URL": ""}
        result = CliRunner(env=env).invoke(program.cli, ["user", *args], input=given, prog_name="iiam")
        if isinstance(result.exception, IiamError):
            return str(result.exception)
        return result.output

    return run


def test_an_account_is_made_listed_changed_disabled_and_enabled(iiam):
    assert "还没有账号" in iiam("list")
    made = iiam("add", "王敏", "--role", "admin", "--password-stdin", given=PASSWORD + "\n")
    assert made.splitlines()[0] == "已建立账号“王敏”（管理员）。"
    assert "从现在起网页版要求登录" in made
    again = iiam("add", "赵强", "--role", "reviewer", "--password-stdin", given=PASSWORD)
    assert again.splitlines() == ["已建立账号“赵强”（复核人）。"]
    assert "已更改" in iiam("passwd", "王敏", "--password-stdin", given=PASSWORD + "！")
    assert iiam("disable", "赵强").strip() == "已停用账号“赵强”。"
    assert [line.split("│")[1:4] for line in iiam("list").splitlines() if "停用" in line or "启用" in line] == [
        [" 王敏 ", " 管理员 ", " 启用 "],
        [" 赵强 ", " 复核人 ", " 停用 "],
    ]
    assert "可以登录" in iiam("enable", "赵强")
    assert "最后一个启用的管理员" in iiam("disable", "王敏")
    assert "现在是管理员" in iiam("role", "赵强", "admin")
    assert "最后一个启用的管理员" not in iiam("role", "王敏", "assessor")


def test_a_password_is_not_asked_where_it_would_be_seen(iiam):
    assert "请加上 --password-stdin" in iiam("add", "王敏", "--role", "admin", given=PASSWORD)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("add", "王敏", "--role", "admin", "--password-stdin"), "密码太短"),
        (("passwd", "王敏", "--password-stdin"), "没有名为“王敏”的账号"),
        (("disable", "王敏"), "没有名为“王敏”的账号"),
    ],
)
def test_what_cannot_be_done_is_told(iiam, args, told):
    assert told in iiam(*args, given="short")


def test_who_led_the_interviews_does_not_sign_once_there_are_accounts(tmp_path):
    parts = parts_at(tmp_path, actor="王敏")
    name = parts.open_assessment("齐鲁轴承")
    parts.interview(name).question()
    assert parts.hindrance(name, "王敏") == ""
    with_staff(parts)
    assert parts.hindrance(name, "王敏").startswith("王敏参与过这份评估的访谈")
    assert parts.hindrance(name, "赵强") == ""
    assert parts_at(tmp_path, four_eyes="off").hindrance(name, "王敏") == ""
    env = {"IIAM_HOME": str(tmp_path), "IIAM_ACTOR": "王敏"}
    result = CliRunner(env=env).invoke(program.cli, ["signoff", name])
    assert "按四眼原则不能签发" in str(result.exception)
