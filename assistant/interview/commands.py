"""What a person may type instead of an answer, in a terminal as on a page: one way to tell commands from answers. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

from assistant.assessment.level import Reason
from assistant.errors import InputError


class Word(StrEnum):
    """The commands, as they are typed after a slash."""

    SKIP = "跳过"
    UNKNOWN = "不清楚"
    UNFIT = "不适用"
    AGAIN = "换个问法"
    BACK = "返回"
    CORRECT = "更正"
    TOPIC = "话题"
    PROGRESS = "进度"
    HELP = "帮助"
    LEAVE = "退出"


ASIDE = {Word.SKIP: Reason.SKIPPED, Word.UNKNOWN: Reason.DONT_KNOW, Word.UNFIT: Reason.NOT_APPLICABLE}
"""Commands that leave the present topic, and why."""

HELP = """可以直接用自己的话回答，也可以输入：
  /跳过      这个话题先不谈
  /不清楚    这个问题我不了解
  /不适用    这个话题与本企业无关（由复核人决定）
  /换个问法  没听懂，请换个说法
  /返回      回到上一个话题
  /更正      改正上一个回答（可直接写：/更正 其实是……）
  /话题 5.1  转到指定的话题
  /进度      看看问到哪里了
  /退出      离开，下次从这里接着问
去掉斜杠直接说“跳过”“不清楚”也一样。"""

_TOPIC = re.compile(r"(?:话题|去|转到)\s*(?P<code>\d+\.\d+)")
_CORRECT = re.compile(r"\s*(?P<slash>[/／]?)\s*更正(?:一下)?(?P<gap>[\s,，:：、]*)(?P<rest>.*)", re.DOTALL)
_ENDS = "。.！!"
_WORDS = frozenset(str(word) for word in Word)


@dataclass(frozen=True)
class Command:
    """A command. `rest` is what was typed after it: the corrected words, a topic's code, a note."""

    word: Word
    rest: str = ""


def command(text: str) -> Command | None:
    """The command that was typed; None when the text is an answer.

    With a slash it may be followed by words; without one it is a command only when nothing else was said, but for
    `更正 其实……` and `话题 5.1`. Raises InputError for a slash before what is no command.
    """
    plain = normalize("NFKC", text).strip()
    slash = plain.startswith("/")
    plain = plain.removeprefix("/").strip()
    if topic := _TOPIC.fullmatch(plain.rstrip(_ENDS)):
        return Command(Word.TOPIC, topic["code"])
    corrects = _CORRECT.fullmatch(text)
    if corrects and (corrects["gap"] or slash or not corrects["rest"].strip(_ENDS)):
        return Command(Word.CORRECT, corrects["rest"].strip() if corrects["rest"].strip(_ENDS) else "")
    first, *rest = plain.split(maxsplit=1) or [""]
    head = first.rstrip(_ENDS)
    if head in _WORDS and (slash or not rest):
        return Command(Word(head), "".join(rest))
    if slash and plain:
        raise InputError(f"没有命令“/{first[:20]}”。输入 /帮助 查看可用的命令。")
    return Command(Word.HELP) if slash else None
