"""Bad input and bad moments in a conversation: it goes on, or ends with a clear message, and nothing is lost."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing

import pytest

from evals.terminal import IIAM, Talk, environment
from tests.journey.home import answers, opened, questions, rows, state
from tests.journey.warm import iiam

FIRST = "现在一共有多少台设备，哪些接进了网、数能传出来，哪些还没接？"
LEFT = "已退出。回答都已保存，再次运行 iiam interview 即可接着问。"
NOTHING = "没有收到内容。请说说实际情况；不了解可以说“不清楚”，不想谈可以说“跳过”。"
LONG = "联网的设备有四十台，还没有全部连上。" * 1300  # more than a pipe holds


@pytest.fixture(scope="module")
def talked(tmp_path_factory):
    """A conversation with everything in it that a person should not type: what was said, and what came back."""
    home = tmp_path_factory.mktemp("home")
    name = opened(home, "齐鲁[/]轴承[red]")
    said = {
        "empty": b"",
        "blank": "  　\t ".encode(),
        "control only": b"\x01\x02\x1b",
        "unknown command": "/走 [/]".encode(),
        "unknown topic": "/话题 [/b]".encode(),
        "nothing to go back to": "/返回".encode(),
        "nothing to correct": "/更正".encode(),
        "punctuation": "。。。？！".encode(),
        "control": "一百台\x00，\x1b连了\x07三十台\x7f".encode(),
        "invalid UTF-8": "机床".encode() + b"\xff\xfe" + "没接网".encode(),
        "surrogate": b"\xed\xa0\x80" + "还没有".encode(),
        "markup": "[/]有[bold red]几台[/bold]".encode(),
        "long": LONG.encode(),
    }
    heard = {}
    with Talk(home, name) as talk:
        first = talk.prompted()
        for what, line in said.items():
            talk.write(line + b"\n")
            heard[what] = talk.prompted()
        code = talk.leave()
    return home, name, first, heard, code, talk.heard[-1]


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("empty", NOTHING),
        ("blank", NOTHING),
        ("control only", NOTHING),
        ("unknown command", "没有命令“/走”。输入 /帮助 查看可用的命令。"),
        ("unknown topic", "没有能力子项“[/b]”。用 iiam standard 查看全部编号。"),
        ("nothing to go back to", "前面没有别的话题。"),
        ("nothing to correct", "还没有可以更正的回答。"),
    ],
)
def test_what_is_no_answer_is_told_and_the_question_waits(talked, what, message):
    heard = talked[3][what]
    assert heard.splitlines()[-2] == message
    assert questions(heard) == []


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("punctuation", "没有听出与这一项有关的事实"),
        ("control", "已去掉 4 个不可见字符"),
        ("invalid UTF-8", "有些字没能识别，已用 � 代替，请看看终端是不是 UTF-8 编码；说错的可以用 /更正"),
        ("surrogate", "有些字没能识别，已用 � 代替，请看看终端是不是 UTF-8 编码；说错的可以用 /更正"),
        ("markup", "记下"),
        ("long", f"这段话较长（{len(LONG)} 字），已全部保存"),
    ],
)
def test_an_odd_answer_is_kept_and_the_conversation_goes_on(talked, what, message):
    heard = talked[3][what]
    assert message in heard
    assert len(questions(heard)) == 1


def test_the_record_holds_every_answer_whole(talked):
    home, name, first, _, code, end = talked
    assert questions(first)[0].endswith(FIRST)
    assert "齐鲁[/]轴承[red] · 工业互联网应用成熟度访谈" in first
    assert answers(home, name) == [
        "。。。？！",
        "一百台，连了三十台",
        "机床��没接网",
        "���还没有",
        "[/]有[bold red]几台[/bold]",
        LONG,
    ]
    assert (code, end.strip()) == (0, LEFT)


def test_the_end_of_input_at_once_leaves_the_question_waiting(tmp_path):
    name = opened(tmp_path)
    for _ in range(2):
        done = iiam(tmp_path, "interview", name)
        assert done.returncode == 0
        assert questions(done.stdout)[0].endswith(FIRST)
        assert done.stdout.splitlines()[-1] == LEFT
    assert len(state(tmp_path, name).questions) == 1


def test_the_end_of_input_instead_of_a_name_opens_nothing(tmp_path):
    done = iiam(tmp_path, "interview")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, LEFT)
    assert iiam(tmp_path, "list", "--json").stdout == "[]\n"


def test_a_wrong_choice_is_told_and_asked_again(tmp_path):
    name = opened(tmp_path)
    done = iiam(tmp_path, "interview", given="9\n²²\n１\n")
    assert [line for line in done.stdout.splitlines() if line.startswith("没有“")] == [
        "没有“9”。请输入 1 到 1 的序号，或直接回车新建。",
        "没有“22”。请输入 1 到 1 的序号，或直接回车新建。",
    ]
    assert questions(done.stdout)[0].endswith(FIRST)
    assert len(state(tmp_path, name).questions) == 1


def test_ctrl_c_ends_the_conversation_and_the_next_run_resumes_at_the_question(tmp_path):
    name = opened(tmp_path)
    with Talk(tmp_path, name) as talk:
        talk.prompted()
        talk.say("一共一百台，连上网的四十台")
        waiting = questions(talk.prompted())
        assert talk.interrupt() == 130
        assert talk.heard[-1].split() == ["已中断。已保存的内容没有丢失。"]
    before = rows(tmp_path, name)
    with Talk(tmp_path, name) as talk:
        assert questions(talk.prompted()) == waiting
    assert rows(tmp_path, name) == before
    assert answers(tmp_path, name) == ["一共一百台，连上网的四十台"]


def test_leaving_in_the_middle_of_a_correction_changes_nothing(tmp_path):
    name = opened(tmp_path)
    done = iiam(tmp_path, "interview", name, given="一共一百台\n/更正\n/退出\n")
    assert done.returncode == 0
    assert answers(tmp_path, name) == ["一共一百台"]


def test_two_terminals_on_one_assessment_are_told_and_nothing_is_lost(tmp_path):
    name = opened(tmp_path)
    told = "另一个终端正在进行这份评估的访谈。两边都可以继续，每个回答都会保存，不会互相覆盖。"
    overtaken = "另一处也在进行这份评估，您的回答已保存，接下来按最新进展继续问。"
    with Talk(tmp_path, name) as first:
        assert told not in first.prompted()
        with Talk(tmp_path, name) as second:
            greeting = second.prompted()
            assert greeting.splitlines()[0] == told
            assert questions(greeting)[0].endswith(FIRST)
            first.say("甲：一共一百台")
            assert overtaken not in first.prompted()
            second.say("乙：一共两百台")
            assert overtaken in second.prompted().splitlines()
            first.say("甲：又说一句")
            assert overtaken in first.prompted().splitlines()
            second.say("乙：又说一句")
            assert overtaken not in second.prompted()
            assert (first.leave(), second.leave()) == (0, 0)
    assert answers(tmp_path, name) == ["甲：一共一百台", "乙：一共两百台", "甲：又说一句", "乙：又说一句"]


def test_a_lost_database_gives_the_words_back(tmp_path):
    name = opened(tmp_path)
    with Talk(tmp_path, name) as talk:
        talk.prompted()
        (tmp_path / "iiam.sqlite3").rename(tmp_path / "elsewhere.sqlite3")
        talk.say("一共一百台[/]")
        assert talk.hear() is None
        assert talk.process.wait() == 2
    assert "刚才的话还没有存下，原文如下，请复制留存：\n一共一百台[/]\n" in talk.heard[-1]
    assert "在使用中被移走、删除或替换" in talk.heard[-1]
    assert "Traceback" not in talk.heard[-1]


def test_one_damaged_record_does_not_close_the_others(tmp_path):
    damaged, sound = opened(tmp_path, "甲厂"), opened(tmp_path, "乙厂")
    with closing(sqlite3.connect(tmp_path / "iiam.sqlite3")) as database:
        database.execute("UPDATE events SET payload = '{}' WHERE assessment = ?", (damaged,))
        database.commit()
    listed = iiam(tmp_path, "list", "--json")
    assert [entry["enterprise"] for entry in json.loads(listed.stdout)] == ["乙厂"]
    assert listed.stderr.startswith(f"{damaged}：评估 {damaged} 记录第 1 行（opened）无法识别")
    assert iiam(tmp_path, "log", damaged, "--verify").stdout.startswith("校验失败：第 1 行")
    menu = iiam(tmp_path, "interview", given=f"{sound}\n").stdout
    assert "（记录读不出来，用 iiam log 查看）" in menu
    assert questions(menu)[0].endswith(FIRST)


@pytest.mark.parametrize("command", ["standard", "standard --json", "--help", "log {id} --json"])
def test_a_reader_that_closes_the_pipe_is_no_error(talked, command):
    home, name = talked[:2]
    with subprocess.Popen(
        [*IIAM, *command.replace("{id}", name).split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(home),
        bufsize=0,
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0
