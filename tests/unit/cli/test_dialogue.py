"""What a terminal interview tells beside the questions: the fall-back, the stream, the summary."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from rich.console import Console

from assistant.assessment.reading import Intent, Reading, Verdict
from assistant.cli.dialogue import Dialogue
from assistant.interview.session import Interview, Workbench
from assistant.interview.spell import BACK, Spell
from assistant.ports import ReadingTask, Tell, Wording, WordingTask
from assistant.storage.memory import MemoryEventStore
from tests.fakes import STANDARD, ScriptedEngine, StillClock, open_assessment, plain_guide

STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass
class Failing(ScriptedEngine):
    """Falls back as told: one reason a reading, and one a question; streams half a question that is not kept."""

    reading: list[str] = field(default_factory=list)
    asking: list[str] = field(default_factory=list)

    def read(self, task: ReadingTask) -> Reading:
        reason = self.reading.pop(0) if self.reading else ""
        return super().read(task).model_copy(update={"fallback": reason})

    def phrase(self, task: WordingTask, tell: Tell | None = None) -> Wording:
        if tell is not None:
            tell("半句")
            tell("话")
        return Wording(super().phrase(task).text, fallback=self.asking.pop(0) if self.asking else "")


@dataclass
class Interrupted(ScriptedEngine):
    """Never comes to the end of a reading."""

    def read(self, task: ReadingTask) -> Reading:
        raise KeyboardInterrupt


def opened() -> MemoryEventStore:
    store = MemoryEventStore()
    open_assessment(store)
    return store


def talk(
    engine: ScriptedEngine, *said: str, terminal: bool = False, store: MemoryEventStore | None = None, role: str = ""
) -> str:
    """The screen of an interview in which these things are said."""
    store = store or opened()
    session = Interview(Workbench(store, engine, STANDARD, plain_guide(), StillClock()), "a1", "测试员")
    if role:
        session.speak_as("王师傅", role)
    screen = io.StringIO()
    out = Console(file=screen, width=100, force_terminal=terminal, highlight=False)
    lines = iter(said)

    def hear(prompt: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    app = SimpleNamespace(
        standard=STANDARD, guide=plain_guide(), engine=engine, endpoint=object() if terminal else None
    )
    try:
        Dialogue(app, session, out, hear).run()
    except EOFError:
        return screen.getvalue()
    raise AssertionError("the interview ended")


def test_a_reason_is_told_when_new_and_the_return_once():
    spell = Spell()
    told = [
        spell.notice(work, reason)
        for work, reason in [
            ("read", ""), ("read", "连不上"), ("ask", "连不上"), ("read", "密钥不对（401）"), ("read", "暂停（9 秒；上次：密钥不对）"),
            ("read", "连不上"), ("read", ""), ("ask", ""), ("ask", ""), ("read", "到上限，由规则引擎接着。"),
        ]
    ]  # fmt: skip
    carried_on = "；先由规则引擎继续，回答照常保存（查原因：iiam doctor）。"
    assert told == [
        "", f"连不上{carried_on}", "", f"密钥不对（401）{carried_on}", "", "", "", BACK, "", "到上限，由规则引擎接着。"
    ]  # fmt: skip


def test_a_limit_is_told_once_although_it_names_a_number():
    spell = Spell()
    limit = "这份评估调用模型已到上限 1500 次，之后由规则引擎接着"
    assert [spell.notice(work, limit) for work in ("read", "ask", "read")] == [f"{limit}。", "", ""]


def test_the_fall_back_is_told_in_one_line_a_spell():
    engine = Failing(reading=["模型连不上", "模型连不上", ""], asking=["", "模型连不上", "模型连不上", ""])
    screen = talk(engine, "一", "二", "三")
    assert [line for line in screen.splitlines() if "模型" in line] == [
        "模型连不上；先由规则引擎继续，回答照常保存（查原因：iiam doctor）。",
        BACK,
    ]


def test_an_answer_whose_reading_was_interrupted_is_read_first_and_people_are_told():
    store = opened()
    with pytest.raises(KeyboardInterrupt):
        talk(Interrupted(), "一", store=store)
    screen = talk(Failing(), store=store)
    assert "上次最后的回答已保存，还没有读完，现在接着读，请稍候。" in screen
    kinds = [row.event.kind for row in store.read("a1")]
    assert (kinds.count("answer_given"), kinds.count("reading_made")) == (1, 1)
    assert "还没有读完" not in talk(Failing(), store=store)


def test_a_pipe_gets_only_the_final_question():
    screen = talk(Failing())
    assert "半句" not in screen
    assert "问 opening 1.1 0？" in screen


def test_on_a_terminal_the_question_is_seen_while_written_and_then_replaced():
    screen = talk(Failing(), terminal=True)
    seen = STYLE.sub("", screen)
    assert "半句话" in seen
    streamed = screen.rindex("半句话")
    assert "\x1b[2K" in screen[streamed:]  # what was streamed is wiped
    assert screen.rindex("opening 1.1 0？") > streamed


def test_an_objection_to_a_summary_is_about_its_topic_and_the_question_waits_on():
    engine = Failing(
        script={
            "只有几台联了网": (Intent.ANSWER, {"1.1-L2#1": Verdict.NOT}),
            "不对，有八十台联了网": (Intent.CORRECT, {"1.1-L2#1": Verdict.MET}),
        },
        retracting=("不对，有八十台联了网",),
    )
    screen = talk(engine, "只有几台联了网", "只有几台联了网", "不对，有八十台联了网")
    asked = [line for line in screen.splitlines() if line.startswith("问 ")]
    assert asked == ["问 opening 1.1 0？", "问 confirm 1.1-L2#1 1？", "问 opening 1.2 2？"]
    assert "记下 ✓ “不对，有八十台联了网”" in screen


def test_on_a_terminal_waiting_for_the_model_is_seen():
    assert "正在理解" in STYLE.sub("", talk(Failing(), "一", terminal=True))
    assert "正在理解" not in talk(Failing(), "一")


def test_a_closed_topic_ends_in_a_summary_and_how_to_correct_it():
    no = (Intent.ANSWER, {"1.1-L2#1": Verdict.NOT})
    lines = talk(Failing(script={"只有几台联了网": no}), "只有几台联了网", "只有几台联了网").splitlines()
    place = lines.index("我记下的：还没有或不全——“只有几台联了网”。")
    assert lines[place + 1] == "有不对的请直接改正。如：不对，其实是……"
    assert "这个话题先问到这里" not in "\n".join(lines)
    assert "这个话题先问到这里" in talk(Failing(script={"不晓得": (Intent.DONT_KNOW, {})}), "不晓得")


def questions(screen: str) -> list[str]:
    return [line.removeprefix("问 ") for line in screen.splitlines() if line.startswith("问 ")]


def test_who_asks_for_a_topic_is_asked_about_it_whatever_their_role():
    screen = talk(Failing(), "/话题 5.1", "装了防火墙", role="IT")
    assert "5.1 一般请安全管理来答，这里按您的要求先问。" in screen
    assert questions(screen) == ["opening 1.1 0？", "opening 5.1 1？", "deeper 5.1 2？"]


def test_a_topic_with_nothing_left_to_ask_leaves_the_question_waiting():
    no = (Intent.ANSWER, {"1.1-L2#1": Verdict.NOT})
    screen = talk(Failing(script={"没联": no}), "没联", "没联", "/话题 1.1", "话题 1.1")
    assert screen.count("1.1 已经问清楚了，没有要补问的。") == 2
    assert questions(screen)[-1] == "opening 1.2 2？"


def test_a_correction_without_words_asks_for_them():
    store = opened()
    talk(Failing(), "一共三台", "更正", "一共四台", "更正 一共五台", store=store)
    said = [row.event for row in store.read("a1") if row.event.kind == "answer_given"]
    assert [(event.text, event.corrects is not None) for event in said] == [
        ("一共三台", False), ("一共四台", True), ("一共五台", True)
    ]  # fmt: skip


def test_an_answer_without_a_fact_is_told_to_be_one():
    assert "已记下原话；没有听出与这一项有关的事实，可换个说法再说" in talk(Failing(), "还行吧")


def test_topics_left_without_an_end_are_counted_apart():
    assert "已覆盖 0/36 个能力子项，放下待定 1 个，已问 2 题。" in talk(Failing(), "跳过", "/进度")
