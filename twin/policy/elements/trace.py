"""https://learn.microsoft.com/azure/api-management/trace-policy"""

from dataclasses import dataclass
from typing import Self

from ...journal import Traced
from ..compiler import Source, Value, element
from ..exchange import Exchange


@element("trace")
@dataclass(frozen=True)
class Trace:
    """A message for whoever follows the call; its metadata stand behind it."""

    source: str
    severity: Value[str]
    message: Value[str]
    metadata: tuple[tuple[Value[str], Value[str]], ...]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        message = source.child("message")
        return cls(
            source.literal("source"),
            source.text("severity", "verbose"),
            message.content() if message else lambda _context: "",
            tuple((one.text("name"), one.text("value")) for one in source.children("metadata")),
        )

    def run(self, exchange: Exchange) -> None:
        context = exchange.context
        parts = [self.message(context), *(f"{name(context)}={value(context)}" for name, value in self.metadata)]
        message, severity = "; ".join(parts), self.severity(context)
        exchange.world.record(Traced(exchange.now(), context.request_id, self.source, message, severity))
