"""What API Management adds to backends, APIs, their operations, policies and diagnostics."""

from dataclasses import replace

from ..rules.backends import is_pool
from ..rules.proposal import Proposal, View, service_of, within
from ..rules.subscriptions import api_of, products_with
from .completion import Body, Circumstances, Completed, inner


def complete_backend(proposal: Proposal, body: Body, _circumstances: Circumstances, _view: View) -> Completed:
    properties = inner(body)
    properties["type"] = "Pool" if is_pool(properties) else "Single"
    for member in inner(properties, "pool")["services"] if is_pool(properties) else []:
        # A member may be named by `/backends/{id}`; it is given back by its full id.
        member["id"] = within(service_of(proposal.path), member["id"], "backends")
    return Completed(body)


def complete_api(proposal: Proposal, body: Body, _circumstances: Circumstances, view: View) -> Completed:
    properties = inner(body)
    names = properties.setdefault("subscriptionKeyParameterNames", {})
    names.setdefault("header", "Ocp-Apim-Subscription-Key")
    names.setdefault("query", "subscription-key")
    properties.setdefault("apiRevision", "1")
    properties.setdefault("protocols", ["https"])
    properties.setdefault("subscriptionRequired", True)
    properties.setdefault("authenticationSettings", {})
    properties.update(isCurrent=True, isOnline=True, provisioningState="Succeeded")
    in_products = products_with(proposal.previous, view) if proposal.previous else []
    return Completed(body, made=tuple(replace(one, body=body) for one in in_products))


def complete_operation(_proposal: Proposal, body: Body, _circumstances: Circumstances, _view: View) -> Completed:
    properties = inner(body)
    properties.setdefault("templateParameters", [])
    properties.setdefault("responses", [])
    properties["method"] = properties["method"].upper()
    return Completed(body)


def complete_policy(_proposal: Proposal, body: Body, _circumstances: Circumstances, _view: View) -> Completed:
    """The text is kept as it was sent; how it is given back depends on the GET."""
    properties = inner(body)
    private = {"value": properties.pop("value"), "format": properties.pop("format", None) or "xml"}
    return Completed(body, private)


def complete_fragment(proposal: Proposal, body: Body, circumstances: Circumstances, view: View) -> Completed:
    inner(body)["provisioningState"] = "Succeeded"
    return complete_policy(proposal, body, circumstances, view)


def complete_diagnostic(proposal: Proposal, body: Body, _circumstances: Circumstances, _view: View) -> Completed:
    properties = inner(body)
    if properties.get("loggerId"):
        properties["loggerId"] = within(service_of(proposal.path), properties["loggerId"], "loggers")
    return Completed(body)


def complete_product_api(proposal: Proposal, body: Body, _circumstances: Circumstances, view: View) -> Completed:
    """An API in a product looks as the API does."""
    api = view.get(api_of(proposal.path))
    return Completed(dict(api.body) if api else body)


def complete_product(_proposal: Proposal, body: Body, _circumstances: Circumstances, _view: View) -> Completed:
    properties = inner(body)
    properties.setdefault("state", "notPublished")
    properties.setdefault("subscriptionRequired", True)
    return Completed(body)
