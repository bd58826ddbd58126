"""What differs between two deployments, and who may be affected by it."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .facts import Deployment, Facts, Name

# Pools that are made beside a pool, of the same members in other orders: they change with it.
_BESIDE = re.compile(r"(?P<pool>.+)-(last|first|turned)")


@dataclass(frozen=True)
class Change:
    """One fact that was another one, or was not, or is no longer."""

    name: Name
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class PolicyChange:
    """The lines of a unified diff; `added` or `removed` where there was, or is, no such policy."""

    owner: str
    diff: tuple[str, ...]
    added: int
    removed: int


@dataclass(frozen=True)
class Changes:
    """`beside` counts the changes of pools that are made beside another one, which are left out."""

    facts: tuple[Change, ...]
    policies: tuple[PolicyChange, ...]
    affected: tuple[str, ...]
    beside: int = 0

    def __bool__(self) -> bool:
        return bool(self.facts or self.policies)


def compared(before: Deployment, after: Deployment) -> Changes:
    """What a change from one deployment to the other changes."""
    found = list(_facts(before.facts, after.facts))
    pools = {name.thing for facts in (before.facts, after.facts) for name in facts if name.thing.startswith("pool ")}
    shown = tuple(one for one in found if not _is_beside(one.name.thing, pools))
    policies = tuple(_policies(before.policies, after.policies))
    return Changes(shown, policies, tuple(_affected(shown, policies)), len(found) - len(shown))


def _facts(before: Facts, after: Facts) -> Iterator[Change]:
    for name in sorted({**before, **after}):
        if before.get(name) != after.get(name):
            yield Change(name, before.get(name, ""), after.get(name, ""))


def _is_beside(thing: str, pools: set[str]) -> bool:
    match = _BESIDE.fullmatch(thing)
    return match is not None and match["pool"] in pools


def _policies(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[PolicyChange]:
    for owner in sorted({**before, **after}):
        old, new = before.get(owner, "").splitlines(), after.get(owner, "").splitlines()
        if old != new:
            diff = tuple(difflib.unified_diff(old, new, "before", "after", lineterm="", n=2))
            added = sum(line.startswith("+") for line in diff[2:])
            removed = sum(line.startswith("-") for line in diff[2:])
            yield PolicyChange(owner, diff, added, removed)


def _affected(changes: tuple[Change, ...], policies: tuple[PolicyChange, ...]) -> Iterator[str]:
    """Who may notice, a sentence each."""
    for change in changes:
        sentence = _who(change)
        if sentence:
            yield sentence
    if gone := [one.name.thing for one in changes if one.name.side == "address" and not one.after]:
        yield f"Whoever keeps stored responses, files or batches on {_listed(gone)}: it is not called any more."
    if policies:
        yield f"Every caller of {_listed([one.owner for one in policies])}: its policy changes."


def _who(change: Change) -> str:
    thing, side = change.name.thing, change.name.side
    if thing.startswith("subscription "):
        if not change.after:
            return f"Holders of the key of {thing}: it opens nothing any more."
        return f"Holders of the key of {thing}: it opens {change.after}." if change.before else ""
    if thing.startswith("API ") and side == "path" and change.before and change.after:
        return f"Callers of {thing}: its path changes from {change.before} to {change.after}, so they have to as well."
    if thing.startswith("API ") and side == "path" and not change.after:
        return f"Callers of {thing}: it is gone."
    if thing.startswith("API ") and side == "key" and change.before and change.after:
        return f"Callers of {thing}: their key goes in another place ({change.after})."
    if thing.startswith("API ") and side.startswith("operation ") and not change.after:
        return f"Callers of {thing} that use {change.before}: there is no such operation any more."
    if side == "address" and change.before and change.after:
        return f"Calls to {thing} go to {change.after}."
    return ""


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
