"""The run: what is done to the twin and when, and what is seen meanwhile."""

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from .calls import ID, Callers, Tally
from .twin import ACCOUNTS, Holdings, Twin

BETWEEN_FAULTS = 3.0  # seconds on average
SETTLED_WITHIN = 15.0  # seconds after the last call
EFFECTS: tuple[dict[str, Any], ...] = (
    *({"connection": name} for name in ("refused", "dns", "tls", "reset", "hang")),
    *({"status": 429, "retryAfter": seconds} for seconds in (1, 5)),
    *({"status": status} for status in (429, 500, 503)),
    *({"latency": 1.0}, {"tokensPerSecond": 20}, {"cutAfter": 2}, {"identity": "refused"}, {"tokensPerMinute": 10_000}),
)


@dataclass
class Report:
    """`twice` are calls that an account has answered although one had answered them before."""

    capacity: float
    rate: float
    tally: Tally
    before: Holdings
    after: Holdings
    memory: list[float] = field(default_factory=list)
    faults: int = 0
    twice: list[str] = field(default_factory=list)
    checked: int = 0

    @property
    def growth(self) -> float:
        """Megabytes by which the last quarter of the run had more than the second: the first fills caches."""
        quarter = max(1, len(self.memory) // 4)
        return statistics.median(self.memory[-quarter:]) - statistics.median(self.memory[quarter : 2 * quarter])


async def soak(twin: Twin, seconds: float, warm_up: float, say: Callable[[str], None]) -> Report:
    connector = aiohttp.TCPConnector(limit=0)
    before = await asyncio.to_thread(twin.holdings)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout()) as session:
        callers = Callers(twin, session)
        capacity = await callers.capacity(warm_up)
        report = Report(capacity, capacity / 2, callers.tally, before, before)
        flow = asyncio.create_task(callers.flow(report.rate, seconds))
        began = time.monotonic()
        trouble = asyncio.create_task(_trouble(twin, report))
        answered = Counter[str]()
        while not flow.done():
            await asyncio.wait([flow], timeout=max(0.5, seconds / 60))
            await asyncio.to_thread(_look, twin, report, answered)
            say(f"{time.monotonic() - began:.0f} of {seconds:.0f} s: {_told(report)}")
        trouble.cancel()
        await asyncio.wait([trouble])
        if not trouble.cancelled():
            await trouble
        await flow
    await asyncio.to_thread(twin.heal)
    report.twice = sorted(call for call, times in answered.items() if times > 1)
    report.after = await asyncio.to_thread(_settled, twin, before)
    return report


def _told(report: Report) -> str:
    tally = report.tally
    ends = ", ".join(f"{count} {end}" for end, count in sorted(tally.ends.items()))
    held = f"{report.faults} faults; {report.memory[-1]:.0f} MB"
    return f"{tally.started} calls, {tally.under_way} under way, {ends}; {held}"


async def _trouble(twin: Twin, report: Report) -> None:
    chance = random.Random(1)
    while True:
        await asyncio.sleep(chance.expovariate(1 / BETWEEN_FAULTS))
        effect = {**chance.choice(EFFECTS), "for": chance.uniform(1, 5)}
        await asyncio.to_thread(twin.break_, chance.choice(ACCOUNTS), **effect)
        report.faults += 1


def _look(twin: Twin, report: Report, answered: Counter[str]) -> None:
    visits = twin.take_visits()
    report.checked += len(visits)
    answered.update(one["headers"][ID] for one in visits if one["outcome"] == "answered" and one["status"] < 400)
    report.memory.append(twin.holdings().megabytes)


def _settled(twin: Twin, before: Holdings) -> Holdings:
    """What it holds when it holds no more than before, or when that does not come."""
    given_up = time.monotonic() + SETTLED_WITHIN
    while (after := twin.holdings()) and time.monotonic() < given_up:
        if after.callers == 0 and after.tasks <= before.tasks and after.descriptors <= before.descriptors:
            break
        time.sleep(0.2)
    return after
