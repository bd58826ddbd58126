"""How accepted operations begin and end, and what goes with a resource that is deleted."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from .operations import Operation, due, stale
from .outputs.secrets import credentials_of
from .rules.named_values import named
from .rules.proposal import service_of
from .rules.services import SERVICE
from .rules.subscriptions import products_with, subscriptions_to
from .soft_delete import expire, keep
from .state import State, Turn
from .store import Resource
from .types import TYPES

# What `provisioningState` says while an operation runs; elsewhere it is "InProgress".
_MEANWHILE: Final = {
    (SERVICE, "PUT"): "Activating",
    (SERVICE, "DELETE"): "Deleting",
    ("resources:ResourceGroup", "DELETE"): "Deleting",
    ("cognitiveservices:Account", "PUT"): "Creating",
    ("cognitiveservices:Account", "DELETE"): "Deleting",
    ("cognitiveservices:Deployment", "PUT"): "Creating",
    ("cognitiveservices:Deployment", "DELETE"): "Deleting",
}


def start(
    state: State, resource: Resource, turn: Turn, hold: float, previous: Resource | None = None, code: int = 200
) -> Operation:
    """Accept an operation on a resource; its state shows that it is under way.

    `hold` is how long the first answer is kept back, `code` the status of the last one, `previous` what was there.
    """
    method = "DELETE" if turn.call.method == "DELETE" else "PUT"
    operation = Operation(
        id=state.new_id().hex[-24:],
        method=method,
        target=resource.id,
        started=turn.done(hold),
        due=turn.done(hold) + state.delays.long_running,
        code=code,
        error=turn.failure,
        undo=previous.entry() if previous else None,
    )
    state.store.record(operation)
    _show(state, resource, _MEANWHILE.get((resource.token, method), "InProgress"))
    return operation


def under_way(state: State, path: str) -> Operation | None:
    """The unfinished operation on a resource."""
    running = (one for one in state.store.operations.values() if not one.done)
    return next((one for one in running if one.target.lower() == path.lower()), None)


def advance(state: State, now: datetime) -> None:
    """Let happen what has become due: ends of operations, and the end of what was soft-deleted long ago."""
    moment = now.timestamp()
    for operation in due(state.store.operations.values(), moment):
        state.store.record(operation.ended())
        if operation.error:
            _fail(state, operation)
        else:
            _succeed(state, operation)
    state.store.drop(stale(state.store.operations.values(), moment))
    expire(state.store, moment)


def remove(state: State, resource: Resource, when: datetime) -> None:
    """Delete a resource with all that goes with it; services stay restorable."""
    doomed = [resource, *state.store.below(resource.id)]
    for service in [one for one in doomed if one.token == SERVICE]:
        keep(state.store, service, when)
    for one in [one for one in doomed if one.token in ("apimanagement:Api", "apimanagement:Product")]:
        for subscription in subscriptions_to(one, state.store):
            state.store.delete(subscription.id)
    for api in [one for one in doomed if one.token == "apimanagement:Api"]:
        for product_api in products_with(api, state.store):
            state.store.delete(product_api.id)
    if resource.token == "apimanagement:Logger":
        _remove_credentials(state, resource)
    state.store.delete(resource.id)


def _remove_credentials(state: State, logger: Resource) -> None:
    """The named values that Azure made of the logger's credentials."""
    service = service_of(logger.id)
    for value in (logger.properties.get("credentials") or {}).values():
        display = credentials_of(value)
        found = named(service, display, state.store) if display else None
        if found is not None:
            state.store.delete(found.id)


def _succeed(state: State, operation: Operation) -> None:
    resource = state.store.get(operation.target)
    if resource is None:
        return
    if operation.method == "DELETE":
        remove(state, resource, datetime.fromtimestamp(operation.due, UTC))
    else:
        _show(state, resource, "Succeeded")


def _fail(state: State, operation: Operation) -> None:
    """A service that could not be made stays, as failed; anything else is as it was before."""
    resource = state.store.get(operation.target)
    if resource is None:
        return
    if operation.method == "DELETE":
        _show(state, resource, "Succeeded")
    elif operation.undo is not None:
        state.store.restore(Resource(**operation.undo))
    elif resource.token == SERVICE:
        _show(state, resource, "Failed")
    else:
        state.store.delete(resource.id)


def _show(state: State, resource: Resource, provisioning: str) -> None:
    if resource.token not in TYPES or "provisioningState" not in resource.properties:
        return
    properties = {**resource.properties, "provisioningState": provisioning}
    state.store.restore(replace(resource, body={**resource.body, "properties": properties}))
