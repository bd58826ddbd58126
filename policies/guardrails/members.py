"""Who is in a pool: each entry of a pool, and the backend of the stack that it means.

During `up` an entry holds the backend's ARM id. In a first preview that id is unknown; then the backends that the
property was computed from are the members (or those that the pool waits for, where its ids are built as strings).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_policy.proxy import UnknownValueError

from guardrails.kinds import BACKENDS, is_pool
from guardrails.reading import Node, Resource
from guardrails.stack import Placed, Stack

# .../service/{service}/backends/{backend}, and the short form /backends/{backend} that Microsoft's samples use.
_ID = re.compile(
    r"(?:.*/service/(?P<service>[^/]+))?(?:/workspaces/[^/]+)?/?(?:backends/)?(?P<backend>[^/]+)", re.IGNORECASE
)


@dataclass(frozen=True)
class Member(Placed):
    """An entry of a pool; `resource` is the pool.

    `id` is None while it is unknown, `backend` None when the stack has no such backend.
    """

    id: str | None
    backend: Resource | None

    @property
    def called(self) -> str:
        return f"member '{self.backend.name}'" if self.backend else f"member '{self.id}'"

    @property
    def service_named(self) -> str | None:
        found = _ID.fullmatch(self.id or "")
        return found["service"] if found else None


def entries(pool: Resource) -> list[Node]:
    """The entries as the program wrote them: id, priority, weight."""
    return pool.props.items("pool", "services")


def pools(stack: Stack) -> Iterator[Placed]:
    return (Placed(backend, stack) for backend in stack.of(BACKENDS) if is_pool(backend))


def members(pool: Placed) -> list[Member]:
    """The members of a pool; none for a backend that is no pool."""
    if not is_pool(pool.resource):
        return []
    sources = pool.stack.behind(pool.resource, "pool", BACKENDS) or pool.stack.before(pool.resource, BACKENDS)
    try:
        ids = [_id(entry) for entry in entries(pool.resource)]
    except UnknownValueError:
        ids = [None] * len(sources)  # the whole list is computed: its sources are all there is to know
    known = [Member(pool.resource, pool.stack, id_, _named(pool, id_)) for id_ in ids if id_ is not None]
    found = {member.backend.urn for member in known if member.backend}
    unnamed = [source for source in sources if source.urn not in found]
    elsewhere = max(0, ids.count(None) - len(unnamed))
    if None not in ids:
        return known
    return [
        *known,
        *(Member(pool.resource, pool.stack, None, source) for source in unnamed),
        *(Member(pool.resource, pool.stack, None, None) for _ in range(elsewhere)),
    ]


def memberships(backend: Placed) -> list[Member]:
    """The entries of the stack's pools that mean this backend."""
    return backend.stack.fact(_by_backend).get(backend.resource.urn, [])


def _by_backend(stack: Stack) -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {}
    for pool in pools(stack):
        for member in members(pool):
            if member.backend is not None:
                found.setdefault(member.backend.urn, []).append(member)
    return found


def _id(entry: Node) -> str | None:
    try:
        return entry.text("id") or ""
    except UnknownValueError:
        return None


def _named(pool: Placed, id_: str) -> Resource | None:
    found = _ID.fullmatch(id_)
    if found is None:
        return None
    named = pool.stack.all_named(BACKENDS, found["backend"])
    return next((backend for backend in named if _in_service(backend, found["service"], pool)), None)


def _in_service(backend: Resource, service: str | None, pool: Placed) -> bool:
    """Whether the backend may be the one of that service (of the pool's own, where the id names none)."""
    if service is None:
        return not pool.stack.apart(backend, pool.resource)
    try:
        return (backend.props.text("serviceName") or service).lower() == service.lower()
    except UnknownValueError:
        return True
