"""The words that the rules engine's justifications are made of: speakers, quotes, requirements, clause references."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from assistant.assessment.justification import JustifyTask, LevelFrom, Section, Sentence
from assistant.assessment.ledger import Evidence
from assistant.assessment.quoting import gist
from assistant.assessment.reading import Quote
from assistant.engines.rules.leads import bare
from knowledge.model import Requirement

FIRST = ("{who}介绍：“{words}”", "{who}说“{words}”", "{who}谈到，“{words}”", "据{who}讲，“{words}”")
AGAIN = ("{who}还说“{words}”", "{who}又提到“{words}”", "另据{who}说，“{words}”", "{who}补充说“{words}”")
WITHIN = ("{who}说“{words}”", "{who}提到“{words}”")
WRITTEN = ("{who}写明：“{words}”", "{who}载有“{words}”", "{who}记录“{words}”")
REPLIED = ("问到“{question}”，{who}答“{words}”", "就“{question}”一问，{who}的回答是“{words}”")
REPLY = 14
"""An answer of at most so many characters is told together with its question when it speaks of what was asked."""
BARE = 5
"""So few characters say nothing without the question, whatever they speak of."""

ASPECT = re.compile(
    r"(建立|制定|采取|采用|实现|明确|加强|形成|构建|增加|建设|成立|设立|开展|引入|配备|提高|打造|收集|完善)了"
)
MODAL = re.compile(r"^(企业|软件|设备|平台|不仅|并且|同时|且|还|也)*(已经|已|开始|仅|能够|可以|能)*(?=\S)")
DOES = re.compile(
    r"(关注|了解|实时|建立|制定|实现|采用|采取|利用|运用|通过|引入|开展|构建|打造|形成|明确|加强|成立|设立|建设|提供|收集|使用|将|对|与|根据|进行|"
    r"针对|为|配备|基于|集成|整合|应用|推动|广泛|深度|尝试|深入|综合|考虑|降低|优化|识别|预测|监控|判断|拓展|纳入|传输|生成|定制|挖掘)"
)


class Pen:
    """Writes for one task: turns patterns in a fixed order that begins elsewhere for each sub-item and section."""

    def __init__(self, task: JustifyTask) -> None:
        self.task = task
        self._named: set[str] = set()
        self._turn: dict[Sequence[str], int] = {}
        self._tabled = False
        self._section = Section.BASIS
        self._last = ""
        self._about: dict[Quote, set[str]] = {}
        for evidence in (e for c in (*task.basis, *task.gap, *task.ahead) for e in c.evidence):
            self._about.setdefault(task.words(evidence.quote), set()).add(evidence.requirement)

    def begin(self, section: Section) -> Pen:
        """Start a section: the table is named once in each, people are introduced once in each."""
        self._section = section
        self._tabled = False
        self._named = set()
        self._last = ""
        return self

    def pick(self, patterns: Sequence[str]) -> str:
        """The next of some patterns."""
        key = tuple(patterns)
        seed = hashlib.sha256(f"{self.task.subitem.code}{self._section}".encode()).digest()[0]
        turn = self._turn.get(key, seed)
        self._turn[key] = turn + 1
        return patterns[turn % len(patterns)]

    def cite(self, *codes: str) -> str:
        """`（表2，2.1-L3a）`, the table once in a section."""
        listed = "、".join(dict.fromkeys(codes))
        table = "" if self._tabled else f"表{self.task.table}，"
        self._tabled = True
        return f"（{table}{listed}）"

    def who(self, answer: int) -> str:
        """A speaker with role when first named, later by name; for a document its place."""
        said = self.task.said[answer]
        if said.written:
            return f"{said.kind}{said.where}"
        name = said.name or said.role or "受访人"
        first = name not in self._named
        self._named.add(name)
        title = said.role if said.role and said.role not in name and name not in said.role else ""
        return f"{title}{name}" if first else name

    def reply(self, quote: Quote) -> bool:
        """True for a bare yes or no, which is told with the question it answers.

        Short words that speak of something else than what was asked stand alone: the question would not fit them.
        """
        said = self.task.said[quote.answer]
        if not said.question or said.written or len(quote.text) > REPLY:
            return False
        about = self._about.get(quote, set())
        return not about or said.asked in about or len(quote.text) <= BARE

    def says(self, quote: Quote, within: bool = False) -> str:
        """`设备主任王建国介绍：“…”`; a bare yes or no with the question it answers; plainer `within` a sentence."""
        said = self.task.said[quote.answer]
        if said.written:
            return self.pick(WRITTEN).format(who=self.who(quote.answer), words=printed(quote.text))
        name = said.name or said.role or "受访人"
        again = name in self._named
        who = self.who(quote.answer)
        if self.reply(quote):
            question = printed(bare(said.question).rstrip("？?。 "))
            return self.pick(REPLIED).format(question=question, who=who, words=printed(quote.text))
        return self.pick(WITHIN if within else AGAIN if again else FIRST).format(who=who, words=printed(quote.text))

    def sentence(self, text: str, quotes: Sequence[Quote], codes: Sequence[str]) -> Sentence:
        """A sentence with what it rests on."""
        return Sentence(text=text, quotes=tuple(dict.fromkeys(quotes)), clauses=tuple(dict.fromkeys(codes)))

    def level(self, level: int) -> str:
        """`L3 集成级`."""
        return f"L{level} {self.task.level_names[level - 1]}"

    def name(self, level: int) -> str:
        """`集成级`."""
        return self.task.level_names[level - 1]

    def words(self, evidence: Evidence) -> Quote:
        """The numbered quote behind some evidence."""
        return self.task.words(evidence.quote)

    @property
    def overruled(self) -> bool:
        """True when a reviewer set a lower level than the words support."""
        task = self.task
        lower = task.level is not None and task.proposal.level is not None and task.level < task.proposal.level
        return task.level_from == LevelFrom.DECIDED and lower

    @property
    def codes(self) -> tuple[str, ...]:
        """Clauses of the level justified, else of level 2: what a general sentence is about."""
        return tuple(c.code for c in self.task.subitem.at(max(self.task.level or 2, 2)))


def printed(words: str) -> str:
    """Words inside quotation marks: their own become single ones, line ends blanks."""
    return " ".join(words.replace("“", "‘").replace("”", "’").replace('"', "’").split())


def action(requirement: Requirement) -> str:
    """What to do so that a requirement is met, to follow 建议: its own words as a demand where they begin with a verb."""
    text = gist(requirement)
    demand = MODAL.sub("", ASPECT.sub(r"\1", text), count=1)
    plain = DOES.match(demand) and not any(stop in demand for stop in ("。", "……"))
    return demand if plain else f"做到“{text}”"


def joined(parts: Sequence[str]) -> str:
    """`“甲”“乙”`: several texts in quotation marks."""
    return "".join(f"“{part}”" for part in parts)
