"""Callers of the gateway, for demonstrations: so many calls a second, whatever becomes of the calls before.

An edge file: it has sockets and a thread of its own, so that whoever shows the traffic may wait and draw meanwhile.
"""

import asyncio
import contextlib
import threading
from collections import Counter
from types import TracebackType
from typing import Final, Self

import aiohttp

from .door import Door

_PATIENCE: Final = 30.0  # seconds for an answer, after which a call counts as unanswered
_LAST_CALLS: Final = 5.0  # seconds for the calls under way when the traffic ends


class Traffic:
    """Flows inside a with-block. `answers` counts the callers' answers by status, those without one under 0."""

    def __init__(self, door: Door, rate: float) -> None:
        self.answers: Counter[int] = Counter()
        self._door = door
        self._rate = rate
        self._ended = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._flow()), name="traffic", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Returns when the calls under way have their answers."""
        self._ended.set()
        self._thread.join()

    async def _flow(self) -> None:
        calls: set[asyncio.Task[None]] = set()
        timeout, connector = aiohttp.ClientTimeout(total=_PATIENCE), aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
            loop = asyncio.get_running_loop()
            due = loop.time()
            while not self._ended.is_set():
                call = asyncio.create_task(self._call(session))
                calls.add(call)
                call.add_done_callback(calls.discard)
                due += 1 / self._rate
                await asyncio.sleep(due - loop.time())
            if calls:
                await asyncio.wait(calls, timeout=_LAST_CALLS)

    async def _call(self, session: aiohttp.ClientSession) -> None:
        status = 0
        with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
            async with session.post(self._door.url, headers=self._door.headers, data=self._door.body) as answer:
                await answer.read()
                status = answer.status
        self.answers[status] += 1
