"""https://learn.microsoft.com/azure/api-management/rate-limit-policy"""

from dataclasses import dataclass
from typing import Self

from ..compiler import Source, element
from ..context import Api, Context, Operation
from ..exchange import Exchange
from ..limits import Told, refusal


@dataclass(frozen=True)
class Named:
    """An API or operation that a limit is for, by its id or else its name."""

    id: str
    name: str

    def is_(self, found: Api | Operation | None) -> bool:
        if found is None:
            return False
        return found.id.lower() == self.id.lower() if self.id else found.name == self.name


@dataclass(frozen=True)
class Limit:
    """So many calls in a sliding window of `seconds`, of everything in the policy's scope or of one part of it."""

    calls: int
    seconds: int
    api: Named | None = None
    operation: Named | None = None

    @classmethod
    def compiled(cls, source: Source, api: Named | None = None, operation: Named | None = None) -> Self:
        return cls(int(source.literal("calls")), int(source.literal("renewal-period")), api, operation)

    def applies(self, context: Context) -> bool:
        fits = self.api is None or self.api.is_(context.api)
        return fits and (self.operation is None or self.operation.is_(context.operation))


@element("rate-limit")
@dataclass(frozen=True)
class RateLimit:
    """Calls of a subscription, the first limit for all of them; each limit is counted by itself. One call too many is
    refused with 429. A call without a subscription is not limited."""

    scope: str
    limits: tuple[Limit, ...]
    retry_after: Told
    remaining: Told
    total: Told

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(
            scope=source.around.scope,
            limits=tuple(_limits(source)),
            retry_after=Told.compiled(source, "retry-after", "Retry-After"),
            remaining=Told.compiled(source, "remaining-calls"),
            total=Told.compiled(source, "total-calls"),
        )

    def run(self, exchange: Exchange) -> None:
        context, rates, now = exchange.context, exchange.world.region.rates, exchange.now()
        if context.subscription is None:
            return
        counted = [(one, self._key(number, context)) for number, one in enumerate(self.limits) if one.applies(context)]
        for limit, key in counted:
            if rates.count(key, limit.seconds, now) >= limit.calls:
                left = rates.seconds_left(key, limit.seconds, now)
                raise refusal(exchange, 429, "RateLimitExceeded", "Rate limit is exceeded.", self.retry_after, left)
        for limit, key in counted:
            rates.add(key, 1, limit.seconds, now)
        whole, key = counted[0]
        left = max(0, whole.calls - rates.count(key, whole.seconds, now))
        self.remaining.in_variable(exchange, left)

        async def tell() -> None:
            self.remaining.in_header(exchange, left)
            self.total.in_header(exchange, whole.calls)

        if self.remaining.header or self.total.header:
            exchange.after_backend.append(tell)

    def _key(self, number: int, context: Context) -> str:
        """Of the subscription, in the policy's scope, for the limit of that number."""
        product, api, operation = context.product, context.api, context.operation
        scopes = {
            "product": product.id if product else "",
            "api": api.id if api else "",
            "operation": f"{api.id if api else ''} {operation.id if operation else ''}",
        }
        subscription = context.subscription.id if context.subscription else ""
        return f"rate {self.scope} {scopes.get(self.scope, '')} {number} {subscription}"


def _limits(source: Source) -> list[Limit]:
    found = [Limit.compiled(source)]
    for one in source.children("api"):
        api = Named(one.literal("id"), one.literal("name"))
        found.append(Limit.compiled(one, api))
        for inner in one.children("operation"):
            operation = Named(inner.literal("id"), inner.literal("name"))
            found.append(Limit.compiled(inner, api, operation))
    return found
