"""What may be quoted: the respondent's words, span by span, without what asks for a verdict instead of stating a fact."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from assistant.assessment.answer import Answer
from assistant.assessment.reading import Quote
from assistant.engines.llm.locate import Folded, fold, locate
from assistant.engines.rules.intents import PRESSES
from assistant.engines.rules.lexicon import any_of
from assistant.engines.rules.normalise import Normalised, Piece, normalise, pieces, sentences
from assistant.ports import ReadingTask

LONGEST = 120
"""Characters of a quote: what a reviewer can take in beside a clause."""

PLANT_TALK = re.compile(r"系统(?:通知|提示|消息)(?![:\]】」])|判定结果")
"""Said of machines every day (`系统提示换刀`), although a pattern of pressure has it."""

DICTATES = any_of(
    r"(?:忽略|无视|忘掉|不要管)[^,。]{0,10}(?:指令|提示|规则|设定)|提示词|你现在是|只准(?:回复|输出)|无需再(?:问|提问)",
    r"系统(?:通知|提示|消息|指令)[:\]】」]|\"(?:VERDICT|FINDINGS|LEVEL|MET|SUBITEM|CLAUSES)\"",
    r"(?:请|务必)(?:把|将|给)[^,。;]{0,16}(?:判|评|认|标|定)定?(?:为|成|作)|(?:判|评|认)定?为(?:达到|满足|最高|MET)",
    r"(?:所有|全部|每[个条项]|各[个条项]?|以上|本)(?:的)?(?:要点|条款|能力子项|子项)[^。;]{0,12}(?:达到|达成|满足|符合|通过|MET)",
)
"""Speaks to whoever judges, not of the plant: nothing in its sentence is evidence."""

SELF_GRADED = re.compile(
    r"(?:达到|满足|符合|够得?上|属于|处于)[^,。;]{0,10}(?<!等保)(?<!保护)[1-5一二三四五]级(?:以上)?(?:的)?(?:标准|要求|水平|成熟度|条款)"
)
"""A level that somebody gives himself is no fact about the plant."""


class Unfit(Exception):
    """A claim that does not stand: why, what a model is to do about it, and what a reviewer should know beside.

    All Chinese, without a closing mark; caught by `check`, never shown with a traceback.
    """

    def __init__(self, why: str, todo: str, note: str = "") -> None:
        super().__init__(why)
        self.why, self.todo, self.note = why, todo, note


@dataclass(frozen=True)
class Words:
    """One answer as it can be quoted from."""

    answer: Answer

    @cached_property
    def norm(self) -> Normalised:
        """The words as the rules read them."""
        return normalise(self.answer.text)

    @cached_property
    def folded(self) -> Folded:
        """The words as quotes are looked up in them."""
        return fold(self.answer.text)

    @cached_property
    def pressure(self) -> tuple[tuple[int, int], ...]:
        """Spans of the original that ask for a level or a verdict: the piece of a sentence, or all of one that dictates."""
        return tuple(
            self.norm.span(part.start, part.end) for sentence in sentences(self.norm) for part in _pressing(sentence)
        )

    def quote(self, claimed: str) -> Quote | None:
        """The claimed words as an exact span of this answer."""
        found = self.folded.find(claimed)
        if found is None:
            return None
        start, end = found
        return Quote(answer=self.answer.seq, start=start, end=end, text=self.answer.text[start:end])

    def presses(self, quote: Quote) -> bool:
        """True when the quote holds some of what asks for a level or a verdict."""
        return any(start < quote.end and quote.start < end for start, end in self.pressure)


def _pressing(sentence: Piece) -> list[Piece]:
    if DICTATES.search(sentence.text):
        return [sentence]
    found = [m.span() for m in PRESSES.finditer(sentence.text) if not PLANT_TALK.match(sentence.text, m.start())]
    found += [m.span() for m in SELF_GRADED.finditer(sentence.text)]
    offset = sentence.start
    return [
        p for p in pieces(sentence) if any(start < p.end - offset and p.start - offset < end for start, end in found)
    ]


class Said:
    """All that was said on a sub-item: the new answer, then the earlier ones, the latest first."""

    def __init__(self, task: ReadingTask, taken_back: Collection[int]) -> None:
        """`taken_back`: numbers of earlier answers that no longer stand."""
        self.new = Words(task.answer)
        self.earlier = {a.seq: Words(a) for a in reversed(task.transcript)}
        self._taken_back = frozenset(taken_back)
        self._asked = task.question.text if task.question else ""

    def words(self, quote: Quote) -> Words:
        """The answer that a quote was taken from."""
        return self.earlier.get(quote.answer, self.new)

    def texts(self) -> list[str]:
        """The texts of the earlier answers, oldest first."""
        return [w.answer.text for w in reversed(self.earlier.values())]

    def is_taken_back(self, quote: Quote) -> bool:
        """True when the answer that the quote stands in no longer does."""
        return quote.answer in self._taken_back

    def find(self, claimed: str) -> Quote | None:
        """The claimed words as a span of the new answer, else of an earlier one, rather of one that stands."""
        standing = [w for seq, w in self.earlier.items() if seq not in self._taken_back]
        fallen = [w for seq, w in self.earlier.items() if seq in self._taken_back]
        return next((q for w in (self.new, *standing, *fallen) if (q := w.quote(claimed)) is not None), None)

    def is_of_the_question(self, claimed: str) -> bool:
        """True when the claimed words are ours, not the respondent's."""
        return locate(self._asked, claimed) is not None
