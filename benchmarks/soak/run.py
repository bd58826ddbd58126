"""The run: what is done to the twin and when, and what is seen meanwhile."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from .calls import ID, Callers, Tally
from .twin import ACCOUNTS, Holdings, Twin

BETWEEN_FAULTS = 2.0  # seconds on average
EFFECTS: tuple[dict[str, Any], ...] = (
    *({"connection": name} for name in ("refused", "dns", "tls", "reset", "hang")),
    *({"status": 429, "retryAfter": seconds} for seconds in (1, 5)),
    *({"status": status} for status in (429, 500, 503)),
    *({"latency": 1.0}, {"tokensPerSecond": 20}, {"cutAfter": 2}, {"identity": "refused"}, {"tokensPerMinute": 10_000}),
)


@dataclass(frozen=True)
class Plan:
    """`rounds` of load, each followed by rest: until all is as before, or for `rest` seconds."""

    seconds: float
    rounds: int
    rest: float
    warm_up: float


@dataclass
class Report:
    """`held` is what the twin held before the load and at rest after each round; `twice` are calls that an account has
    answered although one had answered them before, of `checked` requests to accounts."""

    capacity: float
    tally: Tally
    held: list[Holdings]
    faults: int = 0
    twice: list[str] = field(default_factory=list)
    checked: int = 0

    @property
    def rate(self) -> float:
        return self.capacity / 2


async def soak(twin: Twin, plan: Plan, say: Callable[[str], None]) -> Report:
    tally, seen = Tally(), Counter[str]()
    report = Report(0.0, tally, [await asyncio.to_thread(twin.holdings)])
    chance = random.Random(1)
    async with _session() as session:
        report.capacity = await Callers(twin, session, tally, chance).capacity(plan.warm_up)
    for number in range(plan.rounds):
        async with _session() as session, asyncio.TaskGroup() as group:
            trouble = group.create_task(_trouble(twin, report, chance))
            flow = Callers(twin, session, tally, chance).flow(report.rate, plan.seconds / plan.rounds)
            load = group.create_task(flow)
            while not load.done():
                await asyncio.wait([load], timeout=1)
                await asyncio.to_thread(_look, twin, report, seen)
                say(f"round {number + 1} of {plan.rounds}: {_told(report)}")
            trouble.cancel()
        report.held.append(await asyncio.to_thread(_at_rest, twin, report.held[0], plan.rest))
    report.twice = sorted(call for call, times in seen.items() if times > 1)
    return report


@asynccontextmanager
async def _session() -> AsyncIterator[aiohttp.ClientSession]:
    connector, timeout = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout()
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        yield session


def _told(report: Report) -> str:
    tally = report.tally
    ends = ", ".join(f"{count} {end}" for end, count in sorted(tally.ends.items()))
    return f"{tally.started} calls, {tally.under_way} under way, {ends}; {report.faults} faults"


async def _trouble(twin: Twin, report: Report, chance: random.Random) -> None:
    """Each effect comes once before any comes again."""
    while True:
        for effect in chance.sample(EFFECTS, len(EFFECTS)):
            await asyncio.sleep(chance.expovariate(1 / BETWEEN_FAULTS))
            account = chance.choice((ACCOUNTS[0], *ACCOUNTS))  # most calls go to the first
            await asyncio.to_thread(twin.break_, account, **effect, **{"for": chance.uniform(1, 5)})
            report.faults += 1


def _look(twin: Twin, report: Report, seen: Counter[str]) -> None:
    visits = twin.take_visits()
    report.checked += len(visits)
    seen.update(one["headers"][ID] for one in visits if one["outcome"] == "answered" and one["status"] < 400)


def _at_rest(twin: Twin, before: Holdings, seconds: float) -> Holdings:
    """What it holds when it is healed and holds no more than before, or when that does not come."""
    twin.heal()
    twin.take_visits()
    given_up = time.monotonic() + seconds
    while (held := twin.holdings()) and time.monotonic() < given_up:
        if held.connections == 0 and held.tasks <= before.tasks and held.descriptors <= before.descriptors:
            break
        time.sleep(0.5)
    return held
