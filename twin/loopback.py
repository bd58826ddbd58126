"""Listening, on this machine only: what the twin's servers have in common."""

import asyncio
import errno
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

HOST: Final = "127.0.0.1"


# Bytes, what API Management takes: https://learn.microsoft.com/azure/api-management/service-limits
LARGEST_BODY: Final = 1024**3
_PATIENCE: Final = 1.0  # seconds for calls under way when a server stops


class PortTaken(Exception):
    """Another program listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} on {HOST} is in use by another program: stop it, or choose another port.")
        self.port = port


def server(handle: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> web.ServerRunner:
    """A server that calls `handle` for each request; a caller that hangs up ends the call."""
    loop = asyncio.get_running_loop()

    def request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
        return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_BODY)

    # Bodies stay as they were sent: whoever unpacks one would have to take its Content-Encoding away.
    made = web.Server(
        handle, request_factory=request, handler_cancellation=True, access_log=None, auto_decompress=False
    )
    return web.ServerRunner(made, shutdown_timeout=_PATIENCE)


async def listen(runner: web.BaseRunner, port: int) -> int:
    """Serve on a port, 0 for any free one, and return it. Raises PortTaken, with nothing left to stop."""
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError as error:
        await runner.cleanup()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(port) from error
        raise
    return int(runner.addresses[0][1])


class Listener(ABC):
    """A server on a port of this machine, 0 for any free one. A caller that hangs up ends the work for it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._runner: web.ServerRunner | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    async def start(self) -> None:
        """Listen. Raises PortTaken."""
        self._runner = server(self._handle)
        self.port = await listen(self._runner, self.port)

    async def stop(self) -> None:
        """Stop listening; calls under way have a second to end."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @abstractmethod
    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse: ...
