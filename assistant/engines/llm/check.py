"""From a model's claims to a Reading: what stands becomes findings and rates, the rest is dropped and told to the model.

Promise 1, nothing invented, before `evidence.verify` says it again: codes exist, quotes are the respondent's own words,
numbers were said, and a number outweighs words. What a model claims beyond that is for people to judge: a finding that
the guide's signs do not bear out is marked `alone`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.assessment.ledger import rate_verdict
from assistant.assessment.reading import Dropped, Finding, Intent, Quote, RateFinding, Reading, Verdict
from assistant.assessment.text import one_line
from assistant.engines.llm.calc import is_calculation
from assistant.engines.llm.claims import FindingClaim, RateClaim, ReadClaims
from assistant.engines.llm.percent import TOLERANCE, measure, shown
from assistant.engines.llm.said import LONGEST, Said, Unfit
from assistant.engines.rules.engine import SILENT
from assistant.engines.rules.intents import CORRECTION
from assistant.ports import ReadingTask
from knowledge.model import Requirement, Standard

CARRIES = 4
"""Requirements that one quote can show to be met; who claims more has not read."""

FAULTS = 20
"""Faults told to the model; more would only make it write anew."""

SILENCE = {
    Intent.DONT_KNOW: "不清楚",
    Intent.ASK_COLLEAGUE: "让问别人",
    Intent.REFUSE: "不愿说",
    Intent.CLARIFY: "反问题意",
    Intent.NOT_APPLICABLE: "不适用",
}
"""Intents that leave a topic or a question, as a reviewer is told of them."""

SHOWN_QUOTE, SHOWN_CODE, SHOWN_WHY = 30, 40, 60


@dataclass(frozen=True)
class Checked:
    """What stands of a model's claims, and what the model is to put right, one Chinese sentence each."""

    reading: Reading
    faults: tuple[str, ...]


def check(
    claims: ReadClaims, task: ReadingTask, standard: Standard, allowed: frozenset[str], rules: Reading, model: str
) -> Checked:
    """Check a model's claims about one answer.

    `allowed`: codes of requirements of other sub-items that may be spoken of; `rules`: what the rules engine made of the
    same answer; `model`: the engine's id, as it is stored with the reading.
    """
    return _Check(claims, task, standard, allowed, rules).checked(model)


