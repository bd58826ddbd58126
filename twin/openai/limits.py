"""What a deployment admits: pure limiters that are asked with the time and an estimate of the cost.

A limiter answers `seconds_to_wait`: 0 when the request may come in now, else how long until it could; `admit` then
books it and `settle` corrects the estimate once the answer's real length is known.
https://learn.microsoft.com/azure/ai-foundry/openai/how-to/quota
https://learn.microsoft.com/azure/ai-foundry/openai/concepts/provisioned-throughput
"""

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

NEVER = math.inf
SHORTEST_WAIT = 0.001  # a millisecond, the smallest that retry-after-ms can say


class Limiter(Protocol):
    def seconds_to_wait(self, tokens: int, now: float) -> float:
        """0 when a request of that estimate is admitted now; NEVER when it is larger than the limit itself."""
        ...

    def admit(self, tokens: int, now: float) -> None:
        """Book a request of that estimate."""
        ...

    def settle(self, estimated: int, used: int, now: float) -> None:
        """The request has ended and has used so many tokens."""
        ...

    def remaining_tokens(self, now: float) -> int: ...

    def remaining_requests(self, now: float) -> int: ...


@dataclass
class Window:
    """At most `limit` units within any `seconds`; a sliding record of what was booked when."""

    limit: int
    seconds: float
    _booked: deque[tuple[float, int]] = field(default_factory=deque)
    _sum: int = 0

    def used(self, now: float) -> int:
        while self._booked and self._booked[0][0] <= now - self.seconds:
            self._sum -= self._booked.popleft()[1]
        return self._sum

    def seconds_to_wait(self, units: int, now: float) -> float:
        if units > self.limit:
            return NEVER
        excess = self.used(now) + units - self.limit
        if excess <= 0:
            return 0.0
        for moment, booked in self._booked:
            excess -= booked
            if excess <= 0:
                return max(SHORTEST_WAIT, moment + self.seconds - now)
        return NEVER

    def book(self, units: int, now: float) -> None:
        self._booked.append((now, units))
        self._sum += units


class PayAsYouGo:
    """Tokens a minute, estimated at arrival and never corrected, and requests a minute, watched in short windows.

    The token window is a minute; requests are watched over ten seconds, a sixth of the limit each.
    """

    def __init__(
        self,
        tokens_per_minute: int,
        requests_per_minute: int,
        *,
        token_window: float = 60.0,
        request_window: float = 10.0,
    ) -> None:
        self._tokens = Window(round(tokens_per_minute * token_window / 60), token_window)
        self._requests = Window(max(1, round(requests_per_minute * request_window / 60)), request_window)

    def seconds_to_wait(self, tokens: int, now: float) -> float:
        return max(self._tokens.seconds_to_wait(tokens, now), self._requests.seconds_to_wait(1, now))

    def admit(self, tokens: int, now: float) -> None:
        self._tokens.book(tokens, now)
        self._requests.book(1, now)

    def settle(self, estimated: int, used: int, now: float) -> None:
        """Nothing: the estimate at arrival is what counts against a standard deployment's limit."""

    def remaining_tokens(self, now: float) -> int:
        return self._tokens.limit - self._tokens.used(now)

    def remaining_requests(self, now: float) -> int:
        return self._requests.limit - self._requests.used(now)


class Provisioned:
    """A leaky bucket: utilisation rises by each estimate, drains all the time, and is corrected at the end.

    burst: how many seconds' worth of tokens fill it to 100 %. It is undocumented and decides how much of a reserved
    capacity can be used, so whoever simulates with it should try several.
    """

    def __init__(self, tokens_per_minute: int, *, burst: float = 1.0) -> None:
        self.rate = tokens_per_minute / 60
        self.capacity = self.rate * burst
        self._level, self._at = 0.0, float("-inf")

    def level(self, now: float) -> float:
        if now > self._at:
            drained = 0.0 if self._level == 0 else (now - self._at) * self.rate
            self._level, self._at = max(0.0, self._level - drained), now
        return self._level

    def seconds_to_wait(self, tokens: int, now: float) -> float:
        """Any request is admitted below 100 %, however large: the bucket may overflow, and then drains longer."""
        excess = self.level(now) - self.capacity
        return 0.0 if excess < 0 else max(SHORTEST_WAIT, excess / self.rate)

    def admit(self, tokens: int, now: float) -> None:
        self._level = self.level(now) + tokens

    def settle(self, estimated: int, used: int, now: float) -> None:
        self._level = max(0.0, self.level(now) + used - estimated)

    def remaining_tokens(self, now: float) -> int:
        return max(0, int(self.capacity - self.level(now)))

    def remaining_requests(self, now: float) -> int:
        return 1 if self.level(now) < self.capacity else 0
