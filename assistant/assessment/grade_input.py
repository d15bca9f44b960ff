"""What a grade is computed from: levels, rates, reviewers' own scores, and what does not apply; and its file form.

    {"levels": {"1.1": 3, "1.2": 2}, "rates": {"1.1": 45}, "not_applicable": ["13.1"]}

A sub-item neither in `levels` nor in `not_applicable` is open: nobody has decided it yet.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NoReturn

from pydantic import Field, ValidationInfo, field_serializer, field_validator

from assistant.assessment.bands import band_text, in_band
from assistant.errors import ScoringError
from knowledge.model import LEVELS, Frozen, Standard
from knowledge.policy import ScoringPolicy

FILE_KEYS = ("levels", "rates", "not_applicable")
PERCENT = 100
# Enough for a quotient of two counts in Python's decimals (28 digits); bounded, because arithmetic on them is exact.
MAX_PLACES = 40
SHOWN_LENGTH = 40


class Levels(Frozen):
    """Levels (1 to 5), measured rates (percent) and reviewers' own scores (0 to 100) by sub-item code.

    Raises ScoringError for a level that is not an integer from 1 to 5 (true and 3.0 are not), and for a rate or score
    that is no finite number from 0 to 100 or has more than 40 decimal places. Codes are checked by `check_levels`.
    """

    levels: dict[str, int] = Field(default_factory=dict)
    rates: dict[str, Decimal] = Field(default_factory=dict)
    scores: dict[str, Decimal] = Field(default_factory=dict)
    not_applicable: frozenset[str] = frozenset()

    @field_validator("levels", mode="before")
    @classmethod
    def _integers(cls, value: object) -> dict[str, int]:
        return {code: _level(code, level) for code, level in _entries("levels", value).items()}

    @field_validator("rates", "scores", mode="before")
    @classmethod
    def _numbers(cls, value: object, info: ValidationInfo) -> dict[str, Decimal]:
        name = str(info.field_name)
        return {code: _number(name, code, number) for code, number in _entries(name, value).items()}

    @field_validator("not_applicable", mode="before")
    @classmethod
    def _codes(cls, value: object) -> frozenset[str]:
        if isinstance(value, str | Mapping) or not isinstance(value, Collection):
            raise ScoringError('not_applicable 须是能力子项编号的列表，如 ["13.1"]。')
        if wrong := [code for code in value if not isinstance(code, str)]:
            raise ScoringError(f'not_applicable 中的{_quoted(wrong[0])}不是编号，编号要加引号，如 "13.1"。')
        return frozenset(value)

    @field_serializer("not_applicable")
    def _sorted(self, value: frozenset[str]) -> list[str]:
        return sorted(value)


def check_levels(standard: Standard, policy: ScoringPolicy, given: Levels) -> None:
    """Raise ScoringError, naming the code, where the levels cannot be graded under this standard and policy.

    Refused: a policy for another standard; an unknown code; a sub-item that is both not applicable and graded; a rate
    or score of an open sub-item, of one whose clauses speak of no rate, or outside its level's band; no sub-item that
    applies.
    """
    if policy.standard != standard.id:
        raise ScoringError(f"评分政策“{policy.id}”用于标准 {policy.standard}，不能给 {standard.id} 评分。")
    _check_codes(standard, given)
    for what, by_code in (("等级", given.levels), ("比例", given.rates), ("得分", given.scores)):
        for code in by_code:
            if code in given.not_applicable:
                raise ScoringError(f"{code} 既标为不适用，又给了{what}。请只留其一。")
            if code not in given.levels:
                raise ScoringError(f"{code} 给了{what}，却没有等级。请补上等级，或去掉这个{what}。")
    for code in given.rates:
        if standard.subitems[code].rate_of is None:
            raise ScoringError(f"{code} 的条款不涉及比例，不能按比例计分。请去掉这个比例。")
    for what, numbers in (("比例", given.rates), ("得分", given.scores)):
        for code, number in numbers.items():
            if not in_band(standard.levels, level := given.levels[code], number):
                band = band_text(standard.levels, level)
                raise ScoringError(f"{code} 的{what} {number} 不在 L{level} 的分数段 {band} 内。请核对等级与{what}。")
    if given.not_applicable.issuperset(standard.subitems):
        raise ScoringError("全部能力子项都标为不适用，无从评分。至少要有一项适用。")


def parse_grade_file(text: str, standard: Standard) -> Levels:
    """Levels from the text of a grade file (the form above); numbers are read exactly as written.

    Raises ScoringError: no JSON (with line and column), a key unknown or written twice, an unknown code, or a value
    that `Levels` refuses.
    """
    try:
        data = json.loads(
            text.removeprefix("\ufeff"), parse_float=Decimal, parse_constant=_refused, object_pairs_hook=_unique
        )
    except json.JSONDecodeError as error:
        where = f"第 {error.lineno} 行第 {error.colno} 列"
        raise ScoringError(f"{where}附近不是合法的 JSON。请检查此处的引号、逗号和括号。") from error
    except (RecursionError, ValueError, ArithmeticError) as error:
        raise ScoringError("JSON 中的括号套得太深，或有数字太长。请按说明的格式重写。") from error
    if not isinstance(data, dict) or "levels" not in data:
        raise ScoringError('文件须是含有 levels 的 JSON 对象，如 {"levels": {"1.1": 3}}。')
    if unknown := [key for key in data if key not in FILE_KEYS]:
        raise ScoringError(f"不认识的键{_quoted(unknown[0])}，可用的是：{'、'.join(FILE_KEYS)}。")
    for code, rate in _entries("rates", data.get("rates", {})).items():
        if isinstance(rate, str):
            raise ScoringError(f"{_quoted(code)}的比例{_quoted(rate)}须是数，不要加引号或百分号，如 45。")
    given = Levels(**data)
    if len(data.get("not_applicable", ())) != len(given.not_applicable):
        raise ScoringError("not_applicable 中有编号重复。请每个编号只写一次。")
    _check_codes(standard, given)
    return given


def _check_codes(standard: Standard, given: Levels) -> None:
    codes = {*given.levels, *given.rates, *given.scores, *given.not_applicable}
    if unknown := sorted(codes - standard.subitems.keys()):
        names = "、".join(_quoted(code) for code in unknown)
        raise ScoringError(f"没有能力子项{names}。用 iiam standard 查看全部编号。")


def _entries(name: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping) or not all(isinstance(code, str) for code in value):
        raise ScoringError(f'{name} 须是“编号: 值”的对照表，编号要加引号，如 {{"1.1": 3}}。')
    return value


def _level(code: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in LEVELS:
        raise ScoringError(f"{_quoted(code)}的等级须是 1 到 5 的整数，收到的是 {_shown(value)}。未定的子项不写即可。")
    return value


def _number(name: str, code: str, value: object) -> Decimal:
    what = "得分" if name == "scores" else "比例"
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
            raise TypeError
        number = Decimal(repr(value) if isinstance(value, float) else value)
        if not 0 <= number <= PERCENT:
            raise ValueError
    except (TypeError, ValueError, ArithmeticError) as error:
        raise ScoringError(f"{_quoted(code)}的{what}须是 0 到 100 的数，收到的是 {_shown(value)}。") from error
    if -int(number.as_tuple().exponent) > MAX_PLACES:
        raise ScoringError(f"{_quoted(code)}的{what}小数位太多，最多 {MAX_PLACES} 位。")
    return number


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    for name, count in Counter(key for key, _ in pairs).items():
        if count > 1:
            raise ScoringError(f"{_quoted(name)}写了 {count} 次。请只留一处。")
    return dict(pairs)


def _refused(constant: str) -> NoReturn:
    raise ScoringError(f"{constant} 不是可用的数。比例须是 0 到 100 的数。")


def _quoted(value: object) -> str:
    return f"“{_clean(value) if isinstance(value, str) else _shown(value)}”"


def _shown(value: object) -> str:
    return _clean(str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False, default=str))


def _clean(text: str) -> str:
    """Text as a message may print it on a terminal: short, without control characters."""
    text = "".join(c if c.isprintable() else "�" for c in text[: SHOWN_LENGTH + 1])
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"
