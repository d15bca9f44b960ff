"""Yes, no or partly to a question on one fact."""

from __future__ import annotations

import re

from assistant.assessment.reading import Verdict
from assistant.engines.rules.statements import Statement, denies

FILLER = r"^(?:嗯+|呃|哦|啊|这个(?!月)|那个|那(?=没|有|倒|是|还)|哎|唉|噢|说实话|老实说|其实|目前|现在|眼下|我们|咱们?|俺们?|这块|这方面|倒是?|这)*"
YES = re.compile(
    FILLER
    + r"(?:有(?!的|点悬|待|没有)|是(?:的|啊|呀|有|能|会|这样)|能(?!不能)|会(?!不会)|对(?!接)|可以|行|早就|已经|都(?:有|能|会|是|上|做|接|通)|基本(?:上)?都?"
    r"|没问题|做(?:了|到|得)|上(?:了|着)|用(?:着|了|上)|当然|必须的|一直(?:有|在|都)|肯定)"
)
NO = re.compile(
    FILLER
    + r"(?:(?:还|都|也|从来|压根|根本|真|暂时|一直|肯定|完全|可|倒)*(?:没(?!问题)|无|不(?!光|仅|止|错)|未)|哪(?:有|能|会)|谈不上|免谈|差得?远|别提|顾不上|够不着|算了)"
)
PART = re.compile(
    FILLER
    + r"(?:也?就|只|仅|才)?(?:有)?(?:一)?(?:小|少)?(?:部分|有的(?!$)|个别|一半|少数|刚(?:开始|起步)|一点点?|半拉|就(?:几|一|两|俩)|算有一点|勉强)"
)


def verdict_of(said: Statement) -> tuple[Verdict, str] | None:
    """The verdict that a statement gives, by its opening words, to the question just put; with the rule's name."""
    text = said.text
    if said.elsewhere:
        return None
    if PART.search(text):
        return Verdict.PARTLY, "直接回答：部分"
    if NO.search(text):
        return Verdict.NOT, "直接回答：否"
    if YES.search(text):
        if said.planned or said.past or denies(text):
            return None
        return (Verdict.PARTLY, "直接回答：部分") if said.partial else (Verdict.MET, "直接回答：是")
    return None
