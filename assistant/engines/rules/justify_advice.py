"""改进建议: the next level's unmet requirements as steps, from what this enterprise said, each with how it is checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal

from assistant.assessment.justification import Sentence
from assistant.assessment.ledger import Evidence, Stand
from assistant.assessment.quoting import gist
from assistant.assessment.reading import Quote, Verdict
from assistant.engines.rules.justify_materials import proof_of
from assistant.engines.rules.justify_shortfall import unsaid
from assistant.engines.rules.justify_words import Pen, action, joined, printed
from knowledge.model import LEVELS, Requirement

STEPS_AT_MOST = 4
ASK_AT_MOST = 3
FROM_NOT = (
    "针对“{words}”的情况，建议{action}{cite}{proof}",
    "眼下“{words}”，建议下一步{action}{cite}{proof}",
    "就“{words}”这一条，建议定出负责人和期限，{action}{cite}{proof}",
)
FROM_PARTLY = ("“{words}”说明有了起头，建议把范围做全，{action}{cite}{proof}",)
FROM_REPLY = ("{says}，建议下一步{action}{cite}{proof}",)
FROM_NOTHING = (
    "请先问清“{plain}”若尚未开展，建议{action}{cite}{proof}",
    "另有一点有待核实：“{plain}”如果还没有做，建议{action}{cite}{proof}",
)
FAR = (
    "{name}的这项要求宜按业务需要量力安排：针对“{words}”的情况，确有需要时再{action}{cite}{proof}",
    "对“{words}”这一条，若业务上确有需要，可按{name}的要求{action}，不必为评级而做{cite}{proof}",
)
PROOFS = ("做到的标志是拿得出{record}", "完成后以{record}为凭", "验收时查{record}")
ANSWERS = ("完成后应能当面说清“{follow}”", "复评时会问“{follow}”，应能答得上来")
TELLS = 6
"""A follow-up question shorter than this says nothing without the one before it."""
LEADING = re.compile(r"全球|行业|引领|标杆|世界|国际|生态|跨企业|颠覆|极致|顶尖")
"""Requirements that few enterprises need: advice on them leaves the need open."""
UNCOUNTABLE = re.compile(r"(率|比|比例|百分比|进度|上涨)$")
"""Entries of a guide's list of what does not count that nobody would count among machines or systems."""
COUNTED = re.compile(r"(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?)")
YES_NO = re.compile(r"[吗没不]？?$|是不是|有没有|能不能")


def advice(pen: Pen) -> Iterator[Sentence]:
    """The sentences of the section."""
    task = pen.task
    if task.level == LEVELS[-1]:
        yield _keep(pen)
        return
    if task.level is None:
        yield from _ask_first(pen)
        return
    steps: dict[Quote | None, list[tuple[Requirement, Evidence | None]]] = {}
    for requirement, evidence in list(_steps(pen))[:STEPS_AT_MOST]:
        if evidence is not None and evidence.measured:
            yield _raise_rate(pen, requirement, evidence)
        else:
            steps.setdefault(pen.words(evidence) if evidence else None, []).append((requirement, evidence))
    for quote, together in steps.items():
        if quote is None:
            for requirement, _ in together:
                yield _ask_then_do(pen, requirement)
        else:
            yield _do(pen, quote, together)
    if pen.overruled and not any(c.stand != Stand.MET for c in task.gap):
        codes = [c.code for c in task.subitem.at(task.level + 1)]
        name, records = pen.name(task.level + 1), joined(task.guide.records[:2])
        shown = f"（如{records}）" if records else ""
        text = (
            f"针对复核理由“{printed(task.reason)}”，建议核实{name}各项要求实际做到的范围，没有做全的补做，"
            f"补齐书面佐证{shown}，再申请认定{name}{pen.cite(*codes)}。"
        )
        yield pen.sentence(text, (), codes)


def _steps(pen: Pen) -> Iterator[tuple[Requirement, Evidence | None]]:
    """Unmet requirements of the next level with what was said against each, those spoken of first."""
    unmet = [c for c in pen.task.gap if c.stand != Stand.MET]
    heard: dict[str, Evidence] = {}
    for citation in unmet:
        for evidence in citation.evidence:
            known = heard.get(evidence.requirement)
            if evidence.verdict != Verdict.MET and (known is None or len(evidence.quote.text) > len(known.quote.text)):
                heard[evidence.requirement] = evidence
    for requirement in pen.task.subitem.requirements:
        if requirement.code in heard:
            yield requirement, heard[requirement.code]
    for requirement in unsaid(pen):
        yield requirement, None


