"""Answers as people in plants give them, and all that a careful assessor takes from each: nothing missing, nothing more."""

from __future__ import annotations

import pytest

from assistant.assessment.answer import Answer, Purpose, Question
from assistant.assessment.reading import Intent
from assistant.engines.rules.engine import RulesEngine
from assistant.ports import ReadingTask
from knowledge.guide import load_guide
from knowledge.loader import SHIPPED, load_standard
from knowledge.talk import load_talk

STANDARD = load_standard()
ENGINE = RulesEngine(STANDARD, load_guide(SHIPPED, STANDARD), load_talk(SHIPPED, STANDARD))


def heard(where: str, text: str, *before: str) -> dict[str, str]:
    """Verdict by requirement, the rate as shown, and an intent other than answering; `where` is a topic or a requirement."""
    subitem = where.partition("-")[0]
    requirement = where if "-" in where else None
    question = Question(seq=1, subitem=subitem, requirement=requirement, purpose=Purpose.PROBE, text="？")
    said = [
        Answer(seq=seq, question=1, subitem=subitem, respondent="r1", text=words, at="")
        for seq, words in enumerate((*before, text), start=2)
    ]
    task = ReadingTask(
        answer=said[-1], subitem=STANDARD.subitems[subitem], question=question, transcript=said[:-1], ledger={}
    )
    reading = ENGINE.read(task)
    found = {finding.requirement: finding.verdict.value for finding in reading.findings}
    found |= {"rate": reading.rates[0].shown} if reading.rates else {}
    return found if reading.intent == Intent.ANSWER else found | {"intent": reading.intent.value}


@pytest.mark.parametrize(
    ("where", "text", "expected"),
    [
        ("1.2", "车间、办公楼都有网，仓库没有，出了厂门就没了", {"1.2-L3#1": "partly", "1.2-L4#1": "not"}),
        ("1.2-L3#1", "车间、办公楼都有网，仓库没有", {"1.2-L3#1": "partly"}),
        ("1.2", "整个厂区都覆盖了，就是后院堆场没信号", {"1.2-L2#1": "met", "1.2-L3#1": "not"}),
        ("1.1-L2#2", "空压机连了俩，水泵没有", {"1.1-L2#2": "met"}),
    ],
)
def test_a_part_that_is_denied_is_missing_from_the_whole(where: str, text: str, expected: dict[str, str]):
    assert heard(where, text) == expected


@pytest.mark.parametrize(
    ("where", "text", "expected"),
    [
        ("2.2", "程序是存好的，调刀补也是人调", {"2.2-L2a#1": "met", "2.2-L3a#1": "not"}),
        ("2.2-L3a#1", "调刀补也是人调", {"2.2-L3a#1": "not"}),
        ("2.2-L3a#1", "刀补不靠人调，机器自己补", {"2.2-L3a#1": "met"}),
        ("4.5", "采购不用再挨个打电话", {}),
    ],
)
def test_what_people_do_by_hand_the_machine_does_not(where: str, text: str, expected: dict[str, str]):
    assert heard(where, text) == expected


@pytest.mark.parametrize(
    ("where", "text", "expected"),
    [
        ("3.3-L2#1", "有是有，不过老板说明年要上", {"3.3-L2#1": "not"}),
        ("3.3-L3#2", "有是有，还没接呢", {"3.3-L3#2": "not"}),
        ("3.3-L3#2", "有，不过还没用起来。", {"3.3-L3#2": "not"}),
        ("6.1-L2#1", "没几样，也就电表吧", {"6.1-L2#1": "partly"}),
        ("5.2-L2#1", "老机床没有急停", {}),
        ("5.2-L2#1", "UPS有，程序也留底，老机床没有急停", {"5.2-L2#1": "met"}),
        ("5.1-L4#1", "做过一次等保测评", {}),
        ("5.1-L4#1", "等保三级前年就过了", {"5.1-L4#1": "met"}),
        ("3.1", "没有系统，金蝶就记个账", {"3.1-L2#1": "not"}),
        ("3.3-L3#2", "没有系统，金蝶就记个账", {"3.3-L3#2": "not"}),
        ("3.1", "没有系统，不过有个排产的小软件", {}),
    ],
)
def test_what_follows_counts(where: str, text: str, expected: dict[str, str]):
    assert heard(where, text) == expected


