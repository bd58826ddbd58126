"""The one process of the twin: Azure Resource Manager, the gateway and the simulated accounts, on this machine only."""

import asyncio
import fcntl
import gc
import json
import os
import secrets
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

from .assumptions import Assumptions
from .azure.estate import BadEstate
from .azure.identity import SUBSCRIPTION, TENANT
from .azure.listener import ArmListener
from .azure.messages import Answer, Call
from .azure.store import StateUnreadable, Store
from .backends.transport import SocketTransport
from .bearer import Issuer
from .chance import Chance
from .clock import RealClock
from .gateway import controls, warned, watched
from .gateway.accounts import Accounts
from .gateway.gateway import Gateway, Surroundings
from .gateway.listener import GatewayListener
from .gateway.reach import account_of
from .loopback import PortTaken
from .messages import Request
from .openai.listener import AccountsListener

KEPT_REQUESTS = 10_000  # of each account, for whoever asks what it received

# Hears one thing: what twin.json holds, as soon as everything listens, or `{"refused": [lines]}`.
Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Setup:
    """How a twin is to run. A port of 0 takes any free one; `assume` has answers by id, `{"S14": "on-error"}`."""

    arm_port: int
    gateway_port: int
    accounts_port: int
    units: int = 1
    assume: dict[str, str] = field(default_factory=dict)


def serve(state: Path, setup: Setup, tell: Tell) -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit status."""
    with (state / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            asyncio.run(_serve(state, setup, tell))
        except PortTaken as taken:
            ports = {setup.arm_port: "--arm-port", setup.gateway_port: "--gateway-port"}
            option = ports.get(taken.port, "--accounts-port")
            tell({"refused": [f"Port {taken.port} is taken{_taker(taken.port)}.", f"Choose another with {option}."]})
            return 1
        except (StateUnreadable, BadEstate) as error:
            tell({"refused": str(error).splitlines()})
            return 1
    return 0


async def _serve(state: Path, setup: Setup, tell: Tell) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    described = state / "twin.json"
    async with AsyncExitStack() as servers:
        servers.callback(described.unlink, missing_ok=True)
        urls = await start(servers, state, setup)
        spare_the_collector()
        itself = {
            "pid": os.getpid(),
            **urls,
            "subscription_id": SUBSCRIPTION,
            "state_dir": str(state),
            "versions": _versions(),
            "units": setup.units,
            "assume": setup.assume,
        }
        draft = described.with_suffix(".new")
        draft.write_text(json.dumps(itself, indent=2) + "\n")
        draft.replace(described)
        tell(itself)
        sys.stderr.write(f"Assumed of Azure: {_assumed(Assumptions().with_answers(setup.assume))}\n")  # into the log
        await ended.wait()


async def start(servers: AsyncExitStack, state: Path, setup: Setup) -> dict[str, str]:
    """Start all servers of the twin, which end with `servers`. Returns their base URLs by what they are.

    Raises PortTaken, StateUnreadable or BadEstate.
    """
    clock, chance, issuer = RealClock(), Chance(secrets.randbits(64)), Issuer(TENANT)

    def control(call: Call) -> Answer | None:
        now = clock.now()
        return (
            controls.handle(call, accounts, now)
            or watched.handle(call, gateway, looked_at, now)
            or warned.handle(call, gateway, store())
        )

    def address(request: Request) -> str:
        account_of(accounts.at, request)
        return gateways_door.url

    def store() -> Store:
        return arm.endpoint.current(datetime.fromtimestamp(clock.now(), UTC))

    arm = ArmListener(state, port=setup.arm_port, controls=control)
    accounts = Accounts(store, clock, chance, issuer, keep=KEPT_REQUESTS)
    account_server = AccountsListener(accounts, setup.accounts_port)
    # A connection that may fail is asked for once: by `address`, where its failure can still be named.
    gateways_door = AccountsListener(accounts, 0, connected=True)
    transport, looked_at = SocketTransport(address), watched.Watched()
    assume = Assumptions().with_answers(setup.assume)
    around = Surroundings(clock, chance, transport, issuer, looked_at.record, assume, setup.units)
    gateway = Gateway(store, around)
    gateway_server = GatewayListener(gateway, setup.gateway_port)
    servers.push_async_callback(transport.close)
    for server in (arm, account_server, gateways_door, gateway_server):
        servers.push_async_callback(server.stop)
        await server.start()
    return {"arm": arm.url, "gateway": gateway_server.url, "accounts": account_server.url}


def spare_the_collector() -> None:
    """What has been made by now, Microsoft's models above all, stays for good. Going through all of it again and again
    would be a fifth of what a call costs."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def _assumed(assume: Assumptions) -> str:
    return " ".join(f"{guess.id}={getattr(assume, guess.field)}" for guess in Assumptions.register())


def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in ("pulumi", "pulumi-azure-native", "azure-mgmt-apimanagement")}


def _taker(port: int) -> str:
    """` by python (process 123)`, as far as the system tells; processes of other users it may hide."""
    try:
        owners = {one.pid for one in psutil.net_connections("tcp") if one.laddr and one.laddr[1] == port and one.pid}
        names = [f"{psutil.Process(pid).name()} (process {pid})" for pid in sorted(owners - {os.getpid()})]
    except psutil.Error:
        names = []
    return f" by {names[0]}" if names else ""
