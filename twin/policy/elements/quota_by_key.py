"""https://learn.microsoft.com/azure/api-management/quota-by-key-policy"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from ..compiler import Source, Value, element
from ..exchange import Exchange
from ..limits import out_of_calls, period
from ..place import Place

_ALWAYS_BEGAN = "0001-01-01T00:00:00Z"


@element("quota-by-key")
@dataclass(frozen=True)
class QuotaByKey:
    """So many calls of a key in each period of so many seconds, 0 for ever; one more is refused with 403.

    Where the condition or the count is an expression (`postponed`), both are asked when the call's answer stands.
    """

    calls: Value[int]
    seconds: int
    first: float
    key: Value[str]
    condition: Value[bool]
    count: Value[int]
    postponed: bool
    reads_answer: bool
    place: Place

    @classmethod
    def compiled(cls, source: Source) -> Self:
        first = datetime.fromisoformat(source.literal("first-period-start", _ALWAYS_BEGAN))
        return cls(
            calls=source.whole("calls"),
            seconds=int(source.literal("renewal-period")),
            first=(first if first.tzinfo else first.replace(tzinfo=UTC)).timestamp(),
            key=source.text("counter-key"),
            condition=source.boolean("increment-condition", True),
            count=source.whole("increment-count", 1),
            postponed=source.is_computed("increment-condition") or source.is_computed("increment-count"),
            reads_answer=source.reads_answer,
            place=source.place,
        )

    async def run(self, exchange: Exchange) -> None:
        context, quotas = exchange.context, exchange.world.region.quotas
        key = f"quota by key {self.key(context)}"
        began, ends = period(self.first, self.seconds, exchange.now())
        if quotas.count(key, began) >= self.calls(context):
            raise out_of_calls(exchange, ends)

        async def count() -> None:
            exchange.at = self.place
            if self.reads_answer:
                await exchange.hold_answer()
            if self.condition(context):
                quotas.add(key, self.count(context), began)

        if self.postponed:
            exchange.at_end.append(count)
        else:
            await count()
