"""Counters of rate limits and token limits, by key.

Rates are counted in a sliding window, as documented for the classic tiers (the v2 tiers have a token bucket; both are
called approximate). Quotas are counted in fixed windows that begin with the hour, day, week, month or year in UTC.
https://learn.microsoft.com/azure/api-management/rate-limit-by-key-policy
https://learn.microsoft.com/azure/api-management/llm-token-limit-policy
"""

from collections import deque
from dataclasses import dataclass, field

MOST_KEYS = 10_000
_STEPS = 1000  # what is counted within a thousandth of the window is counted as one: so long is the memory of a key


@dataclass(slots=True)
class _Window:
    seconds: float
    counted: deque[tuple[float, float]] = field(default_factory=deque)
    total: float = 0.0

    def forget(self, now: float) -> None:
        while self.counted and self.counted[0][0] <= now - self.seconds:
            self.total -= self.counted.popleft()[1]
        if not self.counted:
            self.total = 0.0


class Rates:
    """How much was counted by key in the last `seconds`."""

    def __init__(self) -> None:
        self._windows: dict[str, _Window] = {}

    def count(self, key: str, seconds: float, now: float) -> float:
        return max(0.0, self._window(key, seconds, now).total)

    def add(self, key: str, amount: float, seconds: float, now: float) -> None:
        window = self._window(key, seconds, now)
        window.total += amount
        if window.counted and now - window.counted[-1][0] < seconds / _STEPS:
            moment, before = window.counted.pop()
            window.counted.append((moment, before + amount))
        else:
            window.counted.append((now, amount))

    def seconds_left(self, key: str, seconds: float, now: float) -> float:
        """Until the oldest of what is counted is counted no more."""
        counted = self._window(key, seconds, now).counted
        return counted[0][0] + seconds - now if counted else 0.0

    def _window(self, key: str, seconds: float, now: float) -> _Window:
        window = self._windows.get(key)
        if window is None or window.seconds != seconds:
            if len(self._windows) >= MOST_KEYS:
                self._make_room(now)
            window = self._windows[key] = _Window(seconds)
        window.forget(now)
        return window

    def _make_room(self, now: float) -> None:
        """The keys of which nothing is counted any more go, else the oldest one."""
        for window in self._windows.values():
            window.forget(now)
        self._windows = {key: window for key, window in self._windows.items() if window.counted}
        while len(self._windows) >= MOST_KEYS:
            del self._windows[next(iter(self._windows))]


class Quotas:
    """How much was counted by key in the window that began at a moment, which is known from outside."""

    def __init__(self) -> None:
        self._counted: dict[str, tuple[float, float]] = {}

    def count(self, key: str, began: float) -> float:
        window, amount = self._counted.get(key, (began, 0.0))
        return amount if window == began else 0.0

    def add(self, key: str, amount: float, began: float) -> None:
        self._counted[key] = (began, max(0.0, self.count(key, began) + amount))
