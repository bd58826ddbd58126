"""Tiers of API Management and how many units each may have."""

from collections.abc import Iterator, Mapping

from .nearest import nearest
from .place import Place, quoted, write
from .reading import text, whole

# Microsoft's pages on the tiers, "Azure API Management v2 tiers" and "Upgrade and scale"; units of one region.
UNITS = {
    "Consumption": (0, 0),
    "Developer": (1, 1),
    "Basic": (1, 2),
    "Standard": (1, 4),
    "Premium": (1, 12),
    "BasicV2": (1, 10),
    "StandardV2": (1, 10),
    "PremiumV2": (1, 30),
}

# Documented for these: requests may be ended after 30 seconds, and at most 2 MiB of a body are buffered.
LIMITED = ("Consumption", "BasicV2", "StandardV2", "PremiumV2")
LIMITED_SECONDS = 30
LIMITED_BODY = "2 MiB"

# The tiers to recommend: Consumption has no circuit breaker (Microsoft's page "Backends in API Management").
TIERS = tuple(tier for tier in UNITS if tier != "Consumption")


def sku(value: str, place: Place) -> Iterator[str]:
    if value not in UNITS:
        meant = nearest(value, TIERS)
        yield place.refuse(quoted(value), f"the tiers are {', '.join(TIERS)}", write(meant, "Choose one of them."))


def usual_capacity(service: Mapping[str, object]) -> int:
    return 0 if service.get("sku") == "Consumption" else 1


def capacity_of_sku(service: Mapping[str, object], place: Place) -> Iterator[str]:
    tier, capacity = text(service.get("sku")), whole(service.get("capacity"))
    if tier not in UNITS or capacity is None:
        return
    least, most = UNITS[tier]
    if not least <= capacity <= most:
        allowed = (
            f"{tier} has {least} to {most} units"
            if least != most
            else f"{tier} has {least} unit{'' if least == 1 else 's'}"
        )
        yield place.key("capacity").refuse(
            str(capacity), allowed, f"Write {min(max(capacity, least), most)}, or choose another sku."
        )
