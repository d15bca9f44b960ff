"""判定依据: what was said that carries the level, clause by clause, and the ruling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.assessment.justification import LevelFrom, Sentence
from assistant.assessment.ledger import Evidence, Stand
from assistant.assessment.level import Citation, Reason
from assistant.assessment.quoting import gist
from assistant.assessment.reading import Quote, Verdict
from assistant.engines.rules.justify_words import Pen, joined, printed
from knowledge.model import LEVELS, Requirement

FITS = (
    "{says}，符合{reqs}的要求{cite}。",
    "{says}，与{name}{reqs}的要求相符{cite}。",
    "{says}，据此认定{reqs}{cite}。",
    "关于{reqs}，{says}，予以认定{cite}。",
)
AHEAD = (
    "{says}，{name}的{reqs}提前做到了{cite}，但同级的其他要求没有全部满足，等级不上调。",
    "此外，{says}，达到{name}{reqs}的要求{cite}；因该级尚有其他要求未满足，仍按较低一级判定。",
)
AHEAD_TOO = (
    "这段话也达到{name}{reqs}的要求{cite}；因该级尚有其他要求未满足，仍按较低一级判定。",
    "{name}的{reqs}，这段话同样做到了{cite}，但该级的其他要求没有全部满足，等级不上调。",
)
"""For the words of the sentence before."""
OVERRULED = ("{says}，按原话够得上{name}{reqs}的要求{cite}，复核没有采信，理由见下。",)
WHY_OPEN = {
    Reason.NOT_ASKED: "访谈中没有问到",
    Reason.OPEN: "访谈还没有问完",
    Reason.BUDGET: "提问达到规定次数，仍不足以判定",
    Reason.DONT_KNOW: "受访人不了解",
    Reason.SKIPPED: "受访人跳过了这个话题",
    Reason.NOT_APPLICABLE: "受访人认为不适用，有待复核",
    Reason.CONFLICT: "前后说法不一致",
}
LOWER_AT_MOST = 3
CLAUSES = 3
"""So many of the clauses that are open are cited at most."""


def basis(pen: Pen) -> Iterator[Sentence]:
    """The sentences of the section."""
    task = pen.task
    if task.level is None:
        yield from _open(pen)
        return
    own = [c for c in task.basis if _level(c) == task.level]
    used: set[Quote] = set()
    last: tuple[Quote, ...] = ()
    for sentence in (*_rates(pen, own), *_carried(pen, own, FITS)):
        used |= set(sentence.quotes)
        last = sentence.quotes
        yield sentence
    for sentence in _lower(pen, [c for c in task.basis if _level(c) < task.level], used):
        last = sentence.quotes
        yield sentence
    short = list(_floor(pen)) if task.level == 1 else []
    yield from short
    yield from _carried(pen, task.ahead[:2], OVERRULED if pen.overruled else AHEAD, before=() if short else last)
    yield _ruling(pen, own, short=bool(short))


def _level(citation: Citation) -> int:
    return int(citation.clause.partition("-L")[2][0])


def met(pen: Pen, citations: Iterable[Citation]) -> dict[Quote, list[Evidence]]:
    """Evidence that speaks for requirements, by the words to quote; what follows from a rate apart."""
    found: dict[Quote, list[Evidence]] = {}
    for citation in citations:
        for evidence in citation.evidence:
            if evidence.verdict == Verdict.MET and not evidence.measured:
                found.setdefault(pen.words(evidence), []).append(evidence)
    return each_once(pen, found)


def each_once(pen: Pen, found: Mapping[Quote, list[Evidence]]) -> dict[Quote, list[Evidence]]:
    """Each requirement under one quote of talk and one of paper only: the longest, which says most."""
    best: dict[tuple[str, bool], Quote] = {}
    for quote in sorted(found, key=lambda q: -len(q.text)):
        for evidence in found[quote]:
            best.setdefault((evidence.requirement, _written(pen, quote)), quote)
    return {
        quote: kept
        for quote, evidence in found.items()
        if (kept := [e for e in evidence if best[e.requirement, _written(pen, quote)] == quote])
    }


def _written(pen: Pen, quote: Quote) -> bool:
    return pen.task.said[quote.answer].written


def requirements_of(pen: Pen, evidence: Iterable[Evidence]) -> list[Requirement]:
    """The requirements that some evidence speaks of, each once, in the standard's order."""
    codes = {e.requirement for e in evidence}
    return [r for r in pen.task.subitem.requirements if r.code in codes]


