"""The way of a call through a policy: inbound, backend, outbound; on-error instead of the rest where something fails.

https://learn.microsoft.com/azure/api-management/api-management-howto-policies#understanding-policy-configuration
"""

from ..journal import Faulted
from ..messages import Response
from .errors import error_response, last_error
from .exchange import Exchange
from .expressions import ExpressionFault
from .fault import Answered, PolicyFault
from .program import Program


async def run(program: Program, exchange: Exchange) -> Response:
    """The answer to a call. Without any forward-request it is 200 and empty."""
    try:
        await program["inbound"].run(exchange)
        await program["backend"].run(exchange)
        for act in exchange.after_backend:
            await act()
        await program["outbound"].run(exchange)
    except Answered:
        pass
    except (PolicyFault, ExpressionFault) as fault:
        return await fail(program, exchange, fault)
    except BaseException:  # the caller has gone
        await exchange.replace_answer(None)
        raise
    await _end(exchange)
    return exchange.response or Response(200, "OK")


async def fail(program: Program, exchange: Exchange, fault: PolicyFault | ExpressionFault) -> Response:
    """The answer after an error: what on-error makes of it. What fails there too ends it."""
    exchange.context.last_error = last_error(exchange, fault)
    _record(exchange, fault)
    await exchange.replace_answer(_standing(exchange, fault))
    try:
        await program["on-error"].run(exchange)
    except Answered:
        pass
    except (PolicyFault, ExpressionFault) as another:
        _record(exchange, another)
        await exchange.replace_answer(None)
    await _end(exchange)
    return exchange.response or error_response(500, exchange.context.request_id)


def _standing(exchange: Exchange, fault: PolicyFault | ExpressionFault) -> Response | None:
    """What stands in context.Response when on-error begins."""
    if isinstance(fault, PolicyFault):
        if fault.answer is not None:
            return fault.answer
        if fault.attempt and exchange.world.assume.raised_in_retry == "no-response":
            return None
    return error_response(500, exchange.context.request_id)


def _record(exchange: Exchange, fault: PolicyFault | ExpressionFault) -> None:
    at = fault.place if isinstance(fault, PolicyFault) and fault.place else exchange.at
    where = f"{at.tag} on line {at.line}"
    call = exchange.context.request_id
    exchange.world.record(Faulted(exchange.now(), call, at.section, where, fault.reason, str(fault)))


async def _end(exchange: Exchange) -> None:
    """What elements left to be done. The answer stands: what fails here is recorded and changes nothing."""
    for act in exchange.at_end:
        try:
            await act()
        except (PolicyFault, ExpressionFault) as fault:
            _record(exchange, fault)
