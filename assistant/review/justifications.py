"""Justifications at work: what to justify, drafting, the assessor's own words, and what has become of the grounds."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.assessment.answer import Answer
from assistant.assessment.document import UNSIGNED, SourceKind
from assistant.assessment.events import Event, JustificationDrafted, JustificationEdited
from assistant.assessment.justification import (
    Justification,
    JustifyTask,
    Said,
    Section,
    Written,
    verify_justification,
)
from assistant.assessment.ledger import build_ledger
from assistant.assessment.quoting import quotable, widen
from assistant.assessment.reading import Quote
from assistant.assessment.state import Assessment
from assistant.assessment.text import clean
from assistant.errors import InputError, NotFoundError
from assistant.journal import Journal
from assistant.ports import Clock, Engine, EventStore
from assistant.review.changes import Matter, OvertakenError, changed_since
from assistant.review.footing import footing
from knowledge.guide import Guide
from knowledge.model import Standard

TEXT_LIMIT = 5000
"""Characters of one part in an assessor's own words."""
FIRST_WORDS = 60
"""Characters of an answer that are quoted when nothing in it spoke of a requirement."""


class Justifications:
    """The justifications of one assessment at the hand of one assessor, whose name goes into the record."""

    def __init__(
        self, store: EventStore, clock: Clock, standard: Standard, guide: Guide, engine: Engine, name: str, actor: str
    ) -> None:
        """Open an assessment. Raises NotFoundError when there is none of that id."""
        self._journal = Journal(store, clock, name, actor)
        self._store = store
        self._standard = standard
        self._guide = guide
        self._engine = engine

    @property
    def state(self) -> Assessment:
        """The assessment as last seen."""
        return self._journal.state

    def task(self, code: str) -> JustifyTask:
        """What there is to justify now. Raises NotFoundError for an unknown sub-item."""
        if code not in self._standard.subitems:
            raise NotFoundError(f"没有能力子项“{code}”。用 iiam standard 查看全部编号。")
        return justify_task(self._standard, self._guide, self.state, code)

    def written(self, code: str) -> Written | None:
        """What stands on record of a sub-item."""
        return self.state.justifications.get(code)

    def missing(self) -> tuple[str, ...]:
        """Sub-items without a draft, in the standard's order."""
        known = self.state.justifications
        return tuple(c for c in self._standard.subitems if c not in known or known[c].draft is None)

    def stale(self) -> dict[str, tuple[Section, ...]]:
        """Sub-items with parts that were written when level or evidence were others than now."""
        found = {c: w.stale(self.task(c).grounds) for c, w in self.state.justifications.items() if w.draft is not None}
        return {code: found[code] for code in self._standard.subitems if found.get(code)}

    def draft(self, code: str, *, give_up_edits: bool = False) -> Justification:
        """Have a justification drafted, checked and recorded; own words stay unless the assessor gives them up."""
        self._journal.admit()  # before a model is paid
        task = self.task(code)
        checked = verify_justification(self._engine.justify(task), task)

        def drafts() -> list[Event]:
            known = self.written(code)
            replaces = tuple(known.edits) if known and give_up_edits else ()
            return [JustificationDrafted(justification=checked, grounds=task.grounds, replaces=replaces)]

        self._journal.append(drafts)
        return checked

    def edit(self, code: str, section: Section, text: str) -> None:
        """Record one part in the assessor's own words. Raises InputError for an empty or endless text."""
        self._record(code, {section: text}, None)

    def rewrite(
        self, code: str, texts: Mapping[Section, str], seen: int | None = None, *, checked: bool = False
    ) -> tuple[Section, ...]:
        """Record those parts that differ from what stands, all or none; which they were.

        `checked`: the own words that were left alone hold for level and evidence as they are now, and are recorded so.
        `seen`: the row up to which the assessor saw the record. Raises InputError as `edit` does, OvertakenError when
        the justification has changed since.
        """
        known = self.written(code)
        before = {section: known.text(section) if known else "" for section in Section}
        changed = {s: t for s, t in texts.items() if _plain(t) != _plain(before[s])}
        if checked and known and (old := set(known.stale(self.task(code).grounds)) & set(known.edits)):
            changed = {s: t for s, t in texts.items() if s in changed or s in old}
        if changed:
            self._record(code, changed, seen)
        return tuple(changed)

    def _record(self, code: str, texts: Mapping[Section, str], seen: int | None) -> None:
        task = self.task(code)
        words = {section: _checked(text) for section, text in texts.items()}

        def edits() -> list[Event]:
            found = changed_since(self._store, self.state, code, seen, frozenset({Matter.JUSTIFICATION}))
            if found:
                raise OvertakenError(code, found)
            return [
                JustificationEdited(subitem=code, section=section, text=text, grounds=task.grounds)
                for section, text in words.items()
            ]

        self._journal.append(edits)


