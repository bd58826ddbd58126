"""https://learn.microsoft.com/azure/api-management/quota-policy"""

from dataclasses import dataclass
from typing import Self

from ..compiler import Source, element
from ..context import Context
from ..exchange import Exchange
from ..limits import out_of_calls, period
from .rate_limit import Named


@dataclass(frozen=True)
class Limit:
    """So many calls in each period of `seconds`, 0 for ever: of the whole product, an API or an operation."""

    calls: int
    seconds: int
    api: Named | None = None
    operation: Named | None = None

    def applies(self, context: Context) -> bool:
        fits = self.api is None or self.api.is_(context.api)
        return fits and (self.operation is None or self.operation.is_(context.operation))


@element("quota")
@dataclass(frozen=True)
class Quota:
    """Calls of a subscription to a product, counted in periods that begin when the subscription was made. One call
    too many is refused with 403. A call without a subscription is not limited."""

    limits: tuple[Limit, ...]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        limits = [*_limit(source)]
        for one in source.children("api"):
            api = _named(one)
            limits += _limit(one, api, seconds=source.literal("renewal-period"))
            for inner in one.children("operation"):
                limits += _limit(inner, api, _named(inner), seconds=source.literal("renewal-period"))
        return cls(tuple(limits))

    def run(self, exchange: Exchange) -> None:
        context, quotas = exchange.context, exchange.world.region.quotas
        subscription, product = context.subscription, context.product
        if subscription is None:
            return
        counted = []
        for number, limit in enumerate(self.limits):
            if limit.applies(context):
                key = f"quota {product.id if product else ''} {number} {subscription.id}"
                began, ends = period(subscription.created, limit.seconds, exchange.now())
                if quotas.count(key, began) >= limit.calls:
                    raise out_of_calls(exchange, ends)
                counted.append((key, began))
        for key, began in counted:
            quotas.add(key, 1, began)


def _named(source: Source) -> Named:
    return Named(source.literal("id"), source.literal("name"))


def _limit(source: Source, api: Named | None = None, operation: Named | None = None, seconds: str = "0") -> list[Limit]:
    """The limit of one element; none where it only holds others."""
    if not source.has("calls"):
        return []
    return [Limit(int(source.literal("calls")), int(source.literal("renewal-period", seconds)), api, operation)]
