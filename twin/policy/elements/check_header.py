"""https://learn.microsoft.com/azure/api-management/check-header-policy"""

from dataclasses import dataclass
from typing import Self

from ..compiler import Source, Value, element
from ..errors import error_response
from ..exchange import Exchange
from ..fault import PolicyFault


@element("check-header")
@dataclass(frozen=True)
class CheckHeader:
    """Refuses a request without a header, or whose header has none of the values, if any are given."""

    name: Value[str]
    status: Value[int]
    message: Value[str]
    ignore_case: Value[bool]
    values: tuple[Value[str], ...]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(
            source.text("name"),
            source.whole("failed-check-httpcode"),
            source.text("failed-check-error-message"),
            source.boolean("ignore-case"),
            tuple(value.content() for value in source.children("value")),
        )

    def run(self, exchange: Exchange) -> None:
        context, headers = exchange.context, exchange.request.headers
        name = self.name(context)
        if name not in headers:
            raise self._refused(exchange, "HeaderNotFound", f"Header {name} was not found in the request.")
        found, allowed = headers.get(name), [value(context) for value in self.values]
        if self.ignore_case(context):
            fits = found.lower() in {value.lower() for value in allowed}
        else:
            fits = found in allowed
        if allowed and not fits:
            message = f"Header {name} value of {found} is not allowed."
            raise self._refused(exchange, "HeaderValueNotAllowed", message)

    def _refused(self, exchange: Exchange, reason: str, message: str) -> PolicyFault:
        context = exchange.context
        answer = error_response(self.status(context), context.request_id, self.message(context))
        return PolicyFault(reason, f"{message} Access denied.", answer=answer)
