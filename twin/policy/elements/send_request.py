"""https://learn.microsoft.com/azure/api-management/send-request-policy"""

from dataclasses import dataclass
from typing import Self

from ...backends.backend import Backend
from ...backends.forwarder import CONNECTION_FAILURE, TIMEOUT, addressed
from ...clock import TimeUp
from ...messages import Broken, Lost, Request, Response, Url
from ..compiler import Source, Value, element
from ..exchange import Exchange
from ..fault import PolicyFault
from ..place import Place
from ..views import response_view
from .authentication_basic import AuthenticationBasic
from .authentication_managed_identity import AuthenticationManagedIdentity
from .set_body import SetBody
from .set_header import SetHeader
from .set_method import SetMethod


@element("send-request")
@dataclass(frozen=True)
class SendRequest:
    """A request of the policy's own, past pools and breakers. The variable gets the answer, whole, or null.

    `timeout` is in seconds. A copy has the method, the headers and the body of the call's request; behind the backend
    it has no body, as that was sent.
    """

    is_copy: bool
    variable: str
    timeout: Value[int]
    ignore_error: Value[bool]
    url: Value[str] | None
    method: SetMethod | None
    headers: tuple[SetHeader, ...]
    body: SetBody | None
    identity: AuthenticationManagedIdentity | None
    basic: AuthenticationBasic | None
    place: Place

    @classmethod
    def compiled(cls, source: Source) -> Self:
        url, method, body = source.child("set-url"), source.child("set-method"), source.child("set-body")
        identity, basic = source.child("authentication-managed-identity"), source.child("authentication-basic")
        return cls(
            is_copy=source.literal("mode", "new").lower() == "copy",
            variable=source.literal("response-variable-name"),
            timeout=source.whole("timeout", 60),
            ignore_error=source.boolean("ignore-error"),
            url=url.content() if url else None,
            method=SetMethod.compiled(method) if method else None,
            headers=tuple(SetHeader.compiled(one) for one in source.children("set-header")),
            body=SetBody.compiled(body) if body else None,
            identity=AuthenticationManagedIdentity.compiled(identity) if identity else None,
            basic=AuthenticationBasic.compiled(basic) if basic else None,
            place=source.place,
        )

    async def run(self, exchange: Exchange) -> None:
        answer = None
        try:
            answer = await self._answer(exchange, self._request(exchange))
        except PolicyFault as fault:
            fault.place = self.place  # beside it, in a wait, other elements may have begun since
            if not self.ignore_error(exchange.context):
                raise
        if self.variable:
            exchange.context.variables[self.variable] = None if answer is None else response_view(answer)

    def _request(self, exchange: Exchange) -> Request:
        context = exchange.context
        request = self._copied(exchange) if self.is_copy else Request("GET", Url("/"))
        if self.url is not None:
            request.url = Url.parse(self.url(context).strip())
        if not request.url.host:
            raise PolicyFault("BackendServiceNotSet", "The request has no absolute address in its set-url.")
        if self.method is not None:
            request.method = self.method.wanted(context)
        for header in self.headers:
            header.change(request.headers, context)
        if self.identity is not None:
            self.identity.authorize(request.headers, exchange)
        if self.basic is not None:
            self.basic.authorize(request.headers, context)
        if self.body is not None:
            request.body = self.body.content(context)
        return request

    def _copied(self, exchange: Exchange) -> Request:
        base = exchange.target.base or Url("/")
        request = addressed(exchange.request, Backend("", base))
        if self.place.section == "outbound":
            request.body = b""
        return request

    async def _answer(self, exchange: Exchange, request: Request) -> Response:
        seconds = self.timeout(exchange.context)
        try:
            return await exchange.world.clock.within(seconds, _whole(exchange, request))
        except (Lost, Broken) as lost:
            raise PolicyFault(CONNECTION_FAILURE, str(lost)) from lost
        except TimeUp as up:
            raise PolicyFault(TIMEOUT, f"The request to {request.url.host} timed out after {seconds} s.") from up


async def _whole(exchange: Exchange, request: Request) -> Response:
    response = await exchange.world.forwarder.transport.send(request)
    await response.read()
    return response
