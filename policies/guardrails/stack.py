"""The resources of a stack and how they refer to each other, in a preview too, where ids and many names are unknown."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pulumi_policy.proxy import UnknownValueError

from guardrails.kinds import NAMED, SERVICE, WORKSPACE, azure_name, in_workspace
from guardrails.reading import Resource

Fact = TypeVar("Fact")


class Stack:
    def __init__(self, resources: Sequence[Resource]) -> None:
        self._by_urn = {resource.urn: resource for resource in resources}
        self._facts: dict[Any, Any] = {}

    def of(self, kinds: str | Iterable[str]) -> Iterator[Resource]:
        wanted = {kinds} if isinstance(kinds, str) else set(kinds)
        return (resource for resource in self._by_urn.values() if resource.kind in wanted)

    def fact(self, work_out: Callable[["Stack"], Fact]) -> Fact:
        """What the function finds out about the whole stack; asked once, as many resources may want to know."""
        if work_out not in self._facts:
            self._facts[work_out] = work_out(self)
        return cast("Fact", self._facts[work_out])

    def behind(self, resource: Resource, key: str, kinds: str | Iterable[str]) -> list[Resource]:
        """The resources of these kinds that the property was computed from."""
        return self._pick(resource.sources(key), kinds)

    def before(self, resource: Resource, kinds: str | Iterable[str]) -> list[Resource]:
        """The resources of these kinds that the resource waits for, for whatever reason."""
        return self._pick(resource.depends_on, kinds)

    def referred(self, resource: Resource, key: str, kinds: str | Iterable[str]) -> Resource | None:
        """The resource that the property names: by its name in Azure, or where that is unknown by dependency."""
        try:
            name = resource.props.text(key)
            if name is None:
                return None
            return self.named(kinds, name.split(";")[0], resource)  # an API's id may name a revision: openai;rev=2
        except UnknownValueError:
            sources = self.behind(resource, key, kinds)
            return sources[0] if sources else None

    def referring(self, kinds: str | Iterable[str], key: str, target: Resource) -> list[Resource]:
        """The resources of these kinds whose property names the target."""
        return [
            resource
            for resource in self.of(kinds)
            if in_workspace(resource) == in_workspace(target) and self.referred(resource, key, target.kind) is target
        ]

    def service_of(self, resource: Resource) -> Resource | None:
        """The API Management service that the resource lives in, when the service is part of the stack."""
        return self.referred(resource, "serviceName", SERVICE)

    def apart(self, one: Resource, other: Resource) -> bool:
        """Whether two resources are known to live in different services, or in different workspaces of one."""
        return self._differ(one, other, "serviceName", SERVICE) or self._differ(one, other, "workspaceId", WORKSPACE)

    def named(self, kinds: str | Iterable[str], name: str, seen_from: Resource) -> Resource | None:
        """The resource of that name in Azure; of several, the one beside the resource that names it."""
        found = [resource for resource in self.all_named(kinds, name) if not self.apart(resource, seen_from)]
        return min(found, key=lambda one: in_workspace(one) != in_workspace(seen_from), default=None)

    def all_named(self, kinds: str | Iterable[str], name: str) -> list[Resource]:
        """The resources of that name in Azure, which ignores case; those whose name is not known yet are left out."""
        names = self.fact(_by_name)
        wanted = [kinds] if isinstance(kinds, str) else kinds
        return [resource for kind in wanted for resource in names.get((kind, name.lower()), ())]

    def _differ(self, one: Resource, other: Resource, key: str, kind: str) -> bool:
        try:
            names = [resource.props.text(key) for resource in (one, other)]
        except UnknownValueError:
            holders = [self.referred(resource, key, kind) for resource in (one, other)]
            return None not in holders and holders[0] is not holders[1]
        return None not in names and str(names[0]).lower() != str(names[1]).lower()

    def _pick(self, urns: Iterable[str], kinds: str | Iterable[str]) -> list[Resource]:
        wanted = {kinds} if isinstance(kinds, str) else set(kinds)
        found = (self._by_urn.get(urn) for urn in urns)
        return [resource for resource in found if resource is not None and resource.kind in wanted]


def _by_name(stack: Stack) -> dict[tuple[str, str], list[Resource]]:
    names: dict[tuple[str, str], list[Resource]] = {}
    for resource in stack.of(NAMED):
        try:
            names.setdefault((resource.kind, (azure_name(resource) or "").lower()), []).append(resource)
        except UnknownValueError:
            continue
    return names


@dataclass(frozen=True)
class Placed:
    """A resource in its stack; what stack rules judge."""

    resource: Resource
    stack: Stack

    @property
    def service(self) -> Resource | None:
        return self.stack.service_of(self.resource)
