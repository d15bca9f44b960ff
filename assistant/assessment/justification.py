"""判定说明: why a sub-item stands where it stands, in sentences that each name the words and clauses behind them.

A Justification is an engine's claim until `verify_justification` has checked it (promise 1, nothing invented).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from pydantic import Field

from assistant.assessment.document import SourceKind
from assistant.assessment.level import Citation, Proposal
from assistant.assessment.quoting import gist, overlap
from assistant.assessment.reading import Quote, RateFinding
from assistant.assessment.usage import NOTHING_SPENT, Call, Spent
from knowledge.guide import SubItemGuide
from knowledge.model import Frozen, SubItem


class Section(StrEnum):
    """The four parts of a justification."""

    BASIS = "basis"
    SHORTFALL = "shortfall"
    MATERIALS = "materials"
    ADVICE = "advice"


class LevelFrom(StrEnum):
    """Whose level a justification explains."""

    DECIDED = "decided"
    PROPOSED = "proposed"
    OPEN = "open"
    NOT_APPLICABLE = "not_applicable"


class Sentence(Frozen):
    """One sentence, the exact words it rests on, and the codes of the clauses it speaks of."""

    text: str
    quotes: tuple[Quote, ...] = ()
    clauses: tuple[str, ...] = ()


class Justification(Frozen):
    """判定说明 of one sub-item: 判定依据, 未达上一级的原因, 佐证材料, 改进建议.

    `dropped` counts the sentences that failed the check; `calls` and `fallback` as in a Reading.
    """

    subitem: str
    level: int | None
    engine: str
    basis: tuple[Sentence, ...] = ()
    shortfall: tuple[Sentence, ...] = ()
    materials: tuple[Sentence, ...] = ()
    advice: tuple[Sentence, ...] = ()
    calls: tuple[Call, ...] = ()
    fallback: str = ""
    dropped: int = 0

    def section(self, section: Section) -> tuple[Sentence, ...]:
        """The sentences of one part."""
        sections = {
            Section.BASIS: self.basis,
            Section.SHORTFALL: self.shortfall,
            Section.MATERIALS: self.materials,
            Section.ADVICE: self.advice,
        }
        return sections[section]


class Edit(Frozen):
    """One part in the assessor's own words, and the grounds that were before their eyes."""

    text: str
    grounds: str


class Written(Frozen):
    """判定说明 as it stands on record: the last draft, and over it the parts that an assessor wrote."""

    subitem: str
    draft: Justification | None = None
    grounds: str = ""
    edits: dict[Section, Edit] = Field(default_factory=dict)

    def drafted(self, draft: Justification, grounds: str, replaces: Iterable[Section]) -> Written:
        """After a new draft; an edit stays unless the assessor gave it up."""
        kept = {section: edit for section, edit in self.edits.items() if section not in set(replaces)}
        return Written(subitem=self.subitem, draft=draft, grounds=grounds, edits=kept)

    def edited(self, section: Section, edit: Edit) -> Written:
        """After an edit."""
        return self.model_copy(update={"edits": self.edits | {section: edit}})

    def text(self, section: Section) -> str:
        """What one part says: the assessor's words, else the draft's sentences."""
        if section in self.edits:
            return self.edits[section].text
        return "".join(s.text for s in self.draft.section(section)) if self.draft else ""

    def stands_on(self, section: Section) -> str:
        """The grounds that were before the eyes of whoever wrote a part."""
        return self.edits[section].grounds if section in self.edits else self.grounds

    def stale(self, grounds: str) -> tuple[Section, ...]:
        """The parts written when level or evidence were others than now."""
        return tuple(section for section in Section if self.stands_on(section) != grounds)


class Said(Frozen):
    """One answer that a justification may quote: whose words, and where they stand.

    `asked` is the requirement that the question was about. `document` and `place` are empty for an interview. Minutes
    are talk (`kind`), written down.
    """

    answer: int
    text: str
    name: str
    role: str = ""
    question: str = ""
    asked: str = ""
    kind: SourceKind = SourceKind.TALK
    document: str = ""
    place: str = ""

    @property
    def written(self) -> bool:
        """True for what somebody has shown, not only said."""
        return self.kind != SourceKind.TALK

    @property
    def where(self) -> str:
        """`《台账》第3段`, empty for an interview."""
        return f"《{self.document}》{self.place}" if self.document else ""


@dataclass(frozen=True)
class JustifyTask:
    """A sub-item to justify: the level and whose it is, the clauses that carry it, those that it lacks, and the words.

    `basis` are the clauses up to the level with their evidence, `gap` the clauses of the next one that are not met,
    `ahead` the clauses of higher levels that are. `quotes` are the words to quote, numbered from 1 in this order.
    `reason` is the reviewer's, with a decision.
    """

    subitem: SubItem
    table: int
    level_names: Sequence[str]
    level: int | None
    level_from: LevelFrom
    proposal: Proposal
    guide: SubItemGuide
    basis: tuple[Citation, ...] = ()
    gap: tuple[Citation, ...] = ()
    ahead: tuple[Citation, ...] = ()
    rate: RateFinding | None = None
    said: Mapping[int, Said] = field(default_factory=dict)
    quotes: tuple[Quote, ...] = ()
    reason: str = ""
    spent: Spent = NOTHING_SPENT

    def words(self, quote: Quote) -> Quote:
        """The numbered quote that shares most with some evidence's words; the words themselves when none does."""
        return (
            max(self.quotes, key=lambda q: overlap(quote, q)) if any(overlap(quote, q) for q in self.quotes) else quote
        )

    @cached_property
    def grounds(self) -> str:
        """What the justification rests on, as a hash (see `grounds_of`)."""
        cited = (*self.basis, *self.gap, *self.ahead)
        return grounds_of(self.level, self.level_from, self.reason, cited, self.proposal)


