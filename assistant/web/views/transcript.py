"""The transcript of an assessment: every question and every word said, in order, with the quoted spans marked. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.assessment.answer import Answer
from assistant.assessment.state import Assessment
from assistant.reports.words import minute
from assistant.web.views.quotes import Pieces, marked, place_of
from knowledge.model import Standard, subitem_order


@dataclass(frozen=True)
class Asked:
    """A question. `seq` is its row."""

    seq: int
    text: str
    topic: str


@dataclass(frozen=True)
class Heard:
    """An answer. `used` are the sub-items that are judged by it; `replaced` the answer that corrects it.

    `withdrawn`: it stands in a document that was taken back.
    """

    seq: int
    pieces: Pieces
    who: str
    role: str
    at: str
    source: str
    topic: str
    used: tuple[str, ...]
    corrects: int | None
    replaced: int | None
    withdrawn: bool


def transcript(state: Assessment, standard: Standard) -> tuple[Asked | Heard, ...]:
    """Questions and answers by row."""
    replaced = {a.corrects: a.seq for a in state.answers.values() if a.corrects is not None}
    entries: list[Asked | Heard] = [
        Asked(seq=q.seq, text=q.text, topic=_topic(standard, q.subitem)) for q in state.questions.values()
    ]
    entries += [_heard(state, standard, answer, replaced.get(answer.seq)) for answer in state.answers.values()]
    return tuple(sorted(entries, key=lambda entry: entry.seq))


def _topic(standard: Standard, code: str) -> str:
    return f"{code} {standard.subitems[code].name}" if code in standard.subitems else code


def _heard(state: Assessment, standard: Standard, answer: Answer, replaced: int | None) -> Heard:
    speaker, reading = state.respondents.get(answer.respondent), state.readings.get(answer.seq)
    quotes = [*(f.quote for f in reading.findings), *(r.quote for r in reading.rates)] if reading else []
    used = {f.requirement.partition("-")[0] for f in reading.findings} if reading else set()
    used |= {r.subitem for r in reading.rates} if reading else set()
    return Heard(
        seq=answer.seq,
        pieces=marked(answer.text, [(q.start, q.end) for q in quotes if q.answer == answer.seq]),
        who=speaker.name if speaker else "",
        role=speaker.role if speaker else "",
        at=minute(answer.at),
        source=place_of(state, answer),
        topic=_topic(standard, answer.subitem),
        used=tuple(sorted(used, key=subitem_order)),
        corrects=answer.corrects,
        replaced=replaced,
        withdrawn=answer.document in state.withdrawn,
    )
