"""https://learn.microsoft.com/azure/api-management/cors-policy"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from ...messages import Headers, Request, Response
from ..compiler import Source, Value, element
from ..context import Context
from ..exchange import Exchange
from ..fault import Answered

_ALWAYS_ALLOWED = frozenset(("accept", "accept-language", "content-language", "content-type"))


def is_preflight(request: Request) -> bool:
    """Whether a browser asks if it may send a request."""
    asked = "Origin" in request.headers and "Access-Control-Request-Method" in request.headers
    return request.method == "OPTIONS" and asked


@element("cors")
@dataclass(frozen=True)
class Cors:
    """Lets pages of the allowed origins call. A browser's question before (OPTIONS) is answered by the first `cors` in
    inbound that allows it; no other policy runs for it, and no key is asked for."""

    origins: tuple[Value[str], ...]
    methods: tuple[Value[str], ...]
    headers: tuple[Value[str], ...]
    exposed: tuple[Value[str], ...]
    max_age: str
    credentials: Value[bool]
    terminates: Value[bool]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        methods = source.child("allowed-methods")
        return cls(
            origins=_listed(source, "allowed-origins", "origin"),
            methods=_listed(source, "allowed-methods", "method"),
            headers=_listed(source, "allowed-headers", "header"),
            exposed=_listed(source, "expose-headers", "header"),
            max_age=methods.literal("preflight-result-max-age") if methods else "",
            credentials=source.boolean("allow-credentials"),
            terminates=source.boolean("terminate-unmatched-request", True),
        )

    async def run(self, exchange: Exchange) -> None:
        request, context = exchange.request, exchange.context
        origin = request.headers.get("Origin")
        if not origin:
            return
        if is_preflight(request):
            await exchange.replace_answer(self.preflight(request, context) or Response(200, "OK"))
            raise Answered
        if not self._allows(origin, context):
            if request.method in ("GET", "HEAD") and self.terminates(context):
                await exchange.replace_answer(Response(200, "OK"))
                raise Answered
            return

        async def tell() -> None:
            if exchange.response is not None:
                self._tell(exchange.response.headers, origin, context)
                if self.exposed:
                    exposed = ",".join(value(context) for value in self.exposed)
                    exchange.response.headers.set("Access-Control-Expose-Headers", exposed)

        exchange.at_end.append(tell)

    def preflight(self, request: Request, context: Context) -> Response | None:
        """The answer to a browser's question, None where this is not allowed."""
        origin, method = request.headers.get("Origin"), request.headers.get("Access-Control-Request-Method")
        wanted = [name.strip() for name in request.headers.get("Access-Control-Request-Headers").split(",")]
        methods = [value(context).upper() for value in self.methods] or ["GET", "POST"]
        names = {value(context).lower() for value in self.headers} | _ALWAYS_ALLOWED | {""}
        fits = {"*", method.upper()} & set(methods) and ("*" in names or {name.lower() for name in wanted} <= names)
        if not fits or not self._allows(origin, context):
            return None
        answer = Response(200, "OK")
        self._tell(answer.headers, origin, context)
        answer.headers.set("Access-Control-Allow-Methods", ",".join([method] if "*" in methods else methods))
        if any(wanted):
            answer.headers.set("Access-Control-Allow-Headers", ",".join(wanted))
        if self.max_age:
            answer.headers.set("Access-Control-Max-Age", self.max_age)
        return answer

    def _allows(self, origin: str, context: Context) -> bool:
        return bool({"*", origin.lower()} & {value(context).strip().lower() for value in self.origins})

    def _tell(self, headers: Headers, origin: str, context: Context) -> None:
        any_origin = "*" in {value(context).strip() for value in self.origins}
        headers.set("Access-Control-Allow-Origin", "*" if any_origin else origin)
        if self.credentials(context):
            headers.set("Access-Control-Allow-Credentials", "true")


def answer_to(request: Request, policies: Iterable[object], context: Context) -> Response | None:
    """The answer to a browser's question, from the policies directly in inbound; None where none of them is `cors`.

    It is empty where nothing allows the request, or where the first that does not is told to end the search.
    """
    rules = [policy for policy in policies if isinstance(policy, Cors)]
    for rule in rules:
        answer = rule.preflight(request, context)
        if answer is not None or rule.terminates(context):
            return answer or Response(200, "OK")
    return Response(200, "OK") if rules else None


def _listed(source: Source, parent: str, tag: str) -> tuple[Value[str], ...]:
    holder = source.child(parent)
    return tuple(one.content() for one in holder.children(tag)) if holder else ()