def _carried(
    pen: Pen, citations: Sequence[Citation], patterns: Sequence[str], before: tuple[Quote, ...] = ()
) -> Iterator[Sentence]:
    """A sentence for each quote that carries requirements; one that stood alone just `before` is not quoted again."""
    for quote, evidence in met(pen, citations).items():
        about = requirements_of(pen, evidence)
        again = before == (quote,) and patterns == AHEAD
        pattern = pen.pick(AHEAD_TOO) if again else patterns[0] if pen.reply(quote) else pen.pick(patterns)
        says = "" if again else pen.says(quote, within=not pattern.startswith("{says}"))
        before = (quote,)
        text = pattern.format(
            says=says,
            name="、".join(dict.fromkeys(pen.name(r.level) for r in about)),
            reqs=joined([gist(r) for r in about]),
            cite=pen.cite(*(r.clause for r in about)),
        )
        yield pen.sentence(text, [quote], [r.clause for r in about])


def _rates(pen: Pen, citations: Iterable[Citation]) -> Iterator[Sentence]:
    """The measured rate, and where it lies in the level's band."""
    for citation in citations:
        for evidence in measured(citation):
            requirement = requirements_of(pen, [evidence])[0]
            if requirement.rate is None or evidence.verdict != Verdict.MET:
                continue
            quote = pen.words(evidence)
            low, high = requirement.rate.band
            rate = pen.task.rate
            value = amount(pen)
            inside = rate is not None and low <= rate.low and rate.high < high
            name = pen.name(requirement.level)
            where = f"落在{name}{band(requirement)}的范围内" if inside else f"超过{name}{low:f}%的下限"
            text = f"{pen.says(quote)}，据此推算{requirement.rate.of}{value}，{where}{pen.cite(citation.clause)}。"
            yield pen.sentence(text, [quote], [citation.clause])


def measured(citation: Citation) -> list[Evidence]:
    """What follows from a rate, by requirement: the last word on each."""
    return list({e.requirement: e for e in citation.evidence if e.measured}.values())


def amount(pen: Pen) -> str:
    """`约为45.7%` or `在30%到40%之间`; rounded down as the standard's scores are (DECISIONS, scoring policy)."""
    rate = pen.task.rate
    if rate is None:
        return "未能推算"
    if rate.low != rate.high:
        return f"在{rate.low:f}%到{rate.high:f}%之间"
    exact = rate.low * 10 == int(rate.low * 10)
    return f"{'为' if exact else '约为'}{rate.shown}"


def band(requirement: Requirement) -> str:
    """`40%至60%`."""
    if requirement.rate is None:
        return ""
    low, high = requirement.rate.band
    return f"{low:f}%以上" if high >= 100 else f"{low:f}%至{high:f}%"  # noqa: PLR2004 - a rate ends at one hundred


def _lower(pen: Pen, citations: Sequence[Citation], used: set[Quote]) -> Iterator[Sentence]:
    """One sentence for what carries the lower levels, as far as it was not quoted yet."""
    rest = {q: e for q, e in met(pen, citations).items() if q not in used and not pen.reply(q)}
    if not rest:
        return
    chosen = list(rest.items())[:LOWER_AT_MOST]
    parts = []
    codes: list[str] = []
    for quote, evidence in chosen:
        mine = list(dict.fromkeys(r.clause for r in requirements_of(pen, evidence)))
        codes += mine
        parts.append(f"“{printed(quote.text)}”对应{'、'.join(mine)}")
    text = pen.pick(
        ("较低等级的要求也有原话可依：{parts}。", "往下各级同样有据：{parts}。", "其下各级的要求，{parts}。")
    )
    yield pen.sentence(text.format(parts="，".join(parts)), [q for q, _ in chosen], codes)


