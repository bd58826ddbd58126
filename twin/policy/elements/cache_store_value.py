"""https://learn.microsoft.com/azure/api-management/cache-store-value-policy"""

from dataclasses import dataclass
from typing import Self

from ..compiler import Source, Value, element
from ..exchange import Exchange


@element("cache-store-value")
@dataclass(frozen=True)
class CacheStoreValue:
    """A value into the cache for `duration` seconds. Azure does this asynchronously; when it can be seen is S21."""

    key: Value[str]
    value: Value[object]
    duration: Value[int]
    external: bool

    @classmethod
    def compiled(cls, source: Source) -> Self:
        external = source.literal("caching-type") == "external"
        return cls(source.text("key"), source.anything("value"), source.whole("duration"), external)

    async def run(self, exchange: Exchange) -> None:
        context = exchange.context
        key, value, seconds = self.key(context), self.value(context), float(self.duration(context))
        if self.external:
            return

        async def store() -> None:
            exchange.world.region.cache.store(key, value, seconds, exchange.now())

        match exchange.world.assume.cache_visibility:
            case "after-the-call":
                exchange.at_end.append(store)
            case "at-once":
                await store()
            case _:
                pass  # lost
