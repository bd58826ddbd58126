"""What a rule looks at: the resource as it would be, and what exists around it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..addresses import parent_of
from ..errors import Refusal
from ..store import Resource
from ..types import ResourceType


class View(Protocol):
    """What exists. The store is one."""

    def get(self, resource_id: str) -> Resource | None: ...

    def all(self, token: str | None = None) -> Iterable[Resource]: ...

    def below(self, resource_id: str, token: str | None = None) -> list[Resource]: ...


@dataclass(frozen=True)
class Proposal:
    """A PUT that is about to happen. `body` is the whole new body; `previous` is None for a new resource."""

    path: str
    row: ResourceType
    parameters: Mapping[str, str]
    body: Mapping[str, Any]
    previous: Resource | None = None

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def properties(self) -> Mapping[str, Any]:
        return self.body.get("properties") or {}

    @property
    def parent(self) -> str:
        return parent_of(self.path)


Rule = Callable[[Proposal, View], Iterable[Refusal]]
"""Why Azure would refuse the proposal; nothing when it would not."""

DeleteRule = Callable[[Resource, View], Iterable[Refusal]]
"""Why Azure would refuse to delete the resource."""


def service_of(path: str) -> str:
    """The id of the API Management service that a path lies in."""
    return "/".join(path.split("/")[:9])


def siblings(proposal: Proposal, view: View) -> list[Resource]:
    """The other resources of the same type below the same parent."""
    return [
        found
        for found in view.below(proposal.parent, proposal.row.token)
        if found.id.lower() != proposal.path.lower() and parent_of(found.id).lower() == proposal.parent.lower()
    ]


def within(service: str, reference: str, collection: str) -> str | None:
    """The full id that a reference to something of this service means, or None when it points elsewhere.

    API Management takes a full id, or the part below the service (`/backends/ptu`).
    """
    short = reference[len(service) :] if reference.lower().startswith(service.lower() + "/") else reference
    steps = short.split("/")
    if len(steps) != 3 or steps[0] or steps[1].lower() != collection.lower() or not steps[2]:
        return None
    return f"{service}/{collection}/{steps[2]}"
