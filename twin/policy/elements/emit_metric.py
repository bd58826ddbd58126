"""https://learn.microsoft.com/azure/api-management/emit-metric-policy"""

from dataclasses import dataclass
from typing import Self

from ...journal import Measured
from ..compiler import Source, Value, element
from ..dimensions import DEFAULT_NAMESPACE, Dimension, dimensions
from ..exchange import Exchange


@element("emit-metric")
@dataclass(frozen=True)
class EmitMetric:
    """A number for Application Insights; on the twin it goes into the journal."""

    name: str
    namespace: str
    value: Value[float]
    dimensions: tuple[Dimension, ...]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        namespace = source.literal("namespace", DEFAULT_NAMESPACE)
        return cls(source.literal("name"), namespace, source.number("value", 1.0), dimensions(source))

    def run(self, exchange: Exchange) -> None:
        value = self.value(exchange.context)
        pairs = tuple(one.pair(exchange) for one in self.dimensions)
        call = exchange.context.request_id
        exchange.world.record(Measured(exchange.now(), call, self.namespace, self.name, value, pairs))
