"""What a model returns, as values: forgiving about form (models are sloppy), silent about truth (`check` is not).

Each class gives a JSON schema that strict structured output takes: every key required, no others, enumerations, no
references, no defaults. What a reply leaves out or misspells is read as well as it can be.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema, model_validator
from pydantic.json_schema import JsonSchemaValue

from assistant.assessment.reading import Intent, Verdict
from assistant.engines.llm.output import fit
from assistant.engines.rules.normalise import normalise
from assistant.engines.rules.rates import rates_in

CODE = re.compile(r"(?P<subitem>\d+\.\d+)(?:-?[Ll](?P<level>[1-5])(?P<letter>[A-Za-z]?)(?:#?(?P<number>\d+))?)?")
DASHES = str.maketrans("‐‑‒–—―−_", "--------")
LONGEST_NUMBER = 20

VERDICTS = {
    Verdict.MET: "met yes true full fully 达到 已达到 达成 满足 已满足 符合 全部达到 是 有",
    Verdict.PARTLY: "partly partial partially part 部分 部分达到 部分满足 部分符合 部分达成",
    Verdict.NOT: "not no false none notmet unmet 未达到 没达到 未满足 不满足 不符合 未达成 没有 否 无",
}
VERDICT_OF = {word: verdict for verdict, words in VERDICTS.items() for word in words.split()}
UNSAID = frozenset(
    {
        "unknown",
        "unclear",
        "notmentioned",
        "na",
        "n/a",
        "null",
        "none",
        "said",
        "未提及",
        "未提到",
        "未知",
        "没说",
        "没提到",
        "不清楚",
        "不确定",
    }
)
"""A verdict in these words says that nothing was said; such an entry is none."""


def _text(value: object) -> str:
    """What was given as text fit to be kept: JSON's escapes can spell half characters and a terminal's commands."""
    return fit(value if isinstance(value, str) else "" if value is None else str(value))


def _plain(value: object) -> str:
    """Half-width, without any white space."""
    return "".join(unicodedata.normalize("NFKC", _text(value)).split())


def code_of(value: object) -> str:
    """A code in the standard's spelling (`５.1 – l3#1` -> `5.1-L3#1`); what looks like none is left as it is."""
    text = _plain(value).translate(DASHES).strip("[]【】〔〕()`\"'“”")
    match = CODE.fullmatch(text)
    if match is None:
        return text
    level = f"-L{match['level']}{match['letter'].lower()}" if match["level"] else ""
    return match["subitem"] + level + (f"#{match['number']}" if match["number"] else "")


def percent_of(value: object) -> Decimal | None:
    """A number in percent from what a model wrote for one: 25, "２５%", "约25", "三成"; None when there is none."""
    if value is None or isinstance(value, bool):
        return None
    text = _plain(value)
    digits = text.strip("%约≈~")
    if len(digits) <= LONGEST_NUMBER:
        try:
            number = Decimal(digits)
        except InvalidOperation:
            pass
        else:
            return number if number.is_finite() else None
    read = rates_in(normalise(text[:LONGEST_NUMBER]).text)
    return read[0].low if read else None


def _verdict(value: object) -> object:
    if isinstance(value, bool):
        return Verdict.MET if value else Verdict.NOT
    return VERDICT_OF.get(_word(value))


def _word(value: object) -> str:
    return _plain(value).lower().replace("_", "").replace("-", "")


def _intent(value: object) -> object:
    word = _plain(value).lower().replace("-", "_").replace("'", "")
    return word if word in set(Intent) else Intent.ANSWER


def _list(value: object) -> list[Any]:
    """A list whatever was given for one: nothing, one entry without brackets."""
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _stated(value: object) -> object:
    """Findings without those that only say that nothing was said."""
    return [f for f in _list(value) if not (isinstance(f, dict) and _word(f.get("verdict")) in UNSAID)]


def _number(value: object) -> object:
    """The number of an answer: 12, "12", "答12", "〔答12〕"; -1, which no answer has, when there is none."""
    digits = re.search(r"\d{1,9}", _plain(value))
    return int(digits[0]) if digits else -1


