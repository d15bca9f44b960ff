"""Who said what: respondents, the questions they were asked, the answers they gave.

Questions and answers are named by the sequence number of the event that recorded them.
"""

from __future__ import annotations

from enum import StrEnum

from knowledge.model import Frozen


class Respondent(Frozen):
    """受访人: one person interviewed, with the role that decides what they can be asked."""

    id: str
    name: str
    role: str = ""


class Purpose(StrEnum):
    """Why a question is asked. DEEPER: the open question once more, for specifics, after a vague first answer.

    CONFIRM: a fact that was only said in passing, asked for directly. RETURNED: a reviewer's question, in their words.
    """

    OPENING = "opening"
    DEEPER = "deeper"
    PROBE = "probe"
    CONFIRM = "confirm"
    AGAIN = "again"
    CONFLICT = "conflict"
    RETURNED = "returned"


class Probe(Frozen):
    """What to ask next: one sub-item, and the one requirement that is to be settled (None: the open first question).

    `also`: further requirements of the same sub-item that one natural question may settle along with it; only for an
    engine that can tell the parts of an answer apart (`Engine.merges`).
    """

    subitem: str
    requirement: str | None
    purpose: Purpose
    also: tuple[str, ...] = ()


class Question(Frozen):
    """A question as it was put. `also` names requirements that it asked about beside the first (see Probe).

    `fallback` says in one Chinese line why another engine than the configured one put it in words. `line` is the
    conversation in which it waits: empty for the one that an assessor leads, else the invitation on whose page it stands.
    """

    seq: int
    subitem: str
    requirement: str | None
    purpose: Purpose
    text: str
    also: tuple[str, ...] = ()
    fallback: str = ""
    line: str = ""

    @property
    def about(self) -> tuple[str, ...]:
        """Every requirement asked about; none for an open question."""
        return () if self.requirement is None else (self.requirement, *self.also)


class Answer(Frozen):
    """A respondent's own words, never altered. `corrects` names the answer that this one replaces.

    What was found in a document has its id and the place in it (see `assessment.document`), and no question.
    """

    seq: int
    question: int | None
    subitem: str
    respondent: str
    text: str
    at: str
    corrects: int | None = None
    document: str = ""
    place: str = ""
