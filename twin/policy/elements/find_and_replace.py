"""https://learn.microsoft.com/azure/api-management/find-and-replace-policy"""

from dataclasses import dataclass
from typing import Self

from ..compiler import Source, Value, element
from ..exchange import Exchange


@element("find-and-replace")
@dataclass(frozen=True)
class FindAndReplace:
    """Another text in place of each that is found in the body: of the answer in outbound and on-error, else of the
    request. A streamed answer is held until it is whole."""

    old: Value[str]
    new: Value[str]
    on_answer: bool

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(source.text("from"), source.text("to"), source.shapes_answer)

    async def run(self, exchange: Exchange) -> None:
        old, new = self.old(exchange.context).encode(), self.new(exchange.context).encode()
        if not old:
            return
        if not self.on_answer:
            exchange.request.body = exchange.request.body.replace(old, new)
            return
        await exchange.hold_answer()
        if exchange.response is not None:
            exchange.response.body = exchange.response.body.replace(old, new)