def _numbers(value: object) -> object:
    return [_number(one) for one in _list(value)]


Text = Annotated[str, BeforeValidator(_text)]
Code = Annotated[str, BeforeValidator(code_of)]
Percent = Annotated[Decimal | None, BeforeValidator(percent_of), WithJsonSchema({"type": "number"})]
Number = Annotated[int, BeforeValidator(_number)]
Judged = Annotated[
    Verdict | None, BeforeValidator(_verdict), WithJsonSchema({"type": "string", "enum": [v.value for v in Verdict]})
]


class Claims(BaseModel):
    """Base: frozen, unknown keys passed over, with a strict schema."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _its_own(cls, given: Any) -> Any:
        """Something that has none of the keys is another object: a piece of a reply that was cut off, say."""
        if isinstance(given, dict) and given and not cls.model_fields.keys() & given.keys():
            raise ValueError("没有所要的任何一个键")
        return given

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The schema for structured output; same arguments as pydantic's."""
        schema = super().model_json_schema(*args, **kwargs)
        strict: dict[str, Any] = _strict(schema, schema.get("$defs", {}))
        return strict


def _strict(node: Any, known: JsonSchemaValue) -> Any:
    """A schema with references put in place, every key required, no others, and nothing said of titles and defaults."""
    if isinstance(node, list):
        return [_strict(one, known) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _strict(known[node["$ref"].rpartition("/")[2]], known)
    kept = {key: value for key, value in node.items() if key not in ("$defs", "title", "default", "description")}
    properties = kept.pop("properties", None)
    kept = {key: _strict(value, known) for key, value in kept.items()}
    if properties is not None:
        kept["properties"] = {name: _strict(value, known) for name, value in properties.items()}
        kept |= {"required": list(properties), "additionalProperties": False}
    return kept


class FindingClaim(Claims):
    """A verdict on one requirement; None when the word for it is none of ours."""

    code: Code = ""
    quote: Text = ""
    why: Text = ""
    verdict: Judged = None


class RateClaim(Claims):
    """A rate of a sub-item: a calculation in the respondent's numbers, or percent as said (low equals high for one)."""

    code: Code = ""
    quote: Text = ""
    of: Text = ""
    calc: Text = ""
    low: Percent = None
    high: Percent = None


class Contradiction(Claims):
    """An earlier answer, by its number, that the new one does not agree with, and in what."""

    answer: Number = -1
    about: Text = ""


class ReadClaims(Claims):
    """Everything that a model says of one answer."""

    intent: Annotated[Intent, BeforeValidator(_intent)] = Intent.ANSWER
    findings: Annotated[list[FindingClaim], BeforeValidator(_stated)] = []
    rates: Annotated[list[RateClaim], BeforeValidator(_list)] = []
    takes_back: Annotated[list[int], BeforeValidator(_numbers)] = []
    contradicts: Annotated[list[Contradiction], BeforeValidator(_list)] = []


class ExplainClaims(Claims):
    """An explanation that ends in the question, and the codes of the passages it was drawn from."""

    text: Text = ""
    sources: Annotated[list[Code], BeforeValidator(_list)] = []


class AdviceClaim(Claims):
    """One sentence of advice, with the codes of the clauses that it works towards."""

    text: Text = ""
    clauses: Annotated[list[Code], BeforeValidator(_list)] = []


class SentenceClaim(Claims):
    """One sentence on the enterprise: the numbers of the quotes that carry it and the codes of its clauses."""

    text: Text = ""
    quotes: Annotated[list[int], BeforeValidator(_numbers)] = []
    clauses: Annotated[list[Code], BeforeValidator(_list)] = []


class JustifyClaims(Claims):
    """A justification (判定依据), sentence by sentence, so that code can leave out those that nothing carries."""

    basis: Annotated[list[SentenceClaim], BeforeValidator(_list)] = []
    shortfall: Annotated[list[SentenceClaim], BeforeValidator(_list)] = []
    advice: Annotated[list[AdviceClaim], BeforeValidator(_list)] = []
