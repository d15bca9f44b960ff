"""统一社会信用代码: the 18 characters that name an organisation, and their check digit (GB 32100-2015). Pure."""

from __future__ import annotations

import re
import unicodedata

from assistant.errors import InputError

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and letters without I, O, S, V and Z (GB 32100-2015, table of character values)."""
LENGTH = 18
FORM = re.compile(f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
"""Registering office and kind of organisation, the place by its six digits (GB/T 2260), the body code, the check digit."""
FILLING = re.compile(r"[\s\-‐-―]+")


def check_digit(body: str) -> str:
    """The 18th character to the first 17: 31 less the sum of value times 3 to the position, modulo 31."""
    total = sum(ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return ALPHABET[-total % 31]


def credit_code(text: str) -> str:
    """A code as typed or pasted (blanks, hyphens, small or full-width letters) in its one form; empty stays empty.

    Raises InputError saying what is wrong: its length, a character, or the check digit.
    """
    code = FILLING.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not code:
        return ""
    if len(code) != LENGTH:
        raise InputError(f"统一社会信用代码是 {LENGTH} 位，填写的是 {len(code)} 位。请对照营业执照核对，没有可留空。")
    if wrong := sorted(set(code) - set(ALPHABET)):
        shown = "、".join(f"“{sign}”" if sign.isprintable() else "不可见字符" for sign in wrong[:3])
        raise InputError(
            f"统一社会信用代码里不会有{shown}：只用数字和 I、O、S、V、Z 以外的大写字母。请看是否把 0 和 O、1 和 I 看混了。"
        )
    if FORM.fullmatch(code) is None:
        raise InputError("统一社会信用代码的第 3 到 8 位是行政区划，只能是数字。请对照营业执照核对。")
    if code[-1] != check_digit(code[:-1]):
        raise InputError("统一社会信用代码的校验位不对，多半有一位填错了。请对照营业执照核对，没有可留空。")
    return code
