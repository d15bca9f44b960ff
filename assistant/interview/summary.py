"""What was understood on a topic, in the respondent's own words, for the respondent to correct when it closes. Pure.

No level, no code, nothing the respondent did not say: quotes of the ledger's counting evidence, what is there first,
then what is not or only partly, and the rate in percent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assistant.assessment.answer import Answer, Question
from assistant.assessment.ledger import Evidence, SubItemLedger
from assistant.assessment.reading import RateFinding, Verdict

LENGTH = 120
"""Characters of a summary, about two lines of a terminal."""

QUOTE = 26
"""Characters of one quote; longer ones are cut and end in an ellipsis."""

MOST = 3
"""Quotes of a kind: the most telling ones; people check a few words, not a protocol."""

BARE = 5
"""Characters up to which an answer (“没有没有”) says nothing without its question."""

THERE, LACKING = "有", "还没有或不全"
CORRECT_IT = "有不对的请直接改正。"
OBJECTS = re.compile(r"\s*(?:不对|不是这样|错了|(?:说|记|搞|弄)错|更正|纠正|改一下)")
"""How people begin who correct what was just read back to them; then it is not an answer to the next topic's question."""

EDGES = re.compile(r"^[\s，。、；：！？,.;:!?]+|[\s，。、；：！？,.;:!?]+$")
LEAD = re.compile(r"^.*?[：:](?=.)")


@dataclass(frozen=True)
class TopicSummary:
    """What was noted on one sub-item, as a line; the second line asks for corrections."""

    subitem: str
    noted: str

    @property
    def lines(self) -> tuple[str, str]:
        """Both lines."""
        return self.noted, CORRECT_IT


def summarise(
    ledger: SubItemLedger, answers: Mapping[int, Answer], questions: Mapping[int, Question]
) -> TopicSummary | None:
    """The summary of one sub-item; None when nothing was heard of it that counts."""
    groups = _grouped(ledger)
    parts = [f"{ledger.subitem.rate_of}{_percent(ledger.rate)}"] if ledger.rate else []
    room = LENGTH - len("我记下的：。") - sum(len(part) + 1 for part in parts)
    filled = [name for name, quotes in groups.items() if quotes]
    for name in filled:
        lead = f"{name}——"
        said = list(_fitting(groups[name], room // len(filled) - len(lead), answers, questions))
        if said:
            parts.append(lead + "、".join(said))
    return TopicSummary(ledger.subitem.code, f"我记下的：{'；'.join(parts)}。") if parts else None


def _percent(rate: RateFinding) -> str:
    low, high = f"{rate.low:.4g}%", f"{rate.high:.4g}%"
    return low if low == high else f"{low}到{high}"


def _grouped(ledger: SubItemLedger) -> dict[str, list[Evidence]]:
    """The standing evidence in words, one entry a quote; a quote that says both is among what is not complete."""
    final = {e.requirement: e for e in ledger.evidence if e.decisive}
    standing = [e for e in ledger.evidence if not e.measured and final.get(e.requirement, e) == e]
    groups: dict[str, dict[tuple[int, str], Evidence]] = {THERE: {}, LACKING: {}}
    for evidence in standing:
        name = THERE if evidence.verdict == Verdict.MET else LACKING
        groups[name].setdefault((evidence.quote.answer, evidence.quote.text), evidence)
    both = groups[THERE].keys() & groups[LACKING].keys()
    return {
        THERE: _telling(e for key, e in groups[THERE].items() if key not in both),
        LACKING: _telling(groups[LACKING].values()),
    }


def _telling(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Longest first: they say most. A quote inside another one of the same answer adds nothing."""
    kept: list[Evidence] = []
    for one in sorted(evidence, key=lambda e: -len(e.quote.text)):
        words = EDGES.sub("", one.quote.text)
        if not any(one.quote.answer == other.quote.answer and words in other.quote.text for other in kept):
            kept.append(one)
    return kept


def _fitting(
    evidence: list[Evidence], room: int, answers: Mapping[int, Answer], questions: Mapping[int, Question]
) -> Iterator[str]:
    """Quotes as shown, as many as fit; the first one always."""
    used = 0
    for number, one in enumerate(evidence[:MOST]):
        text = _shown(one, answers, questions)
        used += len(text) + 1
        if number and used > room:
            return
        yield text


def _shown(one: Evidence, answers: Mapping[int, Answer], questions: Mapping[int, Question]) -> str:
    text = EDGES.sub("", " ".join(one.quote.text.split()))
    answer = answers.get(one.quote.answer)
    asked = questions.get(answer.question or 0) if answer else None
    if len(text) <= BARE and asked is not None and asked.requirement == one.requirement:
        return f"“{_cut(EDGES.sub('', LEAD.sub('', asked.text)))}”（您答“{text}”）"
    return f"“{_cut(text)}”"


def _cut(text: str) -> str:
    return text if len(text) <= QUOTE else text[: QUOTE - 1] + "…"
