"""How a caller follows a long-running operation: the headers of the first answer, and the answers to its polls.

Forms are those of the specification's examples (2024-05-01). An API, a named value and a fragment point to themselves
with an `asyncId` (Location) and to a status document (Azure-AsyncOperation); a service points to `operationresults`.
"""

import math
import re
from typing import Any, Final

from .errors import ResourceNotFound
from .messages import Answer, Call
from .operations import Operation
from .reading import render
from .rules.proposal import service_of
from .rules.services import SERVICE
from .state import State, Turn
from .types import ResourceType

_RESULT: Final = re.compile(r"/(?P<place>[^/]+)/(operationresults|operationstatuses)/(?P<id>[^/]+)$", re.IGNORECASE)


def follow_headers(operation: Operation, row: ResourceType | None, call: Call) -> dict[str, str]:
    """Where the caller of a write is told to look next. `row` is None for a purge."""
    version = f"api-version={call.query.get('api-version', '')}"
    path, base = operation.target, call.base
    headers = {"Retry-After": str(math.ceil(operation.due - operation.started))}
    if row is None or row.token == SERVICE:
        url = f"{base}{path}/operationresults/{operation.id}?{version}"
        if operation.method == "PUT":
            return {**headers, "Location": f"{url}&asyncResponse", "Azure-AsyncOperation": f"{url}&asyncResponse"}
        return {**headers, "Location": url}
    if row.token.startswith("apimanagement:"):
        status = f"{base}{service_of(path)}/tenant/operationResults/{operation.id}?{version}"
        location = f"{base}{path}?{version}&asyncId={operation.id}&asyncCode={operation.code}"
        return {**headers, "Location": location, "Azure-AsyncOperation": status}
    subscription = "/".join(path.split("/")[:3])
    if row.token.startswith("resources:"):
        return {**headers, "Location": f"{base}{subscription}/operationresults/{operation.id}?{version}"}
    provider = row.arm_type.partition("/")[0]
    status = f"{base}{subscription}/providers/{provider}/locations/global/operationStatuses/{operation.id}?{version}"
    return {**headers, "Azure-AsyncOperation": status}


def poll(state: State, turn: Turn) -> Answer | None:
    """The answer to a poll, or None when the call is none."""
    call = turn.call
    if call.method != "GET":
        return None
    if "asyncId" in call.query:
        return _result(state, turn, _known(state, call.query["asyncId"]))
    found = _RESULT.search(call.path)
    if found is None:
        return None
    operation = _known(state, found["id"])
    is_status = found[2].lower() == "operationstatuses" or found["place"].lower() == "tenant"
    return _status(turn, operation) if is_status or "asyncResponse" in call.query else _result(state, turn, operation)


def _known(state: State, operation_id: str) -> Operation:
    operation = state.store.operations.get(operation_id)
    if operation is None:
        raise ResourceNotFound(f"The operation '{operation_id}' was not found.")
    return operation


def _status(turn: Turn, operation: Operation) -> Answer:
    """The operation's own document: what Azure-AsyncOperation points to."""
    body: dict[str, Any] = {"id": turn.call.path, "name": operation.id, "status": operation.status}
    if operation.error:
        body.update(operation.error["body"] if operation.done else {})
    return Answer(200, body, {} if operation.done else _wait(turn, operation))


def _result(state: State, turn: Turn, operation: Operation) -> Answer:
    """The outcome itself: what Location points to."""
    if not operation.done:
        url = f"{turn.call.base}{turn.call.path}?" + "&".join(f"{k}={v}" for k, v in turn.call.query.items())
        return Answer(202, None, {"Location": url, **_wait(turn, operation)})
    if operation.error:
        return Answer(operation.error["status"], operation.error["body"])
    resource = state.store.get(operation.target) if operation.method == "PUT" else None
    if resource is None:
        return Answer(operation.code)
    return Answer(operation.code, render(resource, {}), {"ETag": f'"{resource.etag}"'})


def _wait(turn: Turn, operation: Operation) -> dict[str, str]:
    return {"Retry-After": str(max(1, math.ceil(operation.remaining(turn.seconds))))}
