"""https://learn.microsoft.com/azure/api-management/cache-lookup-value-policy"""

from dataclasses import dataclass
from typing import Self

from ..compiler import Source, Value, element
from ..exchange import Exchange

_ABSENT = object()


@element("cache-lookup-value")
@dataclass(frozen=True)
class CacheLookupValue:
    """A value from the cache into a variable; the default, or nothing at all, where the cache has none.

    The twin has the built-in cache only: an `external` one is never reached, and then nothing is found, as in Azure.
    """

    key: Value[str]
    variable: str
    default: Value[object] | None
    external: bool

    @classmethod
    def compiled(cls, source: Source) -> Self:
        default = source.anything("default-value") if source.has("default-value") else None
        external = source.literal("caching-type") == "external"
        return cls(source.text("key"), source.literal("variable-name"), default, external)

    def run(self, exchange: Exchange) -> None:
        found: object = _ABSENT
        if not self.external:
            found = exchange.world.region.cache.get(self.key(exchange.context), exchange.now(), _ABSENT)
        if found is not _ABSENT:
            exchange.context.variables[self.variable] = found
        elif self.default is not None:
            exchange.context.variables[self.variable] = self.default(exchange.context)