@pytest.mark.parametrize("text", ["嗯", "嗯嗯。", "对", "对对对", "是的。", "是啊", "有的", "嗯，有。", "嗯，是的"])
def test_a_nod_to_a_yes_or_no_question_is_a_yes(text: str):
    assert heard("4.5-L3#1", text) == {"4.5-L3#1": "met"}


@pytest.mark.parametrize(
    ("where", "text", "expected"),
    [
        ("4.5-L3#1", "嗯……", {}),
        ("4.5", "嗯", {}),
        ("6.2-L2#2", "备份没断过", {"6.2-L2#2": "met"}),
        ("1.3", "报警号也传，没问题", {"1.3-L2#1": "met"}),
        ("1.1-L2#2", "空压机那边没变", {}),
        ("3.1", "问生产上的刘经理去，这个我不懂", {"intent": "ask_colleague"}),
        ("3.1-L3#2", "这不归我管", {"intent": "ask_colleague"}),
        ("3.1-L3#2", "我不懂这个，你找信息科小李吧", {"intent": "ask_colleague"}),
        ("3.1-L3#2", "这个我也不懂", {"intent": "dont_know"}),
        ("1.2", "没听清", {"intent": "clarify"}),
        ("1.2", "您刚才那句没听清，我先说网的事，仓库上个月拉了光纤。", {"1.2-L2#1": "met"}),
        ("2.1", "电流都出得来，昨天开会有人没听清，反正数都存服务器里", {"2.1-L2a#2": "met"}),
    ],
)
def test_what_only_sounds_like_a_no_or_like_a_question(where: str, text: str, expected: dict[str, str]):
    assert heard(where, text) == expected


FLEET = "全厂二百来台设备，连上网的九十来台"


@pytest.mark.parametrize(
    ("where", "text", "before", "expected"),
    [
        ("1.1", FLEET, (), {"rate": "45%"}),
        ("1.1-L2#2", "空压机连了俩，水泵没有", (FLEET,), {"1.1-L2#2": "met"}),
        ("1.1", "空压机五台，连了俩", (FLEET,), {}),
        ("1.1", "空压机五台，连了俩", (), {}),
        ("1.1", "重新数了，连上网的一百一十台", (FLEET,), {"rate": "55%"}),
        ("1.1", "全厂三百台，连了一百二十台，空压机连了俩", (), {"rate": "40%", "1.1-L2#2": "met"}),
        ("1.1", "注塑机八成联网了", (), {}),
        ("1.1", "供应商他们家的设备，咱一台也没接进来", (), {"1.1-L4#2": "not"}),
        ("1.1", "叉车有六台，一台都没联网", (), {"1.1-L3#2": "not"}),
        ("1.1-L3#1", "差不多八成吧", (), {"rate": "80%"}),
        ("3.1-L3#1", "八成左右", (), {"rate": "80%"}),
        ("1.1", "八十台机器，一台都没联网", (), {"rate": "0%"}),
        ("2.1", "六十台机器，没有一台能出数的", (), {"rate": "0%"}),
        ("1.1", "没有一台没联网的", (), {}),
    ],
)
def test_a_number_counts_for_what_it_was_said_of(
    where: str, text: str, before: tuple[str, ...], expected: dict[str, str]
):
    assert heard(where, text, *before) == expected


