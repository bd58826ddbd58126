"""The socket of the simulated accounts: one loopback address for all, told apart by the Host header.

curl -H "Host: aoai-eus2-1.openai.azure.com" http://127.0.0.1:8490/openai/models?api-version=2024-10-21
"""

from collections.abc import Iterable
from typing import Final, Protocol

from aiohttp import web

from ..loopback import HOST, listen
from ..messages import Broken, Headers, Lost, Request, Response, Url
from .account import Account

DEFAULT_PORT: Final = 8490
_PATIENCE: Final = 1.0  # seconds for calls under way when the listener stops


class Directory(Protocol):
    """Where accounts are found."""

    def at(self, host: str) -> Account | None: ...

    def all(self) -> Iterable[Account]: ...


class AccountsListener:
    """All accounts on one port of this machine; `port` 0 takes any free one.

    A caller that hangs up ends the account's work. What breaks off, or gets no answer by a fault, ends in a reset of
    the connection, so that it never looks complete.
    """

    def __init__(self, accounts: Directory, port: int = DEFAULT_PORT) -> None:
        self.port = port
        self._accounts = accounts
        self._runner: web.ServerRunner | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    async def start(self) -> None:
        """Listen. Raises PortTaken."""
        server = web.Server(self._handle, access_log=None, handler_cancellation=True)
        self._runner = web.ServerRunner(server, shutdown_timeout=_PATIENCE)
        self.port = await listen(self._runner, self.port)

    async def stop(self) -> None:
        """Stop listening; calls under way have a second to end."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _handle(self, received: web.BaseRequest) -> web.StreamResponse:
        account = self._accounts.at(received.host)
        if account is None:
            return self._unknown(received.host)
        url = Url.parse(received.raw_path)
        request = Request(received.method, url, Headers(received.headers.items()), await received.read())
        try:
            account.connect(request)
            return await _sent(received, await account.answer(request))
        except (Broken, Lost):
            if received.transport is not None:
                received.transport.abort()
            return web.Response()

    def _unknown(self, host: str) -> web.Response:
        known = ", ".join(account.host for account in self._accounts.all()) or "none"
        message = (
            f"No simulated account has the host {host}. Accounts here: {known}."
            " Name one in the Host header, or declare it in the estate or in the program."
        )
        return web.json_response({"error": {"code": "ResourceNotFound", "message": message}}, status=404)


async def _sent(received: web.BaseRequest, answer: Response) -> web.StreamResponse:
    if answer.stream is None:
        return web.Response(status=answer.status, headers=list(answer.headers), body=answer.body)
    sent = web.StreamResponse(status=answer.status, headers=list(answer.headers))
    try:
        await sent.prepare(received)
        async for piece in answer.stream:
            await sent.write(piece)
        await sent.write_eof()
    finally:
        await answer.close()
    return sent
