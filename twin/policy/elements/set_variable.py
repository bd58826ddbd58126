"""https://learn.microsoft.com/azure/api-management/set-variable-policy"""

from dataclasses import dataclass
from typing import Self

from ..compiler import Source, Value, element
from ..exchange import Exchange


@element("set-variable")
@dataclass(frozen=True)
class SetVariable:
    """A value in context.Variables, with the type that its expression has."""

    name: str
    value: Value[object]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(source.literal("name"), source.anything("value"))

    def run(self, exchange: Exchange) -> None:
        exchange.context.variables[self.name] = self.value(exchange.context)
