"""Which of the numbers in an answer is the sub-item's rate: what it is a rate of, said of now, and not taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

from assistant.engines.rules.counts import WITHOUT, counts_in, shares_in
from assistant.engines.rules.groups import of_a_group
from assistant.engines.rules.lexicon import any_of
from assistant.engines.rules.normalise import Normalised, normalise, sentences
from assistant.engines.rules.numerals import NUMERAL, value_of
from assistant.engines.rules.rates import Rate, rates_in
from assistant.engines.rules.statements import Statement, statements

PLACES = Decimal("0.000001")
SUBJECTS = {
    "设备联网率": r"(?:联|连|接|挂|通|上|入)(?:上|了|着|进)?网|联网|在线|(?:连|接|挂)(?:上|着|了)",
    "数字化设备占比": r"数字化|出数|吐数|传数|采(?:集|数)|自己.{0,4}(?:出|吐|传|报)",
    "软件应用率": r"软件|系统|环节|应用率|覆盖",
    "数据集成比例": r"数据|进(?:来|平台|去)|接(?:进|入)|集成|平台|落进",
    "信息化系统能够连接的各类生产要素占比": r"连|系统里|要素|人.{0,3}机.{0,3}料|扫|连得上|对象",
}
MACHINES = frozenset({"设备联网率", "数字化设备占比"})
ELEMENTS = frozenset({"数据集成比例", "信息化系统能够连接的各类生产要素占比"})
ONE_KIND = re.compile(
    r"^(?:机器|设备|人员?|工人|物料|料|能耗|质量|化验)(?:那块|这块|那边|数据|的)*(?:才|就|只|也就|差不多|大概)?(?:[进连接收]了?)?$"
)
"""One kind of what the rate is of, just before the number: `机器才进了一半`."""
NONE = re.compile(
    r"(?:一|半)[台个套样件条项辆道](?:机器|设备|环节)?(?:都|也)+(?:还)?(?:没|未)(?:有)?(?P<what>[^,。;没不]{1,8})$"
    r"|没(?:有)?(?:一|哪|半)[台个套样件条项辆道](?P<with>[^,。;没不]{1,8})的?$"
)
NONE_OF = {
    "设备联网率": r"[联连接挂通]|[上入]网|在线",
    "数字化设备占比": r"数字化|[出吐传采]数|采集|传感",
    "软件应用率": r"软件|系统|用上",
    "数据集成比例": r"[进接收汇]|集成",
    "信息化系统能够连接的各类生产要素占比": r"[连进]|系统",
}
OTHER_RATE = any_of(
    r"(?:可用|完好|合格|良品?|一次通过|打卡|出勤|兑现|达成|达标|准时|准交|及时|稼动|开机|利用|运转|返修|报废|投诉|满意|增长|毛利|市占|占有|占用|周转|直通|命中|准确|完整|齐套|付款|回款|到货|计划|节能|能耗|投资|退货|交付|在岗|签到|考勤|续费|工资|产能|负荷|开工|中标|复购|转化|点检|巡检|培训|持证|参保)(?:性|度)?(?:率|比例|进度)?",
    r"(?:涨|增|提高|提升|上升|降|下降|减少|省|(?<!差不)多|少|快|慢|翻)(?:了|到)?(?:近|将近|大概|差不多)?$",
    r"(?:误差|精度|浓度|湿度|含量|偏差|水分|概率|折扣|利率|税)[^,]{0,3}$",
    r"^(?:的)?(?:预算|钱|费|投资|成本|利润|股份|份额)",
    r"(?:费|款|钱|预算|价|成本|工资|产值|销售额|利润|股份|股权)[^,]{0,6}$",
)
OWN_LABEL = re.compile(
    r"联网|上网|入网|接入|连接|连网|覆盖|数字化|应用|软件|集成|数采|采集|上线|在线|在册|数据|打通|自动化?采|联"
)
LABEL = re.compile(r"([\u4e00-\u9fff]{1,6})(?:率|比例|占比)[^,]{0,5}$")
"""A named rate just before a number: the number is that one's, whatever else is spoken of."""

TARGET_SHORT = re.compile(
    rf"(?:目标|考核线|指标|要求|底线|红线)[^。,]{{0,6}}?(?P<t>{NUMERAL})(?P<u>成|%)[^。]{{0,8}}?差(?:了)?(?P<d>{NUMERAL})个?(?:百分)?点"
)
"""`考核线是六成，现在还差八个百分点`: the rate is what is left."""

LACKED = re.compile(r"(?:没|未)[^,]{0,6}?(?:的|呢)?[^,]{0,4}$")
"""Said before a number, the number is of those that have it not: `没联上的就剩百分之二十二`."""

CLAIMED = any_of(
    r"考核线|目标|指标线|及格线|对外|汇报|号称|吹|宣传|材料(?:上|里)?|四舍五入|报奖|牌子上|领导(?:说|讲|讲话)|老板(?:说|讲)|听说|网上说|PPT|年会|大屏上|嘴上"
)
SUMMED = any_of(
    r"拢|算下来|加一块|总的|平均|合起来|合一块|折合|较真|实际|真正|盘|数过|剩|眼下|现在|目前|其实|准数|核过|台账|后台|也就|只有"
)
EARLIER = any_of(
    r"去年(?!起|开始|上|底上)|前年|大前年|年初|上半年|上个?季度|那时|当时|改造前|以前|最早|刚(?:建|来|开始)那|原来|\d+年(?:那|的时候)|[一二]几年"
)
TAKEN_BACK = re.compile(r"不对|说错|讲错|记错|口误|收回|更正|纠正|那是|指的是|是(?:带|配|装|有)")
RESTATED = re.compile(r"不对|说错|更正|应该是|应当是|准确(?:说|讲)|确切|哦|噢|严格(?:说|讲)")
LACKING = re.compile(r"(?:的)?(?:都|还|全)?(?:没|不|还是|还在|靠(?:人|纸|手))")
OF_SO_MANY = "总数里的个数"
CERTAIN, RELATED = 4, 3


