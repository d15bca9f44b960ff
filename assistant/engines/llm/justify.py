"""A model's draft of a justification: sentence by sentence, each with its quotes, checked; else the rules engine's."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.assessment.justification import Justification, JustifyTask, Section, Sentence, verify_justification
from assistant.assessment.usage import CallPurpose
from assistant.engines.llm.claims import JustifyClaims, SentenceClaim
from assistant.engines.llm.client import Client
from assistant.engines.llm.context_justify import justify_messages
from assistant.engines.llm.endpoint import CassetteMiss, EndpointError
from assistant.ports import Engine
from knowledge.model import Standard

JUSTIFY_TOKENS = 2500
"""Tokens of a draft at most; one with all its parts takes some 900."""

MARKS = re.compile(r"[〔\[（(]\s*引\s*\d+(?:\s*[、,，]\s*引?\s*\d+)*\s*[〕\])）]")
NOTHING_LEFT = "模型写的判定依据没有一句经得起核对，没有采用"


def justify(client: Client, rules: Engine, standard: Standard, engine: str, task: JustifyTask) -> Justification:
    """The model's basis, shortfall and advice as far as they stand the check; a part of which nothing does is the rules'.

    What to ask for (佐证材料) is the rules engine's: it follows from the guide. Without a quote there is nothing to
    draft from, and the model is not called. Raises CassetteMiss only.
    """
    plain = rules.justify(task)
    if not task.quotes:
        return plain
    prompt, messages = justify_messages(task, standard)
    try:
        reply = client.structured(CallPurpose.JUSTIFY, prompt, messages, JustifyClaims, JUSTIFY_TOKENS)
    except CassetteMiss:
        raise
    except EndpointError as error:
        return plain.model_copy(update={"calls": error.calls, "fallback": error.told})
    claims = reply.value
    draft = Justification(
        subitem=task.subitem.code,
        level=task.level,
        engine=engine,
        basis=tuple(_sentences(claims.basis, task)),
        shortfall=tuple(_sentences(claims.shortfall, task)),
        advice=tuple(Sentence(text=_tidy(c.text), clauses=tuple(c.clauses)) for c in claims.advice if c.text.strip()),
    )
    checked = verify_justification(draft, task)
    if not checked.basis:
        told = {"calls": reply.calls, "fallback": NOTHING_LEFT, "dropped": checked.dropped}
        return plain.model_copy(update=told)
    parts = {s.value: checked.section(s) or plain.section(s) for s in (Section.SHORTFALL, Section.ADVICE)}
    return checked.model_copy(update={**parts, "materials": plain.materials, "calls": reply.calls})


def _sentences(claims: Iterable[SentenceClaim], task: JustifyTask) -> Iterable[Sentence]:
    """Claims with their numbers turned into quotes; an unknown number leaves a sentence that the check drops."""
    for claim in claims:
        if not claim.text.strip():
            continue
        known = [task.quotes[n - 1] for n in claim.quotes if 1 <= n <= len(task.quotes)]
        invented = len(known) < len(claim.quotes)
        yield Sentence(
            text=_tidy(claim.text), quotes=() if invented else tuple(dict.fromkeys(known)), clauses=tuple(claim.clauses)
        )


def _tidy(text: str) -> str:
    """Without marks of quotes in the text, ending in a full stop."""
    plain = MARKS.sub("", " ".join(text.split())).strip()
    return plain if plain.endswith(("。", "！", "？", "；")) else f"{plain}。"
