"""The rules engine's justification: sentence patterns chosen by what there is to say, the same words for the same record.

What was not said reads as not said, never as not there; a sentence about the enterprise carries its quote.
"""

from __future__ import annotations

from assistant.assessment.justification import Justification, JustifyTask, LevelFrom, Section, Sentence
from assistant.engines.rules.justify_advice import advice
from assistant.engines.rules.justify_basis import basis
from assistant.engines.rules.justify_materials import materials
from assistant.engines.rules.justify_shortfall import shortfall
from assistant.engines.rules.justify_words import Pen

WRITERS = {
    Section.BASIS: basis,
    Section.SHORTFALL: shortfall,
    Section.MATERIALS: materials,
    Section.ADVICE: advice,
}


def justification(task: JustifyTask, engine: str) -> Justification:
    """All four parts of one sub-item's justification."""
    if task.level_from == LevelFrom.NOT_APPLICABLE:
        return _not_applicable(task, engine)
    pen = Pen(task)
    sections = {section.value: tuple(write(pen.begin(section))) for section, write in WRITERS.items()}
    return Justification(subitem=task.subitem.code, level=task.level, engine=engine, **sections)


def _not_applicable(task: JustifyTask, engine: str) -> Justification:
    """A reviewer took the sub-item out: their reason, and the words that led to it where there are any."""
    codes = tuple(c.code for c in task.subitem.at(2))
    ruling = Sentence(
        text=f"复核认定“{task.subitem.name}”不适用于该企业，不计入评分，理由是：“{task.reason}”。", clauses=codes
    )
    pen = Pen(task)
    heard = [Sentence(text=f"{pen.says(quote)}。", quotes=(quote,)) for quote in task.quotes[:2]]
    return Justification(
        subitem=task.subitem.code,
        level=None,
        engine=engine,
        basis=(ruling, *heard),
        shortfall=(Sentence(text="本子项不适用，不与各等级比较。", clauses=codes),),
        materials=(Sentence(text="请补充能说明不适用的书面材料，供签发前核对。", clauses=codes),),
        advice=(Sentence(text="建议业务范围有变化时，对本子项重新评估。", clauses=codes),),
    )
