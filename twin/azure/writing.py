"""PUT, PATCH and DELETE of a resource."""

import copy
from collections.abc import Mapping
from typing import Any, Final

from .addresses import ResourceAddress
from .conflicts import check_conditions, check_free, hold_of, occupy
from .errors import InvalidRequestContent, MissingIfMatch, ResourceGroupNotFound, ValidationError
from .gate import GROUP, missing
from .lifecycle import remove, start
from .messages import Answer
from .outputs import complete
from .polling import follow_headers
from .reading import render
from .rules import refusal_of_delete, refusal_of_put
from .rules.models import writable
from .rules.proposal import Proposal
from .rules.services import SERVICE, deleted_service
from .soft_delete import restore
from .state import State, Turn
from .store import Resource
from .types import TYPES, ResourceType

_API: Final = "apimanagement:Api"
_PRODUCT: Final = "apimanagement:Product"


def put(state: State, address: ResourceAddress, turn: Turn) -> Answer:
    """Make or replace a resource. Raises what Azure refuses."""
    return _write(state, address, turn, _body(turn) if address.row.request else {})


def patch(state: State, address: ResourceAddress, turn: Turn) -> Answer:
    """Change the named properties of a resource (JSON merge patch)."""
    previous = state.store.get(address.path)
    if previous is None:
        raise missing(address.path)
    in_service = address.row.token.startswith("apimanagement:") and address.row.token != SERVICE
    if in_service and "if-match" not in turn.call.headers:
        raise MissingIfMatch
    return _write(state, address, turn, _merged(_sent(previous), _body(turn)))


def delete(state: State, address: ResourceAddress, turn: Turn) -> Answer:
    """Remove a resource with all below it; what is not there is no error, except a resource group."""
    found = state.store.get(address.path)
    if found is None:
        if address.row.token == GROUP:
            raise ResourceGroupNotFound(address.name)
        return Answer(204)
    check_conditions(turn.call.headers, found)
    check_free(state, address, turn)
    sweeps = found.token == _PRODUCT and turn.call.query.get("deleteSubscriptions", "").lower() == "true"
    refusal = None if sweeps else refusal_of_delete(found, state.store)
    if refusal is not None:
        raise refusal
    hold = hold_of(state, address, turn)
    occupy(state, address, turn.done(hold))
    if address.row.default:
        _keep_default(state, found.id, address.row, turn)
        return Answer(200).held(hold)
    if "DELETE" in address.row.long_running:
        operation = start(state, found, turn, hold, code=204 if found.token == _API else 200)
        occupy(state, address, operation.due)
        return Answer(202, None, follow_headers(operation, address.row, turn.call)).held(hold)
    remove(state, found, turn.now)
    return Answer(200).held(hold)


def _write(state: State, address: ResourceAddress, turn: Turn, body: Mapping[str, Any]) -> Answer:
    row, previous = address.row, state.store.get(address.path)
    current = previous.properties.get("apiRevision") if previous else None
    if address.revision not in (None, current):
        raise ValidationError.of("apiRevision", "This local Azure keeps only the current revision of an API.")
    if row.token != GROUP and state.store.get(address.parent) is None:
        raise missing(address.parent, written=True, child=row)
    check_conditions(turn.call.headers, previous)
    check_free(state, address, turn)
    path = previous.id if previous else address.path
    proposal = Proposal(path, row, address.shape.parse_id(address.path) or {}, body, previous)
    refusal = refusal_of_put(proposal, state.store)
    if refusal is not None:
        raise refusal
    return _accepted(state, address, turn, _restored(state, proposal) or _kept(state, proposal, turn), previous)


def _accepted(
    state: State, address: ResourceAddress, turn: Turn, resource: Resource, previous: Resource | None
) -> Answer:
    """The answer to a write that was kept, and the operation that goes on after it."""
    hold = hold_of(state, address, turn)
    occupy(state, address, turn.done(hold))
    status = 200 if previous else 201
    headers = {"ETag": f'"{resource.etag}"'}
    if "PUT" in address.row.long_running:
        operation = start(state, resource, turn, hold, previous, status)
        occupy(state, address, operation.due)
        headers.update(follow_headers(operation, address.row, turn.call))
    shown = state.store.get(resource.id) or resource
    return Answer(status, render(shown, {}), headers).held(hold)


def _kept(state: State, proposal: Proposal, turn: Turn) -> Resource:
    """Keep what Azure makes of the body, and what comes into being with it."""
    body = copy.deepcopy(writable(proposal.row.token, proposal.body))
    completed = complete(proposal, body, turn.circumstances(state), state.store)
    for other in completed.made:
        state.store.put(other)
    if proposal.previous is None:
        for row in [row for row in TYPES.values() if row.default]:
            owner, collection, _ = row.path.rsplit("/", 2)
            if owner == proposal.row.path:
                # Only policies are there from the start, and all of them have one name.
                _keep_default(state, f"{proposal.path}/{collection}/policy", row, turn)
    return state.store.put(Resource(proposal.path, proposal.row.token, completed.body, completed.private))


def _keep_default(state: State, path: str, row: ResourceType, turn: Turn) -> None:
    """Give a resource that is there from the start its first content."""
    body = {"properties": dict(row.default)}
    proposal = Proposal(path, row, {}, body)
    completed = complete(proposal, copy.deepcopy(body), turn.circumstances(state), state.store)
    state.store.put(Resource(path, row.token, completed.body, completed.private))


def _restored(state: State, proposal: Proposal) -> Resource | None:
    """With `restore: true` a service comes back as it was; all else in the body is ignored. apim_facts E11."""
    if proposal.row.token != SERVICE or not proposal.properties.get("restore"):
        return None
    deleted = deleted_service(proposal.name, state.store)
    return None if deleted is None else restore(state.store, deleted)


def _body(turn: Turn) -> Mapping[str, Any]:
    if turn.call.malformed:
        raise InvalidRequestContent(turn.call.malformed)
    if not isinstance(turn.call.body, dict):
        raise InvalidRequestContent("The request body must be a JSON object.")
    return turn.call.body


def _sent(resource: Resource) -> dict[str, Any]:
    """The body that would make the resource what it is."""
    body = writable(resource.token, resource.body)
    properties = {**body.get("properties", {}), **resource.private}
    return {**body, "properties": properties} if resource.token.startswith("apimanagement:") else body


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(old)
    for name, value in new.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            result[name] = _merged(result.get(name) or {}, value)
        else:
            result[name] = value
    return result
