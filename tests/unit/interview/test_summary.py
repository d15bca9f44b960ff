"""What was understood of a topic, in the respondent's words."""

from __future__ import annotations

from decimal import Decimal

from assistant.assessment.answer import Answer, Purpose, Question
from assistant.assessment.ledger import build_ledger
from assistant.assessment.reading import Finding, Intent, Quote, RateFinding, Reading, Verdict
from assistant.interview.summary import LENGTH, TopicSummary, summarise
from tests.fakes import STANDARD

MET, PARTLY, NOT = Verdict.MET, Verdict.PARTLY, Verdict.NOT


class Told:
    """Answers on one sub-item, each with verdicts on spans of its text."""

    def __init__(self, subitem: str) -> None:
        self.subitem = subitem
        self.answers: dict[int, Answer] = {}
        self.readings: dict[int, Reading] = {}
        self.questions: dict[int, Question] = {}

    def say(
        self,
        text: str,
        *found: tuple[str, Verdict, str],
        rate: tuple[str, str] | None = None,
        asked: Question | None = None,
    ) -> Told:
        seq = 10 * (len(self.answers) + 1)
        if asked is not None:
            self.questions[asked.seq] = asked
        question = asked.seq if asked else None
        self.answers[seq] = Answer(seq=seq, question=question, subitem=self.subitem, respondent="r1", text=text, at="")
        rates = ()
        if rate:
            quote = Quote(answer=seq, start=0, end=len(text), text=text)
            low, high = map(Decimal, rate)
            rates = (RateFinding(subitem=self.subitem, low=low, high=high, quote=quote, rule="t"),)
        findings = []
        for code, verdict, words in found:
            start = text.index(words)
            quote = Quote(answer=seq, start=start, end=start + len(words), text=words)
            findings.append(Finding(requirement=f"{self.subitem}-L{code}", verdict=verdict, quote=quote, rule="t"))
        self.readings[seq] = Reading(
            answer=seq, engine="t", intent=Intent.ANSWER, findings=tuple(findings), rates=rates
        )
        return self

    @property
    def summary(self) -> TopicSummary | None:
        ledger = build_ledger(STANDARD, self.answers, self.readings, self.questions)[self.subitem]
        return summarise(ledger, self.answers, self.questions)


def test_nothing_heard_gives_no_summary():
    assert Told("5.2").summary is None


def test_what_is_there_comes_first_then_what_is_not_or_only_partly():
    told = Told("5.2").say(
        "规程有，双回路供电也有，应急预案没演练过，监控只装了一半",
        ("4#2", PARTLY, "监控只装了一半"),
        ("2#1", MET, "规程有"),
        ("3#1", MET, "双回路供电也有，"),
        ("4#1", NOT, "应急预案没演练过"),
    )
    assert told.summary.lines == (
        "我记下的：有——“双回路供电也有”、“规程有”；还没有或不全——“应急预案没演练过”、“监控只装了一半”。",
        "有不对的请直接改正。",
    )


def test_a_rate_is_told_in_percent_with_what_it_is_a_rate_of():
    assert Told("1.1").say("三成多", rate=("30", "40")).summary.noted == "我记下的：设备联网率30%到40%。"
    assert Told("1.1").say("八分之三", rate=("37.5", "37.5")).summary.noted == "我记下的：设备联网率37.5%。"


def test_a_quote_that_says_both_is_not_complete_and_told_once():
    told = Told("5.2").say("有一部分", ("2#1", MET, "有一部分"), ("3#2", NOT, "有一部分"))
    assert told.summary.noted == "我记下的：还没有或不全——“有一部分”。"


def test_a_bare_answer_is_told_with_its_question():
    asked = Question(
        seq=1,
        subitem="5.2",
        requirement="5.2-L3#2",
        purpose=Purpose.PROBE,
        text="接着刚才的说：有人天天盯着监控画面吗？",
    )
    told = Told("5.2").say("没有。", ("3#2", NOT, "没有。"), asked=asked)
    assert told.summary.noted == "我记下的：还没有或不全——“有人天天盯着监控画面吗”（您答“没有”）。"


def test_what_was_said_before_the_last_word_on_a_fact_is_not_told():
    asked = Question(seq=1, subitem="5.2", requirement="5.2-L3#2", purpose=Purpose.CONFLICT, text="到底有没有？")
    told = (
        Told("5.2")
        .say("监控全厂都装了", ("3#2", MET, "监控全厂都装了"))
        .say("监控其实还没有装全", ("3#2", NOT, "监控其实还没有装全"), asked=asked)
    )
    assert told.summary.noted == "我记下的：还没有或不全——“监控其实还没有装全”。"


def test_it_stays_short_and_the_longest_words_come_first_cut_with_an_ellipsis():
    words = [f"{part}车间里头的情况说起来那可就是一句两句话讲不完的一个大事情" for part in "甲乙丙丁戊己"]
    codes = [r.code.partition("-L")[2] for r in STANDARD.subitems["5.2"].requirements if r.level > 1][:6]
    verdicts = [MET, MET, MET, NOT, NOT, NOT]
    told = Told("5.2").say("，".join(words), *zip(codes, verdicts, words, strict=True))
    cut = "车间里头的情况说起来那可就是一句两句话讲不完的一…"
    assert told.summary.noted == f"我记下的：有——“甲{cut}”；还没有或不全——“丁{cut}”。"
    assert len(told.summary.noted) <= LENGTH
