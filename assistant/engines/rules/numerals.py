"""Spoken Chinese numerals as exact decimals: 三百零五, 一千四百, 三百五 (= 350), 一万二, 八个半's 八, 两, 6.5, 3,360."""

from __future__ import annotations

from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
UNITS = {"十": 10, "百": 100, "千": 1000}
CHINESE = r"[零〇一二两俩仨三四五六七八九十百千万]+(?:点[零〇一二三四五六七八九]+)?"
ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
NUMERAL = rf"(?:{ARABIC}|{CHINESE})"


def value_of(numeral: str) -> Decimal | None:
    """The value of one numeral in either script; None when it is not one (`千万`, `一一` spelled out as digits is 11)."""
    plain = numeral.replace(",", "")
    if plain.replace(".", "", 1).isdigit() and plain.isascii():
        return Decimal(plain)
    whole, _, fraction = numeral.partition("点")
    integer = _integer(whole)
    if integer is None:
        return None
    digits = "".join(str(DIGITS[c]) for c in fraction)
    return Decimal(integer) if not digits else Decimal(f"{integer}.{digits}")


def _integer(text: str) -> int | None:
    if not text:
        return None
    if all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    if "万" in text:
        head, _, tail = text.partition("万")
        high = _below_myriad(head)
        if high is None or (tail and _tail(tail, 10000) is None):
            return None
        return high * 10000 + (_tail(tail, 10000) or 0)
    return _below_myriad(text)


def _tail(tail: str, unit: int) -> int | None:
    """What follows a unit: a single digit counts tenths of that unit (一万二), else it is itself."""
    if len(tail) == 1 and tail in DIGITS:
        return DIGITS[tail] * unit // 10
    return _below_myriad(tail.lstrip("零〇"))


def _below_myriad(text: str) -> int | None:
    total, digit, last = 0, None, 0
    for position, char in enumerate(text):
        if char in UNITS:
            unit = UNITS[char]
            if last and unit >= last:
                return None
            if digit is None and (position > 0 and text[position - 1] not in "零〇") and char != "十":
                return None
            total += (1 if digit is None else digit) * unit
            digit, last = None, unit
        elif char in DIGITS:
            if digit is not None:
                return None
            digit = DIGITS[char] or None
        else:
            return None
    if digit is not None:
        total += digit * last // 10 if last >= 100 and text[-2] in UNITS else digit  # noqa: PLR2004 - 三百五 is 350
    return total
