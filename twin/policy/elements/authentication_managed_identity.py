"""https://learn.microsoft.com/azure/api-management/authentication-managed-identity-policy"""

from dataclasses import dataclass
from typing import Self

from ...messages import Headers
from ..compiler import Source, Value, element
from ..exchange import Exchange
from ..fault import PolicyFault


@element("authentication-managed-identity")
@dataclass(frozen=True)
class AuthenticationManagedIdentity:
    """A token of the service's identity for a resource, as the request's Authorization or in a variable."""

    resource: Value[str]
    client_id: str
    variable: str
    ignore_error: Value[bool]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        variable = source.literal("output-token-variable-name")
        ignore_error = source.boolean("ignore-error")
        return cls(source.text("resource"), source.literal("client-id"), variable, ignore_error)

    def run(self, exchange: Exchange) -> None:
        self.authorize(exchange.request.headers, exchange)

    def authorize(self, headers: Headers, exchange: Exchange) -> None:
        """Take a token for a request with these headers, whose Authorization it becomes unless a variable wants it."""
        try:
            token = exchange.world.take_token(self.resource(exchange.context), self.client_id)
        except PolicyFault:
            if self.ignore_error(exchange.context):
                return
            raise
        if self.variable:
            exchange.context.variables[self.variable] = token
        else:
            headers.set("Authorization", f"Bearer {token}")