class _Check:
    """One pass over the claims on one answer; collects what stands, what does not, and remarks."""

    def __init__(
        self, claims: ReadClaims, task: ReadingTask, standard: Standard, allowed: frozenset[str], rules: Reading
    ) -> None:
        self._claims, self._task, self._standard, self._rules = claims, task, standard, rules
        self._allowed = allowed | {r.code for r in task.subitem.requirements}
        self._earlier = {a.seq for a in task.transcript}
        self._said = Said(task, self._earlier & set(claims.takes_back))
        self._dropped: list[Dropped] = []
        self._faults: list[str] = []
        self._notes: list[str] = []

    def checked(self, model: str) -> Checked:
        rates = self._rates()
        findings = self._findings(rates)
        intent = self._claims.intent
        if intent in SILENT and (findings or rates):
            if intent == Intent.CLARIFY:
                findings, rates = self._asked_back(findings, rates)
            else:
                intent = Intent.ANSWER
        elif intent in SILENT and (self._rules.findings or self._rules.rates):
            self._notes.append(f"模型认为这一答没有讲事实（{SILENCE[intent]}），规则引擎却听出了事实，请复核原话")
            intent = Intent.ANSWER
        retracts = self._taken_back(findings, rates)
        self._contradictions(retracts)
        self._compare(rates)
        reading = Reading(
            answer=self._task.answer.seq,
            engine=model,
            intent=intent,
            findings=tuple(findings),
            rates=tuple(rates),
            retracts=retracts,
            dropped=tuple(self._dropped),
            notes=tuple(dict.fromkeys(self._notes)),
        )
        faults = self._faults[:FAULTS]
        if len(self._faults) > FAULTS:
            faults.append(f"另外还有{len(self._faults) - FAULTS}处同样的问题，请逐条核对")
        return Checked(reading, tuple(f"{fault}。" for fault in faults))

    def _drop(self, place: str, code: str, quote: str, unfit: Unfit, *, tell: bool = True) -> None:
        self._dropped.append(Dropped(reason=unfit.why, code=code[:SHOWN_CODE], quote=quote[:LONGEST]))
        if tell:
            words = one_line(quote)
            words = words[:SHOWN_QUOTE] + "…" * (len(words) > SHOWN_QUOTE)
            named = "，".join(part for part in (code[:SHOWN_CODE], f"“{words}”" if words else "") if part)
            self._faults.append(f"{place}{f'（{named}）' if named else ''}：{unfit.why}；{unfit.todo}")
        if unfit.note:
            self._notes.append(unfit.note)

    # quotes

    def _quote(self, claimed: str) -> Quote:
        if not claimed.strip():
            raise Unfit("没有引文", "从新回答里逐字抄一段；没有就去掉这一条")
        quote = self._said.find(claimed)
        if quote is None:
            if self._said.is_of_the_question(claimed):
                raise Unfit("引文是问题里的话，不是受访人说的", "改引受访人的原话；没有就去掉这一条")
            raise Unfit("引文不是受访人原话中连续的一段", "从新回答里逐字抄一段；没有就去掉这一条")
        if len(quote.text) > LONGEST:
            raise Unfit(f"引文超过{LONGEST}字", "只抄最要紧的那一段")
        if self._said.words(quote).presses(quote):
            raise Unfit("引文里有要等级、下指令或自评等级的话，不是事实", "改引只说事实的那一段；没有就去掉这一条")
        return quote

    # rates

    def _rates(self) -> list[RateFinding]:
        found: list[RateFinding] = []
        for number, claim in enumerate(self._claims.rates, start=1):
            try:
                found.append(self._rate(claim))
            except Unfit as unfit:
                self._drop(f"rates第{number}条", claim.code, claim.quote, unfit)
        if any(abs(r.low - found[0].low) > TOLERANCE or abs(r.high - found[0].high) > TOLERANCE for r in found):
            torn = Unfit("同一个比例给了几个不同的数", "只留全厂现在的那一个；分不清就都去掉")
            for number, rate in enumerate(found):
                self._drop("rates", rate.subitem, rate.quote.text, torn, tell=number == 0)
            return []
        return found[:1]

    def _rate(self, claim: RateClaim) -> RateFinding:
        subitem = self._task.subitem
        if claim.code.partition("-")[0] != subitem.code:
            raise Unfit("不是本子项的比例", "去掉这一条")
        if subitem.rate_of is None:
            raise Unfit("本子项没有比例要求", "去掉这一条")
        quote = self._quote(claim.quote)
        if self._said.is_taken_back(quote):
            raise Unfit(f"引文出自已收回的答{quote.answer}", "改引新的说法；没有就去掉这一条")
        low, high = measure(claim, quote, self._said, subitem.rate_of)
        of = one_line(claim.of)[:SHOWN_WHY] or subitem.rate_of
        how = f"，{one_line(claim.calc)[: LONGEST // 2]}" if is_calculation(claim.calc) else ""
        return RateFinding(subitem=subitem.code, low=low, high=high, quote=quote, rule=f"模型：{of}{how}")

    def _compare(self, rates: Iterable[RateFinding]) -> None:
        """Tell the reviewer of a rate that the rules do not read, or read otherwise, from the same answer."""
        read = {r.subitem: r for r in self._rules.rates}
        for rate in rates:
            mine, other = shown(rate.low, rate.high), read.get(rate.subitem)
            if other is None:
                self._notes.append(f"比例{mine}只有模型读出，请对照引文“{rate.quote.text}”核实")
            elif other.low > rate.high + TOLERANCE or other.high < rate.low - TOLERANCE:
                theirs = shown(other.low, other.high)
                self._notes.append(f"比例：模型读出{mine}，规则读出{theirs}，请对照引文“{rate.quote.text}”核实")

    # findings

    def _findings(self, rates: Iterable[RateFinding]) -> list[Finding]:
        known = self._known_rates(rates)
        found: list[tuple[int, Finding]] = []
        for number, claim in enumerate(self._claims.findings, start=1):
            try:
                finding = self._finding(claim, known)
            except Unfit as unfit:
                self._drop(f"findings第{number}条", claim.code, claim.quote, unfit)
                continue
            if finding is not None and all(_essence(finding) != _essence(f) for _, f in found):
                found.append((number, finding))
        return [f for _, f in self._not_crowded(self._not_torn(found))]

    def _known_rates(self, rates: Iterable[RateFinding]) -> dict[str, RateFinding]:
        """The rate of each sub-item: said now, else on the ledger and not taken back."""
        before = {code: ledger.rate for code, ledger in self._task.ledger.items()}
        known = {c: r for c, r in before.items() if r is not None and not self._said.is_taken_back(r.quote)}
        return known | {r.subitem: r for r in rates}

    def _finding(self, claim: FindingClaim, rates: dict[str, RateFinding]) -> Finding | None:
        """The finding that a claim gives; None when a rate has said it already. Raises Unfit."""
        requirement = self._requirement(claim.code)
        if claim.verdict is None:
            raise Unfit("verdict 不是 met、partly、not 之一", "三个里选一个；没说到就去掉这一条")
        quote = self._quote(claim.quote)
        if requirement.rate is not None:
            self._outweighed(requirement, claim.verdict, quote, rates.get(requirement.subitem))
            return None
        if self._said.is_taken_back(quote) and not self._stood(requirement, claim.verdict, quote.answer):
            raise Unfit(f"引文出自已收回的答{quote.answer}", "改引新的说法；没有就去掉这一条")
        borne_out = any(f.requirement == requirement.code and f.verdict == claim.verdict for f in self._rules.findings)
        rule = f"模型：{one_line(claim.why)[:SHOWN_WHY] or '没有写明理由'}"
        return Finding(requirement=requirement.code, verdict=claim.verdict, quote=quote, rule=rule, alone=not borne_out)

    def _requirement(self, code: str) -> Requirement:
        clause = self._standard.clauses.get(code)
        if clause is not None and len(clause.requirements) == 1:
            code = clause.requirements[0].code
        requirement = self._standard.requirements.get(code)
        if requirement is None:
            raise Unfit("标准中没有这个编号", "照抄列出的要点编号；没有对得上的就去掉这一条")
        if code not in self._allowed:
            raise Unfit("这个要点不在列出的范围里", "去掉这一条")
        return requirement

    def _outweighed(self, requirement: Requirement, verdict: Verdict, quote: Quote, rate: RateFinding | None) -> None:
        """A requirement that carries a rate is judged by the rate alone (DECISIONS); a verdict in words only disagrees."""
        if rate is None:
            raise Unfit("这个要点只按比例判定", "原话有数就写进 rates，没有数就去掉这一条")
        measured = rate_verdict(requirement, rate)
        if measured is None or (measured == Verdict.MET) == (verdict == Verdict.MET):
            return
        words = "达到" if verdict == Verdict.MET else "没有达到"
        note = (
            f"{requirement.code}：模型按“{quote.text}”判为{words}，与比例{shown(rate.low, rate.high)}不符，以比例为准"
        )
        self._drop("", requirement.code, quote.text, Unfit("与比例不符，以比例为准", "", note), tell=False)

    def _stood(self, requirement: Requirement, verdict: Verdict, answer: int) -> bool:
        """True when the ledger has this verdict from that answer: what was not corrected in it is only said again."""
        ledger = self._task.ledger.get(requirement.subitem)
        said = ledger.evidence if ledger else ()
        return any((e.requirement, e.verdict, e.quote.answer) == (requirement.code, verdict, answer) for e in said)

    def _not_torn(self, found: list[tuple[int, Finding]]) -> list[tuple[int, Finding]]:
        """Without requirements claimed both met and not: misread, or unclear. Either way it is asked, not guessed."""
        met = {f.requirement for _, f in found if f.verdict == Verdict.MET}
        torn = met & {f.requirement for _, f in found if f.verdict != Verdict.MET}
        told: set[str] = set()
        for number, finding in found:
            code = finding.requirement
            if code in torn:
                unfit = Unfit("同一要点既判达到又判没有达到", "只留说得最后、最明确的一条；分不清就都去掉")
                self._drop(f"findings第{number}条", code, finding.quote.text, unfit, tell=code not in told)
                told.add(code)
        return [(n, f) for n, f in found if f.requirement not in torn]

    def _not_crowded(self, found: list[tuple[int, Finding]]) -> list[tuple[int, Finding]]:
        """Without findings of a quote that is to show more to be met than a quote can."""
        carried = Counter(f.quote for _, f in found if f.verdict == Verdict.MET)
        crowded = {quote for quote, times in carried.items() if times > CARRIES}
        told: set[Quote] = set()
        kept = []
        for number, finding in found:
            if finding.verdict != Verdict.MET or finding.quote not in crowded:
                kept.append((number, finding))
                continue
            unfit = Unfit(f"同一段引文支持了{CARRIES}条以上的 met", "给每条换上真正说到它的原话；没有就去掉")
            first = finding.quote not in told
            self._drop(f"findings第{number}条等", finding.requirement, finding.quote.text, unfit, tell=first)
            told.add(finding.quote)
        return kept

    # the rest

    def _asked_back(self, findings: list[Finding], rates: list[RateFinding]) -> tuple[list[Finding], list[RateFinding]]:
        """What is quoted from a question put back to us is no statement; the question is explained and put again."""
        unfit = Unfit("受访人在反问题意，没有陈述事实", "确有事实的，intent 写 answer；否则 findings 和 rates 留空")
        quoted = [(f.requirement, f.quote) for f in findings] + [(r.subitem, r.quote) for r in rates]
        for number, (code, quote) in enumerate(quoted):
            self._drop("intent 是 clarify 而", code, quote.text, unfit, tell=number == 0)
        return [], []

    def _taken_back(self, findings: list[Finding], rates: list[RateFinding]) -> tuple[int, ...]:
        taken = []
        for number in dict.fromkeys(self._claims.takes_back):
            if number == self._task.answer.corrects:
                continue
            if number not in self._earlier:
                unfit = Unfit("没有这个编号的先前回答", "只写先前回答的编号；没有就留空")
                self._drop("takes_back", f"答{number}", "", unfit)
            elif self._is_corrected(number, findings, rates):
                taken.append(number)
                if not self._plainly_taken_back(number):
                    self._notes.append(f"只有模型认为受访人收回了答{number}，那一答不再作数，请核实")
            else:
                note = f"模型认为受访人收回了答{number}，原话看不出，没有采用，请核实"
                unfit = Unfit("看不出受访人收回了这一答", "真的改口了就引出新的说法；没有就从 takes_back 去掉", note)
                self._drop("takes_back", f"答{number}", "", unfit)
        return tuple(taken)

    def _plainly_taken_back(self, number: int) -> bool:
        """True when the rules see it too, or the words take something back and this is what was said last."""
        corrects = CORRECTION.search(self._said.new.norm.text) is not None
        return number in self._rules.retracts or (corrects and number == max(self._earlier))

    def _is_corrected(self, number: int, findings: list[Finding], rates: list[RateFinding]) -> bool:
        """True when the words take something back, or now say otherwise than that answer's evidence does.

        Otherwise a model could wipe out what was said against it without one quoted word.
        """
        if number in self._rules.retracts or CORRECTION.search(self._said.new.norm.text):
            return True
        evidence = [e for ledger in self._task.ledger.values() for e in ledger.evidence if e.quote.answer == number]
        now = {(f.requirement, f.verdict) for f in findings}
        said_of = {code for code, _ in now}
        otherwise = any(e.requirement in said_of and (e.requirement, e.verdict) not in now for e in evidence)
        measured = {e.requirement.partition("-")[0] for e in evidence if e.measured} & {r.subitem for r in rates}
        return not evidence or otherwise or bool(measured)

    def _contradictions(self, taken: Iterable[int]) -> None:
        for contradiction in self._claims.contradicts:
            number, about = contradiction.answer, one_line(contradiction.about)[:SHOWN_WHY]
            if number not in self._earlier:
                unfit = Unfit("没有这个编号的先前回答", "只写先前回答的编号；没有就去掉这一条")
                self._drop("contradicts", f"答{number}", "", unfit)
            elif number not in set(taken):
                self._notes.append(f"与答{number}说法不一" + (f"：{about}" if about else ""))


def _essence(finding: Finding) -> tuple[str, Verdict, Quote]:
    return finding.requirement, finding.verdict, finding.quote
