"""API Management services: tiers and their sizes, names, identities."""

from collections.abc import Iterator
from typing import Final

from ..errors import (
    InvalidResourceGroupLocation,
    InvalidResourceLocation,
    Refusal,
    ServiceAlreadyExists,
    ServiceAlreadyExistsInSoftDeletedState,
    ServiceNotInSoftDeletedState,
    ValidationError,
)
from ..store import Resource
from .proposal import Proposal, View

SERVICE: Final = "apimanagement:ApiManagementService"
DELETED_SERVICE: Final = "apimanagement:DeletedService"

# Tier -> the least and the most units. apim_facts E1, E3 (the enumeration of the client lacks the v2 tiers).
_UNITS: Final = {
    "Consumption": (0, 0),
    "Developer": (1, 1),
    "Basic": (1, 2),
    "Standard": (1, 4),
    "Premium": (1, 99),
    "BasicV2": (1, 10),
    "StandardV2": (1, 10),
    "PremiumV2": (1, 30),
    "Isolated": (1, 99),
}


def service_problems(proposal: Proposal, view: View) -> Iterator[Refusal]:
    """What API Management refuses in a service."""
    deleted = deleted_service(proposal.name, view)
    if proposal.properties.get("restore"):
        if deleted is None or str(deleted.properties.get("serviceId")).lower() != proposal.path.lower():
            yield ServiceNotInSoftDeletedState(proposal.name)
        return
    if deleted is not None:
        yield ServiceAlreadyExistsInSoftDeletedState(proposal.name)
    elif taken := _same_name(proposal, view):
        yield ServiceAlreadyExists(taken.name)
    yield from _of_sku(proposal)
    yield from _of_identity(proposal)
    email = proposal.properties.get("publisherEmail")
    if email is not None and "@" not in email.strip("@"):
        yield ValidationError.of("publisherEmail", f"'{email}' is not a valid e-mail address.")


def location_problems(proposal: Proposal, _view: View) -> Iterator[Refusal]:
    """A resource stays where it was made. Resource Manager says so for every type with a location."""
    previous = proposal.previous
    here = None if previous is None else previous.body.get("location")
    wanted = proposal.body.get("location")
    if previous is not None and here and wanted and same_location(here) != same_location(wanted):
        group = proposal.path.split("/")[4]
        yield InvalidResourceLocation(previous.name, group, here, wanted)


def group_location_problems(proposal: Proposal, _view: View) -> Iterator[Refusal]:
    """A resource group stays where it was made, in other words."""
    previous = proposal.previous
    if previous is not None:
        here, wanted = previous.body.get("location", ""), proposal.body.get("location", "")
        if same_location(here) != same_location(wanted):
            yield InvalidResourceGroupLocation(previous.name, here, wanted)


def same_location(location: str) -> str:
    """`East US 2` and `eastus2` are the same place."""
    return location.replace(" ", "").lower()


def deleted_service(name: str, view: View) -> Resource | None:
    """The soft-deleted service that still holds this name."""
    return next((found for found in view.all(DELETED_SERVICE) if found.name.lower() == name.lower()), None)


def _same_name(proposal: Proposal, view: View) -> Resource | None:
    """A service of this name elsewhere: the name is a host name, unique in all of Azure."""
    taken = (found for found in view.all(SERVICE) if found.name.lower() == proposal.name.lower())
    return next((found for found in taken if found.id.lower() != proposal.path.lower()), None)


def _of_sku(proposal: Proposal) -> Iterator[Refusal]:
    sku = proposal.body.get("sku") or {}
    name, units = sku.get("name"), sku.get("capacity")
    tiers = {tier.lower(): bounds for tier, bounds in _UNITS.items()}
    bounds = tiers.get(str(name).lower())
    if bounds is None:
        yield ValidationError.of("sku", f"'{name}' is not a tier: it must be one of {', '.join(_UNITS)}.")
    elif units is not None and not bounds[0] <= units <= bounds[1]:
        span = f"{bounds[0]}" if bounds[0] == bounds[1] else f"{bounds[0]} to {bounds[1]}"
        yield ValidationError.of("sku", f"The capacity of tier {name} is {units}: it must be {span}.")
    before = str((proposal.previous.body.get("sku") or {}).get("name")) if proposal.previous else str(name)
    if _family(before) != _family(str(name)):
        yield ValidationError.of("sku", f"A service cannot move from tier {before} to {name}.")


def _family(tier: str) -> str:
    """Services move within the classic tiers or within the v2 tiers, Consumption not at all. apim_facts E5."""
    lower = tier.lower()
    return "consumption" if lower == "consumption" else "v2" if lower.endswith("v2") else "classic"


def _of_identity(proposal: Proposal) -> Iterator[Refusal]:
    identity = proposal.body.get("identity") or {}
    wants_users = "userassigned" in str(identity.get("type", "")).lower()
    users = identity.get("userAssignedIdentities") or {}
    if wants_users and not users:
        yield ValidationError.of("identity", "userAssignedIdentities is required for an identity of type UserAssigned.")
    if users and not wants_users:
        yield ValidationError.of("identity", "userAssignedIdentities needs an identity of type UserAssigned.")