@pytest.mark.parametrize(
    ("where", "text", "expected"),
    [
        ("1.1-L3#2", "AGV连了，叉车没连，立库正在弄。", {"1.1-L2#2": "met", "1.1-L3#2": "partly"}),
        ("1.1-L4#2", "有两家电镀厂的槽子挂过来了，别的还在谈。", {"1.1-L4#2": "met"}),
        ("1.1-L3#1", "一百六十台里连了九十六台吧，反正过半。", {"rate": "60%"}),
        ("1.1-L2#2", "辅机都没连，就看着主机。", {"1.1-L2#2": "not"}),
        ("1.1", "二百一十台，联了的大概一百三，一车间全联了，二车间差点意思。", {"rate": "61.9%"}),
        ("1.1", "联网的四成吧，不过都是新线，老线一台没有。", {"rate": "40%"}),
        ("1.1", "刚才说少了，应该是六成五。", {"rate": "65%", "intent": "correct"}),
        ("1.2-L2#1", "仓库有，质检室那边还没拉。", {"1.2-L2#1": "met"}),
        ("1.2", "车间是有WiFi，可一下雨就断，仓库靠人跑。", {"1.2-L3#1": "partly"}),
        ("1.3-L3#2", "有的机器行，有的五分钟才一条。", {"1.3-L3#2": "partly", "1.3-L2#2": "met"}),
        ("1.3-L4#2", "这个都是网管手动调的。", {"1.3-L4#2": "not"}),
        ("1.3", "一分钟传一次，从来没断过，报警代码也带上来。", {"1.3-L2#2": "met", "1.3-L3#2": "not", "1.3-L2#1": "met"}),
        ("1.3-L2#2", "本来能，最近网关坏了，还没修。", {}),
        ("1.4-L2#1", "OPC能读，西门子的也能，就发那科的还没搞定。", {"1.4-L2#1": "met"}),
        ("1.4-L3#2", "买是买了，还躺在库房呢。", {"1.4-L3#2": "not"}),
        ("1.4-L2#2", "能是能，就是经常丢字段。", {}),
        ("2.1-L2b#1", "半小时人去抄一趟。", {"2.1-L2b#1": "not", "2.1-L3b#2": "not"}),
        ("2.1-L3b#1", "刀具寿命有，轴承的听厂家说能加，没加。", {"2.1-L3b#1": "met"}),
        ("2.1-L4a#2", "数是进平台了，就是没人看，纯摆设。", {}),
        ("2.1-L2a#2", "转速有，别的没有。", {}),
        ("2.1", "一百二十台设备，数字化的差不多一半。", {"rate": "50%"}),
        ("2.2-L2b#1", "会亮灯啊，就是不告诉你啥毛病。", {"2.2-L3b#1": "not"}),
        ("2.2-L3b#2", "疫情那会儿德国人远程看过一回，后来就没开过。", {}),
        ("2.2-L4a#1", "前年演示过，效果挺好，没买。", {"2.2-L4a#1": "not"}),
        ("2.2-L3b#1", "报是报，报的跟实际对不上，还得老师傅听。", {}),
        ("2.2-L2a#1", "配方存了三十来个，换产一点就行，不用人调。", {"2.2-L2a#1": "met"}),
        ("2.2-L3a#1", "厂家吹能自适应，我们试了不灵，关了。", {}),
        ("2.2-L3b#2", "可以，上周西门子的人还远程给改过程序。", {"2.2-L3b#2": "met"}),
        ("3.1-L3#2", "质量和生产在MES里，点检还是纸。", {"3.1-L2#1": "met", "3.1-L3#2": "partly"}),
        ("3.1-L4#2", "CRM有，供应链那块还没上。", {"3.1-L4#2": "partly"}),
        ("3.1-L3#2", "都在用，没问题，除了设备点检。", {"3.1-L3#2": "partly"}),
        ("3.1", "二十个环节，用上软件的十一个，老板还说要上到十八个。", {"rate": "55%"}),
        ("3.1-L2#1", "排产的、看库存的都有，天天用。", {}),
        ("3.2-L3#2", "改不了，要改得找软件公司。", {"3.2-L3#2": "not"}),
        ("3.2-L3#1", "他们演示的时候说能，我们没见着。", {"3.2-L3#1": "not"}),
        ("3.2-L4#1", "买了台视觉，能分出划伤和缺料。", {"3.2-L4#1": "met"}),
        ("3.3-L2#1", "能导，Excel倒过去倒过来。", {"3.3-L2#1": "met"}),
        ("3.3-L3#2", "原来接过，换了版本以后就断了，一直没修。", {"3.3-L3#2": "not"}),
        ("3.3-L3#1", "不用重录，那头自己就有了。", {}),
        ("3.3-L4#2", "客户那边要求我们登他网站填，算不上对接。", {"3.3-L4#2": "not"}),
        ("3.3-L2#1", "不能，各是各的。", {"3.3-L2#1": "not", "3.3-L3#1": "not", "3.3-L4#1": "not"}),
        ("4.1-L3#1", "人和料都进了，机器才进了一半。", {"4.1-L3#1": "partly"}),
        ("4.1-L2#1", "工序报工是工人扫码，机器那头没接。", {}),
        ("4.1-L4#1", "铜价自动进来，别的没。", {"4.1-L4#1": "met"}),
        ("4.2", "人、机、料加一块儿两千个，系统里查得到的九百来个。", {"rate": "45%"}),
        ("4.2", "人员八成，料三成，机器没算过。", {}),
        ("4.3-L2#2", "饼图有，散点图没见过。", {"4.3-L2#2": "met"}),
        ("4.3-L3#2", "会跟着变，点不进去。", {"4.3-L3#2": "partly"}),
        ("4.3-L3#1", "建过一个，跑了俩月，人走了就没人弄了。", {}),
        ("4.4-L2#1", "看倒是天天看，真照着改的没几回。", {"4.4-L2#1": "partly"}),
        ("4.4-L3#1", "排产不看它，检修倒是照着它排。", {}),
        ("4.5-L2#1", "没线，都是统计员复制粘贴。", {"4.5-L2#1": "not"}),
        ("4.5-L3#1", "质量那块通了，采购那块明年。", {"4.5-L3#1": "partly"}),
        ("4.5-L3#1", "您这说的太专业了，我们就是个小厂，没有。", {"4.5-L3#1": "not"}),
        ("5.1-L2#1", "防火墙到期两年了，没续。", {"5.1-L2#1": "not"}),
        ("5.1-L3#1", "分区做了，备份也有，加密没做。", {"5.1-L3#1": "partly"}),
        ("5.1-L4#1", "等保二级材料交上去了，还没批下来。", {"5.1-L4#1": "not"}),
        ("5.1", "电脑都装了360，防火墙没有，网里啥动静我也看不着。", {"5.1-L2#1": "not"}),
        ("5.1-L2#1", "有，就是没人盯着看。", {}),
        ("5.1-L4#2", "没有这种东西，中了毒才知道。", {"5.1-L4#2": "not"}),
        ("5.1-L3#1", "顶不顶得住我不知道，反正隔开了，也备份了，加密倒没有。", {"5.1-L3#1": "not"}),
        ("5.2-L3#1", "大设备有，小设备没有。", {"5.2-L3#1": "partly"}),
        ("5.2-L3#2", "防漏托盘都有，UPS就服务器有，备机没有。", {"5.2-L2#1": "met"}),
        ("5.2-L2#1", "服务器有UPS，机床上没有，停过电丢过程序。", {"5.2-L2#1": "met"}),
        ("5.2-L3#2", "这几样都配齐了，没有哪台漏下的。", {}),
        ("5.3-L3#2", "说是每月查，实际想起来才查。", {}),
        ("5.3-L5#2", "方案写了，没练过。", {"5.3-L5#2": "not"}),
        ("5.3-L3#1", "网络有人管，数据谁都不管。", {"5.3-L3#1": "partly"}),
        ("5.3-L4#1", "没有专门的，安环部兼着。", {"5.3-L4#1": "not"}),
        ("6.1-L2#1", "电表、地磅是自己记的，温度还是人抄。", {"6.1-L2#1": "met", "6.1-L4#1": "not"}),
        ("6.1-L3#1", "大多数是自动的，就投料还靠人记。", {"6.1-L4#1": "not"}),
        ("6.1-L4#2", "离谱的它会标红，断了不管。", {}),
        ("6.1-L2#1", "早就自动了，谁还手抄啊。", {"6.1-L2#1": "met"}),
        ("6.2-L2#2", "备份倒是有，真丢了能不能找回来没试过。", {"6.2-L2#2": "met"}),
        ("6.2-L3#1", "就一台服务器，坏了就瞎了。", {"6.2-L3#1": "partly"}),
        ("6.2", "数都在SQL Server里，每晚备一份，没丢过。", {"6.2-L2#1": "met", "6.2-L2#2": "met"}),
        ("6.2-L2#1", "都在Excel里，一人一份。", {"6.2-L2#1": "not"}),
        ("6.2-L2#2", "每天备，上个月还真恢复过一回。", {"6.2-L2#2": "met"}),
        ("6.3-L2#2", "透视表谁不会啊，天天用。", {"6.3-L2#2": "met"}),
        ("6.3-L3#1", "各用各的单位，凑一块全靠小李手工倒。", {}),
        ("6.4-L2#1", "账号有，全车间共用一个。", {}),
        ("6.4-L3#2", "图纸加密了，导出没限制。", {"6.4-L3#2": "partly"}),
        ("6.4-L2#1", "分是分了，密码贴在屏幕上。", {"6.4-L2#1": "not"}),
        ("6.5-L3#2", "查是查，没跟考核挂钩。", {"6.5-L3#2": "not"}),
        ("6.5-L2#1", "口头说过，没发文件。", {"6.5-L2#1": "not", "6.5-L3#1": "not"}),
        ("7.1-L3b#1", "当天排不出来，起码得三天。", {"7.1-L3b#1": "not"}),
        ("7.1-L3a#1", "去年说上APS，钱没批。", {"7.1-L3a#1": "not"}),
        ("7.1", "拿Excel排，插单就得推倒重来，三天缓不过来。", {"7.1-L2a#1": "met", "7.1-L3a#1": "not"}),
        ("7.1-L2b#1", "能改，就是慢，来回得两三天。", {"7.1-L2b#1": "met", "7.1-L3b#1": "not"}),
        ("7.1-L3a#2", "订单和料看，机器坏没坏不看。", {"7.1-L3a#2": "not"}),
        ("7.2-L2a#1", "白板写着呢，系统没有。", {"7.2-L2a#1": "not"}),
        ("7.2-L3a#1", "材料在WMS里看，人和机器没有。", {}),
        ("7.3-L3a#1", "证有，去年没去审。", {"7.3-L3a#1": "partly"}),
        ("7.3-L2a#1", "进料抽检，出厂全检，中间基本不看。", {"7.3-L3a#2": "not", "7.3-L2a#1": "partly"}),
        ("7.3-L2a#2", "有一台金探，别的都是人眼看。", {"7.3-L2a#2": "met", "7.3-L3a#2": "not"}),
        ("7.3-L3a#1", "正在办，下个月来审。", {}),
        ("8.1-L2a#1", "大客户走EDI，小供应商发微信。", {"8.1-L2a#1": "met"}),
        ("8.1-L3a#1", "客户能看订单，看不了进度。", {}),
        ("8.2-L2a#1", "价格人家定，我们就跟着走。", {}),
        ("8.3-L2b#1", "德邦的能查，自己车的不行。", {"8.3-L2b#1": "met"}),
        ("8.3-L3b#1", "位置看得到，温度看不到。", {"8.3-L3b#1": "partly"}),
        ("8.4-L2a#1", "没定啥线，涨价了才知道。", {"8.4-L2a#1": "not"}),
        ("8.4-L2b#1", "备了俩月的料，涨价就没辙了。", {"8.4-L2b#1": "met", "8.4-L5a#1": "not"}),
        ("9.1-L3c#1", "改过，客户嫌把手硌手，我们就换了。", {"9.1-L3c#1": "met"}),
        ("9.1-L2b#1", "能看，得装我们APP，没几个客户装。", {"9.1-L2b#1": "met"}),
        ("10.1-L2c#1", "加单可以，改单不行。", {"10.1-L2c#1": "partly"}),
        ("10.1-L4b#1", "数攒了一堆，没人去分析。", {"10.1-L4b#1": "not"}),
        ("11.1-L3d#1", "备了半个月的料，别的家没找。", {"11.1-L2c#1": "met", "11.1-L3d#1": "met"}),
        ("11.1-L3a#1", "询价下单在系统里，对账还是Excel。", {"11.1-L2a#1": "met", "11.1-L3a#1": "not"}),
        ("12.1-L3c#1", "没听说有点名要的，都是比价。", {"12.1-L3c#1": "not"}),
        ("12.1-L3a#1", "有个小姑娘发发抖音，想起来才发。", {"12.1-L2a#1": "met"}),
        ("13.1-L2c#1", "远程看不了，都得派人去。", {"13.1-L2c#1": "not"}),
        ("13.1-L2b#1", "有个本子记着，没人翻。", {"13.1-L2b#1": "met", "13.1-L3b#1": "not"}),
        ("13.1", "400电话有，半夜没人接。", {"13.1-L2a#1": "met"}),
        ("13.1-L2c#1", "同行有搞的，我们没有。", {"13.1-L2c#1": "not"}),
    ],
)  # fmt: skip
def test_messy_answers_give_what_a_careful_assessor_takes_from_them(where: str, text: str, expected: dict[str, str]):
    assert heard(where, text) == expected
