"""One turn: from an answer that is already on record to the events that follow from it. Pure over the Engine port."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from assistant.assessment.answer import Answer, Probe, Purpose, Question
from assistant.assessment.events import Event, QuestionAsked, ReadingMade, TopicSetAside
from assistant.assessment.evidence import verify
from assistant.assessment.ledger import SubItemLedger, build_ledger
from assistant.assessment.level import Proposal, Reason, propose
from assistant.assessment.reading import Intent, Quote, Reading, Verdict
from assistant.assessment.state import Assessment
from assistant.interview.agenda import Strategy, merged
from assistant.interview.topics import Ledgers, next_topic_probe
from assistant.ports import Engine, ReadingTask, Tell, Wording, WordingTask
from knowledge.model import Standard, level_of

_PROBE = set(Probe.model_fields)

QUOTED, BOTH = 30, 2
"""Characters of a remark that is read back; remarks that make a contradiction."""

EXPLANATIONS = 2
"""How often one question is explained; after that the interview goes on, so that it always ends."""

NOTHING_FOUND = "已记下原话；没有听出与这一项有关的事实，可换个说法再说"
"""What to say of an answer that is kept but gave no fact."""

SETS_ASIDE = {
    Intent.DONT_KNOW: Reason.DONT_KNOW,
    Intent.ASK_COLLEAGUE: Reason.DONT_KNOW,
    Intent.REFUSE: Reason.SKIPPED,
    Intent.NOT_APPLICABLE: Reason.NOT_APPLICABLE,
}


def ledgers_of(standard: Standard, state: Assessment) -> dict[str, SubItemLedger]:
    """The ledger of every sub-item from the state's answers and readings."""
    return build_ledger(standard, state.answers, state.readings, state.questions)


def standing_proposals(standard: Standard, state: Assessment) -> dict[str, Proposal]:
    """For every sub-item the proposal on record, or what its ledger says so far when there is none yet."""
    ledgers = ledgers_of(standard, state)
    return {
        code: state.proposals.get(code) or propose(ledger, state.why_open(code)) for code, ledger in ledgers.items()
    }


def read_answer(engine: Engine, standard: Standard, state: Assessment, ledgers: Ledgers, seq: int) -> ReadingMade:
    """Have one recorded answer read, and check the reading (promise 1)."""
    answer = state.answers[seq]
    said = [a for a in state.transcript(answer.subitem) if a.seq < seq and a.seq != answer.corrects]
    if answer.document:  # who takes something back in a document means what they said in it, not what others said
        said = [a for a in said if (a.document, a.respondent) == (answer.document, answer.respondent)]
    task = ReadingTask(
        answer=answer,
        subitem=standard.subitems[answer.subitem],
        question=state.questions.get(answer.question or 0),
        transcript=said,
        ledger=ledgers,
        questions=state.questions,
        spent=state.spent,
    )
    return ReadingMade(reading=verify(engine.read(task), standard, state.answers))


def consequences(engine: Engine, state: Assessment, answer: Answer, reading: Reading) -> list[Event]:
    """What an intent sets off: a question asked again in other words, or a topic set aside.

    "Don't know" sets a topic aside at its opening; later on it only leaves that one requirement unknown. What stands in
    a document sets off nothing: nobody was asked.
    """
    if answer.document:
        return []
    question = state.questions.get(answer.question or 0)
    if reading.intent == Intent.CLARIFY and question is not None and _explained(state, question) < EXPLANATIONS:
        return [asked_again(engine, state, question, answer.respondent, answer.text)]
    reason = SETS_ASIDE.get(reading.intent)
    one_fact_only = reading.intent == Intent.DONT_KNOW and question is not None and question.requirement is not None
    if reason is None or one_fact_only or reading.findings or reading.rates:
        return []
    return [TopicSetAside(subitem=answer.subitem, reason=reason, note=answer.text, respondent=answer.respondent)]


def _explained(state: Assessment, question: Question) -> int:
    same = [
        q for q in state.questions.values() if (q.subitem, q.requirement) == (question.subitem, question.requirement)
    ]
    return sum(q.purpose == Purpose.AGAIN for q in same)


def asked_again(engine: Engine, state: Assessment, question: Question, who: str, unclear: str = "") -> QuestionAsked:
    """The same question with an explanation and in other words; `unclear` is what the respondent asked back."""
    again = Probe(subitem=question.subitem, requirement=question.requirement, purpose=Purpose.AGAIN, also=question.also)
    wording = engine.explain(_wording_task(state, again, _role_of(state, who), unclear=unclear))
    wanted = _reviewers_words(state, question)
    if wanted:
        wording = replace(wording, text=f"{wording.text}\n复核人想了解的是：{wanted}")
    return _asked(again, wording, question.line)


