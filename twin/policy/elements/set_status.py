"""https://learn.microsoft.com/azure/api-management/set-status-policy"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from ...messages import Response
from ..compiler import Source, Value, element
from ..context import Context
from ..exchange import Exchange


@element("set-status")
@dataclass(frozen=True)
class SetStatus:
    """Gives the answer another status; without a reason that of HTTP."""

    code: Value[int]
    reason: Value[str]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(source.whole("code", 200), source.text("reason"))

    def run(self, exchange: Exchange) -> None:
        code, reason = self._values(exchange.context)
        exchange.set_status(code, reason)

    def shape(self, answer: Response, context: Context) -> None:
        """Change an answer that no expression sees yet."""
        answer.status, answer.reason = self._values(context)

    def _values(self, context: Context) -> tuple[int, str]:
        code = self.code(context)
        return code, self.reason(context) or phrase(code)


def phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return ""
