"""The copilot's read-only tools: pure functions from a `Desk` and a few words to short Chinese text.

What does not make sense raises an IiamError or a KnowledgeError, whose message the model is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.assessment.answer import Answer
from assistant.assessment.ledger import Evidence, Stand
from assistant.assessment.moments import when
from assistant.engines.llm.copilot_desk import STAND, VERDICT, Desk, capped
from assistant.errors import InputError
from assistant.review.doubts import doubts
from assistant.review.signoff import is_stale
from knowledge.model import Clause, Requirement
from prompts import neutral

HITS = 6
EACH = 3
"""Quotes shown with a requirement; `list_quotes` has them all."""
FOUND = 20
AROUND = 60
"""Characters of an answer shown before and after the words looked for."""
WHOLE = 200


def search_standard(desk: Desk, query: str, subitem: str = "", level: int | None = None) -> str:
    """Passages of the standard's text, the best first."""
    code = desk.subitem(subitem) if subitem else None
    hits = desk.searcher.search(query, limit=HITS, subitem=code, level=level)
    if not hits:
        return f"标准里没有查到与“{neutral(query[:40])}”有关的内容。"
    return capped(f"{hit.chunk.code}（{hit.chunk.path}）：{' '.join(hit.chunk.text.split())}" for hit in hits)


def show_subitem(desk: Desk, subitem: str) -> str:
    """Clauses by level with the verdict on each requirement, proposal, decision, and what is missing."""
    return capped(_subitem(desk, desk.subitem(subitem)))


def _subitem(desk: Desk, code: str) -> Iterator[str]:
    domain, item = desk.standard.places[code]
    yield f"{desk.title(code)}（{domain.name} / {item.name}）"
    yield from _outcome(desk, code)
    evidence = desk.ledgers[code].evidence
    for clause in desk.standard.subitems[code].clauses:
        yield from _clause(desk, clause, [e for e in evidence if e.requirement.startswith(f"{clause.code}#")])


def _outcome(desk: Desk, code: str) -> Iterator[str]:
    proposal, ledger = desk.proposals[code], desk.ledgers[code]
    yield f"建议：{desk.level(code, proposal.level) if proposal.level else desk.proposed(code)}"
    decision, stamp = desk.state.decisions.get(code), desk.state.decided.get(code)
    if decision is None:
        yield "未复核"
    else:
        reason = f"；理由：{neutral(decision.reason)}" if decision.reason else ""
        score = f"；另定得分 {decision.score}" if decision.score is not None else ""
        by = f"（{neutral(stamp.actor)}，{when(stamp.at)[:10]}{score}{reason}）" if stamp else ""
        yield f"{desk.decided(code)}{by}"
        if is_stale(desk.state, ledger):
            yield "复核之后又有新的说法，建议等级已变。"
    if ledger.rate is not None:
        rate = ledger.rate
        shown = f"{rate.low:.4g}%" if rate.exact is not None else f"{rate.low:.4g}%–{rate.high:.4g}%"
        yield f"比例（{desk.standard.subitems[code].rate_of}）：{shown}，据{desk.quoted(rate.quote)}"
    if proposal.undecided and proposal.undecided.missing:
        yield f"还缺：{'、'.join(proposal.undecided.missing)}"
    if proposal.gap:
        yield f"未达上一级的条款：{'、'.join(f'{c.clause} {STAND[c.stand]}' for c in proposal.gap)}"
    if proposal.ahead:
        yield f"更高等级中已满足的条款：{'、'.join(proposal.ahead)}"
    if ledger.conflicts:
        yield f"说法不一的要点：{'、'.join(ledger.conflicts)}"
    doubt = doubts(desk.state, proposal)
    yield from (f"解读备注：{neutral(note)}" for note in doubt.notes)


