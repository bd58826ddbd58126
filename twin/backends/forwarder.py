"""One attempt: a request and a target in, a member chosen, the answer out, and the member's breaker told of it."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from ..assumptions import Assumptions
from ..clock import Clock, TimeUp
from ..journal import Attempt, Record
from ..messages import Lost, Request, Response, Stream, Url
from .backend import Backend
from .breaker import Breaker, RetryAfter
from .unit import Unit

# Reasons of context.LastError for an attempt without an answer.
# https://learn.microsoft.com/azure/api-management/api-management-error-handling-policies#predefined-errors-for-policies
CONNECTION_FAILURE = "BackendConnectionFailure"
TIMEOUT = "Timeout"
CALLER_GONE = "ClientConnectionFailure"

# Of these the next connection has its own, and Expect was answered already.
_SET_ANEW = ("host", "content-length", "expect")


class Transport(Protocol):
    async def send(self, request: Request) -> Response:
        """The answer to a request with an absolute URL. Raises Lost when none begins."""
        ...


@dataclass(frozen=True)
class Target:
    """Where an attempt goes: a backend or pool by name, or an address of its own (`base-url`), which has no breaker."""

    backend: str = ""
    base: Url | None = None


class Forwarder:
    """Sends requests for one unit. `call` in `send` is the call's id, for the journal."""

    def __init__(self, unit: Unit, transport: Transport, clock: Clock, assume: Assumptions, record: Record) -> None:
        self.unit = unit
        self.transport = transport
        self._clock = clock
        self._assume = assume
        self._record = record

    async def send(self, request: Request, target: Target, timeout: float, call: str = "") -> Response:
        """Raises AllOpen or NoSuchBackend before anything is sent, Lost or TimeUp when no answer begins."""
        now = self._clock.now()
        backend = self._backend(target, now)
        breaker = self.unit.breaker(backend) if target.backend else None
        if breaker is not None:
            breaker.admit()
        outgoing = addressed(request, backend)
        failure, reason = "", CALLER_GONE
        try:
            response = await self._clock.within(timeout, self.transport.send(outgoing))
            response.url = outgoing.url
            reason = ""
        except Lost as lost:
            failure, reason = str(lost), CONNECTION_FAILURE
            raise
        except TimeUp:
            failure, reason = f"no headers within {timeout:g} s", TIMEOUT
            raise
        finally:
            if reason:
                if breaker is not None:
                    breaker.record_no_response(reason, self._clock.now())
                self._record(Attempt(self._clock.now(), call, self.unit.name, backend.name, 0, failure or reason))
        self._record(Attempt(self._clock.now(), call, self.unit.name, backend.name, response.status))
        return self._told(response, breaker) if breaker is not None else response

    def _backend(self, target: Target, now: float) -> Backend:
        if target.base is not None:
            return Backend(target.base.host, target.base)
        return self.unit.choose(target.backend, now)

    def _told(self, response: Response, breaker: Breaker) -> Response:
        """The response, of which the breaker hears when its headers have come or, should Azure do so (S11), at its
        end."""
        said = retry_after(response)

        def tell() -> None:
            breaker.record_response(response.status, said, self._clock.now())

        if response.stream is None or self._assume.counted_at == "headers":
            tell()
        else:
            response.pass_through(lambda stream: _then(stream, tell))
        return response


def addressed(request: Request, backend: Backend) -> Request:
    """The request as the backend gets it; `request.url` holds the path below the backend's own, and the query."""
    headers = request.headers.end_to_end().copy_without(_SET_ANEW)
    for name, value in backend.headers:
        headers.set(name, value)
    if backend.authorization:
        headers.set("Authorization", backend.authorization)
    url = request.url.below(backend.url)
    if backend.query:
        url = replace(url, query=url.query + backend.query)
    return Request(request.method, url, headers, request.body)


def retry_after(response: Response) -> RetryAfter:
    """What the headers say of when to come back. The HTTP date form is not read (S5)."""
    return RetryAfter(
        _number(response.headers.get("Retry-After"), 1.0), _number(response.headers.get("retry-after-ms"), 1000.0)
    )


def _number(text: str, unit: float) -> float | None:
    if not text:
        return None  # as in most answers; float would raise, which takes longer
    try:
        value = float(text)
    except ValueError:
        return None
    return value / unit if math.isfinite(value) and value >= 0 else None


async def _then(stream: Stream, tell: Callable[[], None]) -> Stream:
    async for chunk in stream:
        yield chunk
    tell()
