"""https://learn.microsoft.com/azure/api-management/set-backend-service-policy"""

from dataclasses import dataclass
from typing import Self

from ...backends.forwarder import Target
from ...messages import Url
from ..compiler import Source, Value, element
from ..exchange import Exchange


@element("set-backend-service")
@dataclass(frozen=True)
class SetBackendService:
    """From here on attempts go to a backend or pool, or to an address of its own."""

    backend_id: Value[str] | None
    base_url: Value[str]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(source.text("backend-id") if source.has("backend-id") else None, source.text("base-url"))

    def run(self, exchange: Exchange) -> None:
        if self.backend_id is not None:
            exchange.target = Target(backend=self.backend_id(exchange.context))
        else:
            exchange.send_below(Url.parse(self.base_url(exchange.context).strip()))
