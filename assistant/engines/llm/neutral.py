"""What a question to a respondent must not be: people agree with what they are shown (DESIGN, "Agenda")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.model import SubItem
from knowledge.text import normalise

LONGEST = 160
"""Characters of a question."""

COPIED = 12
"""So many characters in a row that also stand in a clause are a quotation of it."""

LEVELS = re.compile(
    r"(初始|发展|集成|优化|引领|规范|优秀|卓越)级|(?<!等保)(?<!保护)[1-5一二三四五]\s*级(?!别|联|供应|单位|计量)|(?<![A-Za-z])L\s*[1-5]\b|等级|成熟度|评分|打分|得分"
)
CODES = re.compile(r"\d{1,2}\.\d(?:-L\d)?|-L\d|#\d")
LEADING = re.compile(
    r"(应该|肯定|一定|当然|想必|大概|估计).{0,20}(吧|的吧)[？?]|(都|已经|早就).{0,16}了吧[？?]|对(吧|不对|么)[？?]$"
)
ASKS = re.compile(r"[？?]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MOSTLY = 0.5


def forbidden(text: str, subitem: SubItem) -> str:
    """Why a text, even half written, must not be shown to a respondent; empty when it may."""
    if LEVELS.search(text):
        return "提到了等级或评分"
    if CODES.search(text):
        return "带有条款编号"
    if copied(text, [r.text for r in subitem.requirements]):
        return "照念了标准原文"
    return ""


def manners(text: str) -> str:
    """Why a text is none to put to a respondent at all: not in Chinese, or leading; empty when it is."""
    if len(CHINESE.findall(text)) < MOSTLY * len(text):
        return "不是中文"
    return "带有引导" if LEADING.search(text) else ""


def copied(text: str, clauses: Sequence[str]) -> bool:
    """True when COPIED or more characters in a row come from one of the clauses."""
    folded = normalise(text)
    heard = {folded[i : i + COPIED] for i in range(len(folded) - COPIED + 1)}
    return any(
        clause[i : i + COPIED] in heard
        for clause in (normalise(c) for c in clauses)
        for i in range(len(clause) - COPIED + 1)
    )


def fault(text: str, subitem: SubItem, asked: Sequence[str]) -> str:
    """Why a finished question will not do; empty when it will."""
    checks = (
        ("没有内容", not text),
        (f"太长（{len(text)} 字）", len(text) > LONGEST),
        (manners(text), True),
        (forbidden(text, subitem), True),
        ("不是一个问题", len(ASKS.findall(text)) != 1),
        ("与问过的话重复", text in asked),
    )
    return next((why for why, fails in checks if fails and why), "")
