"""https://learn.microsoft.com/azure/api-management/retry-policy"""

from dataclasses import dataclass
from typing import Self

from ..compiler import Source, Value, element
from ..errors import last_error
from ..exchange import Exchange
from ..fault import PolicyFault
from ..place import Place
from ..steps import Steps


@element("retry")
@dataclass(frozen=True)
class Retry:
    """Its policies once, and again while the condition holds, `count` more times at most. Times are in seconds.

    After an attempt at a backend that failed the condition is asked as well (S14, S18), and if nothing follows the
    error goes on to on-error.
    """

    condition: Value[bool]
    count: Value[int]
    interval: Value[int]
    delta: Value[int] | None
    max_interval: Value[int] | None
    first_fast: Value[bool]
    steps: Steps
    reads_answer: bool
    place: Place

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(
            condition=source.boolean("condition"),
            count=source.whole("count"),
            interval=source.whole("interval"),
            delta=source.whole("delta") if source.has("delta") else None,
            max_interval=source.whole("max-interval") if source.has("max-interval") else None,
            first_fast=source.boolean("first-fast-retry"),
            steps=source.policies(),
            reads_answer=source.reads_answer,
            place=source.place,
        )

    async def run(self, exchange: Exchange) -> None:
        retries, most = 0, self.count(exchange.context)
        while True:
            fault = await self._attempt(exchange)
            if retries >= most or not await self._again(exchange):
                if fault is not None:
                    raise fault
                return
            retries += 1
            exchange.context.last_error = None
            await exchange.world.clock.sleep(self.wait(retries, exchange))

    async def _attempt(self, exchange: Exchange) -> PolicyFault | None:
        """The policies once; the failed attempt in them, if the condition is asked after such a one."""
        assume = exchange.world.assume
        failed = None
        for one in self.steps.placed:
            try:
                rest = one.run(exchange)
                if rest is not None:
                    await rest
            except PolicyFault as fault:
                if not fault.attempt or (fault.answer is None and assume.raised_in_retry == "on-error"):
                    raise
                fault.place = exchange.at
                if assume.last_error_in_retry == "set":
                    exchange.context.last_error = last_error(exchange, fault)
                failed = failed or fault
                if assume.after_raise == "skipped":
                    break
        return failed

    async def _again(self, exchange: Exchange) -> bool:
        if self.reads_answer:
            await exchange.hold_answer()
        exchange.at = self.place
        return self.condition(exchange.context)

    def wait(self, retry: int, exchange: Exchange) -> float:
        """Seconds before that retry, counted from 1.

        With delta alone the wait grows by delta each time; with max-interval too it doubles. The page's formula and
        its example differ; the example (10, 20, 40, 80 for interval and delta 10) is followed.
        """
        context = exchange.context
        if retry == 1 and self.first_fast(context):
            return 0.0
        interval = float(self.interval(context))
        if self.delta is None:
            return interval
        delta = self.delta(context)
        if self.max_interval is None:
            return interval + (retry - 1) * delta
        grown = interval + (2 ** (retry - 1) - 1) * delta * exchange.world.chance.uniform(0.8, 1.2)
        return min(float(self.max_interval(context)), grown)
