"""The way from a gateway to the simulated accounts. There is no other: nothing leaves this machine."""

from collections.abc import Callable
from typing import Protocol

from ..messages import Lost, Request, Response


class Backend(Protocol):
    """What an account is to the gateway."""

    def connect(self, request: Request) -> None:
        """Raises Lost where no connection can be made."""
        ...

    async def answer(self, request: Request) -> Response: ...


class UnknownHost(Lost):
    """No simulated account has the host."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"No simulated account has the host {host}: calls leave this machine for nobody. "
            "Name an account of that host in the estate file, or make one in the local Azure."
        )


def account_of(at: Callable[[str], Backend | None], request: Request) -> Backend:
    """The account that a request is for, when a connection to it can be made. Raises Lost."""
    account = at(request.url.host)
    if account is None:
        raise UnknownHost(request.url.host)
    account.connect(request)
    return account


class Direct:
    """Hands requests straight to the accounts, without sockets: for virtual time. `at` finds the account of a host."""

    def __init__(self, at: Callable[[str], Backend | None]) -> None:
        self._at = at

    async def send(self, request: Request) -> Response:
        return await account_of(self._at, request).answer(request)