def _clause(desk: Desk, clause: Clause, evidence: Sequence[Evidence]) -> Iterator[str]:
    if clause.level == 1:
        yield f"{clause.code}（最低一级，不必满足什么）：{clause.text}"
        return
    ledger = desk.ledgers[clause.code.partition("-")[0]]
    several = len(clause.requirements) > 1
    stand = STAND[ledger.clause(clause)]
    yield f"{clause.code} {stand}{'' if several or evidence else _derived(ledger.clause(clause))}：{clause.text}"
    for requirement in clause.requirements:
        mine = [e for e in evidence if e.requirement == requirement.code]
        if several:
            yield _requirement(requirement, ledger.requirements[requirement.code], bool(mine))
        yield from (f"    {_said(desk, e)}" for e in mine[:EACH])
        if len(mine) > EACH:
            yield f"    另有 {len(mine) - EACH} 处引文，见 list_quotes"


def _requirement(requirement: Requirement, stand: Stand, spoken: bool) -> str:
    return f"  {requirement.code} {STAND[stand]}{'' if spoken else _derived(stand)}：{requirement.text}"


def _derived(stand: Stand) -> str:
    """Nobody spoke of it, and yet it stands somewhere: another requirement says so."""
    return "" if stand == Stand.UNKNOWN else "（由其他要点推得）"


def _said(desk: Desk, evidence: Evidence) -> str:
    alone = "（仅模型判断）" if evidence.alone else ""
    return f"{VERDICT[evidence.verdict]}{alone} {desk.quoted(evidence.quote)}"


def list_quotes(desk: Desk, subitem: str = "", words: str = "") -> str:
    """Quotes of a sub-item with what they speak for, or the places where some words were said."""
    if not subitem.strip() and not words.strip():
        raise InputError("请给出 subitem（子项编号）或 words（要找的词）中的一个。")
    code = desk.subitem(subitem) if subitem.strip() else None
    if words.strip():
        return capped(_spoken(desk, words, code))
    return capped(_quotes(desk, code or ""))


def _quotes(desk: Desk, code: str) -> Iterator[str]:
    evidence = desk.ledgers[code].evidence
    used = {e.quote.answer for e in evidence}
    rest = [a for a in desk.state.transcript(code) if a.seq not in used]
    if not evidence and not rest:
        yield f"{desk.title(code)}：还没有人说到。"
        return
    yield f"{desk.title(code)}：引文 {len(evidence)} 处"
    yield from (f"{e.requirement} {_said(desk, e)}" for e in evidence)
    if rest:
        yield "谈这个子项时还说过（没有据以判断的）："
        yield from (_whole(desk, answer) for answer in rest)


def _spoken(desk: Desk, words: str, code: str | None) -> Iterator[str]:
    """Answers that hold all the words, else those that hold any; corrected ones are marked."""
    wanted = [w for w in words.replace("，", " ").replace("、", " ").split() if w]
    answers = [a for a in desk.state.answers.values() if code in (None, a.subitem)]
    counted = [(a, sum(w in a.text for w in wanted)) for a in answers]
    most = max((n for _, n in counted), default=0)
    found = [a for a, n in counted if n and n == most]
    if not found:
        yield f"没有人说过“{neutral(words[:40])}”这几个字。可以换个说法再找，或按子项查。"
        return
    partly = "" if most == len(wanted) else "（没有一处全部含有，以下含有其中一部分）"
    yield f"含有“{neutral(words[:40])}”的回答 {len(found)} 个{partly}："
    for answer in found[:FOUND]:
        at = min(answer.text.find(w) for w in wanted if w in answer.text)
        yield _whole(desk, answer, at)
    if len(found) > FOUND:
        yield f"……另有 {len(found) - FOUND} 个，请把词写得更具体。"


def _whole(desk: Desk, answer: Answer, at: int = 0) -> str:
    """An answer, or so much of a long one as stands round a place."""
    start = 0 if len(answer.text) <= WHOLE else max(0, at - AROUND)
    end = start + (WHOLE if start == 0 else 2 * AROUND)
    text = " ".join(neutral(answer.text[start:end]).split())
    before, after = "…" if start else "", "…" if end < len(answer.text) else ""
    corrected = any(a.corrects == answer.seq for a in desk.state.answers.values())
    note = "（后来更正，不再计入）" if corrected else ""
    return f"{before}「{text}」{after}〔答{answer.seq}〕{desk.who(answer)}，谈 {answer.subitem} 时{note}"
