"""A simulated respondent: a profile that talks. Deterministic by seed; never names a level or a clause code.

It opens with the profile's vague or full answer; a probe on one requirement is answered truthfully from the clause's
verdict, in varied spoken forms, with details, sometimes long-winded, sometimes beside the point first.
"""

from __future__ import annotations

import random
from decimal import Decimal

from assistant.assessment.answer import Purpose, Question
from assistant.assessment.reading import Verdict
from evals.profiles import Profile, ProfileEntry
from knowledge.model import Standard

YES = (
    "有。", "有的，一直在用。", "这个有。", "有，早就弄上了。", "基本都上了。", "能，没问题。", "是的，做到了。", "对，是这样的。",
    "嗯，有，现在就是这么干的。", "这块我们做了，而且一直在做。", "有啊，天天用着呢。", "可以的，现在都这么弄。",
)  # fmt: skip
NO = (
    "那没有。", "没有。", "还没顾上。", "这个真没有。", "没弄过。", "没，还没做到那一步。", "谈不上，没有。", "目前没有。",
    "没有没有，够不着那个。", "这块是空白，没搞。", "没上，也没人提过。", "不行，做不到。",
)  # fmt: skip
PARTLY = (
    "就一部分。",
    "有一部分，没全上。",
    "部分有吧，不全。",
    "只有个别地方有。",
    "就几处有，多数还没有。",
    "刚开始弄，才一小部分。",
)
LEAD = ("这个嘛，", "你问这个啊，", "我想想，", "实话跟你说，", "嗯，", "")
TAIL = ("大概就是这么个情况。", "具体的你可以再去现场看看。", "别的我就不多说了。", "反正就这样。")
BESIDE = (
    "这两年厂里事多，订单又紧。",
    "说起这个，前阵子领导还来看过。",
    "我们这行不好干，人也难招。",
    "天天忙得脚不沾地。",
)


class Respondent:
    """Answers the questions of one interview from one profile."""

    def __init__(self, profile: Profile, standard: Standard, seed: int, opening: str) -> None:
        """`opening`: `vague` or `answer`, what an open first question gets."""
        self._profile = profile
        self._standard = standard
        self._random = random.Random(seed)
        self._opening = opening
        self._told: dict[str, int] = {}

    def reply(self, question: Question) -> str:
        """What this person says to a question."""
        entry = self._profile.subitems[question.subitem]
        if question.requirement is None:
            if question.purpose == Purpose.DEEPER:
                return self._details(question.subitem, 9) or entry.answer
            return entry.vague if self._opening == "vague" else entry.answer
        cores = [self._core(code, entry) for code in question.about]
        core = cores[0] if len(cores) == 1 else f"先说头一样，{cores[0]}后头那样，{cores[1]}"
        return self._around(core, question.subitem)

    def _core(self, code: str, entry: ProfileEntry) -> str:
        """The bare answer on one requirement."""
        requirement = self._standard.requirements[code]
        if requirement.rate is not None and entry.metric is not None:
            return self._number(entry.metric)
        forms = {Verdict.MET: YES, Verdict.NOT: NO, Verdict.PARTLY: PARTLY}[entry.clauses[requirement.clause]]
        return self._random.choice(forms)

    def _around(self, core: str, subitem: str) -> str:
        """The answer proper with what people put around it."""
        roll = self._random.random()
        if roll < 0.15:
            return core
        if roll < 0.25:
            return self._random.choice(BESIDE) + core + self._details(subitem, 1)
        if roll < 0.4:
            return self._random.choice(LEAD) + core + self._details(subitem, 9) + self._random.choice(TAIL)
        return self._random.choice(LEAD) + core + self._details(subitem, self._random.choice((1, 2)))

    def _details(self, subitem: str, most: int) -> str:
        """Up to `most` facts of the topic that were not told yet."""
        details = self._profile.subitems[subitem].details
        used = self._told.get(subitem, 0)
        self._told[subitem] = used + most
        return "".join(details[used : used + most])

    def _number(self, metric: Decimal) -> str:
        plain = f"{metric:f}"
        forms = [f"百分之{plain}。", f"{plain}%左右。", f"算下来{plain}%。", f"占{plain}%吧。"]
        return self._random.choice(forms)
