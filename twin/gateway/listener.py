"""The socket of the gateway: HTTP in, calls through the policies, HTTP out. Loopback only."""

from typing import Final

from aiohttp import web

from ..loopback import HOST, Listener
from ..wire import received, sent
from .call import Caller
from .gateway import Gateway

DEFAULT_PORT: Final = 8480


class GatewayListener(Listener):
    """A gateway on a port of this machine."""

    def __init__(self, gateway: Gateway, port: int = DEFAULT_PORT) -> None:
        super().__init__(port)
        self._gateway = gateway

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        caller = Caller(request.remote or HOST, request.host)
        return await sent(request, await self._gateway.handle(await received(request), caller))
