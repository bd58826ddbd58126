"""Deleted services, which can be brought back for 48 hours and hold their names so long."""

from datetime import UTC, datetime, timedelta
from typing import Final

from .rules.services import DELETED_SERVICE, same_location
from .store import Resource, Store

KEPT: Final = timedelta(hours=48)  # apim_facts E8


def keep(store: Store, service: Resource, when: datetime) -> None:
    """Remember a service that is being deleted, with everything in it."""
    until = when + KEPT
    location = str(service.body.get("location"))
    dates = {"deletionDate": _stamp(when), "scheduledPurgeDate": _stamp(until)}
    body = {"location": location, "properties": {"serviceId": service.id, **dates}}
    kept = [one.entry() for one in (service, *store.below(service.id))]
    subscription = "/".join(service.id.split("/")[:3])
    place = f"{subscription}/providers/Microsoft.ApiManagement/locations/{same_location(location)}"
    path = f"{place}/deletedservices/{service.name}"
    store.put(Resource(path, DELETED_SERVICE, body, {"resources": kept, "until": until.timestamp()}))


def restore(store: Store, deleted: Resource) -> Resource:
    """Bring a service back as it was, with everything in it."""
    kept = [Resource(**entry) for entry in deleted.private["resources"]]
    store.delete(deleted.id)
    for resource in kept:
        store.restore(resource)
    return kept[0]


def expire(store: Store, now: float) -> None:
    """Forget what has been kept long enough."""
    for deleted in store.all(DELETED_SERVICE):
        if deleted.private["until"] <= now:
            store.delete(deleted.id)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
