"""https://learn.microsoft.com/azure/api-management/set-body-policy"""

from dataclasses import dataclass
from typing import Self

from ...messages import Response
from ..compiler import Source, Value, element
from ..context import Context
from ..exchange import Exchange


@element("set-body")
@dataclass(frozen=True)
class SetBody:
    """The body of the answer in outbound, on-error and return-response, else of the request."""

    content: Value[bytes]
    on_answer: bool

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(source.data(), source.shapes_answer)

    async def run(self, exchange: Exchange) -> None:
        body = self.content(exchange.context)
        if not self.on_answer:
            exchange.set_body(body)
        elif exchange.response is not None:
            await exchange.response.close()
            exchange.response.body = body

    def shape(self, answer: Response, context: Context) -> None:
        """Change an answer that no expression sees yet."""
        answer.body = self.content(context)
