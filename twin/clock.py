"""Time, as one small interface with two faces: the machine's clock and a virtual one.

Everything that waits or looks at the time does so through a `Clock` it was given. The same coroutines therefore run
under asyncio behind real sockets and, without any sleeping, from a heap of moments in tests and simulations.
"""

import asyncio
import contextlib
import heapq
import itertools
import time
from collections.abc import Coroutine, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
NEVER = float("inf")


class TimeUp(Exception):
    """The work was not done within its time, and has been ended."""


class Ended(BaseException):
    """Thrown into work on virtual time where it waits, when nobody wants it any more: asyncio's CancelledError.

    To close a coroutine would not do: Python then leaves an async generator that it waits for as it is, unended.
    """


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the Unix epoch."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed; at once for zero and less."""
        ...

    async def within(self, seconds: float, work: Coroutine[Any, Any, T]) -> T:
        """What `work` gives. Raises TimeUp, and ends the work, when that takes longer than `seconds`."""
        ...

    async def together(self, *works: Coroutine[Any, Any, T]) -> list[T]:
        """What all of the works give, done at the same time; an exception in one of them ends the others."""
        ...

    async def first(self, *works: Coroutine[Any, Any, T]) -> T:
        """What the first of the works to be done gives; the others are ended."""
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

    async def within(self, seconds: float, work: Coroutine[Any, Any, T]) -> T:
        limit = asyncio.timeout(seconds)
        try:
            async with limit:
                return await work
        except TimeoutError:
            if not limit.expired():
                raise
            raise TimeUp from None

    async def together(self, *works: Coroutine[Any, Any, T]) -> list[T]:
        tasks = [asyncio.ensure_future(work) for work in works]
        try:
            return await asyncio.gather(*tasks)
        finally:
            await _ended(tasks)

    async def first(self, *works: Coroutine[Any, Any, T]) -> T:
        tasks = [asyncio.ensure_future(work) for work in works]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return next(task for task in tasks if task in done).result()
        finally:
            await _ended(tasks)


async def _ended(tasks: Sequence[asyncio.Future[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Work:
    """A coroutine that runs on a virtual clock.

    `watched` work hands its failure to whoever waits for it. `turn` counts how often it was resumed: work that waits
    for several things at once is resumed by the first of them, and the others come too late.
    """

    __slots__ = ("coroutine", "ended", "error", "result", "turn", "waiters", "watched")

    def __init__(self, coroutine: Coroutine[Any, Any, Any], *, watched: bool) -> None:
        self.coroutine = coroutine
        self.watched = watched
        self.ended = False
        self.result: Any = None
        self.error: Exception | None = None
        self.turn = 0
        self.waiters: list[tuple[Work, int]] = []

    def end(self) -> None:
        """Stop it where it is; its `finally` blocks run, and may not wait for anything."""
        if self.ended:
            return
        self.ended = True
        with contextlib.suppress(Ended, StopIteration):
            self.coroutine.throw(Ended)
            raise RuntimeError(f"{self.coroutine!r} waits although it has been ended")

    def outcome(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.result


@dataclass(frozen=True, slots=True)
class Until:
    """What a coroutine on virtual time waits for: a moment, or the end of any of these works if that comes first."""

    moment: float
    works: tuple[Work, ...] = ()

    def __await__(self) -> Generator["Until", None, None]:
        yield self


class VirtualClock:
    """A clock that jumps from one moment that somebody waits for to the next.

    Work that is due at the same moment runs in the order in which it was started, so that a run is the same each
    time. The default start is a round number, which keeps those in failing tests readable.
    """

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        self._now = start
        self._due: list[tuple[float, int, Work, int]] = []
        self._order = itertools.count()

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            await Until(self._now + seconds)

    async def within(self, seconds: float, work: Coroutine[Any, Any, T]) -> T:
        begun = self._begin(work)
        try:
            await Until(self._now + seconds, (begun,))
            if not begun.ended:
                raise TimeUp
            return begun.outcome()
        finally:
            begun.end()

    async def together(self, *works: Coroutine[Any, Any, T]) -> list[T]:
        begun = [self._begin(work) for work in works]
        try:
            while under_way := tuple(work for work in begun if not work.ended):
                await Until(NEVER, under_way)
                if any(work.error for work in begun):
                    break
            return [work.outcome() for work in begun]
        finally:
            for work in begun:
                work.end()

    async def first(self, *works: Coroutine[Any, Any, T]) -> T:
        begun = tuple(self._begin(work) for work in works)
        try:
            await Until(NEVER, begun)
            return next(work for work in begun if work.ended).outcome()
        finally:
            for work in begun:
                work.end()

    def start(self, work: Coroutine[Any, Any, Any], at: float | None = None) -> None:
        """Begin `work` at the moment `at`, or now."""
        moment = self._now if at is None else at
        if moment < self._now:
            raise ValueError(f"work cannot begin at {moment}: it is {self._now} already")
        self._plan(moment, Work(work, watched=False))

    def run(self, until: float | None = None) -> None:
        """Do all that is due, to the end or up to the moment `until`; an exception in any work ends the run."""
        while self._due and (until is None or self._due[0][0] <= until):
            moment, _, work, turn = heapq.heappop(self._due)
            if work.ended or work.turn != turn:
                continue  # what it waited for here came too late: no time passes for it
            self._now = moment
            self._resume(work)
        if until is not None:
            self._now = max(self._now, until)

    def _begin(self, coroutine: Coroutine[Any, Any, Any]) -> Work:
        work = Work(coroutine, watched=True)
        self._plan(self._now, work)
        return work

    def _plan(self, moment: float, work: Work) -> None:
        heapq.heappush(self._due, (moment, next(self._order), work, work.turn))

    def _resume(self, work: Work) -> None:
        work.turn += 1
        try:
            waits_for: Until = work.coroutine.send(None)
        except StopIteration as end:
            work.result = end.value
        except Exception as error:
            if not work.watched:
                raise
            work.error = error
        else:
            for other in waits_for.works:
                other.waiters.append((work, work.turn))
            if waits_for.moment < NEVER:
                self._plan(waits_for.moment, work)
            return
        work.ended = True
        for waiter, turn in work.waiters:
            if not waiter.ended and waiter.turn == turn:
                self._plan(self._now, waiter)
