"""Subscriptions to APIs (their keys) and products."""

from collections.abc import Iterator

from ..errors import Refusal, ResourceNotFound, ValidationError
from ..store import Resource
from .proposal import Proposal, View, service_of, siblings, within


def subscription_problems(proposal: Proposal, view: View) -> Iterator[Refusal]:
    """What API Management refuses in a subscription."""
    properties = proposal.properties
    if properties.get("displayName") is None:
        yield ValidationError.of("displayName", "DisplayName is required.")
    scope = full_scope(service_of(proposal.path), str(properties.get("scope") or ""))
    if scope is None:
        # Azure/azure-powershell#26997.
        yield ValidationError.of(
            "scope", "Subscription scope should be one of '/apis', '/apis/{apiId}', '/products/{productId}'"
        )
    elif not scope.lower().endswith("/apis") and view.get(scope) is None:
        kind = "Api" if "/apis/" in scope.lower() else "Product"
        yield ValidationError.of("scope", f"{kind} '{scope.rpartition('/')[2]}' not found.")
    given = {properties.get("primaryKey"), properties.get("secondaryKey")} - {None}
    for other in siblings(proposal, view):
        if given & {other.private.get("primaryKey"), other.private.get("secondaryKey")}:
            yield ValidationError.of("primaryKey", "A subscription with the same key already exists.")


def product_problems(proposal: Proposal, view: View) -> Iterator[Refusal]:
    """What API Management refuses in a product."""
    name = proposal.properties.get("displayName")
    if name is None:
        yield ValidationError.of("displayName", "DisplayName is required.")
    if any(str(other.properties.get("displayName")).lower() == str(name).lower() for other in siblings(proposal, view)):
        # Azure/apiops#606.
        yield ValidationError.of("name", "Product with the same name already exists")


def product_api_problems(proposal: Proposal, view: View) -> Iterator[Refusal]:
    """What API Management refuses when an API is added to a product."""
    if view.get(api_of(proposal.path)) is None:
        yield ResourceNotFound("Api not found.")


def api_of(product_api: str) -> str:
    """The id of the API that is in a product, from the id of its being there."""
    return f"{service_of(product_api)}/apis/{product_api.rpartition('/')[2]}"


def products_with(api: Resource, view: View) -> list[Resource]:
    """An API's being in products."""
    found = view.below(service_of(api.id), "apimanagement:ProductApi")
    return [one for one in found if api_of(one.id).lower() == api.id.lower()]


def full_scope(service: str, scope: str) -> str | None:
    """The full id of a scope, or None when it is none."""
    if scope.lower().rstrip("/") in ("/apis", f"{service.lower()}/apis"):
        return f"{service}/apis"
    return within(service, scope, "apis") or within(service, scope, "products")


def subscriptions_to(target: Resource, view: View) -> list[Resource]:
    """The subscriptions whose scope is this API or product."""
    found = view.below(service_of(target.id), "apimanagement:Subscription")
    return [one for one in found if str(one.properties.get("scope")).lower() == target.id.lower()]
