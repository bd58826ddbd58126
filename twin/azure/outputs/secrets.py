"""Resources that hold secrets: what is shown of them, and what only their own functions give out."""

import re
from typing import Final

from ..rules.named_values import REFERENCE
from ..rules.proposal import Proposal, View, service_of
from ..rules.subscriptions import full_scope
from ..store import Resource
from .completion import Body, Circumstances, Completed, before, inner

# The named value that a logger's credential becomes; Azure/apiops#163 shows the name.
LOGGER_CREDENTIAL: Final = "Logger-Credentials--"
_SECRET_CREDENTIALS: Final = ("instrumentationKey", "connectionString")


def complete_named_value(_proposal: Proposal, body: Body, _circumstances: Circumstances, _view: View) -> Completed:
    properties = inner(body)
    secret = bool(properties.get("secret")) or "keyVault" in properties
    properties.update(secret=secret, provisioningState="Succeeded")
    properties.setdefault("tags", [])
    value = properties.pop("value") if secret and "value" in properties else properties.get("value")
    return Completed(body, {"value": value})


def complete_subscription(proposal: Proposal, body: Body, circumstances: Circumstances, _view: View) -> Completed:
    properties = inner(body)
    kept = proposal.previous.private if proposal.previous else {}
    private = {
        name: properties.pop(name, None) or kept.get(name) or circumstances.new_key()
        for name in ("primaryKey", "secondaryKey")
    }
    # "If no value is specified, subscription is created with Submitted state" (SubscriptionCreateParameters).
    properties.setdefault("state", before(proposal, "properties", "state") or "submitted")
    properties.setdefault("allowTracing", False)
    properties["scope"] = full_scope(service_of(proposal.path), properties["scope"])
    properties["createdDate"] = before(proposal, "properties", "createdDate") or circumstances.stamp
    return Completed(body, private)


def complete_logger(proposal: Proposal, body: Body, circumstances: Circumstances, _view: View) -> Completed:
    """Credentials become secret named values, and only the reference to them is given back."""
    properties = inner(body)
    properties.setdefault("isBuffered", True)
    made = []
    for name, value in (properties.get("credentials") or {}).items():
        if name in _SECRET_CREDENTIALS and not re.fullmatch(REFERENCE, value):
            kept = credentials_of(before(proposal, "properties", "credentials", name))
            display = kept or LOGGER_CREDENTIAL + circumstances.new_id().hex[-24:]
            made.append(_credential(service_of(proposal.path), display, value))
            properties["credentials"][name] = f"{{{{{display}}}}}"
    return Completed(body, made=tuple(made))


def credentials_of(value: object) -> str | None:
    """The display name of the named value that stands for a logger's credential, if one does."""
    found = REFERENCE.fullmatch(str(value))
    return found[1] if found and found[1].startswith(LOGGER_CREDENTIAL) else None


def _credential(service: str, display: str, value: str) -> Resource:
    name = display.removeprefix(LOGGER_CREDENTIAL)
    properties = {"displayName": display, "secret": True, "tags": [], "provisioningState": "Succeeded"}
    path = f"{service}/namedValues/{name}"
    return Resource(path, "apimanagement:NamedValue", {"properties": properties}, {"value": value})
