"""What the deployments of one account let in: a limiter each, and the 429 of those that are full."""

import math
from dataclasses import dataclass
from typing import Final

from . import errors, tokens
from .call import Call
from .limits import Limiter
from .operations import Kind
from .settings import Deployment

# Seconds that a caller is told to wait whose request is larger than the limit itself. It will fail again.
_WINDOW: Final = 60.0


@dataclass(frozen=True)
class Admitted:
    """A request that was let in, booked with an estimate."""

    limiter: Limiter
    estimate: int

    def settle(self, used: int, now: float) -> None:
        """It has ended."""
        self.limiter.settle(self.estimate, used, now)

    def headers(self, now: float) -> list[tuple[str, str]]:
        return [
            ("x-ratelimit-remaining-requests", str(self.limiter.remaining_requests(now))),
            ("x-ratelimit-remaining-tokens", str(self.limiter.remaining_tokens(now))),
        ]


class Admission:
    """`burst`: see limits.Provisioned."""

    def __init__(self, burst: float) -> None:
        self._burst = burst
        self._limiters: dict[str, tuple[Deployment, Limiter]] = {}
        self._throttled: dict[tuple[str, int], Limiter] = {}

    def admit(self, asked: Call, kind: Kind, deployment: Deployment, throttle: int | None, now: float) -> Admitted:
        """Book a request. `throttle` stands, in tokens a minute, in place of what was bought. Raises Refused."""
        limiter = self._own(deployment) if throttle is None else self._throttle(deployment, throttle)
        # Embeddings have no answer that could count.
        estimate = (tokens.prompt_tokens if kind is Kind.EMBEDDING else tokens.estimated_tokens)(asked.body)
        wait = limiter.seconds_to_wait(estimate, now)
        if wait:
            raise errors.rate_limited(kind.value, asked.version, _WINDOW if math.isinf(wait) else wait)
        limiter.admit(estimate, now)
        return Admitted(limiter, estimate)

    def _own(self, deployment: Deployment) -> Limiter:
        known = self._limiters.get(deployment.name)
        if known is None or known[0] != deployment:
            known = self._limiters[deployment.name] = deployment, deployment.limiter(self._burst)
        return known[1]

    def _throttle(self, deployment: Deployment, tokens_per_minute: int) -> Limiter:
        key = deployment.name, tokens_per_minute
        if key not in self._throttled:
            self._throttled[key] = deployment.limiter(self._burst, tokens_per_minute)
        return self._throttled[key]
