"""Promise 1 for the copilot: which codes and quotes of its answer are found nowhere, checked after it has answered. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.assessment.state import Assessment
from assistant.engines.llm.locate import Folded, fold
from knowledge.model import LEVELS, Standard

CODE = re.compile(r"(\d+\.\d+)\s*[-‐–—−]\s*[Ll](\d{1,3})([a-z]?)(#\d+)?")
SUBITEM = re.compile(r"子项\s*[“「]?(\d+\.\d+)(?![\d-])")
OPENS = r"[〔（(\[【﹝]\s*答\s*"
NUMBERS = rf"{OPENS}(\d{{1,7}}(?:\s*[、,，和]\s*(?:答\s*)?\d{{1,7}})*)"
ANSWERS = re.compile(NUMBERS)
INSIDE = r"「((?:[^「」]|「[^「」]*」)*)」"
QUOTE = re.compile(rf"{INSIDE}(?:[\s，、]*{NUMBERS})?")
OTHER_MARKS = re.compile(rf"[“\"]([^“”\"]+)[”\"][\s，、]*{NUMBERS}")
"""Other quotation marks count as a quote only where an answer's number follows: they have other uses too."""


@dataclass(frozen=True)
class Check:
    """What of an answer does not stand: codes and numbers of answers that do not exist, quotes that nobody said, quotes
    that stand in another answer than the one named (each with the answer they do stand in).
    """

    codes: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    misplaced: tuple[tuple[str, int], ...] = ()

    @property
    def count(self) -> int:
        """How many do not stand."""
        return len(self.codes) + len(self.answers) + len(self.quotes) + len(self.misplaced)

    @property
    def lines(self) -> tuple[str, ...]:
        """One Chinese line for each kind that occurs."""
        moved = (f"「{quote}」实出自〔答{seq}〕" for quote, seq in self.misplaced)
        told = (
            ("以下引文在记录和标准中查不到，不要采用", [f"「{q}」" for q in self.quotes]),
            ("以下引文不在所注的回答中", list(moved)),
            ("以下编号标准中没有", list(self.codes)),
            ("以下答的编号记录中没有", [f"答{n}" for n in self.answers]),
        )
        return tuple(f"{what}（{len(which)} 处）：{'、'.join(which)}" for what, which in told if which)


class Checker:
    """Checks answers about one assessment."""

    def __init__(self, state: Assessment, standard: Standard) -> None:
        self._state = state
        self._standard = standard

    def check(self, text: str) -> Check:
        """What does not stand in a text."""
        marked = [*QUOTE.finditer(text), *OTHER_MARKS.finditer(text)]
        quotes = dict.fromkeys((m[1].strip(), tuple(_numbers(m[2] or ""))) for m in marked if m[1].strip())
        nowhere: list[str] = []
        misplaced: list[tuple[str, int]] = []
        for quote, named in quotes:
            if named and any(self._said(quote, n) for n in named):
                continue
            speaks = next((n for n in self._answers if self._said(quote, n)), None)
            if speaks is None and (named or not self._written(quote)):
                nowhere.append(quote)
            elif speaks is not None and named:
                misplaced.append((quote, speaks))
        own = re.sub(INSIDE, "「」", text)  # what stands in a quote, the speaker says
        cited = [n for m in ANSWERS.finditer(own) for n in _numbers(m[1])]
        return Check(
            codes=tuple(dict.fromkeys(self._unknown(own))),
            answers=tuple(dict.fromkeys(str(n) for n in cited if n not in self._answers)),
            quotes=tuple(dict.fromkeys(nowhere)),
            misplaced=tuple(misplaced),
        )

    def _said(self, quote: str, seq: int) -> bool:
        return seq in self._answers and _holds(self._answers[seq], quote)

    def _written(self, quote: str) -> bool:
        return any(_holds(text, quote) for text in self._texts)

    def _unknown(self, text: str) -> Iterator[str]:
        plain = unicodedata.normalize("NFKC", text)
        for subitem, level, letter, part in (m.groups(default="") for m in CODE.finditer(plain)):
            code = f"{subitem}-L{level}{letter}{part}"
            cell = subitem in self._standard.subitems and int(level) in LEVELS and not letter and not part
            if not cell and code not in self._standard.clauses and code not in self._standard.requirements:
                yield code
        yield from (m[1] for m in SUBITEM.finditer(plain) if m[1] not in self._standard.subitems)

    @cached_property
    def _answers(self) -> dict[int, Folded]:
        return {seq: fold(answer.text) for seq, answer in self._state.answers.items()}

    @cached_property
    def _texts(self) -> Sequence[Folded]:
        """Everything else that may be quoted: the standard's own text, its names, and what the record says beside answers."""
        return [fold(text) for text in (*_of_standard(self._standard), *_of_record(self._state)) if text]


def _holds(text: Folded, quote: str) -> bool:
    return text.find(quote) is not None


def _numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", text)]


def _of_standard(standard: Standard) -> Iterator[str]:
    yield standard.title
    for passage in standard.document:
        yield from (passage.title, passage.text)
    for term in standard.terms:
        yield from (term.name, term.definition)
    for level in standard.levels:
        yield from (level.name, level.description)
    for table in standard.tables:
        yield from (table.caption, *table.level_names)
    for domain in standard.domains:
        yield domain.name
        for item in domain.items:
            yield item.name
    for subitem in standard.subitems.values():
        yield from (subitem.name, *subitem.aliases, *(clause.text for clause in subitem.clauses))
    for defect in standard.defects:
        yield from (defect.text, defect.decision)


def _of_record(state: Assessment) -> Iterator[str]:
    yield from (state.opened.enterprise, state.opened.industry)
    yield from (question.text for question in state.questions.values())
    yield from (decision.reason for decision in state.decisions.values())
    yield from (note for reading in state.readings.values() for note in reading.notes)
    yield from (text for r in state.respondents.values() for text in (r.name, r.role))
    yield from (document.name for document in state.documents.values())
