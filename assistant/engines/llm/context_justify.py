"""What the model is told to draft a 判定依据: level, numbered quotes, and the clauses that they were held against. Pure."""

from __future__ import annotations

from typing import Any

from assistant.assessment.justification import JustifyTask, LevelFrom
from assistant.assessment.level import Citation
from assistant.engines.llm.context import STANDS, Messages
from knowledge.model import LEVELS, Standard
from prompts import hash_of, render


def justify_messages(task: JustifyTask, standard: Standard) -> Messages:
    """The call that drafts a 判定依据; quotes are numbered from 1 in the task's order."""
    undecided = task.proposal.undecided
    rate = task.rate
    turn = render(
        "justify.turn",
        code=task.subitem.code,
        name=task.subitem.name,
        level=f"{task.level}级（{task.level_names[task.level - 1]}）" if task.level else "",
        decided=task.level_from == LevelFrom.DECIDED,
        reason=task.reason,
        low=undecided.low if undecided else LEVELS[0],
        high=undecided.high if undecided else LEVELS[-1],
        missing=[standard.requirements[code] for code in undecided.missing] if undecided else [],
        rate=rate.shown if rate else "",
        rate_of=task.subitem.rate_of,
        quotes=[(n, quote.text, task.said.get(quote.answer)) for n, quote in enumerate(task.quotes, start=1)],
        carrying=[_cited(c, task, standard) for c in task.basis],
        gap=[_cited(c, task, standard) for c in task.gap],
        ahead=[_cited(c, task, standard) for c in task.ahead if c.clause not in {g.clause for g in task.gap}],
        own=[c for c in task.subitem.clauses if c.level == task.level] if not task.basis else [],
        conflicts=[standard.requirements[code] for code in task.proposal.conflicts],
    ).text
    system = render("justify.system").text
    return Messages(hash_of("justify.system", "justify.turn"), (("system", system), ("user", turn)))


def _cited(citation: Citation, task: JustifyTask, standard: Standard) -> dict[str, Any]:
    numbers = {quote: number for number, quote in enumerate(task.quotes, start=1)}
    claims = [
        {
            "verdict": evidence.verdict.value,
            "number": numbers[task.words(evidence.quote)],
            "text": standard.requirements[evidence.requirement].text,
        }
        for evidence in citation.evidence
        if task.words(evidence.quote) in numbers
    ]
    return {
        "code": citation.clause,
        "text": standard.clauses[citation.clause].text,
        "stand": STANDS.get(citation.stand, "没有谈到"),
        "claims": claims,
    }
