"""https://learn.microsoft.com/azure/api-management/choose-policy"""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Self

from ..compiler import Source, Value, element
from ..exchange import Exchange
from ..steps import Steps


@element("choose")
@dataclass(frozen=True)
class Choose:
    """The first branch whose condition holds, else the last one."""

    branches: tuple[tuple[Value[bool], Steps], ...]
    otherwise: Steps | None

    @classmethod
    def compiled(cls, source: Source) -> Self:
        branches = tuple((when.boolean("condition"), when.policies()) for when in source.children("when"))
        otherwise = source.child("otherwise")
        return cls(branches, otherwise.policies() if otherwise else None)

    def run(self, exchange: Exchange) -> Awaitable[None] | None:
        for condition, steps in self.branches:
            if condition(exchange.context):
                return steps.run(exchange)
        return self.otherwise.run(exchange) if self.otherwise else None
