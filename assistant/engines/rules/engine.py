"""The rules engine behind the Engine port."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.assessment.answer import Purpose
from assistant.assessment.justification import Justification, JustifyTask
from assistant.assessment.reading import Finding, Intent, Quote, RateFinding, Reading, Verdict
from assistant.engines.rules.crosstalk import Crosstalk
from assistant.engines.rules.exceptions import (
    asked_for,
    is_whole,
    lacks,
    lists_parts,
    missing_parts,
    of_a_whole,
    only_example,
    only_so_far,
    only_some,
    some_will_do,
)
from assistant.engines.rules.intents import STILL_TRUE, intent_of
from assistant.engines.rules.justify import justification
from assistant.engines.rules.leads import AGAIN, CONTESTED, LEAD_BACK, REMINDERS, SPECIFICS
from assistant.engines.rules.likeness import Likeness
from assistant.engines.rules.measure import measured
from assistant.engines.rules.normalise import Normalised, normalise
from assistant.engines.rules.polar import A_MACHINE, HOW_MUCH, MACHINE, contrast, direct_answer, named_only
from assistant.engines.rules.signs import by_machine, hear, nothing_there, prepare
from assistant.ports import ReadingTask, Tell, Wording, WordingTask
from knowledge.guide import Guide
from knowledge.model import Standard
from knowledge.talk import Exemplars

ENGINE_ID = "rules/1"
SILENT = frozenset({Intent.DONT_KNOW, Intent.ASK_COLLEAGUE, Intent.REFUSE, Intent.CLARIFY, Intent.NOT_APPLICABLE})


class RulesEngine:
    """Reads and asks by the guide alone: no network, no model, the same words give the same reading."""

    merges = False

    def __init__(self, standard: Standard, guide: Guide, talk: Mapping[str, Exemplars]) -> None:
        """For one standard, its guide and its exemplars of talk."""
        self._standard = standard
        self._guide = guide
        self._likeness = Likeness(talk)
        self._crosstalk = Crosstalk(standard, guide, self._likeness)

    @property
    def id(self) -> str:
        """Name and version."""
        return ENGINE_ID

    def warm(self) -> None:
        """Compile all signs, weigh all exemplars: some two seconds in all, otherwise paid topic by topic while people wait."""
        self._likeness.prepare()
        for guide in self._guide.subitems.values():
            prepare(guide)

    def read(self, task: ReadingTask) -> Reading:
        """Rates, the direct answer to the question, and the guide's signs."""
        norm = normalise(task.answer.text)
        rates = self._rates(task, norm)
        findings = self._findings(task, norm)
        intent = intent_of(norm.text, facts=bool(rates or findings))
        if intent in SILENT:
            rates, findings = (), ()
        spoken = intent == Intent.CORRECT and task.answer.corrects is None
        retracts = tuple(a.seq for a in task.transcript) if spoken else ()
        if STILL_TRUE.search(norm.text):
            retracts = retracts[:-1]
        return Reading(
            answer=task.answer.seq, engine=self.id, intent=intent, findings=findings, rates=rates, retracts=retracts
        )

    def phrase(self, task: WordingTask, tell: Tell | None = None) -> Wording:
        """The guide's question for a probe, in the first wording that was not used before."""
        probe, asked = task.probe, task.asked
        guide = self._guide.subitems[probe.subitem]
        if probe.purpose == Purpose.DEEPER:
            turn = len(asked) % len(SPECIFICS)
            wordings = [lead + guide.again for lead in (*SPECIFICS[turn:], *SPECIFICS[:turn])]
        elif probe.requirement is None:
            wordings = [guide.opening, guide.again]
        else:
            entry = guide.requirements[probe.requirement]
            wordings = [entry.probe, f"{entry.probe}{entry.follow}", f"{LEAD_BACK}{entry.follow}{entry.probe}"]
            if probe.purpose == Purpose.CONFLICT:
                wordings = [CONTESTED + wording for wording in wordings]
        fresh = (text for lead in REMINDERS for text in (lead + wording for wording in wordings) if text not in asked)
        return Wording(next(fresh, wordings[0]))

    def explain(self, task: WordingTask, tell: Tell | None = None) -> Wording:
        """The topic's terms in plain words, then the question put differently."""
        probe, asked = task.probe, task.asked
        guide = self._guide.subitems[probe.subitem]
        if probe.requirement is None:
            wordings = [guide.again, guide.opening]
        else:
            entry = guide.requirements[probe.requirement]
            wordings = [f"{entry.probe}{entry.follow}", f"{entry.follow}{entry.probe}"]
        terms = [f"“{t.term}”是说{t.plain}。{t.example}。" for t in guide.terms]
        texts = [f"{''.join(terms[i : i + 2])}{AGAIN}{w}" for i, w in enumerate(wordings)]
        fresh = [text for words, text in zip(wordings, texts, strict=True) if not any(words in a for a in asked)]
        text = next(iter([*fresh, *(text for text in texts if text not in asked)]), REMINDERS[-1] + texts[-1])
        return Wording(text, sources=(probe.subitem,))

    def justify(self, task: JustifyTask) -> Justification:
        """Sentence patterns filled with what was said."""
        return justification(task, self.id)

    def _rates(self, task: ReadingTask, norm: Normalised) -> tuple[RateFinding, ...]:
        if task.subitem.rate_of is None:
            return ()
        rate = measured(norm, task.subitem.rate_of, [a.text for a in task.transcript])
        if rate is None:
            return ()
        quote = self._quote(task, norm, rate.start, rate.end)
        finding = RateFinding(
            subitem=task.subitem.code, low=rate.low, high=rate.high, quote=quote, rule=f"比例：{rate.form}"
        )
        return (finding,)

    def _findings(self, task: ReadingTask, norm: Normalised) -> tuple[Finding, ...]:
        found: dict[tuple[str, Verdict], Finding] = {}
        asked = task.question.requirement if task.question else None
        guide = self._guide.subitems[task.subitem.code]
        machine = asked is not None and asked in guide.requirements and by_machine(guide.requirements[asked])
        direct = direct_answer(norm, by_machine=machine) if asked else None
        if asked and direct and direct.verdict == Verdict.PARTLY and not self._fits(asked, named_only(norm)):
            direct = replace(direct, verdict=None)
        if asked and direct and direct.verdict == Verdict.MET and self._standard.requirements[asked].rate:
            direct = None  # `嗯` to "how many of how many" is no number
        if asked and direct and direct.verdict:
            quote = self._quote(task, norm, direct.start, direct.end)
            found[asked, direct.verdict] = Finding(
                requirement=asked, verdict=direct.verdict, quote=quote, rule=direct.rule
            )
        signs = [*hear(norm, guide), *(() if asked else nothing_there(norm, guide))]
        near = self._likeness.hear(norm, task.subitem.code, signs)
        for heard in [*signs, *near, *self._crosstalk.hear(norm, task.subitem.code)]:
            if direct and heard.requirement == asked and (direct.verdict or heard.verdict == Verdict.MET):
                continue
            if self._standard.requirements[heard.requirement].rate is None:
                quote = self._quote(task, norm, heard.start, heard.end)
                finding = Finding(requirement=heard.requirement, verdict=heard.verdict, quote=quote, rule=heard.rule)
                found.setdefault((heard.requirement, heard.verdict), finding)
        self._except(task, norm, found)
        if asked and (direct is None or direct.verdict == Verdict.MET):
            self._contrasted(task, norm, asked, found)
        # Said both ways in one breath: misread, or unclear. Either way it is asked, not guessed.
        torn = {
            code for code, verdict in found if verdict == Verdict.MET and {v for c, v in found if c == code} - {verdict}
        }
        return tuple(f for f in found.values() if f.requirement not in torn)

    def _fits(self, asked: str, names: tuple[str, ...]) -> bool:
        """True when the few things that an answer names are of the kind that was asked about, or it names none."""
        entry = self._guide.subitems[self._standard.requirements[asked].subitem].requirements[asked]
        words = "".join((self._standard.requirements[asked].text, entry.probe, entry.follow, *entry.signs))
        machines = MACHINE.search(entry.probe) is not None
        return (
            not names
            or HOW_MUCH.search(entry.probe) is not None
            or any(name in words or (machines and A_MACHINE.search(name)) for name in names)
        )

    def _contrasted(
        self, task: ReadingTask, norm: Normalised, asked: str, found: dict[tuple[str, Verdict], Finding]
    ) -> None:
        """One thing is so and another is not: what was asked is so in part, or, if some would do, so."""
        pair = contrast(norm)
        requirement = self._standard.requirements[asked]
        if pair is None or requirement.rate is not None:
            return
        quotes = [self._quote(task, norm, said.piece.start, said.piece.end) for said in pair]
        denied, met = found.get((asked, Verdict.NOT)), found.get((asked, Verdict.MET))
        if any(f.requirement != asked and f.quote.start == quotes[1].start for f in found.values()):
            return
        if (denied and denied.quote.start == quotes[0].start) or (met and met.quote.start != quotes[0].start):
            return
        for verdict in Verdict:
            found.pop((asked, verdict), None)
        some = some_will_do(requirement, quotes[0].text)
        verdict = Verdict.MET if some else Verdict.PARTLY
        first, last = sorted(pair, key=lambda said: said.piece.start)
        quote = quotes[0] if some else self._quote(task, norm, first.piece.start, last.piece.end)
        found[asked, verdict] = Finding(
            requirement=asked, verdict=verdict, quote=quote, rule="直接回答：有的有，有的没有"
        )

    def _except(self, task: ReadingTask, norm: Normalised, found: dict[tuple[str, Verdict], Finding]) -> None:
        """Take back what parts that the answer names and denies forbid to call met."""
        asked = task.question.requirement if task.question else None
        guide = self._guide.subitems[task.subitem.code]
        for start, end in only_so_far(norm):
            quote = self._quote(task, norm, start, end)
            for requirement in task.subitem.requirements:
                met = found.get((requirement.code, Verdict.MET))
                if met is None or not lists_parts(requirement, guide.requirements[requirement.code].probe):
                    continue
                if met.quote.start < quote.end and quote.start < met.quote.end:
                    del found[requirement.code, Verdict.MET]
                    part = met.model_copy(
                        update={"verdict": Verdict.PARTLY, "quote": quote, "rule": f"{met.rule}；只有这些"}
                    )
                    found[requirement.code, Verdict.PARTLY] = part
        for missing in missing_parts(norm):
            quote = self._quote(task, norm, missing.start, missing.end)
            for requirement in task.subitem.requirements:
                code = requirement.code
                met, denied = found.get((code, Verdict.MET)), found.get((code, Verdict.NOT))
                spoken_of = met or denied or (code, Verdict.PARTLY) in found
                if met is not None and only_some(requirement):
                    if denied is not None and denied.quote.start == quote.start:
                        del found[code, Verdict.NOT]
                elif denied is not None and missing.exception and missing.after_most and not is_whole(requirement):
                    if denied.quote.start == quote.start:
                        del found[code, Verdict.NOT]
                elif met is not None and only_example(requirement, missing, met.quote.text):
                    del found[code, Verdict.MET]
                elif (
                    lacks(requirement, missing) or asked_for(guide.requirements[code].probe, missing)
                    if met
                    else not spoken_of and of_a_whole(requirement, missing)
                ):
                    rule = f"其中没有：{'、'.join(missing.names)}"
                    found.pop((code, Verdict.MET), None)
                    if denied is None and (met is not None or asked in (None, code)):
                        found[code, Verdict.PARTLY] = Finding(
                            requirement=code,
                            verdict=Verdict.PARTLY,
                            quote=quote,
                            rule=f"{met.rule}；{rule}" if met else rule,
                        )

    def _quote(self, task: ReadingTask, norm: Normalised, start: int, end: int) -> Quote:
        a, b = norm.span(start, end)
        return Quote(answer=task.answer.seq, start=a, end=b, text=task.answer.text[a:b])
