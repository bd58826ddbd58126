"""Callers of the gateway: as many as it can carry, to learn how many that are; then so many a second."""

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import aiohttp

from .twin import Twin

CHAT = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"
ID = "x-call"
PATIENCE = 20.0  # seconds; longer than any call may take
STREAMED, HUNG_UP = 0.25, 0.02  # the parts of the calls that ask for a stream, and that do not wait for the answer
ANSWERED, BROKEN, GAVE_UP, LOST, WRONG = "answered", "broken off", "hung up", "lost", "wrong"


@dataclass
class Tally:
    """What became of the calls. `answers` counts whole answers by their status."""

    ends: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    started: int = 0
    ids: Iterator[int] = field(default_factory=itertools.count)

    @property
    def under_way(self) -> int:
        return self.started - self.ends.total()


class WrongAnswer(Exception):
    """An answer that no caller should get."""


class Callers:
    def __init__(self, twin: Twin, session: aiohttp.ClientSession, tally: Tally, chance: random.Random) -> None:
        self._twin = twin
        self._session = session
        self._chance = chance
        self._tally = tally

    async def capacity(self, seconds: float, connections: int = 16) -> float:
        """Calls a second, where each connection sends its next call when its answer has come."""
        until, answered = time.monotonic() + seconds, 0

        async def one_after_the_other() -> None:
            nonlocal answered
            while time.monotonic() < until:
                await self._answer(stream=False)
                answered += 1

        await asyncio.gather(*(one_after_the_other() for _ in range(connections)))
        return answered / seconds

    async def flow(self, rate: float, seconds: float) -> None:
        """`rate` calls a second on average, whatever becomes of those before. Returns when each has come to its end."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        until = due + seconds
        async with asyncio.TaskGroup() as calls:
            while (due := due + self._chance.expovariate(rate)) < until:
                await asyncio.sleep(due - loop.time())
                calls.create_task(self._call())

    async def _call(self) -> None:
        self._tally.started += 1
        stream, hangs_up = self._chance.random() < STREAMED, self._chance.random() < HUNG_UP
        patience = self._chance.uniform(0, 0.05) if hangs_up else PATIENCE
        end = ANSWERED
        try:
            async with asyncio.timeout(patience):
                self._tally.answers[await self._answer(stream=stream)] += 1
        except TimeoutError:
            end = GAVE_UP if hangs_up else LOST
        except aiohttp.ClientPayloadError:
            end = BROKEN
        except WrongAnswer:
            end = WRONG
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            end = LOST
        self._tally.ends[end] += 1

    async def _answer(self, *, stream: bool) -> int:
        body = json.dumps({"messages": [{"role": "user", "content": "hello"}], "stream": stream, "max_tokens": 20})
        headers = {"api-key": self._twin.key, ID: str(next(self._tally.ids))}
        async with self._session.post(self._twin.gateway + CHAT, data=body, headers=headers) as answer:
            check(answer.status, await answer.read(), stream=stream)
            return answer.status


def check(status: int, content: bytes, *, stream: bool) -> None:
    """Raises WrongAnswer for one that is not whole although it looks so, or no answer of the gateway's contract."""
    if status == 200 and stream:
        right = content.endswith(b"data: [DONE]\n\n")
    else:
        try:
            body = json.loads(content)
            right = "choices" in body if status == 200 else body["error"]["code"] == str(status)
        except (ValueError, KeyError, TypeError):
            right = False
    if not right:
        raise WrongAnswer(status, content[:200])
