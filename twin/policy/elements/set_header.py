"""https://learn.microsoft.com/azure/api-management/set-header-policy"""

from dataclasses import dataclass
from typing import Self

from ...messages import Headers, Response
from ..compiler import Source, Value, element
from ..context import Context
from ..exchange import Exchange


@element("set-header")
@dataclass(frozen=True)
class SetHeader:
    """Writes a header: of the answer in outbound, on-error and return-response, else of the request."""

    name: Value[str]
    action: Value[str]
    values: tuple[Value[str], ...]
    on_answer: bool

    @classmethod
    def compiled(cls, source: Source) -> Self:
        values = tuple(value.content() for value in source.children("value"))
        action = source.text("exists-action", "override")
        return cls(source.text("name"), action, values, source.shapes_answer)

    def run(self, exchange: Exchange) -> None:
        if not self.on_answer:
            self.change(exchange.request.headers, exchange.context)
        elif exchange.response is not None:
            self.change(exchange.response.headers, exchange.context)

    def shape(self, answer: Response, context: Context) -> None:
        """Change an answer that no expression sees yet."""
        self.change(answer.headers, context)

    def change(self, headers: Headers, context: Context) -> None:
        name, action = self.name(context), self.action(context).lower()
        if action == "delete":
            headers.remove(name)
        elif action == "append":
            for value in self.values:
                headers.add(name, value(context))
        elif action == "override" or name not in headers:  # or skip: what is there stays
            headers.set(name, *(value(context) for value in self.values))