def grounds_of(
    level: int | None, level_from: LevelFrom, reason: str, citations: Iterable[Citation], proposal: Proposal
) -> str:
    """What a justification rests on, as a hash: another level, verdict or quote gives another one."""
    cited = [
        (
            c.clause,
            c.stand,
            [(e.requirement, e.verdict, e.quote.answer, e.quote.start, e.quote.end) for e in c.evidence],
        )
        for c in citations
    ]
    undecided = proposal.undecided.model_dump(mode="json") if proposal.undecided else None
    grounds = [level, level_from, reason, cited, undecided]
    return hashlib.sha256(json.dumps(grounds, ensure_ascii=False).encode()).hexdigest()[:16]


def _within(inner: Quote, outer: Quote) -> bool:
    return inner.answer == outer.answer and outer.start <= inner.start and inner.end <= outer.end


CODE = re.compile(r"(?<![\d.])\d+\.\d+-L\d[a-z]?")
SPOKEN = re.compile(r"“([^“”]*)”")
SHORT = 3
"""Quotation marks round fewer characters mark a word, not somebody's speech."""

CLAIMS = re.compile(r"已|现有|目前|现在|眼下|正在|曾|去年|今年|前年|贵厂|贵司|但|而是|不过|却|然而")
"""Words of a sentence that tells what is so at the enterprise, or turns to telling it: not without a quote."""
WITHOUT_QUOTE = {
    Section.BASIS: re.compile(r"定为|不能定级|不适用|没有问到|涵盖"),
    Section.SHORTFALL: re.compile(r"没有谈到|没有问到|未提供|最高等级|不适用|理由是"),
    Section.MATERIALS: re.compile(r"请|调取|补充|查看|核对|补问|未提供"),
    Section.ADVICE: re.compile(""),
}
"""What a sentence without a quote may say: a ruling, that something was not said, a request, any advice."""


def verify_justification(justification: Justification, task: JustifyTask) -> Justification:
    """The justification without the sentences that fail the check; their number is added to `dropped`.

    A sentence stands when its clauses exist in the sub-item, its quotes are exact spans of the task's quotes, what
    stands in quotation marks was said or printed, and when it names a quote, unless it states nothing about the
    enterprise (`WITHOUT_QUOTE`) or gives the reviewer's reason word for word; then it names a clause.
    """
    codes = {c.code for c in task.subitem.clauses}
    printed = _folded(_printed(task))
    kept = {
        section: tuple(s for s in justification.section(section) if _stands(s, section, task, codes, printed))
        for section in Section
    }
    dropped = sum(len(justification.section(s)) - len(kept[s]) for s in Section)
    sections = {section.value: sentences for section, sentences in kept.items()}
    return justification.model_copy(update={**sections, "dropped": justification.dropped + dropped})


def _stands(sentence: Sentence, section: Section, task: JustifyTask, codes: set[str], printed: str) -> bool:
    named = {*sentence.clauses, *CODE.findall(sentence.text)}
    if not sentence.text.strip() or not named <= codes:
        return False
    if not all(_exact(quote, task) for quote in sentence.quotes):
        return False
    marked = [part for speech in SPOKEN.findall(sentence.text) for part in speech.split("……")]
    if any(len(part) > SHORT and _folded([part]) not in printed for part in marked):
        return False
    if sentence.quotes:
        return True
    plain = SPOKEN.sub("", sentence.text)
    fits = bool(WITHOUT_QUOTE[section].search(plain)) or _retold(plain, marked, task)
    return bool(sentence.clauses) and fits and not CLAIMS.search(plain)


def _retold(plain: str, marked: Sequence[str], task: JustifyTask) -> bool:
    """Whether a sentence gives the reviewer's reason, and in the reviewer's own words."""
    reason = _folded([task.reason])
    return "复核人" in plain and any(len(part) > SHORT and _folded([part]) in reason for part in marked)


def _exact(quote: Quote, task: JustifyTask) -> bool:
    said = task.said.get(quote.answer)
    return (
        said is not None
        and quote.start < quote.end
        and said.text[quote.start : quote.end] == quote.text
        and any(_within(quote, known) for known in task.quotes)
    )


def _printed(task: JustifyTask) -> Iterable[str]:
    """Everything that may stand in quotation marks: what was said and asked, the standard's and the guide's text."""
    for said in task.said.values():
        yield from (said.text, said.question, said.where)
    yield from (c.text for c in task.subitem.clauses)
    for requirement in task.subitem.requirements:
        yield from (requirement.text, gist(requirement))
    yield from (task.subitem.name, task.reason, *task.level_names, *task.guide.records, *task.guide.mistakes)
    for entry in task.guide.requirements.values():
        yield from (entry.probe, entry.follow, *entry.not_counted)


def _folded(texts: Iterable[str]) -> str:
    """Texts without white space and quotation marks: inside a quotation these are printed otherwise."""
    return "\n".join(re.sub(r"[\s“”‘’\"'「」]", "", text) for text in texts)