def untouched_renewed(before: Written | None, now: Written | None, typed: Mapping[Section, str]) -> dict[Section, str]:
    """What somebody typed who was overtaken, with the parts that they had left alone as they stand now."""

    def text(written: Written | None, section: Section) -> str:
        return written.text(section) if written else ""

    return {s: text(now, s) if _plain(t) == _plain(text(before, s)) else t for s, t in typed.items()}


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _checked(text: str) -> str:
    words = clean(text).text if text.strip() else ""
    if not words:
        raise InputError("没有收到内容，判定说明没有改动。")
    if len(words) > TEXT_LIMIT:
        raise InputError(f"这一部分有 {len(words)} 字，最多 {TEXT_LIMIT} 字。没有保存，请精简后重试。")
    return words


def justify_task(standard: Standard, guide: Guide, state: Assessment, code: str) -> JustifyTask:
    """What there is to justify of one sub-item: the decided level, else the proposed one, else none."""
    ledger = build_ledger(standard, state.answers, state.readings, state.questions)[code]
    on = footing(state, ledger)
    said = {a.seq: _said(state, a) for a in state.answers.values()}
    evidence = [e.quote for c in (*on.basis, *on.gap, *on.ahead) for e in c.evidence]
    texts = {seq: s.text for seq, s in said.items()}
    quotes = quotable(evidence, texts) or _first_words(state, code)
    spoken = {a.seq for a in state.transcript(code)} | {q.answer for q in quotes}
    return JustifyTask(
        subitem=standard.subitems[code],
        table=standard.places[code][1].table,
        level_names=standard.level_names(code),
        level=on.level,
        level_from=on.level_from,
        proposal=on.proposal,
        guide=guide.subitems[code],
        basis=on.basis,
        gap=on.gap,
        ahead=on.ahead,
        rate=ledger.rate,
        said={seq: s for seq, s in said.items() if seq in spoken},
        quotes=quotes,
        reason=on.reason,
        spent=state.spent,
    )


def _said(state: Assessment, answer: Answer) -> Said:
    speaker = state.respondents.get(answer.respondent)
    document = state.documents.get(answer.document)
    name = speaker.name if speaker and speaker.name != UNSIGNED else ""
    question = state.questions.get(answer.question or 0)
    return Said(
        answer=answer.seq,
        text=answer.text,
        name=name,
        role=speaker.role if speaker and name else "",
        question=question.text if question and question.requirement else "",
        asked=(question.requirement or "") if question else "",
        kind=document.kind if document else SourceKind.TALK,
        document=document.name if document else "",
        place=answer.place,
    )


def _first_words(state: Assessment, code: str) -> tuple[Quote, ...]:
    """The beginning of what was said where it spoke of no requirement: "不清楚" is also an answer."""
    found = []
    for answer in state.transcript(code)[:2]:
        first = Quote(answer=answer.seq, start=0, end=1, text=answer.text[:1])
        whole = widen(first, answer.text)
        short = whole.text[:FIRST_WORDS]
        found.append(Quote(answer=answer.seq, start=whole.start, end=whole.start + len(short), text=short))
    return tuple(found)
