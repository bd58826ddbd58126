"""Trouble of an account while traffic flows: what can be broken, for whom, and until when. Pure.

A fault in JSON, with exactly one of the effects:

    {"status": 503, "retryAfter": 5, "deployment": "gpt-4o", "for": 60}

status           400 to 599: answered in place of everything; `retryAfter` (seconds) goes with it, and no Retry-After
                 is sent where it is left out
latency          seconds by which every answer begins later
connection       "refused", "dns" or "tls": none is made; "reset": it ends before an answer; "hang": silence
tokensPerSecond  answers are written this slowly
cutAfter         streams break off after so many events, whole answers half-way
tokensPerMinute  the limit is this, whatever was bought
saysWait         seconds that its own 429 answers ask for, whatever the limit says; 0: they ask for none
identity         "refused": no token is accepted, whatever roles there are

and with any of these, which say whom it meets; left out: every request until somebody heals the account

deployment  the requests to one deployment only
for         seconds
count       so many requests
share       this part of the requests, above 0 and up to 1
"""

import math
from dataclasses import dataclass, replace
from typing import Any, Final

from ..chance import Stream

AT_CONNECT: Final = {
    "refused": "the connection was refused",
    "dns": "its name cannot be resolved",
    "tls": "the TLS handshake failed",
}
CONNECTIONS: Final = (*AT_CONNECT, "reset", "hang")


@dataclass(frozen=True)
class Fault:
    """See the module. `until` is a moment, seconds since the Unix epoch; `count` goes down as requests are met."""

    status: int | None = None
    retry_after: float | None = None
    latency: float | None = None
    connection: str | None = None
    tokens_per_second: float | None = None
    cut_after: int | None = None
    tokens_per_minute: int | None = None
    says_wait: float | None = None
    identity: str | None = None
    deployment: str = ""
    until: float = math.inf
    count: int | None = None
    share: float = 1.0

    @property
    def at_connect(self) -> bool:
        return self.connection in AT_CONNECT

    def fits(self, deployment: str, now: float) -> bool:
        return now < self.until and self.count != 0 and self.deployment.lower() in ("", deployment.lower())

    def entry(self, now: float) -> dict[str, Any]:
        """As JSON; `for` is what is left of its time."""
        told = {
            "status": self.status,
            "retryAfter": self.retry_after,
            "latency": self.latency,
            "connection": self.connection,
            "tokensPerSecond": self.tokens_per_second,
            "cutAfter": self.cut_after,
            "tokensPerMinute": self.tokens_per_minute,
            "saysWait": self.says_wait,
            "identity": self.identity,
            "deployment": self.deployment or None,
            "for": None if self.until == math.inf else round(self.until - now, 3),
            "count": self.count,
            "share": None if self.share == 1 else self.share,
        }
        return {key: value for key, value in told.items() if value is not None}


@dataclass
class Met:
    """All that one request meets; of two faults with the same effect the newer one counts."""

    status: int | None = None
    retry_after: float | None = None
    latency: float = 0.0
    connection: str | None = None
    tokens_per_second: float | None = None
    cut_after: int | None = None
    tokens_per_minute: int | None = None
    says_wait: float | None = None
    identity_refused: bool = False

    def add(self, fault: Fault) -> None:
        """Take in an older fault."""
        if self.status is None:
            self.status, self.retry_after = fault.status, fault.retry_after
        self.latency = self.latency or fault.latency or 0.0
        self.connection = self.connection or fault.connection
        self.tokens_per_second = self.tokens_per_second or fault.tokens_per_second
        self.cut_after = fault.cut_after if self.cut_after is None else self.cut_after
        self.tokens_per_minute = self.tokens_per_minute or fault.tokens_per_minute
        self.says_wait = fault.says_wait if self.says_wait is None else self.says_wait
        self.identity_refused = self.identity_refused or fault.identity is not None


NOTHING: Final = Met()


class Faults:
    """The faults of one account, newest first."""

    def __init__(self, chance: Stream) -> None:
        self._chance = chance
        self._faults: list[Fault] = []

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, fault: Fault) -> None:
        self._faults.insert(0, fault)

    def replace(self, faults: list[Fault]) -> None:
        """These and no others, the newest first."""
        self._faults = list(faults)

    def clear(self) -> None:
        self._faults.clear()

    def current(self, now: float) -> list[Fault]:
        """Those that may still meet a request."""
        self._faults = [one for one in self._faults if now < one.until and one.count != 0]
        return list(self._faults)

    def connection_failure(self, deployment: str, now: float) -> str:
        """Why this request gets no connection, or nothing."""
        met = self._take(deployment, now, at_connect=True)
        return AT_CONNECT[met.connection] if met.connection else ""

    def spare(self, deployment: str, now: float) -> bool:
        """Whether no fault keeps a request from being answered, as far as that can be told before it comes."""
        return not any(
            fault.fits(deployment, now) and (fault.status or fault.connection or fault.identity)
            for fault in self._faults
        )

    def meet(self, deployment: str, now: float) -> Met:
        """What happens to a request that has a connection."""
        return self._take(deployment, now, at_connect=False)

    def _take(self, deployment: str, now: float, *, at_connect: bool) -> Met:
        met = Met()
        for index, fault in enumerate(self._faults):
            if fault.at_connect != at_connect or not fault.fits(deployment, now):
                continue
            if fault.share < 1 and self._chance.random() >= fault.share:
                continue
            if fault.count is not None:
                self._faults[index] = replace(fault, count=fault.count - 1)
            met.add(fault)
        self.current(now)
        return met
