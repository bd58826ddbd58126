"""What a person would say of a deployment: one fact for each thing that somebody may care about.

Facts have the same name in two deployments that mean the same, so two lists of them can be compared. The service's name
is left out, as it has a random suffix.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..azure.store import Resource, Store
from ..backends.backend import AnyBackend, Backend, BackendPool
from ..backends.breaker import Rule
from ..gateway.configuration import Api, Configuration, configuration_of
from ..gateway.keys import Key
from ..policy.formatted import formatted

_SERVICE = "apimanagement:ApiManagementService"
_CODE_LINE = re.compile(r"(?<=\S) {8,}(?=\S)")
_POLICIES = ("Policy", "ProductPolicy", "ApiPolicy", "ApiOperationPolicy", "PolicyFragment")


@dataclass(frozen=True, order=True)
class Name:
    """What a fact is about: a thing, such as `backend east`, and its side, such as `circuit breaker`."""

    thing: str
    side: str


Facts = Mapping[Name, str]


@dataclass(frozen=True)
class Deployment:
    """One deployment: what is said of it, and the text of each policy by what it belongs to."""

    facts: Facts
    policies: Mapping[str, str]


def deployment_of(store: Store) -> Deployment:
    """Of all services in a local Azure; of one service the name is left out."""
    services = list(store.all(_SERVICE))
    facts: dict[Name, str] = {}
    policies: dict[str, str] = {}
    for service in services:
        prefix = f"{service.name}: " if len(services) > 1 else ""
        for name, fact in _of_service(service, configuration_of(service, store)):
            facts[Name(prefix + name.thing, name.side)] = fact
        for token in _POLICIES:
            for one in store.below(service.id, f"apimanagement:{token}"):
                policies[prefix + _owner(one)] = _text(one)
    return Deployment(facts, policies)


def _of_service(service: Resource, configuration: Configuration) -> Iterator[tuple[Name, str]]:
    sku, identity = service.body.get("sku") or {}, service.body.get("identity") or {}
    yield Name("service", "tier"), f"{sku.get('name')}, {_counted(sku.get('capacity', 1), 'unit')}"
    yield Name("service", "identity"), str(identity.get("type", "none"))
    for backend in configuration.backends.values():
        yield from _of_backend(backend)
    for api in configuration.apis:
        yield from _of_api(api)
    for key in configuration.keys.values():
        yield Name(f"subscription {key.subscription.id}", "opens"), _opened(key)
    for name in configuration.named_values:
        yield Name(f"named value {name}", "exists"), "yes"  # its value may be a secret
    for name in configuration.products:
        yield Name(f"product {name}", "exists"), "yes"


def _of_backend(backend: AnyBackend) -> Iterator[tuple[Name, str]]:
    thing = f"{'pool' if isinstance(backend, BackendPool) else 'backend'} {backend.name}"
    if isinstance(backend, Backend):
        yield Name(thing, "address"), str(backend.url)
        yield Name(thing, "circuit breaker"), _breaker(backend.rule)
        return
    for member in backend.members:
        yield Name(thing, f"member {member.backend}"), f"priority {member.priority}, weight {member.weight}"


def _breaker(rule: Rule | None) -> str:
    if rule is None:
        return "none: it never leaves the pool"
    statuses = ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in rule.statuses)
    failures = "at one failure" if rule.count == 1 else f"at {rule.count} failures within {rule.interval:g} s"
    until = ", or as long as Retry-After says" if rule.accept_retry_after else ", whatever Retry-After says"
    return f"opens {failures} ({statuses}) for {rule.trip_duration:g} s{until}"


def _of_api(api: Api) -> Iterator[tuple[Name, str]]:
    thing = f"API {api.name}"
    yield Name(thing, "path"), f"/{api.path}"
    yield Name(thing, "key"), f"header {api.seen.key_names.header}" if api.subscription_required else "none is needed"
    for operation in api.operations:
        yield Name(thing, f"operation {operation.seen.id}"), f"{operation.template.method} {operation.template.text}"


def _opened(key: Key) -> str:
    what = f"API {key.api}" if key.api else f"product {key.product}" if key.product else "all APIs"
    return what if key.active else f"{what}, but is not active"


def _owner(policy: Resource) -> str:
    """`the service`, `API openai`, `operation post of API openai`, `product p`, `fragment f`."""
    steps = policy.id.split("/")[9:]
    if policy.token.endswith("PolicyFragment"):
        return f"fragment {policy.name}"
    match [step for step in steps if step][:-2]:
        case []:
            return "the service"
        case [kind, name]:
            return f"{'product' if kind.lower() == 'products' else 'API'} {name}"
        case [_, name, _, operation]:
            return f"operation {operation} of API {name}"
    return policy.id


def _text(policy: Resource) -> str:
    """As Azure gives it back, with code as it is written: line for line the same when nothing has changed.

    The line ends of code in an attribute have become spaces there; they are made line ends again, for the reader.
    """
    written = "rawxml" if policy.private.get("format") == "rawxml" else "xml"
    text = formatted(str(policy.private["value"]), written, "rawxml")
    return _CODE_LINE.sub("\n        ", text.replace("\r\n", "\n").replace("\t", "    "))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
