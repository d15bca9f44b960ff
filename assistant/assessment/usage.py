"""What calls of a model cost: kept with each reading and each question, so that it can be added up from the record."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from knowledge.model import Frozen


class CallPurpose(StrEnum):
    """What a model was called for."""

    READ = "read"
    REPAIR = "repair"
    PHRASE = "phrase"
    EXPLAIN = "explain"
    JUSTIFY = "justify"


class Call(Frozen):
    """One call of a model, successful or not.

    `prompt` is the hash of the prompt's files; tokens are counts as the endpoint reported them (0 when it did not),
    `cached` being part of `tokens_in`; `millis` is the time from request to the end of the reply; `failure` says in
    Chinese why the call came to nothing, and is empty when it did not.
    """

    purpose: CallPurpose
    model: str
    prompt: str
    tokens_in: int = 0
    tokens_out: int = 0
    cached: int = 0
    millis: int = 0
    failure: str = ""


class Spent(Frozen):
    """Calls and tokens so far; `cached` is part of `tokens_in`."""

    calls: int = 0
    failed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cached: int = 0
    millis: int = 0

    @property
    def tokens(self) -> int:
        """Tokens in and out."""
        return self.tokens_in + self.tokens_out


NOTHING_SPENT = Spent()


def spent(calls: Iterable[Call]) -> Spent:
    """The sum of some calls."""
    listed = list(calls)
    return Spent(
        calls=len(listed),
        failed=sum(bool(c.failure) for c in listed),
        tokens_in=sum(c.tokens_in for c in listed),
        tokens_out=sum(c.tokens_out for c in listed),
        cached=sum(c.cached for c in listed),
        millis=sum(c.millis for c in listed),
    )
