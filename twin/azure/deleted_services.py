"""The paths of soft-deleted services: list, get, purge. apim_facts E10."""

import re
from typing import Any, Final

from .errors import MethodNotAllowed, ResourceNotFound
from .gate import check_place
from .lifecycle import start
from .messages import Answer
from .polling import follow_headers
from .rules.services import DELETED_SERVICE
from .state import State, Turn
from .store import Resource

_PATH: Final = re.compile(
    r"(?P<subscription>/subscriptions/[^/]+)/providers/Microsoft\.ApiManagement"
    r"(/locations/[^/]+)?/deletedservices(/(?P<name>[^/]+))?",
    re.IGNORECASE,
)


def answer_deleted_services(state: State, turn: Turn) -> Answer | None:
    """The answer to a call of these paths, or None when it is another one."""
    found = _PATH.fullmatch(turn.call.path)
    if found is None:
        return None
    check_place(turn.call.path, state.store)
    services = state.store.below(found["subscription"], DELETED_SERVICE)
    if found["name"] is None:
        return Answer(200, {"value": [_shown(one) for one in services]})
    service = next((one for one in services if one.name.lower() == found["name"].lower()), None)
    match turn.call.method:
        case "DELETE":
            return Answer(204) if service is None else _purge(state, turn, service)
        case "GET":
            if service is None:
                raise ResourceNotFound(f"Api service {found['name']} is not in the soft-deleted state.")
            return Answer(200, _shown(service))
        case method:
            raise MethodNotAllowed(method)


def _purge(state: State, turn: Turn, service: Resource) -> Answer:
    operation = start(state, service, turn, turn.hold)
    return Answer(202, _shown(service), follow_headers(operation, None, turn.call))


def _shown(resource: Resource) -> dict[str, Any]:
    kind = "Microsoft.ApiManagement/deletedservices"
    return {"id": resource.id, "name": resource.name, "type": kind, **resource.body}
