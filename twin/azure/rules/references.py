"""What cannot be deleted because something else uses it.

Azure's sentence is known for a policy fragment (Azure/apiops-cli#261) and, in its beginning, for a backend (a public
script looks for "Backend … is used by the following entities"). The others follow it.
"""

from collections.abc import Iterator
from typing import Any, Final

from ..errors import Refusal, ValidationError
from ..store import Resource
from .backends import pools_with
from .named_values import references
from .policies import policies_naming
from .proposal import View, service_of
from .subscriptions import subscriptions_to
from .telemetry import diagnostics_of

_HOLDERS: Final = ("apimanagement:Backend", "apimanagement:Logger")


def backend_in_use(backend: Resource, view: View) -> Iterator[Refusal]:
    """A backend that a pool or a policy names."""
    users = pools_with(backend.id, view) + policies_naming(service_of(backend.id), "backend", backend.name, view)
    yield from _in_use("Backend", backend, users)


def fragment_in_use(fragment: Resource, view: View) -> Iterator[Refusal]:
    """A policy fragment that a policy or another fragment includes."""
    users = policies_naming(service_of(fragment.id), "fragment", fragment.name, view)
    yield from _in_use("Policy Fragment", fragment, users)


def named_value_in_use(value: Resource, view: View) -> Iterator[Refusal]:
    """A named value that a policy, a backend's credentials or a logger refers to."""
    service, name = service_of(value.id), str(value.properties.get("displayName"))
    users = policies_naming(service, "named value", name, view)
    for token in _HOLDERS:
        users += [one for one in view.below(service, token) if name.lower() in _names_in(one.properties)]
    yield from _in_use("Named Value", value, users)


def logger_in_use(logger: Resource, view: View) -> Iterator[Refusal]:
    """A logger that a diagnostic writes to."""
    yield from _in_use("Logger", logger, diagnostics_of(logger, view))


def product_in_use(product: Resource, view: View) -> Iterator[Refusal]:
    """A product that has subscriptions. Azure/apiops#94."""
    if subscriptions_to(product, view):
        yield ValidationError(
            "Product cannot be deleted since it has existing subscriptions. Delete subscriptions before deleting the"
            " product or pass in deleteSubscriptions=true as query param"
        )


def _in_use(label: str, resource: Resource, users: list[Resource]) -> Iterator[Refusal]:
    service = service_of(resource.id)
    if users:
        listed = "".join(f"{user.id[len(service) :]}\r\n" for user in users)
        yield ValidationError(f"The {label} '{resource.name}' is used by the following entities:\r\n{listed}")


def _names_in(properties: Any) -> set[str]:
    return {name.lower() for name in references(dict(properties))}
