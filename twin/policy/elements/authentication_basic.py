"""https://learn.microsoft.com/azure/api-management/authentication-basic-policy"""

from base64 import b64encode
from dataclasses import dataclass
from typing import Self

from ...messages import Headers
from ..compiler import Source, Value, element
from ..context import Context
from ..exchange import Exchange


@element("authentication-basic")
@dataclass(frozen=True)
class AuthenticationBasic:
    """A name and a password as the request's Authorization."""

    name: Value[str]
    password: Value[str]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(source.text("username"), source.text("password"))

    def run(self, exchange: Exchange) -> None:
        self.authorize(exchange.request.headers, exchange.context)

    def authorize(self, headers: Headers, context: Context) -> None:
        pair = f"{self.name(context)}:{self.password(context)}"
        headers.set("Authorization", f"Basic {b64encode(pair.encode()).decode()}")
