"""The circuit breaker: after failures an endpoint is left alone for a while, so that nobody waits for it at each question."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from assistant.engines.llm.faults import EndpointError, Fault

COUNTED = frozenset({Fault.UNREACHABLE, Fault.TLS, Fault.RATE_LIMIT, Fault.SERVER, Fault.BAD_REQUEST, Fault.OTHER})
"""Faults of the endpoint; a reply that cannot be used is the model's, and shows that the endpoint is there."""
FOR_LONG = frozenset({Fault.AUTH, Fault.FORBIDDEN, Fault.MODEL})
"""Faults that stay until somebody changes the settings."""
AT_ONCE = FOR_LONG | {Fault.DNS, Fault.TIMEOUT}
"""Faults that the next call would only repeat, or that people have waited for to the end of the time limit."""
FAILURES = 3
SHORTEST = 30.0
LONGEST = 600.0


class Breaker:
    """Opens after three failed calls in a row, or at once where a repetition is sure to fail, has been waited for to the
    end of the time limit, or was asked not to come.

    It stays open 30 s, then lets one call through; when that fails too it stays open twice as long, up to ten minutes
    (ten minutes at once for keys and names), and at least as long as the endpoint asked for.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._pause = 0.0
        self._until = 0.0
        self._told = ""

    @property
    def waiting(self) -> float:
        """Seconds until a call is let through; 0 when one may go now."""
        return max(0.0, self._until - self._clock()) if self._pause else 0.0

    def admit(self) -> bool:
        """Let a call through; True when it is the one that probes a failing endpoint. Raises EndpointError(open)."""
        with self._lock:
            if not self._pause:
                return False
            if rest := self.waiting:
                raise EndpointError(Fault.OPEN, f"约 {rest:.0f} 秒后再试；上次：{self._told}")
            self._until = self._clock() + self._pause  # others wait for what the probe finds
            return True

    def succeeded(self) -> None:
        """The endpoint answered."""
        with self._lock:
            self._failures, self._pause = 0, 0.0

    def failed(self, error: EndpointError) -> None:
        """A call failed with all its retries."""
        if error.kind not in COUNTED | AT_ONCE:
            self.succeeded()
            return
        with self._lock:
            self._failures += 1
            sure = error.kind in AT_ONCE or error.after is not None
            if not sure and not self._pause and self._failures < FAILURES:
                return
            doubled = LONGEST if error.kind in FOR_LONG else min(LONGEST, max(SHORTEST, 2 * self._pause))
            self._pause = max(doubled, error.after or 0.0)
            self._until = self._clock() + self._pause
            self._told = error.told
