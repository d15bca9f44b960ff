"""What is typed instead of an answer."""

from __future__ import annotations

import pytest

from assistant.errors import InputError
from assistant.interview.commands import HELP, Command, Word, command


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(
            (f"{lead}{word}{end}", Command(word))
            for word in Word
            for lead in ("", "/", "／", " / ")
            for end in ("", "。")
        ),
        ("/跳过 现在没空", Command(Word.SKIP, "现在没空")),
        ("/不清楚\u3000问老王", Command(Word.UNKNOWN, "问老王")),
        ("/", Command(Word.HELP)),
        ("更正 其实是三台", Command(Word.CORRECT, "其实是三台")),
        ("更正：其实是三台", Command(Word.CORRECT, "其实是三台")),
        ("更正一下，其实是三台", Command(Word.CORRECT, "其实是三台")),
        ("/更正其实是３台", Command(Word.CORRECT, "其实是３台")),
        ("更正\n第一行\n第二行", Command(Word.CORRECT, "第一行\n第二行")),
        ("更正一下。", Command(Word.CORRECT)),
        ("/话题 5.1", Command(Word.TOPIC, "5.1")),
        ("／话题５．１", Command(Word.TOPIC, "5.1")),
        ("话题 13.1。", Command(Word.TOPIC, "13.1")),
        ("去1.1", Command(Word.TOPIC, "1.1")),
        ("/话题 安全", Command(Word.TOPIC, "安全")),
    ],
)
def test_commands(typed, meant):
    assert command(typed) == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        "  ",
        "5.1",
        "跳过这道工序",
        "跳过 焊接那一步",
        "不清楚，问老王去",
        "不适用于我们厂",
        "更正过两回了",
        "话题很多",
        "1/3 联网了",
    ],
)
def test_answers(said):
    assert command(said) is None


def test_a_slash_before_what_is_no_command():
    with pytest.raises(InputError, match=r"没有命令“/走”。输入 /帮助 查看可用的命令。"):
        command("/走 吧")


def test_the_help_names_every_command_but_itself():
    assert [word for word in Word if f"/{word}" not in HELP] == [Word.HELP]
