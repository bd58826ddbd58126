"""What Azure gives back: single resources, lists, and the functions that give out secrets."""

import re
from collections.abc import Mapping
from typing import Any, Final, get_args

from ..policy.document import Format
from ..policy.formatted import formatted
from .addresses import ActionAddress, Collection, ResourceAddress, SubscriptionAddress, parent_of
from .errors import KeysDisabled, SubscriptionNotFound, ValidationError
from .gate import missing
from .identity import TENANT
from .messages import Answer
from .rules.policies import SCOPES
from .rules.roles import ASSIGNMENT
from .rules.services import SERVICE
from .state import State
from .store import Resource
from .types import TYPES

SUBSCRIPTION: Final = "directory:Subscription"

_PRINCIPAL_FILTER: Final = re.compile(r"(?:principalId eq|assignedTo\()\s*'([^']+)'\)?", re.IGNORECASE)


def read(state: State, address: ResourceAddress, query: Mapping[str, str]) -> Answer:
    """One resource, or Azure's 404."""
    found = state.store.get(address.path)
    if found is None or not _is_revision(address, found):
        raise missing(address.path)
    return Answer(200, render(found, query), {"ETag": f'"{found.etag}"'})


def read_list(state: State, collection: Collection, query: Mapping[str, str]) -> Answer:
    """All resources of a type in one place, as `value`."""
    row = collection.row
    if row.token == ASSIGNMENT:
        found = _assignments(state, collection.parent, query.get("$filter", ""))
    else:
        if "$filter" in query:
            raise ValidationError.of("$filter", "This local Azure does not filter this list.")
        found = [
            one
            for one in state.store.below(collection.parent, row.token)
            if collection.parent.count("/") == 2 or parent_of(one.id).lower() == collection.parent.lower()
        ]
    first = _whole(query, "$skip", 0)
    last = first + _whole(query, "$top", len(found))
    body: dict[str, Any] = {"value": [render(one, query) for one in found[first:last]]}
    if row.token.startswith("apimanagement:") and row.token != SERVICE:
        body["count"] = len(found)
    return Answer(200, body)


def run_action(state: State, address: ActionAddress) -> Answer:
    """A function that gives out what a GET does not."""
    found = state.store.get(address.resource.path)
    if found is None:
        raise missing(address.resource.path)
    if found.token == "cognitiveservices:Account" and found.properties.get("disableLocalAuth"):
        raise KeysDisabled
    return Answer(200, dict(found.private), {"ETag": f'"{found.etag}"'})


def read_subscriptions(state: State, address: SubscriptionAddress) -> Answer:
    """One subscription, or all."""
    found = list(state.store.all(SUBSCRIPTION))
    if not address.subscription:
        return Answer(200, {"value": [_subscription(one) for one in found]})
    wanted = address.subscription.lower()
    one = next((one for one in found if one.name.lower() == wanted), None)
    if one is None:
        raise SubscriptionNotFound(address.subscription)
    return Answer(200, _subscription(one))


def render(resource: Resource, query: Mapping[str, str]) -> dict[str, Any]:
    """A resource as JSON. A policy comes as `xml`, unless the query asks for `rawxml`."""
    row = TYPES[resource.token]
    body = {"id": resource.id, "name": resource.name, "type": row.arm_type, **resource.body}
    if row.token == SERVICE:
        body["etag"] = resource.etag
    if row.token in SCOPES:
        wanted = query.get("format", "xml")
        if wanted not in get_args(Format):
            raise ValidationError.of("format", f"'{wanted}' is not a valid format: it must be 'xml' or 'rawxml'.")
        sent: Mapping[str, Any] = resource.private
        text = formatted(sent["value"], sent["format"], "rawxml" if wanted == "rawxml" else "xml")
        body["properties"] = {**resource.properties, "format": wanted, "value": text}
    return body


def _whole(query: Mapping[str, str], name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not value.isdecimal():
        raise ValidationError.of(name, f"'{value}' is not a whole number.")
    return int(value)


def _is_revision(address: ResourceAddress, found: Resource) -> bool:
    """The twin keeps each API's current revision, which may be addressed by its number too."""
    if address.revision is None:
        return True
    return found.token != "apimanagement:Api" or found.properties.get("apiRevision") == address.revision


def _subscription(resource: Resource) -> dict[str, Any]:
    return {
        "id": resource.id,
        "subscriptionId": resource.name,
        "tenantId": TENANT,
        "displayName": resource.body.get("displayName"),
        "state": "Enabled",
    }


def _assignments(state: State, scope: str, condition: str) -> list[Resource]:
    """Role assignments at a scope, above it (they apply here too) and below it; `atScope()` leaves the last out."""
    at, principal = scope.lower(), _PRINCIPAL_FILTER.search(condition)
    if condition and condition.lower() != "atscope()" and principal is None:
        raise ValidationError.of("$filter", "This local Azure knows atScope(), principalId eq '…' and assignedTo('…').")
    found = []
    for one in state.store.all(ASSIGNMENT):
        theirs = str(one.properties.get("scope")).lower()
        above = at == theirs or at.startswith(theirs + "/")
        below = theirs.startswith(at + "/") and "atscope()" not in condition.lower()
        mine = principal is None or str(one.properties.get("principalId")).lower() == principal[1].lower()
        if (above or below) and mine:
            found.append(one)
    return found
