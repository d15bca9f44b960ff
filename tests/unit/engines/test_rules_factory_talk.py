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
    found |= {"rate": rate.shown for rate in reading.rates}
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
