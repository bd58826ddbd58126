"""https://learn.microsoft.com/azure/api-management/mock-response-policy"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from ...messages import Headers, Response
from ..compiler import Source, element
from ..examples import Example
from ..exchange import Exchange
from ..fault import Answered
from .set_status import phrase


@element("mock-response")
@dataclass(frozen=True)
class MockResponse:
    """Ends the call with the operation's example of this status and media type, or with no content.

    Azure also makes samples up from schemas; an operation on the twin has examples only.
    """

    status: int
    content_type: str

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(int(source.literal("status-code", "200")), source.literal("content-type"))

    async def run(self, exchange: Exchange) -> None:
        example = self._example(exchange.examples)
        kind = self.content_type or example.content_type
        headers = Headers([("Content-Type", kind)] if kind else [])
        await exchange.replace_answer(Response(self.status, phrase(self.status), headers, example.body))
        raise Answered

    def _example(self, examples: Iterable[Example]) -> Example:
        """The first of the status, and of the media type if one is named, that has a body."""
        wanted = self.content_type.lower()
        fitting = [
            one for one in examples if one.status == self.status and (not wanted or one.content_type.lower() == wanted)
        ]
        with_body = [one for one in fitting if one.body]
        return next(iter(with_body or fitting), Example(self.status, ""))