@dataclass(frozen=True)
class Candidate:
    """A number that may be the rate, with what speaks for it."""

    low: Decimal
    high: Decimal
    start: int
    end: int
    form: str
    weight: int


def measured(norm: Normalised, of: str, earlier: Sequence[str]) -> Candidate | None:
    """The rate of `of` (percent) in an answer, or None. `earlier`: what was said before, where a total may stand.

    Rates of other things, increases, claims for show, plans and what was before are passed over.
    """
    short = TARGET_SHORT.search(norm.text)
    if short is not None:
        target = (value_of(short["t"]) or Decimal(0)) * (10 if short["u"] == "成" else 1)
        left = _short(target - (value_of(short["d"]) or Decimal(0)))
        return Candidate(left, left, short.start(), short.end(), "目标减去所差", CERTAIN)
    candidates = [c for s in statements(norm) for c in _said(s, norm, of)]
    candidates += _counted(norm, earlier)
    candidates += _none(norm, of)
    standing = [c for c in candidates if c.weight > 0]
    if not standing:
        return None
    best = max(c.weight for c in standing)
    equals = [c for c in standing if c.weight == best]
    last = equals[-1]
    low, high = min(c.low for c in equals), max(c.high for c in equals)
    if high - low < 1 or RESTATED.search(norm.text[equals[0].end : last.start]):
        return last
    return replace(last, low=low, high=high)


def _said(said: Statement, norm: Normalised, of: str) -> list[Candidate]:
    if said.planned or said.elsewhere:
        return []
    found = []
    for rate in rates_in(said.text):
        weight = 2 + _context(said, norm, rate, of)
        low, high = rate.low, rate.high
        after = said.text[rate.end :]
        lacking = LACKED.search(said.text[: rate.start])
        if lacking or (WITHOUT.search if rate.form == OF_SO_MANY else LACKING.match)(after):
            low, high = 100 - high, 100 - low
        found.append(Candidate(_short(low), _short(high), said.piece.start, said.piece.end, rate.form, weight))
    return found


def _context(said: Statement, norm: Normalised, rate: Rate, of: str) -> int:
    before, after = said.text[: rate.start], said.text[rate.end :]
    following = said.following.text if said.following else ""
    weight = 0
    if re.search(SUBJECTS.get(of, re.escape(of)), said.text):
        weight += RELATED
    if SUMMED.search(said.text):
        weight += 2
    label = LABEL.search(before)
    foreign = label is not None and OWN_LABEL.search(label[1]) is None
    if foreign or OTHER_RATE.search(before) or OTHER_RATE.match(after) or "正版" in before:
        weight -= 8
    if rate.form == OF_SO_MANY:
        weight += RELATED + CERTAIN
    if CLAIMED.search(said.text) or CLAIMED.search(following):
        weight -= 6
    if said.past or EARLIER.search(said.text):
        weight -= 4
    rest = norm.text[said.piece.start + rate.end : said.piece.start + rate.end + 12]
    if TAKEN_BACK.search(rest):
        weight -= 6
    if of_a_group(before) if of in MACHINES else of in ELEMENTS and ONE_KIND.search(before):
        weight -= 8
    return weight


def _none(norm: Normalised, of: str) -> Iterator[Candidate]:
    """`八十台机器，一台都没联网`: none of them, unless it is said of a sub-group, a plan or somebody else's machines."""
    known = list(statements(norm))
    for before, said in zip([None, *known], known, strict=False):
        match = NONE.search(said.text)
        if match is None or said.planned or said.elsewhere or said.past or said.unsaid:
            continue
        subject = (before.text if before is not None else "") + said.text[: match.start()]
        if re.search(NONE_OF[of], match["what"] or match["with"]) and not of_a_group(subject):
            yield Candidate(Decimal(0), Decimal(0), said.piece.start, said.piece.end, "一台也没有", 2 + RELATED)


def _counted(norm: Normalised, earlier: Sequence[str]) -> list[Candidate]:
    groups = [(s.text, s.start) for s in sentences(norm)]
    found = []
    for share in shares_in(groups, _earlier_total(earlier)):
        if share.whole > 0:
            percent = _short(share.part / share.whole * 100)
            weight = 2 + RELATED + CERTAIN
            found.append(Candidate(percent, percent, share.start, share.end, f"{share.part}/{share.whole}", weight))
    return found


def _earlier_total(earlier: Sequence[str]) -> Decimal | None:
    totals = [c.value for text in earlier for c in counts_in(normalise(text).text) if c.whole]
    return totals[-1] if totals else None


def _short(percent: Decimal) -> Decimal:
    """Six places, rounded down so that a rate never climbs into the next band."""
    return percent.quantize(PLACES, rounding=ROUND_DOWN).normalize() + 0