def _floor(pen: Pen) -> Iterator[Sentence]:
    """Level 1: what of level 2 is there, then what was heard against the rest; the next section says what is lacking."""
    yield from _carried(
        pen, [c for c in pen.task.gap if c.stand != Stand.MET], ("{says}，{name}的{reqs}有依据{cite}。",)
    )
    against = {pen.words(e): e for c in pen.task.gap for e in c.evidence if e.verdict != Verdict.MET}
    chosen = sorted(against, key=lambda q: -len(q.text))[:2]
    if chosen:
        codes = [r.clause for q in chosen for r in requirements_of(pen, [against[q]])]
        says = "；".join([pen.says(q) for q in chosen])
        text = pen.pick(("{says}，离{name}的要求还有一段距离{cite}。", "{says}，{name}的要求还没有做全{cite}。"))
        yield pen.sentence(text.format(says=says, name=pen.name(2), cite=pen.cite(*codes)), chosen, codes)


def _ruling(pen: Pen, own: Sequence[Citation], *, short: bool = False) -> Sentence:
    """The level; `short`: what is lacking for level 2 was said just before."""
    task = pen.task
    assert task.level is not None  # noqa: S101 - asked for with a level only
    codes = [c.code for c in task.subitem.at(task.level)] if task.level > 1 else list(pen.codes)
    level = pen.level(task.level)
    if task.level_from == LevelFrom.DECIDED and task.level != task.proposal.level:
        proposed = "没有给出建议等级" if task.proposal.level is None else f"建议等级为{pen.level(task.proposal.level)}"
        text = f"依据访谈{proposed}，复核定为{level}，理由是：“{printed(task.reason)}”{pen.cite(*codes)}。"
        return pen.sentence(text, (), codes)
    verb = "复核确认定为" if task.level_from == LevelFrom.DECIDED else "建议定为"
    if task.level == 1:
        why = "" if short else f"{pen.name(2)}的要求没有全部满足，"
        text = f"{why}按标准取最低一级，{verb}{level}{pen.cite(*codes)}。"
    else:
        whole = "该级" if len(codes) == 1 else f"该级{len(codes)}款"
        covered = "" if task.level == 2 else "，较低等级的要求由其涵盖"  # noqa: PLR2004 - level 1 asks for nothing
        text = pen.pick(
            (
                f"综上，{pen.name(task.level)}的要求均有原话支持{covered}，{verb}{level}{pen.cite(*codes)}。",
                f"{whole}要求都能从受访人的话中找到依据{covered}，{verb}{level}{pen.cite(*codes)}。",
                f"对照标准，{whole}要求均予认定{covered}，{verb}{level}{pen.cite(*codes)}。",
            )
        )
    supported = {e.requirement for c in own for e in c.evidence if e.verdict == Verdict.MET}
    unproven = [c.clause for c in own if c.stand != Stand.MET]
    if task.level > 1 and (unproven or not supported):
        lacking = "、".join(unproven or codes)
        text = f"{verb}{level}；其中{lacking}在访谈记录中依据不足，请复核人补充{pen.cite(*codes)}。"
    return pen.sentence(text, (), codes)


def _open(pen: Pen) -> Iterator[Sentence]:
    """No level: what was heard so far, and why it does not settle the matter."""
    task = pen.task
    undecided = task.proposal.undecided
    yield from _carried(pen, [c for c in task.basis if c.stand != Stand.CONFLICT], FITS)
    if not task.basis:
        for quote in task.quotes[:1]:
            yield pen.sentence(f"{pen.says(quote)}。", [quote], ())
    assert undecided is not None  # noqa: S101 - a proposal has a level or a reason
    missing = dict.fromkeys(code.partition("#")[0] for code in undecided.missing)
    codes = tuple(missing)[:CLAUSES] or pen.codes
    if undecided.reason == Reason.NOT_ASKED and not task.quotes:
        codes = pen.codes
        text = f"访谈中没有问到“{task.subitem.name}”，不能定级{pen.cite(*codes)}。"
    else:
        span = pen.level(undecided.low)
        if undecided.low != undecided.high:
            span = f"L{undecided.low}到L{undecided.high}之间"
        known = f"所得依据只能说明在{span}，" if (undecided.low, undecided.high) != (LEVELS[0], LEVELS[-1]) else ""
        text = f"{WHY_OPEN[undecided.reason]}，{known}暂不能定级{pen.cite(*codes)}。"
    yield pen.sentence(text, (), codes)
