"""What Azure Resource Manager checks before it asks a resource provider: version, subscription, group, parent."""

import re
from collections.abc import Mapping
from typing import Final

from .errors import (
    InvalidApiVersionParameter,
    InvalidSubscriptionId,
    MissingApiVersionParameter,
    NoRegisteredProviderFound,
    ParentResourceNotFound,
    Refusal,
    ResourceGroupBeingDeleted,
    ResourceGroupNotFound,
    ResourceNotFound,
    RoleAssignmentNotFound,
    SubscriptionNotFound,
    ValidationError,
)
from .messages import Call
from .rules.proposal import View
from .shapes import type_of
from .types import TYPES, ResourceType

GROUP: Final = "resources:ResourceGroup"

# Versions besides the table's that differ in nothing the twin shows. azure-native reads groups with 2020-10-01.
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    GROUP: ("2020-06-01", "2020-10-01", "2021-04-01", "2022-09-01", "2023-07-01", "2024-07-01", "2025-04-01")
}
_VERSION: Final = re.compile(r"\d{4}-\d{2}-\d{2}(-preview)?")
_GUID: Final = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def check_version(call: Call, row: ResourceType | None, view: View) -> None:
    """Refuse a call without an API version, or with one that the type does not have."""
    version = call.query.get("api-version")
    if not version:
        raise MissingApiVersionParameter
    if row is None:
        if not _VERSION.fullmatch(version):
            raise InvalidApiVersionParameter(version, ["2022-12-01"])
        return
    supported = sorted({row.api_version, *_ALSO.get(row.token, ())}, reverse=True)
    if version in supported:
        return
    if row.token == GROUP or not _VERSION.fullmatch(version):
        raise InvalidApiVersionParameter(version, supported)
    namespace, _, kind = row.arm_type.partition("/")
    group = view.get("/".join(call.path.split("/")[:5]))
    raise NoRegisteredProviderFound(kind, str(group.body.get("location")) if group else namespace, version, supported)


def check_place(path: str, view: View, *, written: bool = False) -> None:
    """Refuse a path in a subscription or resource group that does not exist, and a write in a group that is going."""
    steps = path.split("/")
    if not _GUID.fullmatch(steps[2]):
        raise InvalidSubscriptionId(steps[2])
    if view.get("/".join(steps[:3])) is None:
        raise SubscriptionNotFound(steps[2])
    if len(steps) > 5 and steps[3].lower() == "resourcegroups":
        group = view.get(group_of(path))
        if group is None:
            raise ResourceGroupNotFound(steps[4])
        if written and group.properties.get("provisioningState") == "Deleting":
            raise ResourceGroupBeingDeleted(group.name)


def group_of(path: str) -> str:
    """The id of the resource group that a path lies in."""
    steps = path.split("/")
    return "/".join([*steps[:3], "resourcegroups", steps[4]])


def missing(path: str, *, written: bool = False, child: ResourceType | None = None) -> Refusal:
    """How Azure says that there is nothing at the path; `written` when something below it was to be written."""
    found = type_of(path)
    name = path.rpartition("/")[2]
    if found is None:
        return ResourceNotFound(f"The resource '{path}' was not found.")
    row = found.row
    if row.token == GROUP:
        return ResourceGroupNotFound(name)
    if row.token.startswith("apimanagement:") and row.token != "apimanagement:ApiManagementService":
        if written and child is TYPES["apimanagement:ApiOperationPolicy"]:
            # Azure/apiops#474, #784, #831.
            return ValidationError("Entity with specified identifier not found")
        return ResourceNotFound(f"{_label(row)} not found.")
    if row.token == "authorization:RoleAssignment":
        return RoleAssignmentNotFound(name)
    if written:
        return ParentResourceNotFound(name)
    names = "/".join(path.rpartition("/providers/")[2].split("/")[2::2])
    return ResourceNotFound.of_group(row.arm_type, names, path.split("/")[4])


def _label(row: ResourceType) -> str:
    """As in "Api not found.", "Operation not found.", "NamedValue not found.".

    Azure/apiops#494 and #761, hashicorp/terraform-provider-azurerm#26661.
    """
    name = row.token.partition(":")[2]
    return name if name == "Api" else name.removeprefix("Api").removeprefix("Operation") or "Operation"
