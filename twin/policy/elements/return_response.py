"""https://learn.microsoft.com/azure/api-management/return-response-policy"""

from dataclasses import dataclass
from typing import Self

from ...messages import Response
from ..compiler import Source, element
from ..context import Response as Seen
from ..exchange import Exchange
from ..fault import Answered, PolicyFault
from ..views import BodyView
from .set_body import SetBody
from .set_header import SetHeader
from .set_status import SetStatus

_PARTS = {"set-status": SetStatus, "set-header": SetHeader, "set-body": SetBody}


@element("return-response")
@dataclass(frozen=True)
class ReturnResponse:
    """Ends the call with an answer of its own: 200 and empty, or one from a variable, then changed by what is in it.

    A variable that is not there is none: policies name `existing response variable`, as a page of Microsoft's does, and
    get the answer that they describe (https://learn.microsoft.com/azure/api-management/api-management-sample-send-request).
    """

    variable: str
    parts: tuple[SetStatus | SetHeader | SetBody, ...]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        parts = tuple(_PARTS[part.tag].compiled(part) for part in source.children(*_PARTS))
        return cls(source.literal("response-variable-name"), parts)

    async def run(self, exchange: Exchange) -> None:
        answer = self._begun(exchange)
        for part in self.parts:
            part.shape(answer, exchange.context)
        await exchange.replace_answer(answer)
        raise Answered

    def _begun(self, exchange: Exchange) -> Response:
        found = exchange.context.variables.get(self.variable)
        if found is None:
            return Response(200, "OK")
        if not isinstance(found, Seen) or not isinstance(found.body, BodyView):
            raise PolicyFault("ResponseNotFound", f"The variable '{self.variable}' holds no response.")
        message = found.body.message
        return Response(found.status_code, found.status_reason, message.headers.copy(), message.body)
