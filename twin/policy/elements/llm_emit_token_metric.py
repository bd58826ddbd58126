"""https://learn.microsoft.com/azure/api-management/llm-emit-token-metric-policy"""

from dataclasses import dataclass
from typing import Self

from ...journal import Measured
from ..compiler import Source, element
from ..dimensions import DEFAULT_NAMESPACE, Dimension, dimensions
from ..exchange import Exchange
from ..place import Place
from ..usage import Usage, asked, when_answered


@element("llm-emit-token-metric", "azure-openai-emit-token-metric")
@dataclass(frozen=True)
class LlmEmitTokenMetric:
    """The tokens of a call for Application Insights, once they are known; on the twin they go into the journal."""

    namespace: str
    dimensions: tuple[Dimension, ...]
    place: Place
    reads_answer: bool

    @classmethod
    def compiled(cls, source: Source) -> Self:
        namespace, found = source.literal("namespace", DEFAULT_NAMESPACE), dimensions(source)
        return cls(namespace, found, source.place, source.reads_answer)

    def run(self, exchange: Exchange) -> None:
        request = asked(exchange.request)

        async def measure() -> None:
            exchange.at = self.place
            if self.reads_answer:
                await exchange.hold_answer()
            pairs = tuple(one.pair(exchange) for one in self.dimensions)
            await when_answered(exchange, request.prompt, lambda usage: self._record(exchange, usage, pairs))

        exchange.after_backend.append(measure)

    def _record(self, exchange: Exchange, usage: Usage, pairs: tuple[tuple[str, str], ...]) -> None:
        moment, call = exchange.now(), exchange.context.request_id
        numbers = {"Total": usage.total, "Prompt": usage.prompt, "Completion": usage.completion}
        for kind, number in numbers.items():
            name = f"{kind} Tokens"
            exchange.world.record(Measured(moment, call, self.namespace, name, float(number), pairs))
