"""https://learn.microsoft.com/azure/api-management/cache-remove-value-policy"""

from dataclasses import dataclass
from typing import Self

from ..compiler import Source, Value, element
from ..exchange import Exchange


@element("cache-remove-value")
@dataclass(frozen=True)
class CacheRemoveValue:
    """A value out of the built-in cache."""

    key: Value[str]
    external: bool

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(source.text("key"), source.literal("caching-type") == "external")

    def run(self, exchange: Exchange) -> None:
        if not self.external:
            exchange.world.region.cache.remove(self.key(exchange.context))
