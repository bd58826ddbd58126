"""https://learn.microsoft.com/azure/api-management/set-query-parameter-policy"""

from dataclasses import dataclass, replace
from typing import Self

from ..compiler import Source, Value, element
from ..exchange import Exchange


@element("set-query-parameter")
@dataclass(frozen=True)
class SetQueryParameter:
    """Writes a parameter of the query that the backend gets. Names compare without regard to case."""

    name: Value[str]
    action: Value[str]
    values: tuple[Value[str], ...]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        values = tuple(value.content() for value in source.children("value"))
        return cls(source.text("name"), source.text("exists-action", "override"), values)

    def run(self, exchange: Exchange) -> None:
        context, url = exchange.context, exchange.request.url
        name, action = self.name(context), self.action(context).lower()
        others = tuple(pair for pair in url.query if pair[0].lower() != name.lower())
        there = len(others) < len(url.query)
        if action == "delete":
            if there:
                exchange.send_to(replace(url, query=others))
        elif action != "skip" or not there:
            kept = url.query if action == "append" else others
            added = tuple((name, value(context)) for value in self.values)
            exchange.send_to(replace(url, query=kept + added))
