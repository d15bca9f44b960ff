"""Profiles (fictional enterprises with the true level of every sub-item) and edge cases: schema and checker.

The forms are those of `datasets/README.md`; assessors can write their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from assistant.assessment.reading import Intent, Verdict
from assistant.errors import InputError
from knowledge.model import Frozen, Standard

T = TypeVar("T")
DATASETS = Path(__file__).parent / "datasets"


class ProfileEntry(Frozen):
    """One sub-item of a fictional enterprise: the truth, and what its people say."""

    level: int = Field(ge=1, le=5)
    clauses: dict[str, Verdict]
    metric: Decimal | None = None
    role: str
    vague: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    details: tuple[str, ...] = ()
    deciding: tuple[str, ...] = ()
    note: str = ""


class Profile(Frozen):
    """A fictional enterprise."""

    company: str
    industry: str
    profile: str
    subitems: dict[str, ProfileEntry]


class Expected(Frozen):
    """What an edge case must come to: `level` None = cannot be settled; `also_ok` other acceptable levels."""

    level: int | None = None
    value: Decimal | None = None
    intent: Intent | None = None
    ask: bool | None = None
    also_ok: tuple[int | None, ...] = ()


class EdgeCase(Frozen):
    """One to three turns of hard talk on one sub-item."""

    id: str
    kind: Literal[
        "number", "negation", "plan", "unknown", "not_applicable", "clarify", "correct", "injection", "contradiction"
    ]
    subitem: str
    question: str
    turns: tuple[str, ...]
    expected: Expected
    why: str = ""


_EDGES = TypeAdapter(tuple[EdgeCase, ...])


def load_profile(path: Path, standard: Standard) -> Profile:
    """A profile. Raises InputError naming file, code and field of everything that is wrong."""
    profile = _parse(path, Profile.model_validate_json)
    problems = list(_profile_problems(profile, standard))
    if problems:
        raise InputError("\n".join(f"{path.name}：{p}" for p in problems))
    return profile


def load_edges(path: Path, standard: Standard) -> tuple[EdgeCase, ...]:
    """Edge cases. Raises InputError naming file, case and field."""
    cases = _parse(path, _EDGES.validate_json)
    unknown = [
        f"{path.name}：{c.id} 的 subitem“{c.subitem}”不在标准中" for c in cases if c.subitem not in standard.subitems
    ]
    if unknown:
        raise InputError("\n".join(unknown))
    return cases


def _parse(path: Path, parse: Callable[[bytes], T]) -> T:
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path.name}：文件打不开（{error.strerror}）。") from error
    except ValidationError as error:
        lines = [f"{path.name}：{'.'.join(str(x) for x in e['loc']) or '文件'}：{e['msg']}" for e in error.errors()]
        raise InputError("\n".join(lines[:20])) from error


def _profile_problems(profile: Profile, standard: Standard) -> Iterable[str]:
    for code in profile.subitems:
        if code not in standard.subitems:
            yield f"{code}：标准中没有这个子项"
    for code, entry in profile.subitems.items():
        subitem = standard.subitems.get(code)
        if subitem is None:
            continue
        wanted = {c.code for c in subitem.clauses if c.level > 1}
        for clause in sorted(wanted ^ set(entry.clauses)):
            yield f"{code}.clauses：条款 {clause} {'缺失' if clause in wanted else '不在标准中'}"
        for span in entry.deciding:
            if span not in entry.answer:
                yield f"{code}.deciding：“{span}”不是 answer 中的一段"
        if entry.metric is not None and not 0 <= entry.metric <= 100:
            yield f"{code}.metric：{entry.metric} 不在 0 到 100 之间"
        if not wanted ^ set(entry.clauses) and entry.level != placed(standard, code, entry.clauses):
            yield f"{code}.level：写的是 {entry.level}，按 clauses 应为 {placed(standard, code, entry.clauses)}"


def placed(standard: Standard, code: str, clauses: dict[str, Verdict]) -> int:
    """The level that clause verdicts give: the highest k all of whose clauses are met (DECISIONS)."""
    subitem = standard.subitems[code]
    held = [k for k in (2, 3, 4, 5) if all(clauses[c.code] == Verdict.MET for c in subitem.at(k))]
    return max(held, default=1)
