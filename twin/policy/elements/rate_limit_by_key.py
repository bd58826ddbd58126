"""https://learn.microsoft.com/azure/api-management/rate-limit-by-key-policy"""

from dataclasses import dataclass
from typing import Self

from ..compiler import Source, Value, element
from ..exchange import Exchange
from ..limits import Told, refusal
from ..place import Place


@element("rate-limit-by-key")
@dataclass(frozen=True)
class RateLimitByKey:
    """So many calls of a key in a sliding window of `seconds`; one more is refused with 429.

    Where the condition or the count is an expression (`postponed`), both are asked when the call's answer stands, so
    that they can judge it.
    """

    calls: Value[int]
    seconds: Value[int]
    key: Value[str]
    condition: Value[bool]
    count: Value[int]
    postponed: bool
    reads_answer: bool
    place: Place
    retry_after: Told
    remaining: Told
    total: Told

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(
            calls=source.whole("calls"),
            seconds=source.whole("renewal-period"),
            key=source.text("counter-key"),
            condition=source.boolean("increment-condition", True),
            count=source.whole("increment-count", 1),
            postponed=source.is_computed("increment-condition") or source.is_computed("increment-count"),
            reads_answer=source.reads_answer,
            place=source.place,
            retry_after=Told.compiled(source, "retry-after", "Retry-After"),
            remaining=Told.compiled(source, "remaining-calls"),
            total=Told.compiled(source, "total-calls"),
        )

    async def run(self, exchange: Exchange) -> None:
        context, rates = exchange.context, exchange.world.region.rates
        calls, seconds, key = self.calls(context), self.seconds(context), f"by key {self.key(context)}"
        if rates.count(key, seconds, exchange.now()) >= calls:
            left = rates.seconds_left(key, seconds, exchange.now())
            raise refusal(exchange, 429, "RateLimitExceeded", "Rate limit is exceeded.", self.retry_after, left)

        async def count() -> None:
            exchange.at = self.place
            if self.reads_answer:
                await exchange.hold_answer()
            if self.condition(context):
                rates.add(key, self.count(context), seconds, exchange.now())

        if self.postponed:
            exchange.at_end.append(count)
        else:
            await count()
        left = max(0, calls - rates.count(key, seconds, exchange.now()))
        self.remaining.in_variable(exchange, left)

        async def tell() -> None:
            self.remaining.in_header(exchange, left)
            self.total.in_header(exchange, calls)

        if self.remaining.header or self.total.header:
            exchange.after_backend.append(tell)
