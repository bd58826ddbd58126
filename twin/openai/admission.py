"""What the deployments of one account let in: a limiter each, and the 429 of those that are full."""

import math
from dataclasses import dataclass
from typing import Final

from . import errors, tokens
from .call import Call
from .faults import Met
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

    def seconds_to_wait(self, asked: Call, kind: Kind, deployment: Deployment, now: float) -> float:
        """0 for a request that would be let in now by what was bought."""
        return self._own(deployment).seconds_to_wait(_estimate(asked, kind), now)

    def admit(self, asked: Call, kind: Kind, deployment: Deployment, met: Met, now: float) -> Admitted:
        """Book a request, unless a fault lets fewer in. Raises Refused."""
        throttle = met.tokens_per_minute
        limiter = self._own(deployment) if throttle is None else self._throttle(deployment, throttle)
        estimate = _estimate(asked, kind)
        wait = limiter.seconds_to_wait(estimate, now)
        if wait:
            told = (_WINDOW if math.isinf(wait) else wait) if met.says_wait is None else met.says_wait
            raise errors.rate_limited(kind.value, asked.version, told)
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


def _estimate(asked: Call, kind: Kind) -> int:
    """Embeddings have no answer that could count."""
    return (tokens.prompt_tokens if kind is Kind.EMBEDDING else tokens.estimated_tokens)(asked.body)
