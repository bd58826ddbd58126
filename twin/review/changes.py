"""What differs between two deployments, and who may be affected by it."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .affected import affected
from .facts import Change, Deployment, Facts

# Pools that are made beside a pool, of the same members in other orders: they change with it.
_BESIDE = re.compile(r"(?P<pool>(.*: )?pool .+)-(last|first|turned)")


@dataclass(frozen=True)
class PolicyChange:
    """The lines of a unified diff, and how many were added and removed."""

    owner: str
    diff: tuple[str, ...]
    added: int
    removed: int


@dataclass(frozen=True)
class Changes:
    """`beside` are the changed pools that are made beside another one, whose changes are left out of `facts`."""

    facts: tuple[Change, ...] = ()
    policies: tuple[PolicyChange, ...] = ()
    affected: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.facts or self.policies or self.beside)

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """(What, before, after) for readers; things to which the same happens share a line."""
        things: dict[tuple[str, str, str], list[str]] = {}
        for one in self.facts:
            things.setdefault((one.name.side, one.before or "not there", one.after or "gone"), []).append(
                one.name.thing
            )
        return [(_titled(names, side), before, after) for (side, before, after), names in things.items()]


def compared(before: Deployment, after: Deployment) -> Changes:
    """What a change from one deployment to the other changes."""
    both = before.things & after.things
    found = [*_differences(before.facts, after.facts)]
    # Of a thing that is new or gone it is enough to say so.
    found += [one for one in _differences(before.properties, after.properties) if one.name.thing in both]
    beside = {one.name.thing for one in found if _is_beside(one.name.thing, before.things | after.things)}
    shown = tuple(sorted((one for one in found if one.name.thing not in beside), key=lambda one: one.name))
    policies = tuple(_policies(before.policies, after.policies))
    owners = [one.owner for one in policies if one.owner in both]
    return Changes(shown, policies, tuple(affected(shown, owners)), tuple(sorted(beside)))


def _titled(things: list[str], side: str) -> str:
    """`pool p, member east`; what several things have in common comes first: `circuit breaker: backend a, backend b`"""
    if len(things) > 1 and side:
        return f"{side}: {', '.join(things)}"
    return ", ".join(filter(None, (*things, side)))


def _differences(before: Facts, after: Facts) -> Iterator[Change]:
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield Change(name, before.get(name, ""), after.get(name, ""))


def _is_beside(thing: str, things: set[str]) -> bool:
    match = _BESIDE.fullmatch(thing)
    return match is not None and match["pool"] in things


def _policies(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[PolicyChange]:
    for owner in sorted({**before, **after}):
        old, new = before.get(owner, "").splitlines(), after.get(owner, "").splitlines()
        if old != new:
            diff = tuple(difflib.unified_diff(old, new, "before", "after", lineterm="", n=2))
            added = sum(line.startswith("+") for line in diff[2:])
            removed = sum(line.startswith("-") for line in diff[2:])
            yield PolicyChange(owner, diff, added, removed)
