"""One story, told on virtual time without sockets and on the machine's clock through them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import aiohttp
import pytest

from tests.support.simulated import reference_store
from twin.azure.identity import TENANT
from twin.backends.transport import SocketTransport
from twin.bearer import Issuer
from twin.chance import Chance
from twin.clock import RealClock
from twin.gateway.accounts import Accounts
from twin.gateway.gateway import Gateway, Surroundings
from twin.gateway.listener import GatewayListener
from twin.gateway.reach import account_of
from twin.journal import Attempt, Event
from twin.messages import Request
from twin.openai.faults import Fault
from twin.openai.listener import AccountsListener
from twin.openai.settings import Behaviour
from twin.simulation import Simulation
from twin.simulation.load import Arrival, steady
from twin.simulation.world import Happening

PRIMARY, SECOND, THIRD = "aoai-eus2-1", "aoai-eus-1", "aoai-eus-2"
SEED = 20
QUICK = Behaviour(first_token=0.001, tokens_per_second=1e6)
THREE_TO_ONE = [
    {"name": name, "account": {"name": name, "resourceGroup": "rg-openai"}, "priority": priority, "weight": weight}
    for name, priority, weight in ((PRIMARY, 1, 1), (SECOND, 2, 3), (THIRD, 2, 1))
]


@dataclass(frozen=True)
class Part:
    """So many calls, before which these accounts get these faults."""

    calls: int
    faults: tuple[tuple[str, Fault], ...] = ()


# No breaker closes again while it lasts, so that it means the same at any speed.
STORY = (
    Part(60),
    Part(120, ((PRIMARY, Fault(status=429, retry_after=600)),)),
    Part(100, ((SECOND, Fault(status=400, share=0.5)),)),
    Part(60, ((SECOND, Fault(status=503, retry_after=600)),)),
    Part(20, ((THIRD, Fault(status=429, retry_after=600)),)),
)


@dataclass
class Told:
    """What callers got, and which backends answered them well."""

    statuses: Counter[int] = field(default_factory=Counter)
    served: Counter[str] = field(default_factory=Counter)

    def hear(self, event: Event) -> None:
        if isinstance(event, Attempt) and event.status == 200:
            self.served[event.backend] += 1

    def share(self, backend: str) -> float:
        return self.served[backend] / self.served.total()

    def errors(self, status: int) -> float:
        return self.statuses[status] / self.statuses.total()


def on_virtual_time() -> Told:
    world = Simulation(reference_store(backends=THREE_TO_ONE), seed=SEED, behaviour=QUICK)
    loads: list[Arrival] = []
    happenings: list[Happening] = []
    for number, part in enumerate(STORY):
        loads += steady(100, part.calls / 100, begin=10 * number)
        for account, fault in part.faults:
            happenings.append(Happening(10 * number - 1, partial(break_, account, fault)))
    told = Told()
    for outcome in world.run(loads, happenings):
        told.statuses[outcome.status] += 1
        for attempt in outcome.attempts:
            told.hear(attempt)
    return told


def break_(account: str, fault: Fault, world: Simulation) -> None:
    found = world.accounts.named(account)
    assert found is not None
    found.faults.add(fault)


async def through_sockets() -> Told:
    store, told = reference_store(backends=THREE_TO_ONE), Told()
    clock, chance, issuer = RealClock(), Chance(SEED), Issuer(TENANT)
    accounts = Accounts(lambda: store, clock, chance, issuer, behaviour=QUICK)

    def address(request: Request) -> str:
        account_of(accounts.at, request)
        return behind.url

    behind, transport = AccountsListener(accounts, 0, connected=True), SocketTransport(address)
    listener = GatewayListener(Gateway(lambda: store, Surroundings(clock, chance, transport, issuer, told.hear)), 0)
    door = Simulation(store).door
    async with listening(behind, listener), aiohttp.ClientSession() as session:
        for part in STORY:
            for name, fault in part.faults:
                account = accounts.named(name)
                assert account is not None
                account.faults.add(fault)
            calls = iter([door.request(Arrival(0)) for _ in range(part.calls)])
            await asyncio.gather(*(caller(session, listener.url, calls, told) for _ in range(8)))
    await transport.close()
    return told


@asynccontextmanager
async def listening(*servers: AccountsListener | GatewayListener) -> AsyncIterator[None]:
    for server in servers:
        await server.start()
    try:
        yield
    finally:
        for server in reversed(servers):
            await server.stop()


async def caller(session: aiohttp.ClientSession, url: str, calls: Iterator[Request], told: Told) -> None:
    """One after the other, of the calls that several callers share."""
    for request in calls:
        async with session.post(f"{url}{request.url}", data=request.body, headers=dict(request.headers)) as answer:
            await answer.read()
            told.statuses[answer.status] += 1


@pytest.fixture(scope="module")
def told() -> Sequence[Told]:
    return on_virtual_time(), asyncio.run(through_sockets())


def test_every_call_has_an_answer(told: Sequence[Told]) -> None:
    for one in told:
        assert one.statuses.total() == sum(part.calls for part in STORY)
        assert set(one.statuses) == {200, 400, 429}


@pytest.mark.parametrize("backend", [PRIMARY, SECOND, THIRD])
def test_the_shares_of_the_backends_agree_within_three_points(told: Sequence[Told], backend: str) -> None:
    virtual, real = told
    assert real.share(backend) == pytest.approx(virtual.share(backend), abs=0.03)
    assert virtual.share(backend) > 0.1


@pytest.mark.parametrize("status", [400, 429])
def test_the_errors_agree_within_a_point(told: Sequence[Told], status: int) -> None:
    virtual, real = told
    assert real.errors(status) == pytest.approx(virtual.errors(status), abs=0.01)
    assert virtual.errors(status) > 0.05
