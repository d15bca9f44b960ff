"""What a respondent is doing with an answer: answering, or something else that the interview must react to.

Strong forms decide whatever else was read in the answer; weak ones only where nothing was.
"""

from __future__ import annotations

import re

from assistant.assessment.reading import Intent
from assistant.engines.rules.lexicon import IGNORANT, any_of

CORRECTION = any_of(
    r"(?:更正|纠正)(?:一下|下)?",
    r"(?:前头|前面|刚才|刚刚|方才|上面|上头|上一句|头里|先前|上回|之前)(?:我|俺|那|的|这)?[^。!?]{0,6}(?:说|讲|话|报|答|那句|那个数)[^。!?]{0,8}(?:错|不对|不准|收回|作废|不算|搞混|弄混|有误|岔)",
    r"(?:前头|前面|刚才|刚刚|方才)(?:我|俺|那个?数)?(?:是)?(?:说|讲|记|报|搞|弄|看)(?:错|混|岔|反|多|少|高|低|大)了",
    r"(?:我|俺)(?:是)?(?:记|说|讲|报|弄|搞|看)(?:混|错|岔|反)了|看串行|得?收回来?|口误|不对不对|不作数|(?:吞|咽)回去|(?:那|这)话(?:不算|作废)",
)
STILL_TRUE = any_of(r"(?:上一句|上句|刚才那句|前一句|后头那)[^。]{0,12}(?:没错|算数|不变|照旧|没问题|对的)")
"""A correction that leaves the sentence before it standing."""

UNHEARD = any_of(
    r"没(?:太|大|怎么)?听(?:懂|明白|清)(?:楚)?|没(?:太|大|怎么)?听见(?=$|[,。?])|听不(?:太|大)?(?:懂|明白|清)(?:楚)?"
)
"""Said of a question it asks for it again; in a long answer that goes on to the matter it is a remark."""
CONTENT = 14
"""Characters beside the remark from which an answer says something of its own."""

ANYWAY = re.compile(r"[,。;](?:反正|不过(?!来|去)|但是?(?!凡))(?P<rest>.{6,})")
JUST = re.compile(r"[,。;]就是(?!说)(?P<rest>.{6,})")
ASKING = re.compile(r"\?|算不算|吗|[么呢](?:$|[,。])|还是[^,。]{1,12}$|什么|啥|哪")
"""Words of a question."""

ASKS_BACK = any_of(
    r"再(?:说|讲|问|念)(?:一)?(?:遍|次)",
    r"没(?:太|大|怎么)?(?:懂|明白|看懂)(?:您|你|这|啥|意思|问|$|[,。?])",
    r"换(?:个|一种|种)(?:说法|问法|讲法)|(?:您|你|能|给|请|帮)[^,。]{0,4}举(?:个|一个|几个)?例|举(?:个|一个)例(?:子)?(?:吗|呗|吧|\?|我再)|解释(?:一下|下|解释)|说(?:明白|清楚|具体)(?:点|些|一点|一些)|啥意思|什么意思|头(?:一)?回听|第一次听|没听(?:说)?过这(?:个)?(?:词|名词|说法)",
    r"(?:指的|(?:您|你)(?:这个?|那个?)?(?:说|问|讲|指)的?)(?:到底)?(?:是)?(?:啥|什么|哪(?:个|种|方面|块|一))(?!都)",
    r"(?:您|你)(?:这个?|那个?)?(?:说|问|讲|指)的?[^。]{0,30}(?:还是[^。]{0,24}(?:\?|吗|呢)|吗\?|么\?|呢\?|算不算|包不包括|哪个|哪种)",
    r"(?:算|问|指|是)[^。?]{0,26}还是[^。?]{0,26}(?:才算|\?)|一码事还是两码事|怕答岔|给(?:我)?(?:个|划个)(?:范围|口径|标准|说法|线)|线(?:您|你)先|先(?:划|定)(?:个|给)",
    r"口径(?:您|你|是|怎么|得|先|按|要|不)|(?:按|照)(?:哪个?|什么|啥)(?:算|说|口径|来)|算(?:不算)?在(?:里头|内|里面)(?:吗|\?|呢|没)|(?:您|你)[^。]{0,12}算不算|算不算[^。]{0,6}[?吗]",
)
NOT_OURS = any_of(
    r"这(?:一)?(?:条|项|块|题|方面|环节|部分)[^。!?]{0,14}(?:不(?:适用|涉及|沾边|搭界|存在|挨着|相干)|对不上|没关系|无关|套不上|用不[着上]|没法(?:评|打)|跳过)",
    r"这[^。!?]{0,16}(?:跟|和|与)(?:我们|咱们?|俺们?|本厂|我厂|我司)[^,。!]{0,6}(?:没关系|无关|不相干|不沾边|对不上|不搭|不搭界|不挨着|八竿子)",
    r"这(?:一)?(?:条|项|块|题)[^。!?]{0,6}(?:对|跟|于)?(?:我们|咱们?|俺们?|本厂)[^。!?]{0,4}(?:不成立|不存在|套不|没意义)|套不到[^。]{0,4}头上|划掉吧|从根(?:上|儿)就?(?:不存在|没有)|哪来的?[^,。]{2,8},这(?:一)?(?:项|条)",
    r"不适用|压根没有[^。!]{0,8}(?:回事|这块|业务|环节)|(?:不存在|没有)这(?:一)?(?:块|项|个|摊)?(?:业务|环节|回事)|没法评|无从(?:说起|谈起|评)|跳过(?:去)?吧|(?:您|你)(?:就)?跳过",
)
DECLINES = any_of(
    r"不(?:方便|便|想|愿意?)(?:说|讲|透露|谈|回答|对外)|不能(?:说|讲|透露|对外)(?:的|$|[,。])|(?:要|得|属于|需要|涉及)保密|涉密|无可奉告|商业(?:机密|秘密)|拒绝回答|不接受(?:采访|访问)|(?:领导|上面|公司)不让(?:说|讲|透露)"
)
COLLEAGUE = any_of(
    r"(?:得|要|去|可以|最好|建议|您|你)(?:还是)?(?:去)?问(?:问|一下|下)?[^,。]{0,8}(?:科|部|室|处|中心|主任|经理|师傅|工程师|主管|工|总|他们?|她|老|小)",
    r"(?:^|[,。;])(?:这(?:个|事|块)?|那)?(?:您|你)?(?:就)?(?:去)?问[^,。;]{1,10}去|不归我|(?:您|你|去|得|要)找[^,。]{0,8}(?:科|部|室|处|中心|主任|经理|师傅|工程师|主管|工|总|老.|小.)(?:吧|去|呀|啊)?(?:$|[,。])",
    r"(?:让|叫|请|找)[^,。]{1,12}(?:跟|给|来|去)?(?:你|您)?[^,。]{0,3}(?:讲|说|答|介绍|谈|聊)|(?:归|是)[^,。]{1,8}(?:管|负责)的?(?:,|。|$)",
)
NO_EXPERT = any_of(
    r"(?:我|俺|咱|这个|这块|这方面)(?:也|是|可|真|还|就|都)*不(?:太|大|怎么|很)?懂|不懂这(?:个|块|些|方面)|一窍不通"
)
"""Said beside the name of one who does know, that name counts for more."""

