"""https://learn.microsoft.com/azure/api-management/log-to-eventhub-policy"""

from dataclasses import dataclass
from typing import Self

from ...journal import Traced
from ..compiler import Source, Value, element
from ..exchange import Exchange

MOST_BYTES = 200 * 1024  # what is longer is cut off


@element("log-to-eventhub")
@dataclass(frozen=True)
class LogToEventhub:
    """A message for an event hub; on the twin it goes into the journal, under the logger's name."""

    logger: str
    message: Value[str]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(source.literal("logger-id"), source.content())

    def run(self, exchange: Exchange) -> None:
        context = exchange.context
        message = self.message(context).encode()[:MOST_BYTES].decode(errors="ignore")
        source = f"log-to-eventhub {self.logger}"
        exchange.world.record(Traced(exchange.now(), context.request_id, source, message, "information"))
