"""The twin's own servers in the test process, on free ports and the machine's clock, with a deployment in its Azure.

The program runs on mocks (see simulated.py), so no CLI is needed; from there on everything is what `python -m twin up`
starts: Azure Resource Manager, the gateway and the accounts, each behind a socket of its own.
"""

import asyncio
import contextlib
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError

from tests.support.simulated import reference_store
from twin.azure.identity import TENANT
from twin.azure.listener import STATE_FILE
from twin.azure.rules.accounts import SIMULATION
from twin.azure.store import Store
from twin.backends.transport import SocketTransport
from twin.bearer import Issuer
from twin.chance import Chance
from twin.clock import RealClock
from twin.gateway.gateway import Gateway, Surroundings
from twin.gateway.listener import GatewayListener
from twin.openai.visits import UNDER_WAY
from twin.server import Setup, start

T = TypeVar("T")

_SERVICE = "apimanagement:ApiManagementService"
_SUBSCRIPTION = "apimanagement:Subscription"
_POLICY = "apimanagement:ApiPolicy"
_SECTIONS = ("inbound", "backend", "outbound")
_PATIENCE = 10.0  # seconds; nothing takes that long unless it hangs


class Loop:
    """An event loop on a thread of its own: servers go on while a test waits for an answer."""

    def __init__(self) -> None:
        self.asyncio = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.asyncio.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.asyncio).result(_PATIENCE)

    def close(self) -> None:
        self.asyncio.call_soon_threadsafe(self.asyncio.stop)
        self._thread.join(_PATIENCE)
        self.asyncio.close()


def eventually(holds: Callable[[], bool]) -> None:
    """Ask until it holds: for what another thread does soon, and no answer tells of."""
    given_up = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < given_up, "it never came"


@dataclass(frozen=True)
class Servers:
    """Base URLs, what callers need, and the twin's controls."""

    arm: str
    gateway: str
    accounts: str
    service: str
    """The id of the API Management service."""
    key: str
    """The key of the first team."""

    def control(self, method: str, path: str, body: object = None) -> Any:
        """One call to Azure Resource Manager's port, which must succeed."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.arm + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE) as response:
                return json.loads(response.read() or b"null")
        except HTTPError as error:
            with error:
                raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None

    def azure(self, method: str, path: str, body: object = None) -> Any:
        """The same for something below the service."""
        return self.control(method, f"{self.service}/{path}?api-version=2024-05-01", body)

    def fault(self, account: str, **fault: Any) -> None:
        """One more fault of an account; see twin/openai/faults.py."""
        self.control("POST", f"/_twin/accounts/{account}/faults", fault)

    def heal(self) -> None:
        self.control("DELETE", "/_twin/faults/accounts")

    def visits(self, account: str) -> list[dict[str, Any]]:
        """What an account received, oldest first."""
        return self.control("GET", f"/_twin/accounts/{account}/requests")

    def outcome(self, account: str) -> str:
        """How the latest request to an account ended. It is waited for: an end takes its way through two sockets."""
        eventually(lambda: self.visits(account)[-1]["outcome"] != UNDER_WAY)
        return self.visits(account)[-1]["outcome"]

    def all_visits(self) -> dict[str, list[dict[str, Any]]]:
        """The same of every account that received anything."""
        names = [one["name"] for one in self.control("GET", "/_twin/accounts") if one["requests"]]
        return {name: self.visits(name) for name in names}


@contextlib.contextmanager
def serving(
    loop: Loop,
    folder: Path,
    store: Store | None = None,
    *,
    units: int = 1,
    assume: Mapping[str, str] | None = None,
) -> Iterator[Servers]:
    """The servers, with what the store holds deployed: Pulumi.dev.yaml unless another is given.

    `folder` is where their state is kept.
    """
    deployed = store or reference_store()
    (folder / STATE_FILE).write_text(deployed.text())
    [service] = deployed.all(_SERVICE)
    servers = AsyncExitStack()
    urls = loop.run(start(servers, folder, Setup(0, 0, 0, units, dict(assume or {}))))
    try:
        yield Servers(urls["arm"], urls["gateway"], urls["accounts"], service.id, _key(deployed))
    finally:
        loop.run(servers.aclose())


@dataclass(frozen=True)
class Proxy:
    """A gateway alone, whose every backend is one address."""

    url: str
    key: str
    store: Store

    def policy(self, **sections: str) -> None:
        """Replace the API's policy by one of these sections; those that are left out inherit."""
        inner = "".join(f"<{name}>{sections.get(name, '<base/>')}</{name}>" for name in _SECTIONS)
        text = f"<policies>{inner}<on-error><base/></on-error></policies>"
        [policy] = self.store.all(_POLICY)
        self.store.put(replace(policy, private={"value": text, "format": "rawxml"}))


@contextlib.contextmanager
def proxying(loop: Loop, address: str, store: Store | None = None) -> Iterator[Proxy]:
    """A gateway that sends all requests to one address, whatever their host."""
    deployed = store or reference_store()
    chance = Chance(1)

    async def started() -> tuple[SocketTransport, GatewayListener]:
        transport = SocketTransport(lambda _: address)
        around = Surroundings(RealClock(), chance, transport, Issuer(TENANT), lambda _: None)
        listener = GatewayListener(Gateway(lambda: deployed, around), 0)
        await listener.start()
        return transport, listener

    transport, listener = loop.run(started())
    try:
        yield Proxy(listener.url, _key(deployed), deployed)
    finally:
        loop.run(listener.stop())
        loop.run(transport.close())


def _key(store: Store) -> str:
    """Of the first team."""
    return next(str(one.private["primaryKey"]) for one in store.all(_SUBSCRIPTION) if one.name == "team-a")


def pace(store: Store, **behaviour: float) -> Store:
    """The same store, whose accounts all work like this (see twin/openai/settings.Behaviour)."""
    for one in store.all(SIMULATION):
        store.restore(replace(one, body={**one.body, "behaviour": behaviour}))
    return store
