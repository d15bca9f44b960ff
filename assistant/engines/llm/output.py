"""From what a model wrote to what was asked for: thinking, code fences and prose are stripped, pydantic decides.

Nothing here trusts the reply: a model may answer in content, in a tool's arguments or in its reasoning; may think aloud
before, may be cut off, may say nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.assessment.text import printable
from assistant.engines.llm.faults import EndpointError, Fault

T = TypeVar("T", bound=BaseModel)

THOUGHT = re.compile(r"<(think|thinking|thought)>.*?</\1>", re.DOTALL)
OPEN, CLOSE = re.compile(r"<(?:think|thinking|thought)>"), re.compile(r"</(?:think|thinking|thought)>")
TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of writing."""

TAGS = ("<think>", "<thinking>", "<thought>")
FENCE = re.compile(r"\A```\w*\n(.*?)\n?```\Z", re.DOTALL)
SHOWN_FAULTS = 8
MISSES = 1_000
"""Brackets that begin no object before a text is given up: each costs time."""
REPAIRABLE = 8_000
"""Characters of an unreadable reply that are worth showing the model again."""
_DECODER = json.JSONDecoder(strict=False)  # models write line breaks inside strings


@dataclass(frozen=True)
class Written:
    """What came back, before anything is believed: the parts of one message and why it ended."""

    content: str = ""
    arguments: tuple[str, ...] = ()
    reasoning: str = ""
    refusal: str = ""
    finish: str = ""

    def __add__(self, more: Written) -> Written:
        """This and what follows in a stream."""
        return Written(
            self.content + more.content,
            self.arguments + more.arguments,
            self.reasoning + more.reasoning,
            self.refusal + more.refusal,
            more.finish or self.finish,
        )

    @property
    def length(self) -> int:
        """Characters in all."""
        return sum(map(len, (self.content, self.reasoning, self.refusal, *self.arguments)))

    @property
    def said(self) -> str:
        """The first part that says something."""
        parts = (self.content, *self.arguments, self.reasoning)
        return next((p for p in parts if p.strip()), "")


def fit(text: str) -> str:
    """A model's words without what could not be kept, or would make a terminal or a page show something else."""
    return TURNS.sub("", printable(text))


def plain(text: str) -> str:
    """A reply in plain words: without thinking (closed, or cut off at either end) and without a fence round the whole."""
    text = THOUGHT.sub("", text)
    text = CLOSE.split(text)[-1]
    text = OPEN.split(text)[0].strip()
    fenced = FENCE.match(text)
    return (fenced.group(1) if fenced else text).strip()


def words(written: Written) -> str:
    """The plain reply. Raises EndpointError(refused | truncated | empty)."""
    text = plain(written.content)
    if written.refusal.strip() or written.finish == "content_filter":
        raise EndpointError(Fault.REFUSED, text=written.refusal or text)
    if written.finish == "length":
        raise EndpointError(Fault.TRUNCATED, text=text)
    if not text:  # reasoning is no answer to a person
        raise EndpointError(Fault.EMPTY)
    return text


def value(written: Written, schema: type[T]) -> T:
    """The reply as an instance of `schema`. Raises EndpointError(refused | truncated | empty | not_json)."""
    problem: ValidationError | None = None
    for found in _candidates(written):
        try:
            return schema.model_validate(found)
        except ValidationError as error:
            problem = problem or error
    raise _unreadable(written, problem)


def _candidates(written: Written) -> Iterator[dict[str, Any]]:
    """Objects that may be the reply, likeliest first: what comes last was written after thinking."""
    whole = written.finish != "length"  # else what stands in the thinking is a draft
    tail = CLOSE.split(written.content)[-1]
    content = list(_objects(tail if whole else OPEN.split(tail)[0]))
    yield from reversed(content or (list(_objects(written.content)) if whole else []))
    for arguments in written.arguments:
        yield from _objects(arguments)
    if whole and not plain(written.content) and not any(a.strip() for a in written.arguments):
        yield from reversed(list(_objects(written.reasoning)))


def _unreadable(written: Written, problem: ValidationError | None) -> EndpointError:
    said = written.said[:REPAIRABLE]
    if written.refusal.strip() or written.finish == "content_filter":
        return EndpointError(Fault.REFUSED, text=written.refusal or said)
    if written.finish == "length":
        return EndpointError(Fault.TRUNCATED, text=said, faults=("答复没有写完就到了长度上限。请写得更短。",))
    if not said:
        return EndpointError(Fault.EMPTY)
    if problem is None:
        return EndpointError(Fault.NOT_JSON, text=said, faults=("答复中没有完整的 JSON 对象。",))
    wrong = problem.errors(include_url=False, include_context=False, include_input=False)[:SHOWN_FAULTS]
    listed = tuple(f"{'.'.join(map(str, e['loc'])) or '整个对象'}: {e['msg']}" for e in wrong)
    return EndpointError(Fault.NOT_JSON, text=said, faults=listed)


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The outermost JSON objects in a text, in order."""
    at, misses = text.find("{"), 0
    while at >= 0 and misses < MISSES:
        try:
            found, end = _DECODER.raw_decode(text, at)
        except RecursionError:
            return  # nested thousands deep: nothing that was asked for, and each start would cost as much again
        except ValueError:
            end, misses = at + 1, misses + 1
        else:
            yield found
        at = text.find("{", end)


class Visible:
    """Takes a reply piece by piece and gives what may be shown: thinking at its beginning is held back."""

    def __init__(self) -> None:
        self._held = ""
        self._shown = False

    def feed(self, piece: str) -> str:
        """What of the text so far has become fit to be shown with this piece; may be empty."""
        if self._shown:
            return piece
        self._held = (self._held + piece).lstrip()
        if OPEN.match(self._held):
            end = CLOSE.search(self._held)
            self._held = self._held[end.end() :].lstrip() if end else self._held
            if not end:
                return ""
        if any(tag.startswith(self._held) for tag in TAGS):
            return ""  # nothing yet, or what may become a tag
        self._shown = True
        return self._held
