"""What a respondent is doing with an answer: answering, or something else that the interview must react to."""

from __future__ import annotations

import re

from assistant.assessment.reading import Intent

CLARIFY = re.compile(
    r"(?:啥|什么|怎么个|哪个|哪种)(?:叫|是|意思)|是(?:指|说|问).{0,20}(?:还是|吗|么)|指的?(?:是)?(?:啥|什么|哪)|没(?:听|太听|大听)?[懂明]"
    r"|(?:听|看)不(?:太|大)?(?:懂|明白)|换个(?:说法|问法)|举个例|口径|按(?:哪|什么|啥)|算不算|您(?:说|问)的.{0,24}[?]|解释(?:一下|下)|头回听"
)
DONT_KNOW = re.compile(
    r"不(?:太|大|怎么|很)?(?:清楚|晓得|知道|了解|懂|知情|熟)|说不(?:清|上来|准|好)|答不上|没(?:研究|接触|留意|关注|摸着|问)过?|搞不清|闹不(?:清|明白)"
    r"|不归我管|没概念|把我问住|问我等于白问|别拿我这话当准"
)
COLLEAGUE = re.compile(
    r"(?:得|要|去|您|你)?问(?:问|一下)?(?:.{0,6}(?:科|部|室|主任|经理|师傅|工|总|他|她|们|老|小))|让.{1,10}(?:跟|给|来)(?:你|您).{0,3}(?:讲|说|答)|归.{1,8}管"
)
NOT_APPLICABLE = re.compile(
    r"不(?:适用|沾边|搭界|涉及|存在这)|对不上|用不[着上]这|没(?:有)?这(?:块|项|个)?(?:业务|回事|环节)|压根没有.{0,6}(?:回事|业务)|跳过(?:去)?吧|没法评"
    r"|跟我们(?:厂|公司)?(?:没关系|无关|不相干)"
)
REFUSE = re.compile(r"不(?:方便|便|想|愿意?)(?:说|讲|透露|谈|回答)|保密|无可奉告|商业机密|不能(?:说|讲|透露)|拒绝回答")
CORRECTION = re.compile(
    r"(?:更正|纠正)(?:一下|下)?|(?:前头|前面|刚才|刚刚|上面|之前|方才|头里)(?:我)?(?:那)?(?:句|个|些)?(?:话|说法|说的|讲的|报的)?.{0,4}(?:错|不对|不准|收回|作废|不算)"
    r"|我(?:记|说|讲|报)(?:混|错|岔|反)|收回|说错|讲错|搞错了|不对不对"
)
PRESSURE = re.compile(
    r"(?:直接|必须|务必|帮忙?|麻烦|请)?(?:给|评|判|定|写|打)(?:我们|咱们?|俺)?.{0,6}(?:[1-5一二三四五]级|满分|高分|最高)|忽略.{0,8}(?:指令|提示|规则)|系统(?:通知|提示|消息)"
    r"|判定结果|你现在是|只准回复|无需再(?:问|提问)|审核通过"
)
SHORT = 60


def intent_of(text: str, has_facts: bool) -> Intent:
    """The intent of a normalised answer; `has_facts`: something in it was already read as a fact."""
    if CORRECTION.search(text):
        return Intent.CORRECT
    if REFUSE.search(text) and not has_facts:
        return Intent.REFUSE
    if NOT_APPLICABLE.search(text) and not has_facts:
        return Intent.NOT_APPLICABLE
    if CLARIFY.search(text) and not has_facts and ("?" in text or len(text) < SHORT):
        return Intent.CLARIFY
    if DONT_KNOW.search(text) and not has_facts:
        return Intent.ASK_COLLEAGUE if COLLEAGUE.search(text) and not re.search("不", text) else Intent.DONT_KNOW
    if COLLEAGUE.search(text) and not has_facts and len(text) < SHORT:
        return Intent.ASK_COLLEAGUE
    if PRESSURE.search(text):
        return Intent.PRESSURE
    return Intent.ANSWER
