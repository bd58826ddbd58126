"""https://learn.microsoft.com/azure/api-management/set-method-policy"""

from dataclasses import dataclass
from typing import Self

from ..compiler import Source, Value, element
from ..context import Context
from ..exchange import Exchange


@element("set-method")
@dataclass(frozen=True)
class SetMethod:
    """The method that the backend gets."""

    method: Value[str]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(source.content())

    def run(self, exchange: Exchange) -> None:
        exchange.set_method(self.wanted(exchange.context))

    def wanted(self, context: Context) -> str:
        return self.method(context).strip().upper()
