"""Role assignments."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from ..errors import (
    InvalidPrincipalId,
    InvalidRoleDefinitionId,
    PrincipalNotFound,
    Refusal,
    RoleAssignmentExists,
    RoleAssignmentUpdateNotPermitted,
    RoleDefinitionDoesNotExist,
)
from ..identity import DEPLOYER, PRINCIPAL, TENANT
from .proposal import Proposal, View

ASSIGNMENT: Final = "authorization:RoleAssignment"

_GUID: Final = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


class Role(NamedTuple):
    name: str
    description: str


# https://learn.microsoft.com/azure/role-based-access-control/built-in-roles; apim_facts F12.
ROLES: Final = {
    "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd": Role("Cognitive Services OpenAI User", "Call the models of an account."),
    "a97b65f3-24c7-4388-baec-2e87135dc908": Role("Cognitive Services User", "Call an account and list its keys."),
    "a001fd3d-188f-4b5d-821b-7da978bf7442": Role(
        "Cognitive Services OpenAI Contributor", "Call the models of an account, and fine-tune and deploy them."
    ),
    "25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68": Role("Cognitive Services Contributor", "Manage accounts and their keys."),
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": Role("Owner", "Full access, with the right to assign roles."),
    "b24988ac-6180-42a0-ab88-20f7382dd24c": Role("Contributor", "Full access, without the right to assign roles."),
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": Role("Reader", "View all resources."),
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": Role("User Access Administrator", "Manage access to resources."),
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": Role("Role Based Access Control Administrator", "Assign roles."),
    "3913510d-42f4-4e42-8a64-420c390055eb": Role("Monitoring Metrics Publisher", "Publish metrics."),
}


def role_problems(proposal: Proposal, view: View) -> Iterator[Refusal]:
    """What authorization refuses in a role assignment."""
    properties = proposal.properties
    principal, definition = str(properties.get("principalId")), str(properties.get("roleDefinitionId"))
    role = definition.rpartition("/")[2].lower()
    if not _GUID.fullmatch(principal):
        yield InvalidPrincipalId(principal)
    elif properties.get("principalType") is None and not _exists(principal, view):
        # With a type given, Azure does not ask the directory: that is how a principal made a second ago gets its role.
        yield PrincipalNotFound(principal, TENANT)
    if not _GUID.fullmatch(role):
        yield InvalidRoleDefinitionId(definition)
    elif role not in ROLES:
        yield RoleDefinitionDoesNotExist(role)
    if proposal.previous is not None and _key(proposal.previous.properties) != _key(properties):
        yield RoleAssignmentUpdateNotPermitted()
        return
    for other in view.below(proposal.parent, ASSIGNMENT):
        same_scope = str(other.properties.get("scope")).lower() == proposal.parent.lower()
        if same_scope and other.id.lower() != proposal.path.lower() and _key(other.properties) == _key(properties):
            yield RoleAssignmentExists(other.id)


def _key(properties: Mapping[str, Any]) -> tuple[str, str]:
    """What, besides its scope, makes an assignment what it is."""
    role = str(properties.get("roleDefinitionId")).rpartition("/")[2].lower()
    return str(properties.get("principalId")).lower(), role


def _exists(principal: str, view: View) -> bool:
    known = {DEPLOYER, *(found.name for found in view.all(PRINCIPAL))}
    known |= {str((found.body.get("identity") or {}).get("principalId")) for found in view.all()}
    return principal.lower() in {one.lower() for one in known}
