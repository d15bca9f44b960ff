"""Counts: how many there are in all and how many of them, in spoken forms, paired into a share.

`一共一百五十台，连上的六十台` · `一车间六十台，连了四十八台；二车间一百八十台，才连了十二台` (added up) · `总数二百一十二`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from assistant.engines.rules.groups import of_a_group
from assistant.engines.rules.lexicon import any_of
from assistant.engines.rules.numerals import NUMERAL, value_of

UNIT = r"(?:台套|台|套|个|种|项|道|条|口人|名|人|样|件|处|类|环节|工序|点位|点|只|辆|口|张|组|家|把|根|盘|座|艘|批|户|块|栋|间|段|部|号人|匹|罐|釜|站|摊|档)"
COUNT = re.compile(
    rf"(?<![一二两三四五六七八九十\d]成)(?<![点之第那这零一二两三四五六七八九十百千万\d])(?P<n>{NUMERAL})(?P<about>来|多|余|几)?(?P<unit>{UNIT})?(?!成|分之|%|点[零一二三四五六七八九]|[十百千万\d])"
)
NOT_A_COUNT = re.compile(
    rf"(?:{NUMERAL})(?:来|多|余|几)?(?:个)?(?:年|月|日|号|天|周|星期|礼拜|小时|钟头|分钟|分|秒|毫秒|块|元|万|亿|吨|公里|米|兆|G|T|TB|级|度|岁|楼|车间|期|季度|遍|回|次|趟|步|倍|班|成)"
)
TOTAL = any_of(
    r"一共|总共|拢共|总计|合计|统共|总数|总的|全厂|全公司|全部|台账|在册|在用|建档|名录|清单|对象|盘(?:下来|过|点)|梳理(?:出来|过)?|列(?:了|出|过)|应(?:进|接|连|上|该)|该(?:进|接|连|上|有)|(?:加|合|算|拢)(?:到|在)?(?:一块儿?|起来|一起)|底数|总量|家底|从头到尾|掰成|摊成|整$|合着|切成|分成|分了|拆成|划(?:成|了)|归(?:成|了)|大大小小|满打满算(?:有)?|里(?:头|面)?(?:$|有)"
)
PART = any_of(
    r"(?:连|接|联|挂|通|并|进|入|上)(?:得)?(?:上|了|着|进|到|网|入)",
    r"(?:连|接|联|挂|通|进)(?:网)?的",
    r"在(?:线|网|平台|系统)|(?:能|会)自(?:己|个儿)",
    r"(?:能|会)(?:自己|往外|自动)?[^,。;]{0,4}(?:吐|出|传|报|扫|连|看|采|上|读)",
    r"用(?:上|了|着)|有(?:[^,。;]{0,4})(?:软件|系统|号|码|数|平台)|(?:系统|平台|网)(?:里|上)|(?:点|找|看|查|扫|认|够)得(?:着|到|见|出)|实(?:进|接|连|有|际)|真(?:正|落|挂|进|接|连|能)?|落(?:进|到|了)|数字化|撑着|管着|覆盖|打通|贴(?:了)?码|绑|才|就|只",
)
WITHOUT = any_of(
    r"没|未|还(?:是|靠|在用)|剩(?:下)?|手工|人工|纸|靠(?:人|喊|嘴|抄)|单机|老(?:机|设备)|不(?:行|通|能|会)|漏|空着|断着"
)


REMAINDER = re.compile(r"[^。;]{0,3}[,。;](?:其余|其他|剩下|别的|余下)[^,。;]{0,6}(?:都|全|有)")
EXCEPT = re.compile(r"除(?:了|开|去|掉)[^,]{0,4}$")
ALL_ELSE = re.compile(r"[^。;没不]{0,12}(?:都|全)")
REACH = 24
MOST = Decimal("0.9")
"""Groups that add up to less than this part of the total said are not the plant."""


@dataclass(frozen=True)
class Count:
    """A number of things, with the words just before and just after it, and where it stands."""

    value: Decimal
    unit: str
    lead: str
    tail: str
    start: int
    end: int

    @property
    def whole(self) -> bool:
        """Said to be how many there are in all."""
        return TOTAL.search(self.lead) is not None and WITHOUT.search(self.tail[:4]) is None

    @property
    def part(self) -> bool:
        """Said to be how many of them have it."""
        around = self.lead if PART.search(self.lead) else self.tail
        return (
            PART.search(around) is not None and WITHOUT.search(self.lead + self.tail[:4]) is None and not self.excepted
        )

    @property
    def of_group(self) -> bool:
        """Said of some kind of machine or some place only."""
        return of_a_group(self.lead)

    @property
    def excepted(self) -> bool:
        """Said to be the exception: `除了五台老的都连了`."""
        return EXCEPT.search(self.lead) is not None


@dataclass(frozen=True)
class Share:
    """A part of a whole with its span; `overall`: the whole was said to be everything, `group`: to be a sub-group."""

    part: Decimal
    whole: Decimal
    start: int
    end: int
    overall: bool
    group: bool = False


def counts_in(text: str, offset: int = 0) -> Iterator[Count]:
    """Counts in a stretch of talk; times, sizes, money and names with numbers in them are none."""
    before = 0
    others = {m.start() for m in NOT_A_COUNT.finditer(text)}
    for match in COUNT.finditer(text):
        value = value_of(match["n"])
        if match.start() in others or value is None or (value < 2 and not match["unit"]):  # noqa: PLR2004 - 一 is a word
            continue
        parts = re.split(r"[,;。:?]", text[before : match.start()])
        lead = parts[-1] or ",".join(parts[-2:])
        tail = re.split(r"[,;。:?]", text[match.end() :])[0]
        if not match["unit"] and tail and not tail.startswith(("的", "了", "吧", "呢")):
            continue
        yield Count(
            value, match["unit"] or "", lead, tail[:8], offset + match.start() - len(lead), offset + match.end()
        )
        before = match.end()


def shares_in(groups: Sequence[tuple[str, int]], known_total: Decimal | None) -> list[Share]:
    """Shares that counts make up: within each group (a sentence and its offset), or against a total said earlier.

    Pairs of several groups that name no overall total are added up into one share.
    """
    found: list[Share] = []
    total: Count | None = None
    for text, offset in groups:
        listed = list(counts_in(text, offset))
        if total is not None and (share := _parts_listed(text, listed, total)) is not None:
            found.append(share)
            continue
        waiting: list[Count] = []
        for count in listed:
            if count.part and not (count.whole and not waiting and total is None):
                whole = _whole_for(count, waiting, total)
                if count.of_group and (whole is None or whole.whole):
                    continue
                if whole is not None:
                    span = (min(whole.start, count.start), max(whole.end, count.end))
                    found.append(Share(count.value, whole.value, *span, overall=whole.whole, group=whole.of_group))
                    waiting = [c for c in waiting if c is not whole]
                    continue
                if known_total is not None and count.value <= known_total:
                    found.append(Share(count.value, known_total, count.start, count.end, overall=True))
                    continue
            rest = text[count.end - offset : count.end - offset + REACH]
            whole = next((c for c in waiting if c.whole and c.value > count.value), None)
            excepted = count.excepted and ALL_ELSE.match(rest) is not None
            if whole is not None and (excepted or (WITHOUT.search(count.lead) and REMAINDER.match(rest))):
                found.append(Share(whole.value - count.value, whole.value, whole.start, count.end, overall=True))
                continue
            waiting.append(count)
            if count.whole:
                total = count
        found += _part_first(waiting)
    known = total.value if total is not None else known_total
    return [s for s in _added_up(found) if s.overall or not (s.group or (known is not None and s.whole < MOST * known))]


def _parts_listed(text: str, listed: Sequence[Count], total: Count) -> Share | None:
    """`系统够得着的呢，人一百一十二，机器一百零四，筐六十五`: parts by kind of a total said before, added up."""
    opening = re.split(r"[,:;]", text)[0]
    if len(listed) < 2 or PART.search(opening) is None or WITHOUT.search(opening) or any(c.whole for c in listed):  # noqa: PLR2004
        return None
    part = sum((c.value for c in listed), Decimal(0))
    if part > total.value:
        return None
    return Share(part, total.value, listed[0].start, listed[-1].end, overall=True)


def _whole_for(part: Count, waiting: Sequence[Count], total: Count | None) -> Count | None:
    known = [*waiting, total] if total is not None and total not in waiting else list(waiting)
    fitting = [c for c in known if c.value >= part.value and (not c.unit or not part.unit or c.unit == part.unit)]
    if not fitting:
        fitting = [c for c in waiting if c.value >= part.value and c.whole]
    return fitting[-1] if fitting else None


def _part_first(waiting: Sequence[Count]) -> Iterator[Share]:
    """`能出数的九十三台，总数二百一十二`: the part was said before the whole."""
    for first, second in pairwise(waiting):
        if first.part and second.whole and second.value >= first.value:
            yield Share(first.value, second.value, first.start, second.end, overall=True)


def _added_up(found: list[Share]) -> list[Share]:
    groups = [s for s in found if not s.overall]
    if len(groups) < 2 or len(groups) < len(found):  # noqa: PLR2004 - one share needs no adding up
        return [s for s in found if s.overall] or found
    return [
        Share(
            sum((s.part for s in groups), Decimal(0)),
            sum((s.whole for s in groups), Decimal(0)),
            groups[0].start,
            groups[-1].end,
            overall=False,
        )
    ]
