"""Yes, no or partly to a question on one fact, from the opening words of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from assistant.assessment.reading import Verdict
from assistant.engines.rules.lexicon import FEW, HALFHEARTED
from assistant.engines.rules.normalise import Normalised
from assistant.engines.rules.statements import Statement, denies, statements

LOOKED_AT = 4
AGREES = re.compile(r"^(?:没错|没得说|那当然|哪能没有|没少|那?可不(?:是)?(?:嘛|吗|么|呗)?$)")
NO_MORE = re.compile(r"没有?[\u4e00-\u9fff]{1,6}了$")
"""`没有纸单了` says what is gone, not that what was asked about is missing."""

BUT = re.compile(r"^(?:但|可(?!以)|不过|只是|就是|也就)")
CONCEDES = re.compile(r"(?P<said>[\u4e00-\u9fff]{1,2})(?:倒)?是(?:倒)?(?P=said)(?:了|过|的)?$")
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
    r"有(?!的(?!$)|点悬|待|没有)|是(?:的|啊|呀|有|能|会|这样|$)|能(?!不能)|会(?!不会)|对(?![接账比方外内上下于着])|可以|行(?!业)|早就|已经|都(?:有|能|会|是(?=的|这样|这么|$)|上|做|接|通)"
    r"|基本(?:上)?都?|没问题|做(?:了|到|得)|上(?:了|着)|用(?:着|了|上)|(?:改|讲|练|签|顶)过(?:的|了|啊|呢)*$|早(?:就|都)?(?:有|通|上|接|连|做|用|装|搞|弄|自动)|当然|必须的|一直(?:有|在|都)|肯定|确实|差不多都"
)
NO_WORDS = (
    r"(?:还|都|也|从来|压根|根本|真|暂时|一直|肯定|完全|可|倒|就)*(?:没(?!问题)|无(?!线)|不(?!光|仅|止|错|过)|未)"
    r"|(?:根本|也|还|都|暂时)*[\u4e00-\u9fff]不(?:了|到|着|出来|过来|进去|起来)(?:的|啊|呢)*$"
    r"|哪(?:有|能|会)|谈不上|免谈|差得?远|别提|顾不上|够不着|算了|空白|说不上"
)
PART_WORDS = (
    rf"{FEW.pattern}|"
    r"(?:也?就|只|仅|才|算)?(?:有)?(?:一)?(?:小|少|大)?(?:部分|有的(?!$)|个别|一半|少数|刚(?:开始|起步)|一点点?|半拉|几处|就(?:几|一|两|俩)|勉强)"
)
ONLY_THESE = re.compile(
    r"^(?:也?就(?:是|有)?|只有|无非|也只有|只是)(?:那|这)?(?:[几两一][台个样])?(?P<names>[\u4e00-\u9fffA-Z、]{2,10}?)(?:这些|什么的|之类的?|罢了|而已|了|吧|啊|呗)*$"
)
"""`没几样，也就电表吧`: names the few that are so."""
HOW_MUCH = re.compile(r"多少|几[样种台个家处]|哪[些几]")
MACHINE = re.compile(r"机器|设备")
A_MACHINE = re.compile(r"(?:[机床炉线泵]|设备|机组|加工中心)$")
_OPENING = rf"^(?:{FILLERS})*"
FLAT_NO = re.compile(rf"{_OPENING}哪(?:有|会)(?:啊|呀|呢|这|那|什么|啥)*[^没不少缺]{{0,6}}$")
ALL_OF_IT = re.compile(rf"{_OPENING}(?:都|全|还|也|靠|得|是)")
YES, NO, PART = (re.compile(f"{_OPENING}(?:{words})") for words in (YES_WORDS, NO_WORDS, PART_WORDS))


HEDGED = "先说有，又打了折扣"
_TAIL = r"(?:的|呢|啊|吧|了|着|过)*$"
_SPOKEN_OF = (
    r"^(?:但|可(?!以)|不过|倒是|然后)*(?P<what>[^没不]{1,8}?)(?:那边|那块|倒|倒是|是|都|也|还|早|可|基本上?|一直|暂时)*"
)
THING_IS = re.compile(
    rf"{_SPOKEN_OF}(?:有|有人[^,。没不]{{1,3}}|带|行|可以|能|在[^,。]{{1,6}}里头?|(?:能|会)?[\u4e00-\u9fff]{{1,2}}(?:得到|得见|了|着|过|上)){_TAIL}"
)
THING_THERE = re.compile(rf"{_SPOKEN_OF}(?:有|带|行|可以|能)(?:的|呢|啊|吧)*$")
THING_IS_NOT = re.compile(
    rf"{_SPOKEN_OF}(?:没(?:有)?[^,。]{{0,4}}|不(?:行|能|可以|带|看|管|查|做|用|检|测)[^,。]{{0,2}}|[\u4e00-\u9fff]不[了到着见上]|(?:是|靠|用)(?:纸|手[工写抄]|人工|人|EXCEL|表格|微信|电话|邮件)[^,。]{{0,2}}|谁(?:也|都)?[没不][^,。]{{0,3}}|没人[^,。]{{0,3}}|才[^,。]{{0,4}}(?:一半|[几一两]|一点|一小)[^,。]{{0,2}}){_TAIL}"
)
TO_COME = re.compile(
    rf"{_SPOKEN_OF}(?:那块|那边|的)*(?:得|要|准备|打算|等)?(?:明年|后年|年底|下半年|下个?月|还在[^,。]{{1,4}}|二期|正在[^,。]{{1,4}})"
)
CAN = re.compile(r"^(?:能|会|可以)[^,。没不]{1,8}$")
CANNOT = re.compile(r"^(?:但|可|不过|就是)?[\u4e00-\u9fff]{1,2}不(?:到|了|进去|出来|着|见|上)[^,。]{0,6}$")
OTHERWISE = re.compile(
    r"就|只|唯|还|都|也|一|从|压根|根本|又|后来|但|可|别的|其他|其余|剩下|外[头面]|另外|这|那|我|咱|现在|目前"
)


@dataclass(frozen=True)
class Direct:
    """The answer proper to a question on one fact, with its span in the normalised text.

    `verdict` is None when a yes was said and then qualified: nothing may be called met, and it is asked again.
    """

    verdict: Verdict | None
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
    affirmed = -1
    for said, after in islice(_with_next(norm), LOOKED_AT):
        found = _verdict_of(said, after, by_machine=by_machine)
        if found is not None and found[0] == Verdict.MET and HALFHEARTED.search(norm.text[said.piece.start :]):
            found = None, HEDGED
        if found is not None and found[0] == Verdict.NOT and affirmed == said.sentence:
            return None
        if THING_THERE.match(said.text) and not (said.past or said.planned or said.elsewhere):
            affirmed = said.sentence
        if found is not None:
            last = after if after is not None and found[1] == TAKEN_BACK else said
            return Direct(*found, start=said.piece.start, end=last.piece.end)
    return None


def named_only(norm: Normalised) -> tuple[str, ...]:
    """The things that an answer names after it said that there are few, as all there are; none if it does not."""
    for said, after in islice(_with_next(norm), LOOKED_AT):
        match = ONLY_THESE.match(after.text) if after is not None and FEW.search(said.text) else None
        if match is not None:
            return tuple(match["names"].split("、"))
    return ()


def contrast(norm: Normalised) -> tuple[Statement, Statement] | None:
    """Two neighbouring statements of which one says that a thing is so and the other that another thing is not.

    `图纸加密了，导出没限制`; `能查到批次，查不到人`. The first of the pair is the one that says it is so.
    """
    for said, after in islice(_with_next(norm), LOOKED_AT):
        if after is None or any(s.elsewhere or s.past or s.unsaid for s in (said, after)):
            continue
        if CAN.match(said.text) and CANNOT.match(after.text):
            return said, after
        for one, other in ((said, after), (after, said)):
            has, lacks = THING_IS.match(one.text), THING_IS_NOT.match(other.text)
            if lacks is None and other.planned:
                lacks = TO_COME.match(other.text)
            if (
                has
                and lacks
                and not any(OTHERWISE.match(m["what"]) for m in (has, lacks))
                and has["what"] != lacks["what"]
            ):
                return one, other
    return None


def _with_next(norm: Normalised) -> Iterator[tuple[Statement, Statement | None]]:
    """Each statement with the one after it, in whatever sentence that stands."""
    some = list(statements(norm))
    return zip(some, [*some, None][1:], strict=True)


def _verdict_of(  # noqa: PLR0911 - one way out per kind of opening
    said: Statement, after: Statement | None, *, by_machine: bool
) -> tuple[Verdict | None, str] | None:
    text = said.text
    if said.elsewhere or said.unsaid:
        return None
    if CONCEDES.search(text):
        return _conceded(after)
    if PART.search(text):
        return Verdict.PARTLY, "直接回答：部分"
    if AGREES.search(text):
        return Verdict.MET, "直接回答：是"
    if FLAT_NO.search(text):
        return Verdict.NOT, "直接回答：否"
    if NO.search(text):
        return (Verdict.NOT, "直接回答：否") if denies(text) and not NO_MORE.search(text) else None
    if by_machine and said.by_hand and ALL_OF_IT.search(text):
        return Verdict.NOT, "直接回答：靠人做"
    if not YES.search(text) or said.planned or said.past or denies(text):
        return None
    if after is not None and BUT.match(after.text) and (denies(after.text) or after.planned):
        return _conceded(after)
    if by_machine and after is not None and after.by_hand:
        return None, HEDGED
    return (Verdict.PARTLY, "直接回答：部分") if said.partial else (Verdict.MET, "直接回答：是")


def _conceded(after: Statement | None) -> tuple[Verdict | None, str]:
    """What is left of a yes after what follows it: a plan or `还没用起来` is a no, a small part a part."""
    if after is None:
        return None, HEDGED
    if after.planned or NOT_YET.match(after.text):
        return Verdict.NOT, TAKEN_BACK
    return (Verdict.PARTLY, "直接回答：部分") if after.partial else (None, HEDGED)
