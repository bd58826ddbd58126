"""Subscription keys: which subscription a call presents, and whether it opens the API.

https://learn.microsoft.com/azure/api-management/api-management-subscriptions
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ..azure.store import Resource
from ..messages import Headers, Request, Response
from ..policy import context as c
from ..policy.errors import error_response
from ..policy.fault import PolicyFault

MISSING = (
    "Access denied due to missing subscription key. "
    "Make sure to include subscription key when making requests to an API."
)
INVALID = "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."


@dataclass(frozen=True)
class Key:
    """A key of a subscription, and what it opens: all APIs, one API, or the APIs of a product, by name."""

    subscription: c.Subscription
    api: str = ""
    product: str = ""
    active: bool = True

    def opens(self, api: str, products: Iterable[str]) -> bool:
        if self.product:
            return self.product in products
        return not self.api or self.api == api.lower()


def keys_of(subscriptions: Iterable[Resource]) -> dict[str, Key]:
    """Both keys of every subscription."""
    return {
        key: _key(resource, key)
        for resource in subscriptions
        for key in (str(resource.private["primaryKey"]), str(resource.private["secondaryKey"]))
    }


def _key(resource: Resource, key: str) -> Key:
    properties, private = resource.properties, resource.private
    kind, _, name = str(properties["scope"]).lower().rstrip("/").rpartition("/")
    created = properties.get("createdDate")
    subscription = c.Subscription(
        id=resource.name,
        name=str(properties.get("displayName", "")),
        key=key,
        primary_key=str(private["primaryKey"]),
        secondary_key=str(private["secondaryKey"]),
        created=datetime.fromisoformat(created).timestamp() if created else 0.0,
    )
    return Key(
        subscription,
        api=name if kind.endswith("/apis") else "",
        product=name if kind.endswith("/products") else "",
        active=properties.get("state") == "active",
    )


def presented(request: Request, names: c.KeyNames) -> str:
    """The key in the header, which is looked at first, or in the query."""
    return request.headers.get(names.header) or request.url.parameter(names.query)


def admitted(
    request: Request, api: c.Api, products: Iterable[str], keys: Mapping[str, Key], request_id: str, host: str
) -> Key:
    """The key that a call presents, if it opens the API. Raises PolicyFault with Azure's 401 for any other."""
    text = presented(request, api.key_names)
    if not text:
        raise _refused("SubscriptionKeyNotFound", MISSING, api, request_id, host)
    key = keys.get(text)
    if key is None or not key.active or not key.opens(api.id, products):
        raise _refused("SubscriptionKeyInvalid", INVALID, api, request_id, host)
    return key


def _refused(reason: str, message: str, api: c.Api, request_id: str, host: str) -> PolicyFault:
    answer: Response = error_response(401, request_id, message)
    realm = f"https://{host}/{api.path}"
    challenge = f'AzureApiManagementKey realm="{realm}",name="{api.key_names.header}",type="header"'
    answer.headers = Headers([*answer.headers, ("WWW-Authenticate", challenge)])
    return PolicyFault(reason, message, answer=answer, source="authorization")