def _reviewers_words(state: Assessment, question: Question) -> str:
    """The question that a reviewer sent back, when that is what is being asked: no engine may put another for it."""
    put = [
        q
        for q in state.questions.values()
        if q.subitem == question.subitem and q.purpose != Purpose.AGAIN and q.seq <= question.seq
    ]
    return put[-1].text if put and put[-1].purpose == Purpose.RETURNED else ""


def _wording_task(state: Assessment, probe: Probe, role: str, unclear: str = "") -> WordingTask:
    said = [(state.questions.get(a.question or 0), a) for a in state.transcript(probe.subitem)]
    return WordingTask(
        probe=probe,
        asked=[q.text for q in state.questions.values()],
        talk=[(q.text if q else "", a.text) for q, a in said],
        role=role,
        unclear=unclear,
        spent=state.spent,
    )


def _role_of(state: Assessment, who: str) -> str:
    return state.respondents[who].role if who in state.respondents else ""


def _asked(probe: Probe, wording: Wording, line: str) -> QuestionAsked:
    return QuestionAsked(
        **probe.model_dump(),
        text=wording.text,
        sources=wording.sources,
        calls=wording.calls,
        fallback=wording.fallback,
        line=line,
    )


def to_ask(
    engine: Engine,
    state: Assessment,
    ledgers: Ledgers,
    allowed: Collection[str],
    strategy: Strategy,
    who: str,
    line: str = "",
) -> Probe | None:
    """What the agenda asks next within the allowed sub-items; None when nothing is left to ask."""
    probe = next_topic_probe(state, ledgers, allowed, strategy, who, line)
    if probe is None or not engine.merges:
        return probe
    return merged(probe, ledgers[probe.subitem], state.asked(probe.subitem))


def _unanswered(state: Assessment, probe: Probe, line: str) -> Question | None:
    """The last question that was put for this very probe, unless it or what explained it was answered.

    One that reads people's words back stays in the line in which they may be read (see `_both_said`).
    """
    put = [
        q
        for q in state.questions.values()
        if Probe(**q.model_dump(include=_PROBE)) == probe and (probe.purpose != Purpose.CONFLICT or q.line == line)
    ]
    if not put or (probe.subitem in state.returned and probe.purpose == Purpose.RETURNED):
        return None
    heard = {a.question for a in state.answers.values()}
    since = [q for q in state.questions.values() if q.seq >= put[-1].seq and q.subitem == probe.subitem]
    return None if any(q.seq in heard for q in since) else put[-1]


def put_in_words(
    engine: Engine,
    state: Assessment,
    ledgers: Ledgers,
    probe: Probe,
    who: str,
    tell: Tell | None = None,
    line: str = "",
) -> QuestionAsked:
    """The question for a probe; one that a reviewer sent back is put in the reviewer's own words.

    One that was put before and never answered is the same question still, in the same words.
    """
    before = _unanswered(state, probe, line)
    if before is not None:
        return _asked(probe, Wording(before.text, fallback=before.fallback), line)
    if probe.purpose == Purpose.RETURNED:
        return _asked(probe, Wording(state.returned[probe.subitem].question), line)
    wording = engine.phrase(_wording_task(state, probe, _role_of(state, who)), tell)
    torn = _both_said(state, ledgers[probe.subitem], probe, who if line else None)
    return _asked(probe, replace(wording, text=f"{wording.text}{torn}"), line)


def _both_said(state: Assessment, ledger: SubItemLedger, probe: Probe, only: str | None) -> str:
    """The two remarks that contradict each other, in short; nobody can settle what they are not shown.

    `only`: the respondent on a page of their own, who reads nobody else's words. Empty where there are not two.
    """
    if probe.purpose != Purpose.CONFLICT or probe.requirement is None:
        return ""
    said: dict[bool, Quote] = {}
    for evidence in ledger.evidence:
        met, same = evidence.verdict == Verdict.MET, evidence.requirement == probe.requirement
        if same or (met and level_of(evidence.requirement) > level_of(probe.requirement)):
            said[met] = evidence.quote
    quotes = sorted(said.values(), key=lambda q: (q.answer, q.start))
    if len(quotes) < BOTH or (only is not None and any(state.answers[q.answer].respondent != only for q in quotes)):
        return ""
    first, then = (_short(quote.text) for quote in quotes)
    return "" if first == then else f"\n（前面说“{first}”，后来说“{then}”。）"


def _short(text: str) -> str:
    text = " ".join(text.split()).strip("，。；、,.; ")
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"
