"""An API Management service on the running twin, as far as a policy can refer to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..engine.errors import CommandError
from ..policy.references import Kind
from ..policy.warnings.pools import Member
from .calls import call
from .running import Running


@dataclass(frozen=True)
class KnownService:
    """`backends` are the properties of each, by its name in lower case; named values go by their display name."""

    backends: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fragments: frozenset[str] = frozenset()
    named_values: frozenset[str] = frozenset()

    def exists(self, kind: Kind, name: str) -> bool:
        if kind == "named value":
            return name in self.named_values
        return name.lower() in (self.backends if kind == "backend" else self.fragments)

    def members_of(self, backend: str) -> list[Member]:
        """The members of a pool; of a single backend itself, of an unknown one nothing."""
        found = self.backends.get(backend.lower())
        if found is None:
            return []
        listed: Sequence[Mapping[str, Any]] = (found.get("pool") or {}).get("services") or [{"id": backend}]
        return [self._member(str(one["id"]).rpartition("/")[2], int(one.get("priority") or 0)) for one in listed]

    def _member(self, name: str, priority: int) -> Member:
        rules = (self.backends.get(name.lower(), {}).get("circuitBreaker") or {}).get("rules")
        if not rules:
            return Member(name, priority, None)
        condition = rules[0].get("failureCondition") or {}
        ranges = condition.get("statusCodeRanges") or []
        return Member(name, priority, tuple((one["min"], one["max"]) for one in ranges))


def service_on(twin: Running, name: str) -> KnownService:
    """The service of that name. Raises CommandError, which lists those that there are."""
    path = f"/subscriptions/{twin.subscription_id}/providers/Microsoft.ApiManagement/service"
    services = {one["name"].lower(): one for one in call(twin, "GET", path)["value"]}
    found = services.get(name.lower())
    if found is None:
        there_are = ", ".join(sorted(one["name"] for one in services.values())) or "none"
        raise CommandError(f"There is no API Management service '{name}' on the twin.", f"There are: {there_are}")

    def listed(collection: str) -> list[dict[str, Any]]:
        return call(twin, "GET", f"{found['id']}/{collection}")["value"]

    return KnownService(
        {one["name"].lower(): one["properties"] for one in listed("backends")},
        frozenset(one["name"].lower() for one in listed("policyFragments")),
        frozenset(one["properties"]["displayName"] for one in listed("namedValues")),
    )
