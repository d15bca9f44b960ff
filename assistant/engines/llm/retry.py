"""When to try a call again, and when not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.engines.llm.faults import EndpointError, Fault

if TYPE_CHECKING:
    from tenacity import RetryCallState, Retrying

PASSING = frozenset({Fault.UNREACHABLE, Fault.TIMEOUT, Fault.RATE_LIMIT, Fault.SERVER})
"""Faults that may be gone at the next try."""
LONGEST_WAIT = 5.0
"""Seconds that a person in an interview is made to wait because the endpoint asked for it."""


def may_pass(error: BaseException) -> bool:
    """Whether to try again: not when the endpoint wants more time than people have, nor when text was shown already."""
    if not isinstance(error, EndpointError) or error.kind not in PASSING:
        return False
    return (error.after or 0.0) <= LONGEST_WAIT and not error.shown


def retrying(tries: int, until: float, sleep: Callable[[float], None], clock: Callable[[], float]) -> Retrying:
    """Tries with full jitter between them, or the time the endpoint asked for; none that would begin after `until`."""
    import tenacity

    jitter = tenacity.wait_random_exponential(multiplier=0.5, max=LONGEST_WAIT)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.after if isinstance(error, EndpointError) else None
        return jitter(state) if asked is None else asked

    def stop(state: RetryCallState) -> bool:
        return state.attempt_number >= tries or clock() + state.upcoming_sleep >= until

    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(may_pass), wait=wait, stop=stop, sleep=sleep, reraise=True
    )
