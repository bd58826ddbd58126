"""The one process of the twin: Azure Resource Manager and the gateway, on this machine only."""

import asyncio
import fcntl
import json
import os
import signal
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil
from aiohttp import web

from .azure.estate import BadEstate
from .azure.identity import SUBSCRIPTION
from .azure.listener import ArmListener
from .azure.store import StateUnreadable
from .loopback import HOST, PortTaken

# Hears one thing: what twin.json holds, as soon as everything listens, or `{"refused": [lines]}`.
Tell = Callable[[dict[str, Any]], None]

NO_GATEWAY = {"error": {"code": "NotImplemented", "message": "The twin's gateway does not serve requests yet."}}


def serve(state: Path, arm_port: int, gateway_port: int, tell: Tell) -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit status."""
    with (state / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            asyncio.run(_serve(state, arm_port, gateway_port, tell))
        except PortTaken as taken:
            option = "--arm-port" if taken.port == arm_port else "--gateway-port"
            tell({"refused": [f"Port {taken.port} is taken{_taker(taken.port)}.", f"Choose another with {option}."]})
            return 1
        except (StateUnreadable, BadEstate) as error:
            tell({"refused": str(error).splitlines()})
            return 1
    return 0


async def _serve(state: Path, arm_port: int, gateway_port: int, tell: Tell) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    arm = ArmListener(state, port=arm_port)
    gateway = _Gateway(gateway_port)
    described = state / "twin.json"
    try:
        await arm.start()
        await gateway.start()
        itself = {
            "pid": os.getpid(),
            "arm": arm.url,
            "gateway": gateway.url,
            "subscription_id": SUBSCRIPTION,
            "state_dir": str(state),
            "versions": _versions(),
        }
        draft = described.with_suffix(".new")
        draft.write_text(json.dumps(itself, indent=2) + "\n")
        draft.replace(described)
        tell(itself)
        await ended.wait()
    finally:
        described.unlink(missing_ok=True)
        await gateway.stop()
        await arm.stop()


class _Gateway:
    """Holds the gateway's port until the data plane takes it: every request is told that there is none yet."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._runner: web.ServerRunner | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    async def start(self) -> None:
        async def answer(_: web.BaseRequest) -> web.Response:
            return web.json_response(NO_GATEWAY, status=501)

        self._runner = web.ServerRunner(web.Server(answer))
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, HOST, self.port).start()
        except OSError as error:
            raise PortTaken(self.port) from error
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()


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
