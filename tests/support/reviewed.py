"""Pairs of deployments for reviews: the reference and one that differs from it."""

from typing import Any

from tests.support.reference import reference_config
from tests.support.simulated import reference_store
from twin.azure.store import Resource, Store
from twin.review.changes import Changes, compared
from twin.review.facts import deployment_of

REFERENCE_BACKENDS = {one["name"]: one for one in reference_config()["backends"]}


def changes_between(before: Store, after: Store) -> Changes:
    return compared(deployment_of(before), deployment_of(after))


def changed(**changes: Any) -> Changes:
    """What a review says of the reference with these keys of Pulumi.dev.yaml changed."""
    return changes_between(reference_store(), reference_store(**changes))


def rows(changes: Changes) -> list[tuple[str, str, str, str]]:
    """(Thing, side, before, after) of each change."""
    return [(one.name.thing, one.name.side, one.before, one.after) for one in changes.facts]


def backends(**changes: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The reference's, with keys of some changed; None leaves one out. Underscores stand for hyphens."""
    named = {name.replace("_", "-"): change for name, change in changes.items()}
    kept = {name: one for name, one in REFERENCE_BACKENDS.items() if named.get(name, {}) is not None}
    return [{**one, **(named.get(name) or {})} for name, one in kept.items()]


def service_of(store: Store) -> Resource:
    [service] = store.all("apimanagement:ApiManagementService")
    return service


def add(store: Store, path: str, token: str, properties: dict[str, Any], private: dict[str, Any] | None = None) -> None:
    """Put something below the service."""
    store.put(Resource(f"{service_of(store).id}/{path}", token, {"properties": properties}, private or {}))
