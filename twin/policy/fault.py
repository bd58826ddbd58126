"""How a policy ends early: an error, which on-error handles, or an answer that ends the call.

https://learn.microsoft.com/azure/api-management/api-management-error-handling-policies
"""

from ..messages import Response
from .place import Place


class PolicyFault(Exception):
    """An element raised an error: context.LastError gets this reason and message, and on-error runs.

    `source` is LastError.Source where that is not the element's own name. `answer` is what the caller gets unless
    on-error says otherwise, by default a 500. `attempt` marks an attempt at a backend that failed: a retry around it
    asks its condition. `place` is set where the fault is caught before other elements run.
    """

    def __init__(
        self, reason: str, message: str, *, answer: Response | None = None, source: str = "", attempt: bool = False
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.answer = answer
        self.source = source
        self.attempt = attempt
        self.place: Place | None = None


class Answered(Exception):
    """The answer stands in the exchange and nothing that follows runs: return-response, mock-response."""
