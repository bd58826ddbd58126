"""Role definitions: read-only, the same everywhere."""

import re
from typing import Any, Final

from .errors import RoleDefinitionDoesNotExist
from .messages import Answer, Call
from .rules.roles import ROLES

_PATH: Final = re.compile(
    r"(?P<scope>.*)/providers/Microsoft\.Authorization/roleDefinitions(/(?P<role>[^/]+))?", re.IGNORECASE
)
_BY_NAME: Final = re.compile(r"roleName eq '([^']+)'", re.IGNORECASE)


def read_roles(call: Call) -> Answer | None:
    """The answer to a GET of role definitions, or None when the call is another one."""
    found = _PATH.fullmatch(call.path)
    if found is None or call.method != "GET":
        return None
    scope = "/".join(found["scope"].split("/")[:3])
    if found["role"] is None:
        wanted = _BY_NAME.search(call.query.get("$filter", ""))
        known = [role for role in ROLES if wanted is None or ROLES[role].name.lower() == wanted[1].lower()]
        return Answer(200, {"value": [_definition(scope, role) for role in known]})
    if found["role"].lower() not in ROLES:
        raise RoleDefinitionDoesNotExist(found["role"])
    return Answer(200, _definition(scope, found["role"].lower()))


def _definition(scope: str, role: str) -> dict[str, Any]:
    return {
        "id": f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{role}",
        "name": role,
        "type": "Microsoft.Authorization/roleDefinitions",
        "properties": {
            "roleName": ROLES[role].name,
            "type": "BuiltInRole",
            "description": ROLES[role].description,
            "assignableScopes": ["/"],
            "permissions": [],
        },
    }
