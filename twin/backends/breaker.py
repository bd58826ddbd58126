"""A backend's circuit breaker: pure, told of outcomes, asked whether it is closed.

Every gateway unit has a breaker of its own for each backend; they share nothing. The state moves on by comparing with
the time that the caller brings, never by a timer.
https://learn.microsoft.com/azure/api-management/backends#circuit-breaker
"""

from collections import deque
from dataclasses import dataclass

from ..assumptions import Assumptions


@dataclass(frozen=True)
class Rule:
    """The one rule that a backend may have.

    count: failures within `interval` seconds that open the breaker. trip_duration: seconds it stays open where the
    response brings no usable Retry-After. statuses: the ranges, both ends included, that count as failures.
    error_reasons: names of failures without a response that count too, where Azure counts them at all.
    """

    count: int
    interval: float
    trip_duration: float
    statuses: tuple[tuple[int, int], ...]
    accept_retry_after: bool = False
    error_reasons: frozenset[str] = frozenset()

    def watches(self, status: int) -> bool:
        return any(least <= status <= most for least, most in self.statuses)


@dataclass(frozen=True)
class RetryAfter:
    """What a response said of when to come back, in seconds; None where it said nothing."""

    seconds: float | None = None
    milliseconds: float | None = None


NOTHING_SAID = RetryAfter()


class Breaker:
    """Closed until `count` failures fall into `interval`; then open for the trip duration."""

    def __init__(self, rule: Rule, assumptions: Assumptions) -> None:
        self.rule = rule
        self.open_until = float("-inf")
        self._assume = assumptions
        self._failures: deque[float] = deque()
        self._window_began = float("-inf")
        self._probing = False

    def is_closed(self, now: float) -> bool:
        return now >= self.open_until and not self._probing

    def seconds_open(self, now: float) -> float:
        """Seconds until it closes; zero when it is closed."""
        return max(0.0, self.open_until - now)

    def admit(self) -> None:
        """A request is on its way; where Azure probes (S2), the first one after an open time is the probe."""
        if self._assume.half_open == "one-probe" and self.open_until > float("-inf"):
            self._probing = True

    def record_response(self, status: int, retry_after: RetryAfter, now: float) -> None:
        """The headers of a response have come."""
        if not self.rule.watches(status):
            self._record_success()
        else:
            self._record_failure(self._trip_duration(status, retry_after), now)

    def record_no_response(self, reason: str, now: float) -> None:
        """The backend was not reached or did not answer; `reason` as LastError.Reason names it."""
        counted = self._assume.transport_failure == "by-error-reason" and reason in self.rule.error_reasons
        if counted:
            self._record_failure(self.rule.trip_duration, now)
        else:
            self._probing = False

    def _record_success(self) -> None:
        if self._probing:
            self._probing, self.open_until = False, float("-inf")
        if self._assume.success == "clears":
            self._failures.clear()

    def _record_failure(self, trip_duration: float, now: float) -> None:
        if now < self.open_until:
            if self._assume.failures_while_open == "extend":
                self.open_until = max(self.open_until, now + trip_duration)
            return
        if self._probing:
            self._open(trip_duration, now)
            return
        self._forget(now)
        self._failures.append(now)
        if len(self._failures) >= self.rule.count:
            self._open(trip_duration, now)

    def _open(self, trip_duration: float, now: float) -> None:
        self.open_until, self._probing = now + trip_duration, False
        self._failures.clear()

    def _forget(self, now: float) -> None:
        """Drop what the window no longer holds; a tumbling one begins with the first failure after the last ended."""
        if self._assume.window == "slides":
            while self._failures and self._failures[0] <= now - self.rule.interval:
                self._failures.popleft()
        elif now >= self._window_began + self.rule.interval:
            self._window_began = now
            self._failures.clear()

    def _trip_duration(self, status: int, retry_after: RetryAfter) -> float:
        own = self.rule.trip_duration
        if not self.rule.accept_retry_after or (self._assume.retry_after_status == "only-429" and status != 429):
            return own
        said = retry_after.seconds
        if self._assume.retry_after_form == "seconds-and-ms" and retry_after.milliseconds is not None:
            said = retry_after.milliseconds
        if said is None:
            return own
        choose = {"replaces": lambda: said, "shorter": lambda: min(said, own), "longer": lambda: max(said, own)}
        return choose[self._assume.retry_after]()

    def __repr__(self) -> str:
        if self._probing:
            return "<Breaker: probing>"
        state = "closed" if self.open_until == float("-inf") else f"open until {self.open_until:.3f}"
        return f"<Breaker: {state}, {len(self._failures)} of {self.rule.count} failures>"
