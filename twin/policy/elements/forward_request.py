"""https://learn.microsoft.com/azure/api-management/forward-request-policy"""

import math
from dataclasses import dataclass, replace
from typing import Self

from ...backends.forwarder import CONNECTION_FAILURE, TIMEOUT, Target
from ...backends.unit import AllOpen, NoSuchBackend
from ...clock import TimeUp
from ...journal import Traced
from ...messages import Lost, Request, Response, Stream, Url
from ..compiler import Source, Value, element
from ..errors import error_response
from ..exchange import Exchange
from ..fault import PolicyFault

LUMP = 8 * 1024  # bytes; "up to 8 KB" of a buffered response are held back
MOST_REDIRECTS = 10
_REDIRECTS = frozenset((301, 302, 303, 307, 308))


@element("forward-request")
@dataclass(frozen=True)
class ForwardRequest:
    """Sends the request to the backend; times are in seconds, until the headers of the answer.

    `http-version` and `continue-timeout` change nothing that can be seen on the twin.
    """

    timeout: Value[float]
    follow_redirects: Value[bool]
    buffer_request_body: bool
    buffer_response: bool
    fail_on_error: bool

    @classmethod
    def compiled(cls, source: Source) -> Self:
        in_ms = source.whole("timeout-ms")
        return cls(
            timeout=(lambda context: in_ms(context) / 1000)
            if source.has("timeout-ms")
            else source.whole("timeout", 300),
            follow_redirects=source.boolean("follow-redirects"),
            buffer_request_body=source.flag("buffer-request-body", False),
            buffer_response=source.flag("buffer-response", True),
            fail_on_error=source.flag("fail-on-error-status-code", False),
        )

    async def run(self, exchange: Exchange) -> None:
        await exchange.replace_answer(None)
        response = await self._sent(exchange, self._outgoing(exchange), exchange.target)
        if self.follow_redirects(exchange.context):
            response = await self._followed(exchange, response)
        if self.buffer_response:
            response.pass_through(in_lumps)
        exchange.respond(response)
        if response.url is not None:
            exchange.show_url(response.url)
        if self.fail_on_error and response.status >= 400:
            raise PolicyFault("BackendErrorResponse", f"The backend answered {response.status}.", answer=response)

    def _outgoing(self, exchange: Exchange) -> Request:
        """The request; without its body where an earlier attempt has sent that and nobody kept it."""
        request = exchange.request
        if not exchange.body_sent:
            exchange.body_sent = not self.buffer_request_body
            return request
        message = "The request's body was sent by an earlier attempt and not kept: this one sends an empty body."
        call = exchange.context.request_id
        exchange.world.record(Traced(exchange.now(), call, "forward-request", message, "error"))
        return replace(request, body=b"")

    async def _sent(self, exchange: Exchange, request: Request, target: Target) -> Response:
        if not target.backend and target.base is None:
            raise PolicyFault("BackendServiceNotSet", "The API has no service URL, and no policy names a backend.")
        timeout = self.timeout(exchange.context)
        call = exchange.context.request_id
        try:
            return await exchange.world.forwarder.send(request, target, timeout, call)
        except AllOpen as refusal:
            raise self._all_open(exchange, refusal) from refusal
        except NoSuchBackend as missing:
            raise PolicyFault("BackendNotFound", str(missing)) from missing
        except Lost as lost:
            raise self._no_response(exchange, CONNECTION_FAILURE, str(lost)) from lost
        except TimeUp as up:
            message = f"Request to the backend service timed out after {timeout:g} s."
            raise self._no_response(exchange, TIMEOUT, message) from up

    def _all_open(self, exchange: Exchange, refusal: AllOpen) -> PolicyFault:
        assume = exchange.world.assume
        answer = error_response(503, exchange.context.request_id, "Service unavailable")
        if assume.exhausted_retry_after == "present":
            answer.headers.set("Retry-After", str(max(1, math.ceil(refusal.seconds))))
        exchange.respond(answer)
        return PolicyFault(assume.exhausted_reason, str(refusal), answer=answer, attempt=True)

    def _no_response(self, exchange: Exchange, reason: str, message: str) -> PolicyFault:
        if exchange.world.assume.raised_in_retry == "status-500":
            exchange.respond(error_response(500, exchange.context.request_id))
        return PolicyFault(reason, message, attempt=True)

    async def _followed(self, exchange: Exchange, response: Response) -> Response:
        for _ in range(MOST_REDIRECTS):
            location = response.headers.get("Location")
            if response.status not in _REDIRECTS or not location:
                break
            await response.close()
            there = Url.parse(location)
            base = Url("", scheme=there.scheme, host=there.host) if there.host else exchange.target.base
            request = replace(exchange.request, url=Url(there.path, there.query))
            target = exchange.target if base is None else Target(base=base)
            response = await self._sent(exchange, request, target)
        return response


async def in_lumps(stream: Stream) -> Stream:
    """What a buffered response looks like to its reader: nothing until 8 KB have come, or the end."""
    held = bytearray()
    async for chunk in stream:
        held += chunk
        while len(held) >= LUMP:
            yield bytes(held[:LUMP])
            del held[:LUMP]
    if held:
        yield bytes(held)
