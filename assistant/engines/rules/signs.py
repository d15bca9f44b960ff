"""Signs of the interview guide in free speech: what speaks for or against a requirement, and how it was said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assistant.assessment.reading import Verdict
from assistant.engines.rules import lexicon
from assistant.engines.rules.normalise import Normalised
from assistant.engines.rules.numerals import NUMERAL
from assistant.engines.rules.statements import Statement, statements
from knowledge.guide import RequirementGuide, SubItemGuide
from knowledge.model import LEVELS, level_of

NEGATIVE = "没"
"""Stands for the pattern of a counter-sign: negative words in what it matches are part of it."""
SPARED = re.compile(r"不(?:用|必|再|靠)|用不[着上]|无需|甭")
"""Inside a counter-sign it takes it back: `采购不用再挨个打电话`."""

NO_SYSTEM = re.compile(
    r"^(?:我们|咱们?|俺们?|厂里|目前|现在|这块|那个?|也|都|还|就|可|压根|根本|一直|真)*"
    r"(?:没(?:有|得|啥|什么|上|用|过)*|哪有(?:什么|啥)?)(?:系统|软件|平台)(?:[啊呀的呢])*$"
)
YET = re.compile(r"^(?:但|可(?!以)|不过|倒是|只是)|.{0,4}有(?!了)")
SYSTEM, SHEET = re.compile(r"软件|系统|平台"), re.compile(r"EXCEL|Excel|表格")
HOW_MANY = re.compile(rf"(?:一共|总共|倒)?有?(?:{NUMERAL})(?:来|多|几)?[台套辆条个](?!月|班)")
"""`叉车有六台` says how many there are, and nothing more."""

AUTOMATIC = re.compile(
    r"自动|(?<!厂里)(?<!你们)自己(?![人的也])|软件|系统|平台|机器替|机器人|无人|算法|远程|隔着网|传感|探头"
)
"""In a question it asks for what goes without people."""


@dataclass(frozen=True)
class Heard:
    """A verdict that a piece of talk gives on a requirement, with its span in the normalised text."""

    requirement: str
    verdict: Verdict
    start: int
    end: int
    rule: str


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def prepare(guide: SubItemGuide) -> None:
    """Compile a sub-item's signs ahead of the first answer."""
    for requirement in guide.requirements.values():
        for pattern in (*requirement.signs, *requirement.counter):
            _compiled(pattern)


def by_machine(guide: RequirementGuide) -> bool:
    """True when a requirement is about something that goes without people, so that doing it by hand fails it."""
    return AUTOMATIC.search(guide.probe) is not None


def hear(norm: Normalised, guide: SubItemGuide) -> Iterator[Heard]:
    """Verdicts on a sub-item's requirements that the signs find, at most one a requirement and statement."""
    for statement in statements(norm):
        for code, requirement in guide.requirements.items():
            yield from _hear(code, requirement, statement)


def nothing_there(norm: Normalised, guide: SubItemGuide) -> Iterator[Heard]:
    """`没有系统，就记个账` to an opening question: the first requirements that need a system fail, if nothing else is said."""
    said = next(statements(norm), None)
    if said is None or said.elsewhere or said.past or NO_SYSTEM.match(said.text) is None:
        return
    if said.following is not None and YET.match(said.following.text) is not None:
        return
    for code, requirement in guide.requirements.items():
        if level_of(code) == LEVELS[1] and SYSTEM.search(requirement.probe) and not SHEET.search(requirement.probe):
            yield Heard(code, Verdict.NOT, said.piece.start, said.piece.end, "说没有系统")


def _hear(code: str, guide: RequirementGuide, said: Statement) -> Iterator[Heard]:
    if said.unsaid:
        return
    for pattern in guide.signs:
        match = _compiled(pattern).search(said.text)
        if match is not None:
            yield from _sign(code, guide, said, match)
            return
    if said.elsewhere or said.past or said.planned or said.given_up or said.asked:
        return
    for pattern in guide.counter:
        match = _compiled(pattern).search(said.text)
        spared = match is not None and SPARED.search(match[0]) is not None and "不" not in pattern
        if (
            match is not None
            and not spared
            and not said.takes_back(match.start())
            and not said.denies(*match.span(), NEGATIVE)
        ):
            yield Heard(code, Verdict.NOT, said.piece.start, said.piece.end, f"反面说法：{match[0]}")
            return


def _sign(code: str, guide: RequirementGuide, said: Statement, match: re.Match[str]) -> Iterator[Heard]:
    start, end = said.piece.start, said.piece.end
    denied = said.denies(*match.span(), match.re.pattern)
    if not denied and said.following is not None and said.denied_by_next and _only_named(said, match):
        yield Heard(code, Verdict.NOT, start, said.following.end, f"说法：{match[0]}；随后否定")
    elif not denied and said.following is not None and said.tried_next and _only_named(said, match):
        yield Heard(code, Verdict.NOT, start, said.following.end, f"说法：{match[0]}；随后说只是试过或听说")
    elif said.elsewhere or said.past or said.asked:
        return
    elif not denied and said.following is not None and lexicon.PENDING.match(said.following.text):
        yield Heard(code, Verdict.NOT, start, said.following.end, f"说法：{match[0]}；随后说还在等")
    elif said.planned:
        yield Heard(code, Verdict.NOT, start, end, f"说法：{match[0]}；只是计划或听说")
    elif said.given_up:
        yield Heard(code, Verdict.NOT, start, end, f"说法：{match[0]}；已停用")
    elif denied and lexicon.IDENTITY.search(said.text[max(0, match.start() - 4) : match.start()]):
        return
    elif denied and lexicon.SUBGROUP.search(said.text[: match.start() + 3]) and not said.whole:
        if guide.extent == "all":
            yield Heard(code, Verdict.PARTLY, start, end, f"说法：{match[0]}；其中一些没有")
    elif denied:
        yield Heard(code, Verdict.NOT, start, end, f"说法：{match[0]}；否定")
    elif said.by_hand and by_machine(guide):
        yield Heard(code, Verdict.NOT, start, end, f"说法：{match[0]}；靠人做")
    elif (verdict := _extent(guide, said)) is not None:
        yield Heard(code, verdict, start, end, f"说法：{match[0]}")


def _only_named(said: Statement, match: re.Match[str]) -> bool:
    """True when the statement names the thing and says nothing of it yet, or speaks of somebody else's or of a plan."""
    rest = HOW_MANY.sub("", said.text[: match.start()] + said.text[match.end() :])
    named = said.asked or lexicon.NAMING.search(said.text) is not None
    if lexicon.DONE.search(match[0]) or lexicon.ACTED.search(match[0]):
        return named
    return named or said.elsewhere or said.planned or said.past or lexicon.PREDICATE.search(rest) is None


def _extent(guide: RequirementGuide, said: Statement) -> Verdict | None:
    """How far a positive statement reaches against how far it has to; None when it does not say."""
    if said.few:
        return Verdict.PARTLY
    if guide.extent is None or (said.whole and not said.partial):
        return Verdict.MET
    if said.partial:
        return Verdict.PARTLY
    return Verdict.MET if guide.extent == "most" else None
