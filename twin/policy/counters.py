"""Counters of rate limits and token limits, by key: how much was counted in the period that is running.

A period begins with the first thing counted in it, and everything is forgotten at its end. Microsoft documents a
sliding window for the classic tiers and a token bucket for the v2 ones, and calls both approximate.
https://learn.microsoft.com/azure/api-management/rate-limit-by-key-policy
"""

from dataclasses import dataclass


@dataclass
class _Period:
    began: float
    seconds: float
    count: float = 0.0


class Counters:
    def __init__(self) -> None:
        self._periods: dict[str, _Period] = {}

    def count(self, key: str, seconds: float, now: float) -> float:
        """What has been counted in the running period, which lasts `seconds`."""
        return self._running(key, seconds, now).count

    def add(self, key: str, amount: float, seconds: float, now: float) -> None:
        self._running(key, seconds, now).count += amount

    def seconds_left(self, key: str, seconds: float, now: float) -> float:
        """Until the running period ends and the count is 0 again."""
        running = self._running(key, seconds, now)
        return running.began + running.seconds - now

    def _running(self, key: str, seconds: float, now: float) -> _Period:
        running = self._periods.get(key)
        if running is None or running.seconds != seconds or now >= running.began + seconds:
            running = self._periods[key] = _Period(now, seconds)
        return running
