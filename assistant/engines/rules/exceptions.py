"""Exceptions: an answer that names a part and denies it (`车间、办公楼都有网，仓库没有`).

It does not meet a requirement that asks for that part, or for the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.engines.rules import lexicon
from assistant.engines.rules.normalise import Normalised
from assistant.engines.rules.statements import Statement, mask, statements
from knowledge.model import Requirement

LED = r"(?:但是?|可是?(?!以)|不过|就是?|只是|唯独|唯有|单单|偏偏|倒是|另外|至于|然后|还有|剩下的?|除了)*"
LACKS = (
    r"(?:没(?:有|能|得)?(?:网|信号|线|做|弄|上|搞|装|连|接|通|铺|覆盖|管|配|拉|进|存|记|设|写|练|测|查|算|动|分|备份|加密|联网)?(?:上|过|进来?|到|起来|着)?"
    r"|不(?:行|通|在|算|成)|(?:基本|几乎)?不(?:看|查|管|检|测|记)|空白|空着|(?:信号|网)(?:差|弱|不好)|断网|掉线|(?:还是|靠|得|用)(?:手工|人工|纸质?|手抄|手写|人)[^,。]{0,2})(?:的|了|呢|啊|吧|来着|里头|在内)*"
)
DENIED = re.compile(
    rf"^(?P<led>{LED})(?P<name>(?:(?![和跟与是全])[\u4e00-\u9fffA-Z、]){{2,10}}?)(?:那边|那块|那头|那里|这块|这边|里头?|这一块|那一块|那些|那儿|的话|还|也|都|就|倒|可|真|暂时|目前|现在|压根|根本|一直|是)*(?:{LACKS})$"
)
LEFT_OUT = re.compile(
    r"^(?P<led>(?:就|只|还)?(?:除(?:了|开|去)|差|缺))(?P<name>[\u4e00-\u9fffA-Z、]{2,8}?)(?:没有?[^,。]{0,4}|还[^,。]{0,6}|以外|之外|这块|那块)?$"
)
LED_BY = re.compile(r"^(?:但|可|不过|就|只|还|唯|单单|偏偏|除|差|缺)")
ENUMERATED = re.compile(r"包括|以及|涵盖|等(?:多个|多种|多方面|相关|方面|资源|环节|技术|安全|的安全)")
LISTING = re.compile(rf"{ENUMERATED.pattern}|全面|整个|全流程|几乎所有|所有|全方位")
WHOLE = re.compile(r"整个工厂|全流程|全要素|所有(?:设备|业务)|全生命周期")
MANY = re.compile(r"多个|多种|多方面|众多")
MOST = re.compile(r"大多|大部分|大半|基本|差不多|绝大")
PART = re.compile(r"(?<!大)部分")
EACH = re.compile(r"这[几两三四][样处道项步个块]")
SOME = re.compile(r"一些(?!简单)[^，；]{0,8}(?:设备|区域)|^部分")
ENUMERATES = re.compile(r"[\u4e00-\u9fff]{2}(?:、|和|跟|还有|连同|外带)[\u4e00-\u9fff]{2}")
EXAMPLES = re.compile(r"[如像]除?[^，。；]*")
THE_REST = re.compile(
    r"^(?:但是?|不过|可)?(?:别的|其[他它余]的?|剩下的?|余下的)(?:那些|几[台个样]|设备|机器|车|地方)?(?:就|都|全|也|还|倒|一概|统统|暂时|目前)*(?:没(?!有?(?:问题|少|毛病|落|漏|啥|什么|变))|不(?:行|通|在|带|检|查|管|看|测|做|用)|未|还早)"
)
"""`叉车有俩带定位的，别的没有`: what came before is all there is."""
A_FEW_ARE = re.compile(r"有(?:那么)?(?:[几一两俩三][台个辆条]|俩|仨)[^,。]{1,10}的$")
GENERIC = re.compile(
    r"设备|机器|系统|数据|软件|平台|企业|工厂|生产|网络|信息|管理|安全|产品|计划|质量|客户|供应|上下|外部|内部|技术|能力|进行|部分|区域"
    r"|我们|咱们|他们|这个|那个|目前|现在|全部|其他|别的"
)
"""Words that too many texts hold to tell which part is meant."""


@dataclass(frozen=True)
class Missing:
    """A named part that an answer denies, with the span that does.

    `exception`: said as the one thing that is not so; `after_most`: after it was said that most of it is so.
    """

    names: tuple[str, ...]
    start: int
    end: int
    exception: bool
    after_most: bool


def missing_parts(norm: Normalised) -> Iterator[Missing]:
    """Parts that short statements name and deny."""
    most = False
    for said in statements(norm):
        if not (said.elsewhere or said.past or said.unsaid or said.asked):
            match = DENIED.match(mask(said.text)) or (LEFT_OUT.match(said.text) if _last(said) else None)
            if match is not None and lexicon.OTHERS.search(match["name"]) is None:
                names = tuple(match["name"].split("、"))
                exception = LED_BY.match(match["led"]) is not None
                yield Missing(names, said.piece.start, said.piece.end, exception, most)
        most = MOST.search(said.text) is not None


def _last(said: Statement) -> bool:
    """True when nothing follows in the sentence: `除了点检` then takes away, and does not lead up to `还有…`."""
    return said.following is None


def only_so_far(norm: Normalised) -> Iterator[tuple[int, int]]:
    """Spans that say that a part is so and no more: `叉车倒是有俩带定位的，别的没有`."""
    some = list(statements(norm))
    for said, after in zip(some, [*some, None][1:], strict=True):
        if after is not None and THE_REST.match(after.text) and not (after.planned or after.past or after.elsewhere):
            yield min(said.sentence, after.sentence), after.piece.end
        elif A_FEW_ARE.search(said.text):
            yield said.piece.start, said.piece.end


def lists_parts(requirement: Requirement, probe: str) -> bool:
    """True when a requirement (`包括…等都接入`) or its question (`这几处`) lists things that all have to be so."""
    listed = ENUMERATED.search(EXAMPLES.sub("", requirement.text)) or EACH.search(probe)
    return listed is not None and not only_some(requirement)


def is_whole(requirement: Requirement) -> bool:
    """True when a requirement asks for a whole without exception."""
    return WHOLE.search(requirement.text) is not None


def named(requirement: Requirement, missing: Missing) -> bool:
    """True when a requirement asks for several things and the missing part is one that it names."""
    text = EXAMPLES.sub("", requirement.text)
    return LISTING.search(text) is not None and any(name in text for name in _roots(missing))


def asked_for(probe: str, missing: Missing) -> bool:
    """True when a question lists things that all have to be so (`进料、生产中间、出厂这几处`), the missing part among them."""
    return EACH.search(probe) is not None and any(name in probe for name in _roots(missing))


def lacks(requirement: Requirement, missing: Missing) -> bool:
    """True when a requirement asks for a part that is missing, or for a whole that has an exception."""
    return named(requirement, missing) or (missing.exception and is_whole(requirement))


def of_a_whole(requirement: Requirement, missing: Missing) -> bool:
    """True when a requirement asks for a whole and names the missing part, so that it fails whatever else is so."""
    return is_whole(requirement) and named(requirement, missing)


def only_some(requirement: Requirement) -> bool:
    """True when a requirement asks for some of the things only, so that others may well be missing."""
    return SOME.search(requirement.text) is not None


def some_will_do(requirement: Requirement, said: str) -> bool:
    """True when what is said to be so is enough for a requirement of some things, or is one of its examples."""
    shown = "".join(EXAMPLES.findall(requirement.text))
    named_there = any(said[i : i + 2] in shown for i in range(len(said) - 1))
    return (
        only_some(requirement)
        or PART.search(requirement.text) is not None
        or (named_there and MANY.search(requirement.text) is None)
    )


def only_example(requirement: Requirement, missing: Missing, said: str) -> bool:
    """True when the missing part is an example that a requirement gives (`如仓库、质检区域等`) and no other one is said."""
    shown = "".join(EXAMPLES.findall(requirement.text))
    if not any(name in shown for name in _roots(missing)):
        return False
    others = [part[:2] for part in re.split(r"[、和]", shown[1:]) if part[:2] not in _roots(missing)]
    elsewhere = ENUMERATES.search(said) is not None and not any(name in said for name in _roots(missing))
    return not elsewhere and not any(other in said for other in others)


def _roots(missing: Missing) -> list[str]:
    """Two characters each of the names, for `办公楼` and `办公区域` to meet; what every text speaks of is left out."""
    pairs = (name[i : i + 2] for name in missing.names for i in range(len(name) - 1))
    return [pair for pair in pairs if GENERIC.fullmatch(pair) is None]
