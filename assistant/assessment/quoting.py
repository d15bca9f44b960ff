"""Which words to quote: evidence is often three syllables long; a reader needs the clause of the sentence around it.

Every quote is an exact span of the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from assistant.assessment.reading import Quote
from knowledge.model import Requirement

ENOUGH = 12
"""Evidence of this many characters speaks for itself and is only rounded to whole clauses."""
LONG = 48
"""A quote is not widened beyond this."""
MOST = 110
"""A single clause without any comma is quoted whole up to this."""

STOP = re.compile(r"[。！？；;!?\n]")
COMMA = re.compile(r"[，,：:]")
CONTRAST = re.compile(r"(可是|可(?![以能靠])|但是|但|不过|就是|只是|剩下|除了|然而|反倒|至于|别的|另外)")
LEANS_BACK = re.compile(r"(它|就|也|还|都|没|那|这|得|才|不|全靠|常|要|倒|各|跟|变|为|所以|因为)")
LEADING = re.compile(r"((嗯|呃|啊|哦|这个嘛|你问这个啊|我想想|实话跟你说|说实话|说句实在的|有一说一)[，,]\s*)+")
TURN = re.compile(r"(可是|可(?![以能靠])|但是|但|不过|然后|就是(?=全|没))[，,]?(?=\S)")

PARENTHESIS = re.compile(r"（[^（）]*）")
EXAMPLE = re.compile(r"[，,]?(?:例如|如)(?![果何此同期下今])[^，,。；;]*?等[^，,。；;]{0,6}(?=[，,。；;]|$)")
ONLY = re.compile(r"^仅(?=能)")
LIMIT = re.compile(r"[，,；;]但.*$", re.DOTALL)
"""Where a low level's text turns to what is lacking still: a limit, which a firm that does better exceeds (DECISIONS)."""
LONGEST = 64
"""A requirement's text beyond this is quoted up to a comma."""


def demand(requirement: Requirement) -> str:
    """A requirement in its own words as something to reach: without a low level's limits ("但执行力度较弱")."""
    return LIMIT.sub("", ONLY.sub("", requirement.text)).strip("，,。；; ")


def gist(requirement: Requirement) -> str:
    """A requirement in its own words without examples, brackets and limits; a longer one is cut short with ……."""
    plain = LIMIT.sub("", EXAMPLE.sub("", PARENTHESIS.sub("", ONLY.sub("", requirement.text)))).strip("，,。 ")
    if len(plain) <= LONGEST:
        return plain
    cut = max(plain.rfind("，", 0, LONGEST), plain.rfind("。", 0, LONGEST))
    return f"{plain[:cut]}……" if cut > LONGEST // 3 else plain


def widen(quote: Quote, text: str) -> Quote:
    """The quote with the clauses of its sentence that it needs to be understood; contrasts are not crossed."""
    clauses = list(_clauses(text, *_sentence(text, quote)))
    held = [i for i, (a, b) in enumerate(clauses) if a < quote.end and quote.start < b]
    if not held:
        return quote
    first, last = held[0], held[-1]
    if clauses[last][1] - clauses[first][0] > MOST:
        return quote
    if quote.end - quote.start < ENOUGH:
        first, last = _grown(text, clauses, first, last)
    start, end = clauses[first][0], clauses[last][1]
    for noise in (LEADING, TURN):
        lead = noise.match(text, start, end)
        if lead and lead.end() < end:
            start = lead.end()
    while end > start and (text[end - 1] in " 　，,：:、"):
        end -= 1
    return Quote(answer=quote.answer, start=start, end=end, text=text[start:end])


def _sentence(text: str, quote: Quote) -> tuple[int, int]:
    start = max((m.end() for m in STOP.finditer(text, 0, quote.start)), default=0)
    stop = STOP.search(text, max(quote.end - 1, quote.start))
    end = stop.start() if stop else len(text)
    end = max(end, quote.end)
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for comma in COMMA.finditer(text, start, end):
        if comma.start() > start:
            yield start, comma.start()
        start = comma.end()
    if start < end:
        yield start, end


def _grown(text: str, clauses: list[tuple[int, int]], first: int, last: int) -> tuple[int, int]:
    def fits(a: int, b: int) -> bool:
        return clauses[b][1] - clauses[a][0] <= LONG

    def contrast(i: int) -> bool:
        return CONTRAST.match(text, clauses[i][0]) is not None

    def backward() -> bool:
        return first > 0 and not contrast(first) and fits(first - 1, last)

    def forward() -> bool:
        return last + 1 < len(clauses) and not contrast(last + 1) and fits(first, last + 1)

    while True:
        leans = LEANS_BACK.match(text, clauses[first][0]) is not None
        introduces = last + 1 < len(clauses) and text[clauses[last][1]] in "：:"
        short = clauses[last][1] - clauses[first][0] < ENOUGH
        if (leans or (short and not forward())) and backward():
            first -= 1
        elif (introduces or short) and forward():
            last += 1
        else:
            break
    return first, last


def overlap(one: Quote, other: Quote) -> int:
    """How many characters two quotes share."""
    return max(0, min(one.end, other.end) - max(one.start, other.start)) if one.answer == other.answer else 0


def quotable(evidence: Iterable[Quote], texts: Mapping[int, str]) -> tuple[Quote, ...]:
    """The words to quote for some evidence, widened, each once; those that overlap become one."""
    found: list[Quote] = []
    for quote in evidence:
        if quote.answer not in texts:
            continue
        wide = widen(quote, texts[quote.answer])
        for i, other in enumerate(found):
            merged = _merged(wide, other, texts[quote.answer])
            if merged is not None:
                found[i] = merged
                break
        else:
            found.append(wide)
    return tuple(dict.fromkeys(found))


def _merged(one: Quote, other: Quote, text: str) -> Quote | None:
    """Both as one quote when they overlap and the whole is not too long, or one lies within the other."""
    start, end = min(one.start, other.start), max(one.end, other.end)
    longest = max(one.end - one.start, other.end - other.start)
    overlap = one.answer == other.answer and one.start < other.end and other.start < one.end
    if not overlap or end - start > max(LONG, longest):
        return None
    return Quote(answer=one.answer, start=start, end=end, text=text[start:end])
