"""The rule of a circuit breaker: which status codes it counts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .place import Place
from .reading import items, mapping, whole

# Microsoft's client for API Management, BackendCircuitBreaker and FailureStatusCodeRange.
LOWEST_STATUS, HIGHEST_STATUS, MOST_RANGES = 200, 599, 10

# The upper bound is the one of Terraform's provider; Azure's own specification has none.
MOST_FAILURES = 10_000


def ranges_of(breaker: object) -> list[tuple[int, int]]:
    """The ranges that are well-formed, as (min, max)."""
    pairs = [
        (whole(mapping(entry).get("min")), whole(mapping(entry).get("max")))
        for entry in items(mapping(breaker).get("statusRanges"))
    ]
    return [(low, high) for low, high in pairs if low is not None and high is not None and low <= high]


def watches(breaker: object, status: int) -> bool:
    return any(low <= status <= high for low, high in ranges_of(breaker))


def status_range(value: Mapping[str, object], place: Place) -> Iterator[str]:
    low, high = whole(value.get("min")), whole(value.get("max"))
    if low is not None and high is not None and low > high:
        yield place.refuse(f"min {low} and max {high}", "min may not be above max", f"Write min: {high}, max: {low}.")


def status_ranges(values: Sequence[object], place: Place) -> Iterator[str]:
    if not values:
        yield place.refuse("an empty list", "a breaker without status codes never opens", "Add {min: 429, max: 429}.")
    if len(values) > MOST_RANGES:
        yield place.refuse(
            f"{len(values)} ranges", f"at most {MOST_RANGES} are allowed", "Join ranges that are next to each other."
        )
    earlier: list[tuple[Place, int, int]] = []
    for index, (low, high) in _known_ranges(values):
        for other, other_low, other_high in earlier:
            if low <= other_high and other_low <= high:
                found = f"{low} to {high}"
                yield place.item(index).refuse(
                    found, f"it overlaps with {other.path}, {other_low} to {other_high}", "Join the two."
                )
                break
        earlier.append((place.item(index), low, high))


def _known_ranges(values: Sequence[object]) -> Iterator[tuple[int, tuple[int, int]]]:
    for index, value in enumerate(values):
        for pair in ranges_of({"statusRanges": [value]}):
            yield index, pair


def with_shared_breaker(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Every backend with the gateway's breaker, changed by what its own breaker says."""
    shared, backends = inputs.get("breaker", {}), inputs.get("backends")
    if not isinstance(shared, Mapping) or not isinstance(backends, list | tuple):
        return inputs
    return {**inputs, "backends": [_with_breaker(backend, shared) for backend in backends]}


def _with_breaker(backend: Any, shared: Mapping[str, Any]) -> Any:
    own = mapping(backend).get("breaker", {})
    if not isinstance(backend, Mapping) or not isinstance(own, Mapping):
        return backend
    return {**backend, "breaker": {**shared, **own}}