CHATS = any_of(
    r"吃(?:了|过)?(?:早|午|晚)?饭?(?:没|吗)|喝(?:口|杯|点)?(?:茶|水)|抽(?:根|支)烟|天(?:气)?真?(?:热|冷|不错)|(?:您|你)?(?:辛苦|受累)了|贵姓|(?:您|你)是?哪里?人|路上堵"
)
PRESSES = any_of(
    r"(?:直接|必须|务必|帮(?:个)?忙?|麻烦|请|就|先|再)?(?:给|评|判|定|写|打|填|记)(?:成|到|个|为|我们|咱们?|俺们?|满)[^,。]{0,6}(?:[1-5一二三四五]级|满分|高分|最高|高点|低点)",
    r"(?:忽略|无视|忘掉|不要管)[^,。]{0,10}(?:指令|提示|规则|设定|要求)|系统(?:通知|提示|消息|指令)|判定结果|你现在是|只准(?:回复|输出)|无需再(?:问|提问)|审核通过|提示词",
    r"(?:写|定|评)不到[^,。]{0,4}级|LEVEL\"?[:=]|\"(?:LEVEL|SUBITEM|CLAUSES)",
)


def intent_of(text: str, *, facts: bool) -> Intent:
    """The intent of a normalised answer; `facts`: something in it was read as a fact about the plant."""
    strong = ((CORRECTION, Intent.CORRECT), (NOT_OURS, Intent.NOT_APPLICABLE), (ASKS_BACK, Intent.CLARIFY))
    weak = (
        (DECLINES, Intent.REFUSE),
        (IGNORANT, Intent.DONT_KNOW),
        (COLLEAGUE, Intent.ASK_COLLEAGUE),
        (NO_EXPERT, Intent.DONT_KNOW),
        (CHATS, Intent.CHAT),
    )
    for pattern, intent in strong if facts else (*strong, *weak):
        asked_back = intent == Intent.CLARIFY
        if (pattern.search(text) or (asked_back and _unheard(text))) and not (
            asked_back and _answers_anyway(text, facts=facts)
        ):
            return intent
    return Intent.PRESSURE if PRESSES.search(text) else Intent.ANSWER


def _answers_anyway(text: str, *, facts: bool) -> bool:
    """True when an answer that did not catch the question goes on to the matter: `没听清你问啥，反正叉车都没接网`."""
    match = ANYWAY.search(text) or (JUST.search(text) if facts else None)
    return match is not None and not any(
        words.search(match["rest"]) for words in (ASKS_BACK, UNHEARD, IGNORANT, ASKING)
    )


def _unheard(text: str) -> bool:
    """True when an answer says that the question was not heard or understood, and little or nothing else."""
    parts = [part for part in re.split(r"[,。!?;…]", text) if part]
    rest = sum(len(part) for part in parts if UNHEARD.search(part) is None)
    return UNHEARD.search(text) is not None and rest < CONTENT
