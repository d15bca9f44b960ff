"""Fakes that implement the ports."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from assistant.assessment.events import Opened
from assistant.assessment.justification import Justification, JustifyTask, Sentence
from assistant.assessment.reading import Finding, Intent, Quote, Reading, Verdict
from assistant.assessment.record import chain
from assistant.ports import EventStore, ReadingTask, Tell, Wording, WordingTask
from knowledge.guide import Guide, RequirementGuide, SubItemGuide
from knowledge.loader import load_standard

STANDARD = load_standard()


class StillClock:
    """Time stands."""

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@dataclass
class ScriptedEngine:
    """Reads an answer as the script says: its text -> (intent, {requirement: verdict}). `fails` answers raise once."""

    script: dict[str, tuple[Intent, dict[str, Verdict]]] = field(default_factory=dict)
    retracting: tuple[str, ...] = ()
    id: str = "scripted/1"
    merges: bool = False

    def warm(self) -> None:
        """Nothing to prepare."""

    def read(self, task: ReadingTask) -> Reading:
        intent, verdicts = self.script.get(task.answer.text, (Intent.ANSWER, {}))
        quote = Quote(answer=task.answer.seq, start=0, end=len(task.answer.text), text=task.answer.text)
        return Reading(
            answer=task.answer.seq,
            engine=self.id,
            intent=intent,
            findings=tuple(Finding(requirement=r, verdict=v, quote=quote, rule="剧本") for r, v in verdicts.items()),
            retracts=tuple(a.seq for a in task.transcript) if task.answer.text in self.retracting else (),
        )

    def phrase(self, task: WordingTask, tell: Tell | None = None) -> Wording:
        probe = task.probe
        about = "＋".join((probe.requirement or probe.subitem, *probe.also))
        return Wording(f"{probe.purpose} {about} {len(task.asked)}？")

    def explain(self, task: WordingTask, tell: Tell | None = None) -> Wording:
        return Wording(f"也就是说 {task.asked[-1]}")

    def justify(self, task: JustifyTask) -> Justification:
        basis = tuple(Sentence(text=f"说过“{q.text}”。", quotes=(q,)) for q in task.quotes)
        return Justification(subitem=task.subitem.code, level=task.level, engine=self.id, basis=basis)


def plain_guide() -> Guide:
    """A guide with a line for everything; topics of table 5 only for 安全管理."""
    subitems = {
        code: SubItemGuide(
            opening=f"{code}怎么样？",
            again=f"{code}的情况？",
            roles=("安全管理",) if code.startswith("5.") else ("信息化",),
            terms=(),
            records=(),
            mistakes=(),
            words=(),
            requirements={
                r.code: RequirementGuide(probe=f"{r.code}有吗？", follow="比如？", signs=("有",), counter=("没",))
                for r in subitem.requirements
                if r.level > 1
            },
        )
        for code, subitem in STANDARD.subitems.items()
    }
    return Guide(subitems=subitems, roles={"安全管理": ("安全",), "信息化": ("IT",)})


def open_assessment(store: EventStore, name: str = "a1") -> None:
    opened = Opened(
        enterprise="某厂",
        standard=STANDARD.id,
        standard_digest=STANDARD.digest,
        policy="equal",
        policy_version="1",
        policy_digest="0",
    )
    store.append(chain(name, None, [opened], StillClock().now().isoformat(), "测试员"))
