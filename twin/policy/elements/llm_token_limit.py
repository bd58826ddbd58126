"""https://learn.microsoft.com/azure/api-management/llm-token-limit-policy"""

from dataclasses import dataclass
from typing import Self

from ..budgets import Budget, PerMinute, Quota, window
from ..compiler import Source, Value, element
from ..exchange import Exchange
from ..fault import PolicyFault
from ..limits import Told, refusal
from ..usage import Usage, asked, is_streamed, when_answered


@element("llm-token-limit", "azure-openai-token-limit")
@dataclass(frozen=True)
class LlmTokenLimit:
    """Tokens of a key: in a minute, beyond which a call is refused with 429, and in a longer period, with 403.

    The prompt is counted when a call comes in, if it is to be estimated or the answer is streamed; the rest when the
    answer is known. What an answer does not tell stays as it was estimated.
    """

    key: Value[str]
    per_minute: Value[int] | None
    quota: Value[int] | None
    period: Value[str]
    estimate: Value[bool]
    retry_after: Told
    remaining: Told
    remaining_quota: Told
    consumed: Told

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(
            key=source.text("counter-key"),
            per_minute=source.whole("tokens-per-minute") if source.has("tokens-per-minute") else None,
            quota=source.whole("token-quota") if source.has("token-quota") else None,
            period=source.text("token-quota-period", "Monthly"),
            estimate=source.boolean("estimate-prompt-tokens"),
            retry_after=Told.compiled(source, "retry-after", "Retry-After"),
            remaining=Told.compiled(source, "remaining-tokens"),
            remaining_quota=Told.compiled(source, "remaining-quota-tokens"),
            consumed=Told.compiled(source, "tokens-consumed"),
        )

    def run(self, exchange: Exchange) -> None:
        budgets, request = self._budgets(exchange), asked(exchange.request)
        prompt = request.prompt if self.estimate(exchange.context) or request.streamed else 0
        for budget, _ in budgets:
            left = budget.left(exchange.now())
            if left <= 0 or left < prompt:
                raise self._refused(exchange, budget, prompt)
        self._spend(exchange, budgets, prompt)
        self.consumed.in_variable(exchange, prompt)
        exchange.after_backend.append(lambda: self._correct(exchange, budgets, prompt, request.prompt))

    def _budgets(self, exchange: Exchange) -> list[tuple[Budget, Told]]:
        """What there is to spend, and where it is told."""
        context, region = exchange.context, exchange.world.region
        key = f"tokens {self.key(context)}"
        found: list[tuple[Budget, Told]] = []
        if self.per_minute is not None:
            found.append((PerMinute(region.rates, key, self.per_minute(context)), self.remaining))
        if self.quota is not None:
            period = self.period(context)
            began, ends = window(period, exchange.now())
            quota = Quota(region.quotas, f"{key} {period.lower()}", self.quota(context), began, ends)
            found.append((quota, self.remaining_quota))
        return found

    def _refused(self, exchange: Exchange, budget: Budget, prompt: int) -> PolicyFault:
        seconds = budget.seconds_left(exchange.now()) if prompt <= budget.most else None
        return refusal(exchange, budget.status, budget.reason, budget.message, self.retry_after, seconds)

    def _spend(self, exchange: Exchange, budgets: list[tuple[Budget, Told]], tokens: int) -> None:
        for budget, told in budgets:
            budget.spend(tokens, exchange.now())
            told.in_variable(exchange, budget.left(exchange.now()))

    async def _correct(self, exchange: Exchange, budgets: list[tuple[Budget, Told]], counted: int, prompt: int) -> None:
        """Count what the answer says in place of what was counted so far, and tell of it in the answer's head.

        The head of a stream can tell of the prompt only.
        """

        streamed = exchange.response is not None and is_streamed(exchange.response)

        def count(usage: Usage) -> None:
            self._spend(exchange, budgets, usage.total - counted)
            self.consumed.in_variable(exchange, usage.total)
            if not streamed:
                self.consumed.in_header(exchange, usage.total)

        if streamed:
            self.consumed.in_header(exchange, counted)
        await when_answered(exchange, counted or prompt, count)
        for budget, told in budgets:
            told.in_header(exchange, budget.left(exchange.now()))
