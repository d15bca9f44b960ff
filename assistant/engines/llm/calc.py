"""A model's calculation, done by code: plain arithmetic on numbers that the respondent said.

A model computes nothing that counts. It writes an expression; this module works it out exactly and says which numbers
of it nobody said.
"""

from __future__ import annotations

import ast
import operator
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, DecimalException, localcontext

from assistant.engines.rules.normalise import normalise
from assistant.engines.rules.numerals import DIGITS, NUMERAL, UNITS, value_of
from assistant.engines.rules.rates import rates_in

LONGEST = 120
DEEPEST = 12
HUNDRED = Decimal(100)
MYRIAD = {**UNITS, "万": 10_000, "亿": 100_000_000}
SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "[": "(", "]": ")", "{": "(", "}": ")"})
ALLOWED = re.compile(r"[\d.+\-*/() ]+")
PERCENT = re.compile(r"(\d+(?:\.\d+)?)%(?!\d)")
SCALED = re.compile(rf"(?P<n>{NUMERAL})(?P<counter>[个台套条道项种])?(?P<half>半)?(?P<unit>[十百千万亿])?")
ROUGH = re.compile(r"(?P<a>[一二两三四五六七八九])(?P<b>[二三四五六七八九])(?P<unit>[十百千万])")
"""`七八十台`: seventy or eighty."""

OPERATIONS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class CalcError(Exception):
    """An expression that is none, in one Chinese clause; caught in this package, never shown with a traceback."""


@dataclass(frozen=True)
class Result:
    """A worked-out expression: its value in percent, the numbers it was written with, in order.

    `ratio`: it came out as a share of one; otherwise it was percent as it stood.
    """

    percent: Decimal
    numbers: tuple[Decimal, ...]
    ratio: bool


def is_calculation(text: str) -> bool:
    """True when there is something to work out; a bare number or nothing is no calculation."""
    return re.search(r"[+*/]|\S\s*-", _tidy(text.replace("%", "").replace("％", ""))) is not None


def evaluate(text: str) -> Result:
    """Work out `(48+12)/(60+180)` exactly: 25 percent.

    A ratio (0 to 1) becomes percent; a difference or sum of percents (`60-8`) is percent already. Raises CalcError.
    """
    source = _tidy(text)
    if not source:
        raise CalcError("算式是空的")
    if len(source) > LONGEST:
        raise CalcError(f"算式超过{LONGEST}个字符")
    if not ALLOWED.fullmatch(source):
        raise CalcError("算式里只能有数字、小数点、+ - * / 和括号")
    try:
        tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise CalcError("算式写得不完整") from error
    numbers: list[Decimal] = []
    with localcontext() as context:
        context.prec = 28
        try:
            value = _value(tree, source, numbers, DEEPEST)
            ratio = _is_ratio(tree, value, numbers)
            percent = value * HUNDRED if ratio else value
        except DecimalException as error:
            raise CalcError("算式除以了零或超出范围") from error
    return Result(percent, tuple(numbers), ratio)


def numbers_in(text: str) -> frozenset[Decimal]:
    """Every number that somebody can be said to have said in these words, in either script.

    A rate counts as percent and as a ratio (`两成八`: 28 and 0.28); `一万二`, `1.2万`, `八个半`, `七八十` count as what they mean.
    """
    words = normalise(text).text
    return frozenset(_numbers(words))


def _numbers(words: str) -> Iterator[Decimal]:
    for match in SCALED.finditer(words):
        value = value_of(match["n"])
        if value is None:
            continue
        yield value
        if match["half"]:
            yield value + Decimal("0.5")
        if match["unit"]:
            yield value * MYRIAD[match["unit"]]
            if match["half"]:
                yield (value + Decimal("0.5")) * MYRIAD[match["unit"]]
    for match in ROUGH.finditer(words):
        yield from (Decimal(DIGITS[match[name]] * MYRIAD[match["unit"]]) for name in "ab")
    for rate in rates_in(words):
        yield from (rate.low, rate.high, rate.low / HUNDRED, rate.high / HUNDRED)
    if "半" in words:
        yield from (Decimal("0.5"), Decimal(50))


def _tidy(text: str) -> str:
    """An expression as Python would write it: half-width, no thousands marks, percents as hundredths, no result."""
    plain = unicodedata.normalize("NFKC", text).translate(SIGNS)
    plain = re.split(r"[=≈]", plain)[0].strip().strip("`")
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)
    return PERCENT.sub(r"(\1/100)", plain) if "%" in plain else plain


def _value(node: ast.expr, source: str, numbers: list[Decimal], depth: int) -> Decimal:
    if depth == 0:
        raise CalcError("算式的括号套得太深")
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        number = Decimal(source[node.col_offset : node.end_col_offset])
        numbers.append(number)
        return number
    if isinstance(node, ast.BinOp) and (operation := OPERATIONS.get(type(node.op))) is not None:
        left = _value(node.left, source, numbers, depth - 1)
        return operation(left, _value(node.right, source, numbers, depth - 1))
    raise CalcError("算式里只能有加减乘除和不带负号的数")


def _is_ratio(tree: ast.expr, value: Decimal, numbers: list[Decimal]) -> bool:
    """`60/150` is a share of one; `100-99.5` is percent although its value is below one."""
    if not 0 <= value <= 1:
        return False
    added = isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add | ast.Sub)
    divided = any(isinstance(node, ast.Div) for node in ast.walk(tree))
    return divided or not added or all(number <= 1 for number in numbers)
