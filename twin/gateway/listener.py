"""The socket of the gateway: HTTP in, calls through the policies, HTTP out. Loopback only."""

from typing import Final

from aiohttp import web

from ..loopback import HOST, listen, server
from ..wire import received, sent
from .call import Caller
from .gateway import Gateway

DEFAULT_PORT: Final = 8480


class GatewayListener:
    """A gateway on a port of this machine; 0 takes any free one. A caller that hangs up ends the work for it."""

    def __init__(self, gateway: Gateway, port: int = DEFAULT_PORT) -> None:
        self.port = port
        self._gateway = gateway
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

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        caller = Caller(request.remote or HOST, request.host)
        return await sent(request, await self._gateway.handle(await received(request), caller))
