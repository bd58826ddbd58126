"""Dimensions of metrics, some of which API Management fills in by their name.

https://learn.microsoft.com/azure/api-management/emit-metric-policy#default-dimension-names-that-may-be-used-without-value
"""

from collections.abc import Callable
from dataclasses import dataclass

from .compiler import Source, Value
from .exchange import Exchange

DEFAULT_NAMESPACE = "API Management"

_KNOWN: dict[str, Callable[[Exchange], str]] = {
    "api id": lambda exchange: exchange.context.api.id if exchange.context.api else "",
    "operation id": lambda exchange: exchange.context.operation.id if exchange.context.operation else "",
    "product id": lambda exchange: exchange.context.product.id if exchange.context.product else "",
    "user id": lambda exchange: exchange.context.user.id if exchange.context.user else "",
    "subscription id": lambda exchange: exchange.context.subscription.id if exchange.context.subscription else "",
    "location": lambda exchange: exchange.context.deployment.region,
    "gateway id": lambda exchange: exchange.context.deployment.gateway.id,
    "backend id": lambda exchange: exchange.target.backend,
}


@dataclass(frozen=True)
class Dimension:
    """Without a value and without a known name it is empty."""

    name: Value[str]
    value: Value[str] | None

    @classmethod
    def compiled(cls, source: Source) -> "Dimension":
        return cls(source.text("name"), source.text("value") if source.has("value") else None)

    def pair(self, exchange: Exchange) -> tuple[str, str]:
        name = self.name(exchange.context)
        if self.value is not None:
            return name, self.value(exchange.context)
        known = _KNOWN.get(name.lower())
        return name, known(exchange) if known else ""


def dimensions(source: Source) -> tuple[Dimension, ...]:
    return tuple(Dimension.compiled(one) for one in source.children("dimension"))
