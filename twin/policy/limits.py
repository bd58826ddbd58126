"""What limits of calls and of tokens have in common: the refusal, and the headers and variables that tell of it."""

import math
from dataclasses import dataclass

from .compiler import Source
from .errors import error_response
from .exchange import Exchange
from .fault import PolicyFault


@dataclass(frozen=True)
class Told:
    """The names under which a limit tells a number: a header of the answer and a variable; empty ones are not told."""

    header: str = ""
    variable: str = ""

    @classmethod
    def compiled(cls, source: Source, name: str, header: str = "") -> "Told":
        """`header` is the one that is used when the policy names none."""
        return cls(source.literal(f"{name}-header-name", header), source.literal(f"{name}-variable-name"))

    def in_variable(self, exchange: Exchange, number: float) -> None:
        if self.variable:
            exchange.context.variables[self.variable] = int(number)

    def in_header(self, exchange: Exchange, number: float) -> None:
        if self.header and exchange.response is not None:
            exchange.response.headers.set(self.header, str(int(number)))


def refusal(
    exchange: Exchange, status: int, reason: str, message: str, retry_after: Told, seconds: float | None
) -> PolicyFault:
    """The error of a limit that is reached, and its answer; `seconds` is None where waiting does not help."""
    headers: list[tuple[str, str]] = []
    if seconds is not None:
        whole = max(1, math.ceil(seconds))
        message = f"{message} Try again in {whole} seconds."
        retry_after.in_variable(exchange, whole)
        headers = [(retry_after.header, str(whole))]
    answer = error_response(status, exchange.context.request_id, message)
    for name, value in headers:
        answer.headers.set(name, value)
    return PolicyFault(reason, message, answer=answer)


def period(first: float, seconds: int, now: float) -> tuple[float, float]:
    """When the period that runs at `now` began and when it ends; 0 seconds: it never ends."""
    if not seconds:
        return first, math.inf
    began = first + (now - first) // seconds * seconds
    return began, began + seconds


def out_of_calls(exchange: Exchange, ends: float) -> PolicyFault:
    """The error of a call quota that is spent, and its answer."""
    message, left = "Out of call volume quota.", None
    if ends < math.inf:
        left = max(1, math.ceil(ends - exchange.now()))
        message += f" Quota will be replenished in {left // 3600:02}:{left // 60 % 60:02}:{left % 60:02}."
    answer = error_response(403, exchange.context.request_id, message)
    if left is not None:
        answer.headers.set("Retry-After", str(left))
    return PolicyFault("QuotaExceeded", message, answer=answer)
