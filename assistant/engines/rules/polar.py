"""Yes, no or partly to a question on one fact, from the opening words of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from assistant.assessment.reading import Verdict
from assistant.engines.rules.lexicon import FEW
from assistant.engines.rules.normalise import Normalised
from assistant.engines.rules.statements import Statement, denies, statements

LOOKED_AT = 4
AGREES = re.compile(r"^(?:没错|没得说|那当然|哪能没有|没少)")
NO_MORE = re.compile(r"没有?[\u4e00-\u9fff]{1,6}了$")
"""`没有纸单了` says what is gone, not that what was asked about is missing."""

BUT = re.compile(r"^(?:但|可(?!以)|不过|只是|就是|也就)")
CONCEDES = re.compile(r"(?P<said>有|是|能|会|行|上|做|用|装|连|接|通|买)(?:倒)?是(?:倒)?(?P=said)(?:了|过)?$")
"""`有是有`: what counts comes after it."""
NOT_YET = re.compile(
    r"^(?:但是?|可是?|不过|只是|就是)?(?:我们|现在|目前|暂时|一直|实际上?|其实)*(?:都|也|就|又)?(?:还|尚|从)?(?:没|未)(?:有)?(?:真正?|正式|怎么|咋)?"
    r"(?:用|上|装|接|连|通|弄|搞|做|开|启用|启动|投用|投运|上线|落地|调好|弄好|跑)?(?:起来|上|过|通|进来|线|好|成|全)?(?:呢|了|的)?$"
)
"""`还没用起来` after a yes takes it back."""
BARE_YES = re.compile(r"(?:嗯+|对+|是|有|啊|哎|,)*(?:嗯|对|是|有)(?:的|啊|呀|呢|吧|嘛)*[,。!]*")
"""Nothing but a nod; a drawn-out `嗯……` is thinking."""

TAKEN_BACK = "直接回答：先说有，随后说还没有"

FILLERS = (
    r"嗯+|呃|哦|啊|哎|唉|噢|哈|这个(?!月)|那个|那(?=没|有|倒|是|还|可)|说实话|老实说|实话(?:跟|和|对)?你?说|其实|目前|现在|眼下"
    r"|我们|咱们?|俺们?|厂里|这块|这方面|这一块|这|倒是?|可以说|应该说|算是|要说|讲真|不瞒您?你?说|我想想|你?您?问这个啊?|说起这个"
)
YES_WORDS = (
    r"有(?!的(?!$)|点悬|待|没有)|是(?:的|啊|呀|有|能|会|这样|$)|能(?!不能)|会(?!不会)|对(?!接)|可以|行(?!业)|早就|已经|都(?:有|能|会|是|上|做|接|通)"
    r"|基本(?:上)?都?|没问题|做(?:了|到|得)|上(?:了|着)|用(?:着|了|上)|当然|必须的|一直(?:有|在|都)|肯定|确实|差不多都"
)
NO_WORDS = (
    r"(?:还|都|也|从来|压根|根本|真|暂时|一直|肯定|完全|可|倒|就)*(?:没(?!问题)|无(?!线)|不(?!光|仅|止|错|过)|未)"
    r"|哪(?:有|能|会)|谈不上|免谈|差得?远|别提|顾不上|够不着|算了|空白|说不上"
)
PART_WORDS = (
    rf"{FEW.pattern}|"
    r"(?:也?就|只|仅|才|算)?(?:有)?(?:一)?(?:小|少|大)?(?:部分|有的(?!$)|个别|一半|少数|刚(?:开始|起步)|一点点?|半拉|几处|就(?:几|一|两|俩)|勉强)"
)
_OPENING = rf"^(?:{FILLERS})*"
YES, NO, PART = (re.compile(f"{_OPENING}(?:{words})") for words in (YES_WORDS, NO_WORDS, PART_WORDS))


@dataclass(frozen=True)
class Direct:
    """The answer proper to a question on one fact, with its span in the normalised text."""

    verdict: Verdict
    rule: str
    start: int
    end: int


def direct_answer(norm: Normalised, *, by_machine: bool = False) -> Direct | None:
    """What an answer says to the question just put; None if unsure.

    People clear their throat first (`这个嘛，`) or begin beside the point, so the first few statements are looked at.
    `by_machine`: the question is whether something goes without people, so that `都是人抄` denies it.
    """
    if BARE_YES.fullmatch(norm.text):
        return Direct(Verdict.MET, "直接回答：是", 0, len(norm.text))
    for said, after in islice(_with_next(norm), LOOKED_AT):
        found = _verdict_of(said, after, by_machine=by_machine)
        if found is not None:
            last = after if after is not None and found[1] == TAKEN_BACK else said
            return Direct(*found, start=said.piece.start, end=last.piece.end)
    return None


def _with_next(norm: Normalised) -> Iterator[tuple[Statement, Statement | None]]:
    """Each statement with the one after it, in whatever sentence that stands."""
    some = list(statements(norm))
    return zip(some, [*some[1:], None], strict=True)


def _verdict_of(  # noqa: PLR0911 - one way out per kind of opening
    said: Statement, after: Statement | None, *, by_machine: bool
) -> tuple[Verdict, str] | None:
    text = said.text
    if said.elsewhere or said.unsaid:
        return None
    if CONCEDES.search(text):
        return _conceded(after)
    if PART.search(text):
        return Verdict.PARTLY, "直接回答：部分"
    if AGREES.search(text):
        return Verdict.MET, "直接回答：是"
    if NO.search(text):
        return (Verdict.NOT, "直接回答：否") if denies(text) and not NO_MORE.search(text) else None
    if not YES.search(text) or said.planned or said.past or denies(text):
        return None
    if after is not None and BUT.match(after.text) and (denies(after.text) or after.planned):
        return _conceded(after)
    if by_machine and any(s is not None and s.by_hand for s in (said, after)):
        return None
    return (Verdict.PARTLY, "直接回答：部分") if said.partial else (Verdict.MET, "直接回答：是")


def _conceded(after: Statement | None) -> tuple[Verdict, str] | None:
    """What is left of a yes after what follows it: a plan or `还没用起来` is a no, a small part a part."""
    if after is None:
        return None
    if after.planned or NOT_YET.match(after.text):
        return Verdict.NOT, TAKEN_BACK
    return (Verdict.PARTLY, "直接回答：部分") if after.partial else None
