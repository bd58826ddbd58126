"""The gateway's built-in cache: values by key until they expire. Volatile, unlocked, one for a region.

https://learn.microsoft.com/azure/api-management/api-management-howto-cache
"""

from typing import Any

MOST_ENTRIES = 10_000


class Cache:
    """Expired entries go when they are looked up, and all of them when the cache is full; then the oldest go."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[float, Any]] = {}

    def get(self, key: str, now: float, default: Any = None) -> Any:
        entry = self._entries.get(key)
        if entry is None:
            return default
        if entry[0] <= now:
            del self._entries[key]
            return default
        return entry[1]

    def store(self, key: str, value: Any, seconds: float, now: float) -> None:
        self._entries.pop(key, None)  # so that the order is that of the stores
        if len(self._entries) >= MOST_ENTRIES:
            self._make_room(now)
        self._entries[key] = (now + seconds, value)

    def remove(self, key: str) -> None:
        self._entries.pop(key, None)

    def _make_room(self, now: float) -> None:
        self._entries = {key: entry for key, entry in self._entries.items() if entry[0] > now}
        while len(self._entries) >= MOST_ENTRIES:
            del self._entries[next(iter(self._entries))]
