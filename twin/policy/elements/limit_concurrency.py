"""https://learn.microsoft.com/azure/api-management/limit-concurrency-policy"""

from dataclasses import dataclass
from typing import Self

from ..compiler import Source, Value, element
from ..errors import error_response
from ..exchange import Exchange
from ..fault import PolicyFault
from ..steps import Steps


@element("limit-concurrency")
@dataclass(frozen=True)
class LimitConcurrency:
    """Its policies for so many calls of one key at the same time; one more is refused at once. Units count apart."""

    key: Value[str]
    most: int
    steps: Steps

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(source.text("key"), int(source.literal("max-count")), source.policies())

    async def run(self, exchange: Exchange) -> None:
        running, key = exchange.world.running, self.key(exchange.context)
        if running.get(key, 0) >= self.most:
            message = "Too many concurrent requests. Try again later."
            answer = error_response(429, exchange.context.request_id, message)
            raise PolicyFault("ConcurrencyLimitExceeded", message, answer=answer)
        running[key] = running.get(key, 0) + 1
        try:
            await self.steps.run(exchange)
        finally:
            running[key] -= 1
            if not running[key]:
                del running[key]
