"""The socket of the simulated accounts: one loopback address for all, told apart by the Host header.

curl -H "Host: aoai-eus2-1.openai.azure.com" http://127.0.0.1:8490/openai/models?api-version=2024-10-21
"""

from collections.abc import Iterable
from typing import Final, Protocol

from aiohttp import web

from ..loopback import Listener
from ..messages import Lost
from ..wire import abort, received, sent
from .account import Account

DEFAULT_PORT: Final = 8490


class Directory(Protocol):
    """Where accounts are found."""

    def at(self, host: str) -> Account | None: ...

    def all(self) -> Iterable[Account]: ...


class AccountsListener(Listener):
    """All accounts on one port of this machine.

    What breaks off, or gets no answer by a fault, ends in a reset of the connection, so that it never looks complete.
    `connected`: its callers ask for a connection before they come.
    """

    def __init__(self, accounts: Directory, port: int = DEFAULT_PORT, *, connected: bool = False) -> None:
        super().__init__(port)
        self._accounts = accounts
        self._connected = connected

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        account = self._accounts.at(request.host)
        if account is None:
            return self._unknown(request.host)
        asked = await received(request)
        try:
            if not self._connected:
                account.connect(asked)
            return await sent(request, await account.answer(asked))
        except Lost:
            abort(request)
            return web.Response()

    def _unknown(self, host: str) -> web.Response:
        known = ", ".join(account.host for account in self._accounts.all()) or "none"
        message = (
            f"No simulated account has the host {host}. Accounts here: {known}."
            " Name one in the Host header, or declare it in the estate or in the program."
        )
        return web.json_response({"error": {"code": "ResourceNotFound", "message": message}}, status=404)
