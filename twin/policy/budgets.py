"""What is left of the tokens of a key: in any minute, and in a quota's period.

https://learn.microsoft.com/azure/api-management/llm-token-limit-policy
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from .counters import Quotas, Rates

_MINUTE = 60.0


@dataclass(frozen=True)
class PerMinute:
    """`status`, `reason` and `message` are those of the refusal when it is spent; the reason is not documented."""

    status: ClassVar = 429
    reason: ClassVar = "TokenLimitExceeded"
    message: ClassVar = "Token limit is exceeded."

    rates: Rates
    key: str
    most: int

    def left(self, now: float) -> int:
        return max(0, self.most - int(self.rates.count(self.key, _MINUTE, now)))

    def spend(self, tokens: int, now: float) -> None:
        if tokens:
            self.rates.add(self.key, tokens, _MINUTE, now)

    def seconds_left(self, now: float) -> float:
        return self.rates.seconds_left(self.key, _MINUTE, now)


@dataclass(frozen=True)
class Quota:
    """`began` and `ends` are the moments of its period; the rest is as with PerMinute."""

    status: ClassVar = 403
    reason: ClassVar = "TokenQuotaExceeded"
    message: ClassVar = "Token quota is exceeded."

    quotas: Quotas
    key: str
    most: int
    began: float
    ends: float

    def left(self, now: float) -> int:
        return max(0, self.most - int(self.quotas.count(self.key, self.began)))

    def spend(self, tokens: int, now: float) -> None:
        self.quotas.add(self.key, tokens, self.began)

    def seconds_left(self, now: float) -> float:
        return self.ends - now


Budget = PerMinute | Quota


def window(period: str, now: float) -> tuple[float, float]:
    """When the period that runs at `now` begins and ends, in UTC; weeks begin on Monday."""
    day = datetime.fromtimestamp(now, UTC).replace(minute=0, second=0, microsecond=0)
    match period.lower():
        case "hourly":
            return day.timestamp(), (day + timedelta(hours=1)).timestamp()
        case "daily":
            day = day.replace(hour=0)
            return day.timestamp(), (day + timedelta(days=1)).timestamp()
        case "weekly":
            day = day.replace(hour=0) - timedelta(days=day.weekday())
            return day.timestamp(), (day + timedelta(days=7)).timestamp()
        case "yearly":
            day = day.replace(month=1, day=1, hour=0)
            return day.timestamp(), day.replace(year=day.year + 1).timestamp()
        case _:
            day = day.replace(day=1, hour=0)
            return day.timestamp(), (day + timedelta(days=32)).replace(day=1).timestamp()
