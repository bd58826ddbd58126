"""One call at one unit: which API and operation it is for, whether its key opens them, and the policy's answer.

https://learn.microsoft.com/azure/api-management/api-management-error-handling-policies#predefined-errors-for-built-in-steps
"""

import uuid
from dataclasses import dataclass, replace

from ..chance import Stream
from ..journal import Answered, Faulted, Traced
from ..messages import Request, Response, Url
from ..policy import context as c
from ..policy import pipeline
from ..policy.elements.cors import answer_to, is_preflight
from ..policy.errors import error_response
from ..policy.exchange import Exchange
from ..policy.expressions import ExpressionError, ExpressionFault
from ..policy.fault import PolicyFault
from ..policy.place import Place
from ..policy.program import NOTHING, Program
from ..policy.views import BodyView, HeaderView, url_view
from ..policy.world import World
from .configuration import Api, Configuration, Operation
from .keys import Key, admitted, presented
from .routing import longest

NO_OPERATION = "Unable to match incoming request to an operation."


@dataclass(frozen=True)
class Caller:
    """Who calls, and the host that it calls by."""

    address: str
    host: str


@dataclass(frozen=True)
class Matched:
    """What a request is for. `path` is what remains of its path below the API's."""

    api: Api
    path: str
    operation: Operation | None = None
    parameters: dict[str, str] | None = None


async def serve(request: Request, caller: Caller, configuration: Configuration, world: World, ids: Stream) -> Response:
    """The answer, whose head is complete; its body may still be on its way."""
    began, call = world.clock.now(), str(uuid.UUID(int=ids.getrandbits(128), version=4))
    matched = match(request, configuration)
    if matched is None:
        response = error_response(404, call, "Resource not found")
    else:
        response = await _through_policy(request, caller, matched, configuration, world, call)
    api = matched.api.name if matched else ""
    now = world.clock.now()
    world.record(Answered(now, call, world.forwarder.unit.name, api, response.status, now - began))
    return response


def match(request: Request, configuration: Configuration) -> Matched | None:
    """The API and operation of a request; no operation where none fits, None where not even an API does."""
    found = longest(configuration.apis, request.url.path)
    if found is None:
        return None
    api, path = found
    query = {name.lower(): value for name, value in request.url.query}
    for operation in api.operations:
        parameters = operation.template.parameters(request.method, path, query)
        if parameters is not None:
            return Matched(api, path, operation, parameters)
    return Matched(api, path)


async def _through_policy(
    request: Request, caller: Caller, matched: Matched, configuration: Configuration, world: World, call: str
) -> Response:
    exchange = _exchange(request, caller, matched, configuration, world, call)
    allowed = _preflight(request, matched, configuration, exchange) if is_preflight(request) else None
    if allowed is not None:
        return allowed
    key, refusal = None, None
    try:
        key = _admission(request, caller, matched, configuration, call)
    except PolicyFault as fault:
        refusal = fault
    if key is not None:
        exchange.context.subscription = key.subscription
        exchange.context.product = configuration.products.get(key.product)
    try:
        program = _program(configuration, matched, key)
    except ExpressionError as error:
        return _uncompiled(world, call, error)
    if refusal is None:
        return await pipeline.run(program, exchange)
    exchange.at = Place(refusal.source, section=refusal.source)
    return await pipeline.fail(program if world.assume.own_errors == "runs" else NOTHING, exchange, refusal)


def _preflight(request: Request, matched: Matched, configuration: Configuration, exchange: Exchange) -> Response | None:
    """What `cors` answers to a browser that asks for the operation of another method; None where there is no `cors`."""
    wanted = replace(request, method=request.headers.get("Access-Control-Request-Method"))
    try:
        program = _program(configuration, match(wanted, configuration) or matched, None)
        return answer_to(request, [one.step for one in program["inbound"].placed], exchange.context)
    except (ExpressionError, ExpressionFault):
        return None


def _admission(
    request: Request, caller: Caller, matched: Matched, configuration: Configuration, call: str
) -> Key | None:
    """The key that opens the API for this call, None where it needs none. Raises PolicyFault: 404, then 401."""
    api = matched.api
    if matched.operation is None:
        answer = error_response(404, call, "Resource not found")
        raise PolicyFault("OperationNotFound", NO_OPERATION, answer=answer, source="configuration")
    if api.subscription_required:
        return admitted(request, api.seen, api.products, configuration.keys, call, caller.host)
    key = configuration.keys.get(presented(request, api.seen.key_names))
    return key if key is not None and key.active and key.opens(api.name, api.products) else None


def _program(configuration: Configuration, matched: Matched, key: Key | None) -> Program:
    operation = matched.operation.seen.id.lower() if matched.operation else ""
    return configuration.program(matched.api.name.lower(), operation, key.product if key else "")


def _exchange(
    request: Request, caller: Caller, matched: Matched, configuration: Configuration, world: World, call: str
) -> Exchange:
    api = matched.api
    base = api.target.base or Url("", scheme="https", host=caller.host)
    outgoing = Request(request.method, Url(matched.path, request.url.query), request.headers.copy(), request.body)
    seen = c.Request(
        method=request.method,
        see_url=lambda: url_view(outgoing.url.below(base)),
        see_original_url=lambda: url_view(request.url, host=caller.host),
        headers=HeaderView(outgoing.headers),
        ip_address=caller.address,
        body=BodyView(outgoing) if outgoing.body else None,
        matched_parameters=matched.parameters or {},
    )

    def trace(message: str) -> None:
        world.record(Traced(world.clock.now(), call, "context", message))

    context = c.Context(
        request=seen,
        now=world.clock.now,
        chance=world.chance,
        timestamp=world.clock.now(),
        request_id=call,
        deployment=configuration.deployment,
        api=api.seen,
        operation=matched.operation.seen if matched.operation else None,
        trace=trace,
    )
    examples = matched.operation.examples if matched.operation else ()
    return Exchange(outgoing, context, world, api.target, base, examples=examples)


def _uncompiled(world: World, call: str, error: ExpressionError) -> Response:
    """A policy that was right when it was PUT may break with a named value in its code."""
    message = f"The policy in force does not compile: {error}"
    world.record(Faulted(world.clock.now(), call, "configuration", "", "PolicyNotCompiled", message))
    return error_response(500, call, message)
