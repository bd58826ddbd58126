"""What Azure adds to a body before it keeps it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from ..identity import CLIENT
from ..rules.proposal import Proposal, View
from ..store import Resource

Body = dict[str, Any]


@dataclass(frozen=True)
class Circumstances:
    """Time and chance, which come in from outside."""

    now: datetime
    new_id: Callable[[], UUID]

    @property
    def stamp(self) -> str:
        """The time as Azure writes it."""
        return self.now.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")

    def new_key(self) -> str:
        """A secret of 32 hexadecimal digits, as subscription keys are."""
        return self.new_id().hex


@dataclass(frozen=True)
class Completed:
    """What to keep: the visible body, what is never shown, and other resources that come into being with it."""

    body: Body
    private: Body = field(default_factory=dict)
    made: tuple[Resource, ...] = ()


Completion = Callable[[Proposal, Body, Circumstances, View], Completed]
"""(proposal, its writable body, circumstances, what exists) -> what to keep. It may change the body it is given."""


def inner(body: Body, name: str = "properties") -> Body:
    """A container of a body, made if it is not there."""
    return body.setdefault(name, {})


def before(proposal: Proposal, *path: str) -> Any:
    """What the resource held at this path until now."""
    found: Any = proposal.previous.body if proposal.previous else {}
    for step in path:
        found = (found or {}).get(step)
    return found


def system_data(proposal: Proposal, circumstances: Circumstances) -> Body:
    """Who made and changed a resource, and when."""
    created = before(proposal, "systemData", "createdAt") or circumstances.stamp
    return {
        "createdBy": CLIENT,
        "createdByType": "Application",
        "createdAt": created,
        "lastModifiedBy": CLIENT,
        "lastModifiedByType": "Application",
        "lastModifiedAt": circumstances.stamp,
    }
