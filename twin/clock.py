"""Time, as one small interface with two faces: the machine's clock and a virtual one.

Everything that waits or looks at the time does so through a `Clock` it was given. The same coroutines therefore run
under asyncio behind real sockets and, without any sleeping, from a heap of moments in tests and simulations.
"""

import asyncio
import heapq
import itertools
import time
from collections.abc import Coroutine, Generator
from dataclasses import dataclass
from typing import Any, Protocol


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the Unix epoch."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed; at once for zero and less."""
        ...


class RealClock:
    """The machine's clock.

    It is read from the wall clock once and moves on with the monotonic one, so that a correction of the machine's
    time closes no breaker early.
    """

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def now(self) -> float:
        return self._offset + time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))


@dataclass(frozen=True)
class Until:
    """What a coroutine on virtual time waits for: its moment."""

    moment: float

    def __await__(self) -> Generator["Until", None, None]:
        yield self


class VirtualClock:
    """A clock that jumps from one moment that somebody waits for to the next.

    Work that is due at the same moment runs in the order in which it was started, so that a run is the same each
    time. The default start is a whole hour, which keeps numbers in failing tests readable.
    """

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        self._now = start
        self._due: list[tuple[float, int, Coroutine[Until, None, Any]]] = []
        self._order = itertools.count()

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            await Until(self._now + seconds)

    def start(self, work: Coroutine[Any, Any, Any], at: float | None = None) -> None:
        """Begin `work` at the moment `at`, or now."""
        moment = self._now if at is None else at
        if moment < self._now:
            raise ValueError(f"work cannot begin at {moment}: it is {self._now} already")
        heapq.heappush(self._due, (moment, next(self._order), work))

    def run(self, until: float | None = None) -> None:
        """Do all that is due, to the end or up to the moment `until`; an exception in any work ends the run."""
        while self._due and (until is None or self._due[0][0] <= until):
            self._now, _, work = heapq.heappop(self._due)
            try:
                waits_for = work.send(None)
            except StopIteration:
                continue
            self.start(work, at=waits_for.moment)
        if until is not None:
            self._now = max(self._now, until)
