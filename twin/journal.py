"""What happens at the gateway, as typed events that every observer reads: terminal, reports, tests. Moments are epoch
seconds; `call` is the id of a caller's request (context.RequestId)."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to a backend has its answer's head, or none: then `status` is 0 and `failure` says why."""

    moment: float
    call: str
    unit: str
    backend: str
    status: int
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A call's answer leaves the gateway: its head, `seconds` after the call came in."""

    moment: float
    call: str
    unit: str
    api: str
    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Faulted:
    """A policy's element raised an error, and on-error runs."""

    moment: float
    call: str
    section: str
    element: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Traced:
    """`<trace>` or context.Trace: a message for whoever follows the call."""

    moment: float
    call: str
    source: str
    message: str
    severity: str = "verbose"


@dataclass(frozen=True, slots=True)
class Measured:
    """`<emit-metric>` and the token metrics: what would go to Application Insights."""

    moment: float
    call: str
    namespace: str
    name: str
    value: float
    dimensions: tuple[tuple[str, str], ...] = ()


Event = Attempt | Answered | Faulted | Traced | Measured
Record = Callable[[Event], None]


def forget(_event: Event) -> None:
    """For whoever wants to know nothing."""
