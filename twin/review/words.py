"""What is said of a resource in words: the sides of it that a reader of a change cares about."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from ..azure.rules.roles import ASSIGNMENT, ROLES
from ..azure.store import Resource
from ..backends.backend import Backend, BackendPool
from ..backends.breaker import Rule
from ..gateway.backends import backends_of
from ..policy.context import KeyNames
from .names import SERVICE, Names

POLICIES: Final = tuple(
    f"apimanagement:{name}" for name in ("Policy", "ProductPolicy", "ApiPolicy", "ApiOperationPolicy")
)
"""Which are told as text."""

Sides = Iterator[tuple[str, str]]


def sides_of(resource: Resource, names: Names) -> Sides:
    """(Side, what is said of it); the side "" is the thing itself."""
    if resource.token in _WORDS:
        yield from _WORDS[resource.token](resource, names)
    elif resource.token not in POLICIES:
        yield "", "is there"


def _service(service: Resource, names: Names) -> Sides:
    sku, identity = service.body.get("sku") or {}, service.body.get("identity") or {}
    units = sku.get("capacity", 1)
    yield "name", names.steady(service.name)
    yield "tier", f"{sku.get('name')}, {units} {'unit' if units == 1 else 'units'}"
    yield "identity", str(identity.get("type", "none"))


def _backend(resource: Resource, _names: Names) -> Sides:
    [backend] = backends_of([resource], {}).values()
    if isinstance(backend, Backend):
        yield "address", str(backend.url)
        yield "circuit breaker", _breaker(backend.rule)
    else:
        yield from _members(backend)


def _members(pool: BackendPool) -> Sides:
    for member in pool.members:
        beside = sum(one.weight for one in pool.members if one.priority == member.priority)
        yield f"member {member.backend}", f"priority {member.priority}, weight {member.weight} of {beside}"


def _breaker(rule: Rule | None) -> str:
    if rule is None:
        return "none: it never leaves a pool"
    statuses = ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in rule.statuses)
    failures = "at one failure" if rule.count == 1 else f"at {rule.count} failures within {rule.interval:g} s"
    until = ", or as long as Retry-After says" if rule.accept_retry_after else ", whatever Retry-After says"
    return f"opens {failures} ({statuses}) for {rule.trip_duration:g} s{until}"


def _api(api: Resource, _names: Names) -> Sides:
    header = (api.properties.get("subscriptionKeyParameterNames") or {}).get("header", KeyNames().header)
    yield "path", f"/{api.properties.get('path') or ''}"
    yield "key", f"in header {header}" if api.properties.get("subscriptionRequired", True) else "none is needed"


def _operation(operation: Resource, _names: Names) -> Sides:
    yield "", f"{operation.properties['method']} {operation.properties['urlTemplate']}"


def _subscription(subscription: Resource, names: Names) -> Sides:
    scope, state = str(subscription.properties["scope"]).rstrip("/"), subscription.properties.get("state")
    opened = "all APIs" if scope.lower().endswith("/apis") else names.thing_at(scope)
    yield "opens", opened if state == "active" else f"{opened}, but is {state}"


def _role(assignment: Resource, names: Names) -> Sides:
    definition = str(assignment.properties["roleDefinitionId"]).rpartition("/")[2].lower()
    role = ROLES[definition].name if definition in ROLES else definition
    yield f"role {role}", names.identity(str(assignment.properties["principalId"]))


_WORDS: Final[Mapping[str, Callable[[Resource, Names], Sides]]] = {
    SERVICE: _service,
    "apimanagement:Api": _api,
    "apimanagement:ApiOperation": _operation,
    "apimanagement:Backend": _backend,
    "apimanagement:Subscription": _subscription,
    ASSIGNMENT: _role,
}
