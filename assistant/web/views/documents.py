"""资料: the files of an assessment, and what was heard in each passage. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.assessment.answer import Answer
from assistant.assessment.document import Document
from assistant.assessment.reading import Reading
from assistant.assessment.state import Assessment
from assistant.interview.papers import papers
from assistant.reports.words import VERDICT
from assistant.web.views.quotes import SIGN, Pieces, marked
from knowledge.model import Standard, level_of


@dataclass(frozen=True)
class Heard:
    """What one passage was taken to mean for one requirement, or as a rate."""

    sign: str
    text: str


@dataclass(frozen=True)
class Passage:
    """A passage that speaks of a sub-item, its used words marked; `heard` is empty where nothing was found in it."""

    subitem: str
    name: str
    who: str
    place: str
    pieces: Pieces
    heard: tuple[Heard, ...]


@dataclass(frozen=True)
class DocumentLine:
    """One file."""

    document: Document
    size: str
    subitems: tuple[str, ...]
    statements: int | None
    withdrawn: str
    passages: tuple[Passage, ...]

    @property
    def idle(self) -> int:
        """How many statements speak of no sub-item, as far as was heard; 0 while it was not read to its end."""
        return max(0, (self.statements or 0) - len({p.place for p in self.passages}))

    @property
    def told(self) -> int:
        """How many passages something was found in."""
        return sum(bool(p.heard) for p in self.passages)


def document_lines(state: Assessment, standard: Standard) -> tuple[DocumentLine, ...]:
    """The files, the newest first."""
    made = []
    for paper in reversed(papers(state, standard)):
        answers = [a for a in state.answers.values() if a.document == paper.document.id]
        made.append(
            DocumentLine(
                document=paper.document,
                size=_size(paper.document.size),
                subitems=paper.subitems,
                statements=paper.statements,
                withdrawn=paper.withdrawn,
                passages=tuple(_passage(state, standard, a) for a in answers),
            )
        )
    return tuple(made)


def _size(count: int) -> str:
    """`12 KB`; empty when it is not known."""
    if not count:
        return ""
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{max(1, round(count / 2**10))} KB"


def _passage(state: Assessment, standard: Standard, answer: Answer) -> Passage:
    reading, speaker = state.readings.get(answer.seq), state.respondents.get(answer.respondent)
    quotes = [*(f.quote for f in reading.findings), *(r.quote for r in reading.rates)] if reading else []
    role = f"（{speaker.role}）" if speaker and speaker.role else ""
    return Passage(
        subitem=answer.subitem,
        name=standard.subitems[answer.subitem].name,
        who=f"{speaker.name}{role}" if speaker else "",
        place=answer.place,
        pieces=marked(answer.text, [(q.start, q.end) for q in quotes if q.answer == answer.seq]),
        heard=tuple(_heard(standard, reading)) if reading else (),
    )


def _heard(standard: Standard, reading: Reading) -> Iterable[Heard]:
    for rate in reading.rates:
        of = standard.subitems[rate.subitem].rate_of or "比例"
        yield Heard("＝", f"{of} {rate.shown}")
    for finding in sorted(reading.findings, key=lambda f: f.requirement):
        if level_of(finding.requirement) > 1:
            text = standard.requirements[finding.requirement].text
            yield Heard(SIGN[finding.verdict], f"{VERDICT[finding.verdict]}：{text}（{finding.requirement}）")
