"""https://learn.microsoft.com/azure/api-management/wait-policy"""

from dataclasses import dataclass
from typing import Self

from ..compiler import Source, Value, element
from ..exchange import Exchange
from ..steps import Steps


@element("wait")
@dataclass(frozen=True)
class Wait:
    """Its policies at the same time, until all are done or, for "any", the first; the others are ended then."""

    waits_for: Value[str]
    steps: Steps

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(source.text("for", "all"), source.policies())

    async def run(self, exchange: Exchange) -> None:
        if not self.steps.placed:
            return
        works = [Steps((one,)).run(exchange) for one in self.steps.placed]
        if self.waits_for(exchange.context).lower() == "any":
            await exchange.world.clock.first(*works)
        else:
            await exchange.world.clock.together(*works)
