"""佐证材料: what was said and by whom, which documents were seen, which records to ask for still."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.assessment.justification import Said, Sentence
from assistant.assessment.reading import Quote, Verdict
from assistant.engines.rules.justify_shortfall import unsaid
from assistant.engines.rules.justify_words import Pen, joined
from knowledge.model import Requirement

RECORDS_AT_MOST = 4
QUESTIONS_AT_MOST = 2
TELLING = 1.5
"""Likeness of a record to a requirement from which it is named as its proof."""
LITTLE = re.compile(r"[上的和与或、（）]")
LIKE = 3
"""A record counts as spoken of when so many of its characters stand in the talk in a row; of a short name, its last two."""


def materials(pen: Pen) -> Iterator[Sentence]:
    """The sentences of the section."""
    quotes = pen.task.quotes
    talk = [q for q in quotes if not pen.task.said[q.answer].written]
    papers = [q for q in quotes if pen.task.said[q.answer].written]
    if papers:
        listed = "、".join(dict.fromkeys(_place(pen.task.said[q.answer]) for q in papers))
        yield pen.sentence(f"书面材料：{listed}。", papers, _codes(pen))
    if talk:
        speakers = "、".join(dict.fromkeys(_speaker(pen.task.said[q.answer]) for q in talk))
        alone = "" if papers else "，未提供书面材料，宜补充佐证"
        yield pen.sentence(f"口头陈述：{speakers}{alone}。", talk, _codes(pen))
    yield from _requests(pen)


def _codes(pen: Pen) -> Sequence[str]:
    return list(dict.fromkeys(c.clause for c in (*pen.task.basis, *pen.task.gap) if c.evidence)) or pen.codes


def _place(said: Said) -> str:
    owner = f"（{said.name}提供）" if said.name else ""
    return f"{said.kind}{said.where}{owner}"


def _speaker(said: Said) -> str:
    name = said.name or "受访人"
    known = [said.role] if said.role and said.role != name else []
    known += [f"见{said.where}"] if said.where else []
    return f"{name}（{'，'.join(known)}）" if known else name


def _requests(pen: Pen) -> Iterator[Sentence]:
    task = pen.task
    denied = _denied(pen)
    spoken = "\n".join(_without(said, denied) for said in task.said.values() if not said.written)
    seen = "".join(said.document for said in task.said.values())
    wanted = [r for r in task.guide.records if r not in seen]
    mentioned = [r for r in wanted if spoken_of(r, spoken)][:2]
    others = [r for r in wanted if r not in mentioned][: RECORDS_AT_MOST - len(mentioned)]
    if mentioned:
        carrying = [q for q in task.quotes if q not in denied and any(spoken_of(r, q.text) for r in mentioned)]
        lead = "谈话中提到过相关内容，" if carrying else ""
        yield pen.sentence(f"{lead}请先调取{joined(mentioned)}核对。", carrying, pen.codes)
    if others:
        text = (
            pen.pick(("另请提供{r}。", "还可调取{r}备查。", "建议一并查看{r}。"))
            if mentioned
            else pen.pick(("请调取{r}核对。", "请企业补充提供{r}。"))
        )
        yield pen.sentence(text.format(r=joined(others)), (), pen.codes)
    asked = [r for r in unsaid(pen) if r.code in task.guide.requirements][:QUESTIONS_AT_MOST]
    if asked:
        questions = joined(list(dict.fromkeys(task.guide.requirements[r.code].probe for r in asked)))
        yield pen.sentence(f"没有谈到的要点请当面补问：{questions}", (), [r.clause for r in asked])


def _denied(pen: Pen) -> set[Quote]:
    """Quotes that speak against requirements only: a record named there is one that the enterprise does not have."""
    for_: set[Quote] = set()
    against: set[Quote] = set()
    for citation in (*pen.task.basis, *pen.task.gap, *pen.task.ahead):
        for evidence in citation.evidence:
            (against if evidence.verdict == Verdict.NOT else for_).add(pen.words(evidence))
    return against - for_


def _without(said: Said, quotes: set[Quote]) -> str:
    """What was said less some quotes of it."""
    text = said.text
    for quote in sorted(quotes, key=lambda q: -q.start):
        if quote.answer == said.answer:
            text = f"{text[: quote.start]}\n{text[quote.end :]}"
    return text


def spoken_of(record: str, talk: str) -> bool:
    """True when the talk names a record, or the better part of its name (`台账` of `设备台账`)."""
    telling = (p for i in range(len(record) - LIKE + 1) if not LITTLE.search(p := record[i : i + LIKE]))
    return any(part in talk for part in telling) or (len(record) <= LIKE + 1 and record[-2:] in talk)


def proof_of(pen: Pen, requirement: Requirement) -> str:
    """The record that would show a requirement best, by the words they share that tell records apart; else empty."""
    records = pen.task.guide.records
    entry = pen.task.guide.requirements.get(requirement.code)
    text = requirement.text + (entry.probe + entry.follow if entry else "")
    common = pen.task.subitem.name
    scores = {r: sum(1 / _holding(p, records) for p in _pairs(r) if p in text and p not in common) for r in records}
    best = max(scores, key=lambda r: scores[r], default="")
    return best if best and scores[best] >= TELLING else ""


def _pairs(record: str) -> set[str]:
    return {record[i : i + 2] for i in range(len(record) - 1)}


def _holding(pair: str, records: Sequence[str]) -> int:
    return sum(pair in r for r in records)
