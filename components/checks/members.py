"""The members of a pool: how many, and whether each priority has one that takes traffic."""

from collections.abc import Iterator, Sequence

from .names import distinct
from .place import Place
from .reading import mapping, whole

PRIORITY, WEIGHT = 1, 1  # of a member that has none of its own
MOST_MEMBERS = 30  # Microsoft's page "Backends in API Management", limitations


def members(values: Sequence[object], place: Place) -> Iterator[str]:
    yield from distinct(values, place, key="name")
    if not values:
        yield place.refuse("an empty list", f"1 to {MOST_MEMBERS} are needed", "Add at least one.")
    if len(values) > MOST_MEMBERS:
        advice = "Use a second gateway, or one backend for each account."
        yield place.refuse(f"{len(values)} entries", f"a pool has at most {MOST_MEMBERS} members", advice)
    for priority, group in sorted(_groups(values).items()):
        if not any(weight for _, weight in group):
            indices = ", ".join(place.item(index).path for index, _ in group)
            found = f"weight 0 on every member of priority {priority} ({indices})"
            advice = "Give one of them a weight of 1 or more, or remove them."
            yield place.refuse(found, "one of each priority must take traffic", advice)


def _groups(values: Sequence[object]) -> dict[int, list[tuple[int, int]]]:
    """(index, weight) of the members of each priority. One whose weight cannot be read takes traffic."""
    groups: dict[int, list[tuple[int, int]]] = {}
    for index, value in enumerate(values):
        priority, weight = whole(mapping(value).get("priority", PRIORITY)), whole(mapping(value).get("weight", WEIGHT))
        if priority is not None:
            groups.setdefault(priority, []).append((index, 1 if weight is None else weight))
    return groups
