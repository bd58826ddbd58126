"""What a gateway runs, made from the resources of one API Management service.

A configuration never changes: when something in the service does, another one takes its place, and calls that are under
way end with the one that they began with. Policies are compiled when they are first needed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..azure.addresses import parent_of
from ..azure.store import Resource, Store
from ..backends.backend import AnyBackend
from ..backends.forwarder import Target
from ..messages import Url
from ..openai.regions import displayed
from ..policy import context as c
from ..policy.document import Element, Format
from ..policy.examples import Example, operation_examples
from ..policy.program import Program, compiled_program
from ..policy.reader import parse
from ..policy.views import url_view
from .backends import backends_of
from .keys import Key, keys_of
from .routing import Template

POLICIES = ("Policy", "ProductPolicy", "ApiPolicy", "ApiOperationPolicy")
"""The types of policies, by scope; fragments are none."""


@dataclass(frozen=True)
class Operation:
    template: Template
    seen: c.Operation
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Api:
    """One API: what routing and expressions know of it. `products` are the names of those that contain it."""

    name: str
    path: str
    seen: c.Api
    target: Target
    operations: tuple[Operation, ...]
    subscription_required: bool
    products: frozenset[str]


@dataclass
class Configuration:
    """One service, ready to serve. `hosts` are the names that callers know it by."""

    id: str
    name: str
    hosts: frozenset[str]
    deployment: c.Deployment
    apis: tuple[Api, ...]
    keys: Mapping[str, Key]
    backends: Mapping[str, AnyBackend]
    products: Mapping[str, c.Product]
    identities: Mapping[str, str]
    """Principals by client id in lower case; "" is the service's own."""
    named_values: Mapping[str, str]
    fragments: Mapping[str, Element]
    policies: Mapping[tuple[str, ...], Element]
    """Roots by what they belong to: () the service, ("products", name), ("apis", name), ("apis", name, operation)."""
    _programs: dict[tuple[str, str, str], Program] = field(default_factory=dict)

    def program(self, api: str, operation: str, product: str) -> Program:
        """The policy in force; names in lower case, empty where there is none. Raises ExpressionError."""
        wanted = (api, operation, product)
        if wanted not in self._programs:
            places = [("global", ()), ("product", ("products", product))]
            places += [("api", ("apis", api)), ("operation", ("apis", api, operation))]
            scopes = [(scope, self.policies[place]) for scope, place in places if place in self.policies]
            self._programs[wanted] = compiled_program(scopes, self.named_values, self.fragments)
        return self._programs[wanted]


def configuration_of(service: Resource, store: Store) -> Configuration:
    """The configuration of a service as the store has it now."""

    def all_of(token: str) -> list[Resource]:
        return store.below(service.id, f"apimanagement:{token}")

    named_values = {str(one.properties["displayName"]): _text(one) for one in all_of("NamedValue")}
    return Configuration(
        id=service.id,
        name=service.name,
        hosts=frozenset(_hosts(service)),
        # Policies compare it with "West US", as the page of multi-region deployments shows.
        deployment=c.Deployment(displayed(str(service.body.get("location", ""))), service.name),
        apis=tuple(_api(one, store) for one in all_of("Api")),
        keys=keys_of(all_of("Subscription")),
        backends=backends_of(all_of("Backend"), named_values),
        products={one.name.lower(): _product(one) for one in all_of("Product")},
        identities=_identities(service),
        named_values=named_values,
        fragments={one.name.lower(): _root(one) for one in all_of("PolicyFragment")},
        policies={_owner(one): _root(one) for token in POLICIES for one in all_of(token)},
    )


def _owner(policy: Resource) -> tuple[str, ...]:
    """As the keys of Configuration.policies: the names in the policy's path below the service."""
    steps = policy.id.lower().split("/")[9:-2]
    return (steps[0], *steps[1::2]) if steps else ()


def _root(policy: Resource) -> Element:
    return _parsed(str(policy.private["value"]), "rawxml" if policy.private.get("format") == "rawxml" else "xml")


@lru_cache(maxsize=512)
def _parsed(text: str, format: Format) -> Element:
    return parse(text, format).root


def _text(named_value: Resource) -> str:
    """The value; one that Key Vault keeps is not known here, and its reference stays."""
    value = named_value.private.get("value")
    return f"{{{{{named_value.properties['displayName']}}}}}" if value is None else str(value)


def _hosts(service: Resource) -> Iterable[str]:
    yield f"{service.name}.azure-api.net".lower()
    for one in service.properties.get("hostnameConfigurations") or []:
        if one.get("type") == "Proxy":
            yield str(one["hostName"]).lower()


def _identities(service: Resource) -> dict[str, str]:
    identity: Mapping[str, Any] = service.body.get("identity") or {}
    found = {"": str(identity["principalId"])} if identity.get("principalId") else {}
    for one in (identity.get("userAssignedIdentities") or {}).values():
        found[str(one["clientId"]).lower()] = str(one["principalId"])
    return found


def _api(resource: Resource, store: Store) -> Api:
    properties = resource.properties
    names = properties.get("subscriptionKeyParameterNames") or {}
    service_url = Url.parse(str(properties["serviceUrl"])) if properties.get("serviceUrl") else None
    links = [one for one in store.all("apimanagement:ProductApi") if one.name.lower() == resource.name.lower()]
    operations = [
        one for one in store.below(resource.id, "apimanagement:ApiOperation") if parent_of(one.id) == resource.id
    ]
    return Api(
        name=resource.name,
        path=str(properties.get("path") or ""),
        seen=c.Api(
            id=resource.name,
            name=str(properties.get("displayName", "")),
            path=str(properties.get("path") or ""),
            service_url=url_view(service_url) if service_url else None,
            protocols=tuple(properties.get("protocols") or ("https",)),
            revision=str(properties.get("apiRevision") or "1"),
            version=properties.get("apiVersion"),
            is_current_revision=bool(properties.get("isCurrent", True)),
            key_names=c.KeyNames(names.get("header", c.KeyNames().header), names.get("query", c.KeyNames().query)),
        ),
        target=Target(base=service_url) if service_url else Target(),
        operations=tuple(sorted((_operation(one) for one in operations), key=lambda found: found.template.rank)),
        subscription_required=bool(properties.get("subscriptionRequired", True)),
        products=frozenset(
            parent_of(one.id).rpartition("/")[2].lower() for one in links if _same_service(one, resource)
        ),
    )


def _same_service(one: Resource, other: Resource) -> bool:
    return one.id.lower().split("/")[:9] == other.id.lower().split("/")[:9]


def _operation(resource: Resource) -> Operation:
    properties = resource.properties
    method, template = str(properties["method"]).upper(), str(properties["urlTemplate"])
    seen = c.Operation(resource.name, str(properties.get("displayName", "")), method, template)
    return Operation(Template(method, template), seen, operation_examples(properties.get("responses") or ()))


def _product(resource: Resource) -> c.Product:
    properties = resource.properties
    return c.Product(
        id=resource.name,
        name=str(properties.get("displayName", "")),
        approval_required=bool(properties.get("approvalRequired")),
        published=properties.get("state") == "published",
        subscription_limit=properties.get("subscriptionsLimit"),
        subscription_required=bool(properties.get("subscriptionRequired", True)),
    )