def _ask_then_do(pen: Pen, requirement: Requirement) -> Sentence:
    guide = pen.task.guide.requirements.get(requirement.code)
    text = pen.pick(FROM_NOTHING).format(
        plain=printed(guide.probe) if guide else requirement.text,
        action=action(requirement),
        cite=pen.cite(requirement.clause),
        proof=_proof(pen, [requirement]),
    )
    return pen.sentence(text, (), [requirement.clause])


def _do(pen: Pen, quote: Quote, together: Sequence[tuple[Requirement, Evidence | None]]) -> Sentence:
    about = [requirement for requirement, _ in together]
    patterns: tuple[str, ...] = FROM_NOT
    if all(e is not None and e.verdict == Verdict.PARTLY for _, e in together):
        patterns = FROM_PARTLY
    if any(r.level == LEVELS[-1] and LEADING.search(gist(r)) for r in about):
        patterns = FAR
    elif pen.reply(quote):
        patterns = FROM_REPLY
    codes = [r.clause for r in about]
    text = pen.pick(patterns).format(
        words=printed(quote.text),
        says=pen.says(quote) if patterns == FROM_REPLY else "",
        name=pen.name(about[0].level),
        action=_together([action(r) for r in about]),
        cite=pen.cite(*codes),
        proof=_proof(pen, about),
    )
    return pen.sentence(text, [quote], codes)


def _proof(pen: Pen, about: Sequence[Requirement]) -> str:
    """How one sees that it is done: a record, else a question that can then be answered; the sentence's end."""
    records = list(dict.fromkeys(record for r in about if (record := proof_of(pen, r))))
    entries = [pen.task.guide.requirements[r.code] for r in about if r.code in pen.task.guide.requirements]
    asked = [printed(e.follow.rstrip("？?")) for e in entries if not YES_NO.search(e.follow) and len(e.follow) > TELLS]
    if records:
        return f"；{pen.pick(PROOFS).format(record=joined(records))}。"
    return f"；{pen.pick(ANSWERS).format(follow=asked[0])}。" if asked else "。"


def _together(actions: Sequence[str]) -> str:
    """`甲，同时乙，并且丙`."""
    return "，并且".join(("，同时".join(actions[:2]), *actions[2:]))


def _raise_rate(pen: Pen, requirement: Requirement, evidence: Evidence) -> Sentence:
    """How many more it takes, where the count is known; what may not be counted in."""
    assert requirement.rate is not None  # noqa: S101 - measured evidence speaks for a rate only
    floor = requirement.rate.band[0]
    quote: Quote = pen.words(evidence)
    goal = f"把{requirement.rate.of}提高到{floor:f}%以上"
    counted = COUNTED.search(evidence.rule)
    if counted:
        have, of = Decimal(counted[1]), Decimal(counted[2])
        need = (floor * of / 100).to_integral_value(ROUND_CEILING)
        goal += f"：按所报总数{of:f}计，至少要达到{need:f}，在{have:f}的基础上再增加{need - have:f}"
    guide = pen.task.guide.requirements.get(requirement.code)
    others = [entry for entry in guide.not_counted if not UNCOUNTABLE.search(entry)][:2] if guide else []
    left_out = f"；{'、'.join(others)}不计在内" if others else ""
    text = f"建议{goal}{left_out}{pen.cite(requirement.clause)}。"
    return pen.sentence(text, [quote], [requirement.clause])


def _keep(pen: Pen) -> Sentence:
    codes = [c.code for c in pen.task.subitem.at(LEVELS[-1])]
    records = joined(pen.task.guide.records[:2])
    text = (
        f"建议保持，并按年更新{records}，作为持续符合最高等级要求的凭据{pen.cite(*codes)}。"
        if records
        else "建议保持。"
    )
    return pen.sentence(text, (), codes)


def _ask_first(pen: Pen) -> Iterator[Sentence]:
    """No level yet: what to find out first."""
    asked = [r for r in unsaid(pen) if r.code in pen.task.guide.requirements][:ASK_AT_MOST]
    if not asked:
        text = f"建议先由复核人就说法不一之处向受访人核实，再谈改进{pen.cite(*pen.codes)}。"
        yield pen.sentence(text, (), pen.codes)
        return
    questions = joined(list(dict.fromkeys(printed(pen.task.guide.requirements[r.code].probe) for r in asked)))
    codes = [r.clause for r in asked]
    yield pen.sentence(f"等级未定，建议先问清{questions}，再谈改进{pen.cite(*codes)}。", (), codes)
