"""Backends: one address with a circuit breaker, or a pool of such."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..errors import Refusal, ValidationError
from ..store import Resource
from .named_values import references_problems
from .proposal import Proposal, View, service_of, within

_PROTOCOLS: Final = ("http", "soap")
_MOST_MEMBERS: Final = 30  # apim_facts B1
# What one address has and a pool has not: facts B3, A33.
_ONLY_SINGLE: Final = ("url", "protocol", "credentials", "proxy", "resourceId", "tls", "properties", "circuitBreaker")
_URL: Final = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)


def backend_problems(proposal: Proposal, view: View) -> Iterator[Refusal]:
    """What API Management refuses in a backend besides what its model forbids."""
    properties = proposal.properties
    if is_pool(properties):
        yield from _of_pool(proposal, view)
        return
    yield from _of_single(properties)
    yield from references_problems(proposal, view, "credentials")


def is_pool(properties: Mapping[str, Any]) -> bool:
    return str(properties.get("type", "")).lower() == "pool"


def members(properties: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The entries of a pool, in whatever backend."""
    return list((properties.get("pool") or {}).get("services") or [])


def pools_with(backend: str, view: View) -> list[Resource]:
    """The pools that have this backend as a member."""
    service = service_of(backend)
    return [
        pool
        for pool in view.below(service, "apimanagement:Backend")
        if any(
            (within(service, str(member.get("id")), "backends") or "").lower() == backend.lower()
            for member in members(pool.properties)
        )
    ]


def _of_single(properties: Mapping[str, Any]) -> Iterator[Refusal]:
    if properties.get("pool") is not None:
        yield ValidationError.of("pool", "Pool is not supported for a backend of type Single.")
    url, protocol = properties.get("url"), properties.get("protocol")
    if url is None:
        yield ValidationError.of("url", "Url is required.")
    elif not _URL.fullmatch(str(url)):
        yield ValidationError.of("url", f"Url '{url}' is not a valid absolute URI of scheme http or https.")
    if protocol is None:
        yield ValidationError.of("protocol", "Protocol is required.")
    elif str(protocol).lower() not in _PROTOCOLS:
        # Azure/bicep#14093: 'https' is refused with exactly these words; the url says which scheme is used.
        yield ValidationError.of("protocol", "Protocol is not supported")


def _of_pool(proposal: Proposal, view: View) -> Iterator[Refusal]:
    properties = proposal.properties
    for name in _ONLY_SINGLE:
        if properties.get(name) is not None:
            # MicrosoftDocs/azure-docs#122455 shows the words for url and protocol; the others follow them.
            label = name[0].upper() + name[1:]
            yield ValidationError.of(name, f"{label} is not supported for backend pool.")
    listed = members(properties)
    if not listed:
        yield ValidationError.of("pool", "A backend pool must have at least one service.")
    if len(listed) > _MOST_MEMBERS:
        yield ValidationError.of(
            "pool", f"A backend pool can have at most {_MOST_MEMBERS} services, and this one has {len(listed)}."
        )
    for member in listed:
        yield from _of_member(proposal, str(member.get("id")), view)
    for pool in pools_with(proposal.path, view):
        if pool.id.lower() != proposal.path.lower():
            name = proposal.name
            yield ValidationError.of("pool", f"Backend '{name}' is a member of the backend pool '{pool.name}'.")


def _of_member(proposal: Proposal, reference: str, view: View) -> Iterator[Refusal]:
    service = service_of(proposal.path)
    path = within(service, reference, "backends")
    found = None if path is None else view.get(path)
    if path is not None and path.lower() == proposal.path.lower():
        yield ValidationError.of("pool", f"Backend pool '{proposal.name}' cannot be a member of itself.")
    elif found is None:
        # Azure/apiops#797.
        yield ValidationError.of("pool", f"Backend Entity '{reference.rpartition('/')[2]}' not found.")
    elif is_pool(found.properties):
        yield ValidationError.of("pool", f"Backend '{found.name}' is a backend pool: pools cannot be nested.")
