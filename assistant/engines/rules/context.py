"""What kind of statement a piece of talk is: denied or not, planned, past, about somebody else, partial.

DECISIONS: plans, trials not started, systems given up, and what other plants do do not count.
"""

from __future__ import annotations

import re

AFFIRMING = re.compile(
    r"不是(?:没|不)|没有?(?:哪|一)[个家台样套项道件]?[^,。;]{0,12}(?:不|没)|(?:不|没)[^,。;]{0,2}不(?:行|成|可)"
    r"|不(?:光|仅|但|止|只|单)是?|不管|不论|不错|不断|不少|不小|不差|差不多|不过|不得不|不然|要不|离不[开了]|少不了|免不了"
    r"|没(?:有)?(?:死角|问题|断过|停过|耽误|二话|得说)|不(?:用|靠|需要?|必)(?:人|手|再|靠|跑|打)|用不着|不耽误|不难|不慌|不含糊|不落|不漏"
    r"|没(?:打穿|进来|出过|丢过|漏过)|没多久|不多不少|说不上先进|可不是|没法比|不一会|不大会|不等|动不动|对不对"
)
"""Forms with a negative word in them that do not deny anything."""

DENYING = re.compile(
    r"没(?!准|事|收)|不(?!锈|良|合格|同|到半|到一)|无(?!线|人|论|纸|菌|尘|缝|损|锡|铅|非)|未(?!来)|别(?!家|人|的|处|墅)"
    r"|甭|谈不上|说不上|算不上|够不[着上]|免谈|没影|空白|摆设|停(?:掉|用|了)|黄了|作罢|摇头|摸黑|拉倒|哑巴|零"
)
PLANNED = re.compile(
    r"计划(?!员|科|部|软件|系统|号|单|表|兑现|达成|排|下|调|在|里|按|也|都|一)|打算|准备(?!料|好)|规划|立项|预算|招标|投标|报价|方案(?:还|写|趴|在)|明年|下半年|下一步|下个?月再|以后再"
    r"|将来|年后|二期|三期|报了名|申请(?:过|了)|在谈|谈着|还在(?:选|看|谈|论证)|筹备|争取|想(?:上|搞|弄|做|买)|要(?:上|搞)|愿景|蓝图|目标是|力争"
)
TRIED = re.compile(r"演示|试用|PPT|听(?:过|说)|看过|讲座|考察|参观|样机|实验室里|试点(?:还|没)|草稿|模板|宣传")
PAST = re.compile(r"以前|原先|原来|早先|从前|早年|过去|当年|往年|前几年|那会儿|刚建厂")
OTHERS = re.compile(
    r"集团|总部|总公司|母公司|本部|兄弟(?:厂|公司)|隔壁|同行|别家|别人家|友商|人家(?!的)|其他(?:厂|工厂|公司)|姊妹厂|竞争对手|对手|标杆厂"
)
PARTIAL = re.compile(
    r"一部分|部分|个别|少数|少量|有的|一些|小半|零星|就(?:几|一|两|俩)|只(?:有|是|在)?(?:几|一|两|俩|部分|个别)|刚(?:开始|起步|弄|上)|试着|半拉|勉强|偶尔|有时"
)
WHOLE = re.compile(
    r"全(?!年|球|靠|凭|是)|都|所有|每(?:台|个|道|条|样|家|批|锅|件)|台台|道道|家家|样样|整个|统统|一律|无一|没有哪|没有?一[台个道样].{0,6}不|百分之百|100%|处处|到处|各个?(?:车间|工序|环节)|从头到尾|一环扣一环|没死角"
)
MOSTLY = re.compile(r"大部分|大多|多数|基本|绝大|主要|差不多|几乎|八九成|七八成|大半|八成|九成|广泛|大面上|普遍")


def is_denied(text: str) -> bool:
    """True when a stretch of talk denies what it speaks of; double negations affirm."""
    return DENYING.search(AFFIRMING.sub("〇", text)) is not None


def is_planned(text: str) -> bool:
    """True when it speaks of what is to come, or of what was only shown or tried."""
    return PLANNED.search(text) is not None or TRIED.search(text) is not None


def is_elsewhere(text: str) -> bool:
    """True when it speaks of the group, other plants, competitors."""
    return OTHERS.search(text) is not None


def is_past(text: str) -> bool:
    """True when it speaks of how things were."""
    return PAST.search(text) is not None


def is_partial(text: str) -> bool:
    """True when it says that only a part is so."""
    return PARTIAL.search(text) is not None and not WHOLE.search(text)
