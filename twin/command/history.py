"""Looks at the gateway over the last seconds, from which come calls a second and shares. Pure."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from .look import Look, Pool, Service, Trouble, since

SPAN: Final = 3.0  # seconds that rates and shares are taken over


@dataclass(frozen=True)
class View:
    """A service as it is: `sums` since the start, and what it did in the last `seconds`; 0 where that is not known."""

    now: float
    sums: Service
    recent: Service
    seconds: float
    trouble: tuple[Trouble, ...]

    def rate(self, count: int) -> float:
        """A number of the last seconds, by the second."""
        return count / self.seconds if self.seconds else 0.0

    def share(self, pool: Pool, backend: str) -> float:
        """The part of a pool's calls that a member has served lately."""
        total = sum(self.recent.backends[one.backend].served for one in pool.members)
        return self.recent.backends[backend].served / total if total else 0.0


@dataclass
class History:
    """`add` takes each look in turn, with the process id of the twin: sums begin anew with another one."""

    _looks: deque[tuple[int, Look]] = field(default_factory=deque)

    def add(self, look: Look, pid: int) -> None:
        if self._looks and self._looks[-1][0] != pid:
            self._looks.clear()
        self._looks.append((pid, look))
        while look.now - self._looks[0][1].now > SPAN:
            self._looks.popleft()

    def view(self, service: str | None) -> View:
        """The latest look beside the oldest one. Raises CommandError where there is no such service."""
        latest, oldest = self._looks[-1][1], self._looks[0][1]
        sums = latest.service(service)
        earlier = next((one for one in oldest.services if one.name == sums.name), None)
        seconds = latest.now - oldest.now if earlier else 0.0
        return View(latest.now, sums, since(sums, earlier), seconds, latest.trouble)
