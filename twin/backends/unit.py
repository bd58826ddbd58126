"""One gateway unit: the breakers of all backends, and whose turn it is in each pool. Units share nothing.

A breaker belongs to its backend, so all pools that have the backend as a member see the same one.
https://learn.microsoft.com/azure/api-management/backends#limitations
"""

from collections.abc import Mapping
from typing import Any

from ..assumptions import Assumptions
from ..chance import Chance
from .backend import AnyBackend, Backend, BackendPool
from .breaker import Breaker
from .pool import Pool


class AllOpen(Exception):
    """No breaker that would let a request through is closed; `seconds` until the first of them closes."""

    def __init__(self, backend: str, seconds: float) -> None:
        super().__init__(f"Backend '{backend}' is temporarily unavailable.")
        self.seconds = seconds


class NoSuchBackend(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(f"Backend with id '{name}' could not be found.")


class Unit:
    """State of one unit. Names compare without regard to case, as ARM's do."""

    def __init__(self, name: str, chance: Chance, assume: Assumptions) -> None:
        self.name = name
        self.breakers: dict[str, Breaker] = {}
        self._assume = assume
        self._chance = chance
        self._backends: Mapping[str, AnyBackend] = {}
        self._pools: dict[str, Pool] = {}

    def configure(self, backends: Mapping[str, AnyBackend]) -> None:
        """What the unit knows from now on, by name in lower case.

        A breaker whose rule has not changed keeps its state, and so does a pool with the same members.
        """
        self._backends = backends
        rules = {name: one.rule for name, one in backends.items() if isinstance(one, Backend) and one.rule}
        self.breakers = {
            name: known if (known := self.breakers.get(name)) and known.rule == rule else Breaker(rule, self._assume)
            for name, rule in rules.items()
        }
        pools = {name: one for name, one in backends.items() if isinstance(one, BackendPool)}
        self._pools = {name: self._pool(name, pool) for name, pool in pools.items()}

    def choose(self, name: str, now: float) -> Backend:
        """The backend for the next attempt at a backend or pool. Raises AllOpen or NoSuchBackend."""
        found = self._backends.get(name.lower())
        if isinstance(found, BackendPool):
            member = self._pools[name.lower()].choose(lambda member: self._is_available(member, now))
            if member is None:
                raise AllOpen(name, self.seconds_open(name, now))
            found = self._backends.get(member.backend.lower())
        elif found is not None and not self._is_available(name, now):
            raise AllOpen(name, self.seconds_open(name, now))
        if not isinstance(found, Backend):
            raise NoSuchBackend(name)
        return found

    def seconds_open(self, name: str, now: float) -> float:
        """Seconds until a backend's breaker closes, or until a pool has the first closed one; 0 where it is closed."""
        found = self._backends.get(name.lower())
        names = [one.backend for one in found.members] if isinstance(found, BackendPool) else [name]
        breakers = [self.breakers.get(one.lower()) for one in names]
        return min((breaker.seconds_open(now) if breaker else 0.0 for breaker in breakers), default=0.0)

    def breaker(self, backend: Backend) -> Breaker | None:
        return self.breakers.get(backend.name.lower())

    def _is_available(self, name: str, now: float) -> bool:
        breaker = self.breakers.get(name.lower())
        return breaker is None or breaker.is_closed(now)

    def _pool(self, name: str, wanted: BackendPool) -> Pool:
        known = self._pools.get(name)
        if known is not None and known.members == wanted.members:
            return known
        at_random = self._assume.member_choice == "weighted-random"
        return Pool(wanted.members, self._chance.stream(f"pool {name} of unit {self.name}"), at_random=at_random)

    def __repr__(self) -> str:
        parts: list[Any] = [f"{name} {breaker!r}" for name, breaker in self.breakers.items()]
        return f"<Unit {self.name}: {', '.join(parts) or 'no breakers'}>"
