"""A person at a real terminal: line editing, pasted text, long lines, Ctrl-C and going on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest

from evals.terminal import IIAM, environment
from tests.journey.home import answers, opened, questions, state

# Since 3.12 Python warns of forking a process with threads, which a test worker is.
pytestmark = pytest.mark.filterwarnings("ignore:.*forkpty:DeprecationWarning")
WAITING = "›[^›]*\x1b\\[\\?25h"  # the prompt is drawn, and the cursor shown again: keys are read now
STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
CTRL_C, CTRL_D = "\x03", "\x04"
PASTE = "\x1b[200~{}\x1b[201~"


@contextmanager
def terminal(home: Path, *args: str) -> Iterator[pexpect.spawn]:
    # No emulator answers here when the program asks where the cursor is.
    env = environment(home, TERM="xterm-256color", PROMPT_TOOLKIT_NO_CPR="1")
    env.pop("COLUMNS")
    screen = pexpect.spawn(IIAM[0], [*IIAM[1:], *args], env=env, encoding="utf-8", dimensions=(40, 300), timeout=60)
    try:
        yield screen
    finally:
        screen.close(force=True)


def plain(text: str) -> str:
    return STYLE.sub("", text).replace("\r", "")


def next_question(screen: pexpect.spawn) -> str:
    """The question that appears; the program is ready for keys then."""
    screen.expect("第 [0-9]+ 问")
    screen.expect(WAITING)
    return questions(plain(screen.before))[-1]


def ended(screen: pexpect.spawn) -> tuple[int, str]:
    screen.expect(pexpect.EOF)
    screen.close()
    return screen.exitstatus, plain(screen.before).split("\n")[-2]


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """Two runs on one assessment: typed, left by Ctrl-C, resumed, pasted, a long line, left by Ctrl-D."""
    home = tmp_path_factory.mktemp("home")
    name = opened(home)
    seen = {}
    with terminal(home, "interview", name) as screen:
        seen["first"] = next_question(screen)
        screen.send("一共一百台，连上网的四十台\r")
        screen.expect("记下|已记录")
        seen["second"] = next_question(screen)
        screen.send("还没说完")
        screen.send(CTRL_C)
        seen["interrupted"] = ended(screen)
    with terminal(home, "interview", name) as screen:
        seen["resumed"] = next_question(screen)
        screen.send(PASTE.format("第一行：车间铺到了。\r\n第二行：仓库没有。\n第三行"))
        screen.expect("第三行")
        screen.send("\r")
        next_question(screen)
        screen.send("网" * 6000)
        screen.send("\r")
        next_question(screen)
        screen.send(CTRL_D)
        seen["left"] = ended(screen)
    return home, name, seen


def test_the_first_question_appears_and_is_the_one_on_record(session):
    home, name, seen = session
    asked = [question.text for question in state(home, name).questions.values()]
    assert [seen["first"], seen["second"]] == asked[:2]


def test_ctrl_c_leaves_and_the_next_run_resumes_at_the_question(session):
    _, _, seen = session
    assert seen["interrupted"] == (130, "已中断。已保存的内容没有丢失。")
    assert seen["resumed"] == seen["second"]


def test_each_answer_is_kept_whole_a_pasted_one_as_one(session):
    home, name, _ = session
    assert answers(home, name) == [
        "一共一百台，连上网的四十台",
        "第一行：车间铺到了。\n第二行：仓库没有。\n第三行",
        "网" * 6000,
    ]


def test_ctrl_d_leaves(session):
    assert session[2]["left"] == (0, "已退出。回答都已保存，再次运行 iiam interview 即可接着问。")


def test_without_an_id_a_name_is_asked_for_and_the_first_question_follows(tmp_path):
    with terminal(tmp_path, "interview") as screen:
        screen.expect("新建评估。企业名称？")
        screen.expect(WAITING)
        screen.send("齐鲁精密机械有限公司\r")
        assert next_question(screen).startswith("咱先说说厂里的机器。")
        screen.send("/退出\r")
        assert ended(screen) == (0, "已退出。回答都已保存，再次运行 iiam interview 即可接着问。")
